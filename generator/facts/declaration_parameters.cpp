#include "generator/facts/declaration_parameters.h"

#include <algorithm>

#include "generator/facts/declaration_words.h"
#include "generator/facts/words.h"

namespace ddi::facts::decl {
namespace {

bool is_type_word(const Token& token) { return token.is_word() && !is_qualifier(token.text) && !is_aggregate_keyword(token.text); }

bool ends_name_position(const Token& token) {
    return token.is_word() && !is_builtin_type(token.text) && !is_qualifier(token.text) && !is_aggregate_keyword(token.text);
}

std::size_t depth_zero_find(Tokens tokens, std::string_view text) {
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        if (tokens[i].is(text)) return i;
        if (tokens[i].match != 0) i = after_group(tokens, i) - 1;
    }
    return tokens.size();
}

std::vector<Tokens> split_at_lines(Tokens tokens) {
    std::vector<Tokens> out;
    std::size_t begin = 0;
    for (std::size_t i = 1; i < tokens.size(); ++i) {
        if (tokens[i].line_start && i > begin) {
            out.push_back(tokens.subspan(begin, i - begin));
            begin = i;
        }
        if (tokens[i].match != 0) i = after_group(tokens, i) - 1;
    }
    if (begin < tokens.size()) out.push_back(tokens.subspan(begin));
    return out;
}

// Words of the line that are not annotations: what is left for type and name.
std::size_t plain_words(Tokens line) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i].is("[") || line[i].is("(")) {
            i = after_group(line, i) - 1;
        } else if (line[i].is_word() && !is_annotation(line[i].text) && !is_qualifier(line[i].text)) {
            ++count;
        }
    }
    return count;
}

// "size_t Length int Fill": a type that C itself has cannot follow a name.
bool starts_builtin(Tokens chunk, std::size_t i) {
    return i > 1 && chunk[i].is_word() && is_builtin_type(chunk[i].text) && ends_name_position(chunk[i - 1]) &&
           !is_annotation(chunk[i - 1].text) && chunk[i - 2].is_word() && is_type_word(chunk[i - 2]) && i + 1 < chunk.size() &&
           (chunk[i + 1].is_word() || chunk[i + 1].is("*"));
}

// A comma was forgotten where a line starts with a direction although the parameter before it has type and name already.
std::vector<Tokens> split_at_directions(Tokens chunk) {
    std::vector<Tokens> out;
    std::size_t begin = 0;
    for (std::size_t i = 1; i < chunk.size(); ++i) {
        const bool direction = chunk[i].line_start && ((chunk[i].is_word() && is_annotation(chunk[i].text)) || chunk[i].is("["));
        if (starts_builtin(chunk, i) && i - begin > 1) {
            out.push_back(chunk.subspan(begin, i - begin));
            begin = i;
        }
        if (direction && chunk[i].text != "OPTIONAL" && plain_words(chunk.subspan(begin, i - begin)) >= 2 &&
            plain_words(chunk.subspan(i)) >= 2) {
            out.push_back(chunk.subspan(begin, i - begin));
            begin = i;
        }
        if (chunk[i].match != 0) i = after_group(chunk, i) - 1;
    }
    out.push_back(chunk.subspan(begin));
    return out;
}

std::vector<Tokens> split_parameters(Tokens tokens, bool body) {
    std::vector<Tokens> chunks = split_at(tokens, ",;", Angles::brackets);
    if (chunks.size() > 1) {
        std::vector<Tokens> out;
        for (Tokens chunk : chunks) {
            for (Tokens part : split_at_directions(chunk)) out.push_back(part);
        }
        return out;
    }
    const std::vector<Tokens> lines = split_at_lines(tokens);
    if (lines.size() < 2) return chunks;
    // No comma at all and several lines: one parameter a line in the callback examples (`{...}` follows), where types may stand
    // alone; elsewhere only if every line reads as a parameter by itself.
    const bool all_pairs = std::all_of(lines.begin(), lines.end(), [](Tokens line) { return plain_words(line) >= 2; });
    const bool all_some = std::all_of(lines.begin(), lines.end(), [](Tokens line) { return plain_words(line) >= 1; });
    return all_pairs || (body && all_some) ? lines : split_at_directions(tokens);
}

// "[in, out, optional]" before the type.
Meaning bracket_meaning(Tokens inside) {
    Meaning meaning;
    for (const Token& token : inside) {
        if (token.is_word()) merge(meaning, meaning_of(token.text));
    }
    return meaning;
}

bool only_word(Tokens tokens, std::initializer_list<std::string_view> words) {
    return tokens.size() == 1 && std::any_of(words.begin(), words.end(), [&](std::string_view w) { return to_lower(tokens[0].text) == w; });
}

struct Parsed {
    DeclaredParameter parameter;
    bool variadic = false;
    bool nothing = true;
};

Parsed parse_parameter(Tokens tokens, bool names_only) {
    Parsed out;
    Meaning bracket, sal;
    bool bracketed = false;
    std::vector<Token> rest;
    for (std::size_t i = 0; i < tokens.size();) {
        const Token& token = tokens[i];
        const std::size_t left = tokens.size() - i;
        if (token.is("[") && rest.empty() && token.match != 0 && left > token.match + 1) {
            merge(bracket, bracket_meaning(inside_group(tokens, i)));
            bracketed = true;
            i = after_group(tokens, i);
        } else if (token.is("(") && rest.empty() && !names_only && token.match != 0 && left > token.match + 2) {
            i = after_group(tokens, i);  // the argument of an annotation that the page lost
        } else if (token.is_word() && is_annotation(token.text) && (left > 1 || !rest.empty()) &&
                   !(left == 1 && rest.size() == 1 && rest[0].is_word() && token.text.front() == '_')) {
            std::size_t end = i;
            const std::string text = annotation_at(tokens, i, end);
            merge(sal, meaning_of(text));
            if (text != "THIS_" && text != "THIS") out.parameter.sal.push_back(text);
            i = end;
        } else if (token.is_word() && rest.empty() && left > 1 && tokens[i + 1].is("(") && after_group(tokens, i + 1) < tokens.size() &&
                   !tokens[after_group(tokens, i + 1)].is("(")) {
            std::size_t end = i;  // an annotation without its underscores: reads_bytes_(Length), bcount_opt(Length)
            const std::string text = annotation_at(tokens, i, end);
            merge(sal, meaning_of(text));
            out.parameter.sal.push_back(text);
            i = end;
        } else if (token.is("=")) {
            break;  // a C++ default value
        } else {
            if (token.match != 0) {
                const std::size_t end = after_group(tokens, i);
                rest.insert(rest.end(), tokens.begin() + static_cast<std::ptrdiff_t>(i), tokens.begin() + static_cast<std::ptrdiff_t>(end));
                i = end;
            } else {
                rest.push_back(token);
                ++i;
            }
        }
    }
    Tokens core = rest;
    const std::size_t dots = depth_zero_find(core, "...");
    if (dots < core.size()) {
        out.variadic = true;
        core = core.first(dots);  // "_In_ ... [arguments]"
    }
    if (only_word(core, {"arguments", "_arguments"}) && !names_only) {
        out.variadic = true;  // how some pages write the ellipsis
        core = {};
    }
    if (core.empty()) return out;
    const Declarator declarator = parse_declarator(core, names_only);
    out.parameter.name = declarator.name;
    out.parameter.type = declarator.type;
    out.parameter.array = declarator.array;
    out.parameter.direction = bracketed && bracket.direction != Direction::unknown ? bracket.direction : sal.direction;
    out.parameter.optional = bracket.optional || sal.optional;
    out.parameter.reserved = bracket.reserved || sal.reserved;
    out.nothing = declarator.name.empty() && declarator.type.empty();
    return out;
}

}  // namespace

std::size_t star_of(Tokens inside) {
    for (std::size_t i = 0; i < inside.size(); ++i) {
        if (inside[i].is("*")) return i;
        if (!inside[i].is_word()) break;
    }
    return inside.size();
}

std::string annotation_at(Tokens tokens, std::size_t index, std::size_t& end) {
    end = index + 1;
    std::string out(tokens[index].text);
    if (end < tokens.size() && tokens[end].is("(")) {
        out += '(' + join(inside_group(tokens, end)) + ')';
        end = after_group(tokens, end);
    }
    return out;
}

std::string type_text(Tokens tokens) {
    std::string out;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const std::string_view word = tokens[i].is_word() ? canonical_word(tokens[i].text) : tokens[i].text;
        const bool tight = tokens[i].is("::") || tokens[i].is("<") || tokens[i].is(">") || tokens[i].is(",") || tokens[i].is(")") ||
                           tokens[i].is("]") || tokens[i].is("[");
        if (!out.empty() && !tight) {
            const char last = out.back();
            const bool after_star = last == '*' || last == '&';
            const bool star = tokens[i].is("*") || tokens[i].is("&");
            const bool after_tight = last == ':' || last == '<' || last == '(' || last == '[';
            // "const X *", "X **", "X *const", "X *const *", "RET (*"
            if (!after_tight && !(after_star && (star || tokens[i].is_word()))) out += ' ';
        }
        out += word;
    }
    return out;
}

Declarator parse_declarator(Tokens tokens, bool lone_is_name) {
    Declarator out;
    // A function pointer: the name stands inside the first bracket, the type keeps the place open.
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        if (!tokens[i].is("(")) {
            if (tokens[i].match != 0) i = after_group(tokens, i) - 1;
            continue;
        }
        const std::size_t next = after_group(tokens, i);
        if (i > 0 && next < tokens.size() && tokens[next].is("(") && star_of(inside_group(tokens, i)) < inside_group(tokens, i).size()) {
            const Tokens inside = inside_group(tokens, i);
            std::size_t name = inside.size();
            for (std::size_t k = star_of(inside) + 1; k < inside.size(); ++k) {
                if (inside[k].is_word() && !is_calling_convention(inside[k].text) && !is_qualifier(inside[k].text)) name = k;
            }
            std::string parameters;
            const ParameterList list = parse_parameters(inside_group(tokens, next), false, false);
            for (const DeclaredParameter& p : list.parameters) {
                if (!parameters.empty()) parameters += ", ";
                parameters += p.type.empty() ? p.name : p.type + p.array;
            }
            if (list.variadic) parameters += parameters.empty() ? "..." : ", ...";
            if (name < inside.size()) out.name = inside[name].text;
            out.type = type_text(tokens.first(i)) + " (" + type_text(inside.first(std::min(name, inside.size()))) + ")(" +
                       (parameters.empty() ? "void" : parameters) + ")";
            return out;
        }
        if (i > 0 && next < tokens.size() && tokens[next].is("[") && star_of(inside_group(tokens, i)) == 0) {
            // "T (*Name)[4]": a pointer to an array.
            const Tokens inside = inside_group(tokens, i);
            if (inside.size() == 2 && inside[1].is_word()) {
                out.name = inside[1].text;
                out.type = type_text(tokens.first(i)) + " (*)";
                for (std::size_t k = next; k < tokens.size() && tokens[k].is("["); k = after_group(tokens, k))
                    out.type += '[' + join(inside_group(tokens, k)) + ']';
                return out;
            }
        }
        i = next - 1;
    }
    // Array bounds stand behind the name, or (d3d10umddi) behind the type.
    std::vector<Token> core;
    for (std::size_t i = 0; i < tokens.size();) {
        if (tokens[i].is("[")) {
            if (!core.empty()) out.array += '[' + join(inside_group(tokens, i)) + ']';
            i = after_group(tokens, i);
        } else if (tokens[i].is("(")) {
            const Tokens inside = inside_group(tokens, i);  // "PVOID (Name)": the brackets say nothing new
            core.insert(core.end(), inside.begin(), inside.end());
            i = after_group(tokens, i);
        } else {
            core.push_back(tokens[i]);
            ++i;
        }
    }
    if (core.empty()) return out;
    const Tokens all = core;
    // "PVOID OPTIONAL Name *", "ULONG Flags,": a name is the last word if a type stands before it.
    std::size_t last = all.size() - 1;
    const auto type_words =
        static_cast<std::size_t>(std::count_if(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(last), is_type_word));
    // "struct TAG" alone is a type: the tag is not its name.
    const bool tag_only = last > 0 && is_aggregate_keyword(all[last - 1].text);
    if (ends_name_position(all[last]) && type_words > 0 && !tag_only && !(last > 0 && all[last - 1].is("::"))) {
        out.name = all[last].text;
        // "int pIdx *pIdx", "Name PTYPE *Name": the name got written into the type, too.
        std::vector<Token> type(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(last));
        if (type_words > 1) std::erase_if(type, [&](const Token& token) { return token.is(out.name); });
        out.type = type_text(type);
    } else if (all.size() == 1 && all[0].is_word() && ends_name_position(all[0]) && (lone_is_name || !looks_like_type(all[0].text))) {
        out.name = all[0].text;
    } else {
        out.type = type_text(all);
    }
    return out;
}

ParameterList parse_parameters(Tokens tokens, bool names_only, bool body) {
    ParameterList out;
    while (!tokens.empty() && tokens.back().is(".")) tokens = tokens.first(tokens.size() - 1);  // "(VOID.)"
    if (tokens.empty() || only_word(tokens, {"void", "none", "this"})) return out;
    for (Tokens chunk : split_parameters(tokens, body)) {
        Parsed parsed = parse_parameter(chunk, names_only);
        out.variadic = out.variadic || parsed.variadic;
        if (!parsed.nothing) out.parameters.push_back(std::move(parsed.parameter));
    }
    return out;
}

}  // namespace ddi::facts::decl
