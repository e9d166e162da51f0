#include "generator/facts/declaration_aggregate.h"

#include "generator/facts/declaration_parameters.h"
#include "generator/facts/declaration_words.h"

namespace ddi::facts::decl {
namespace {

// "_Field_size_(n) T x", "__field_bcount(n) T x": annotations are not part of a field's type.
std::vector<Token> without_annotations(Tokens tokens) {
    std::vector<Token> out;
    for (std::size_t i = 0; i < tokens.size();) {
        std::size_t end = i + 1;
        if (tokens[i].is_word() && is_annotation(tokens[i].text) && i + 1 < tokens.size()) {
            annotation_at(tokens, i, end);
        } else {
            if (tokens[i].match != 0) end = after_group(tokens, i);  // whole: what is inside keeps its distances
            out.insert(out.end(), tokens.begin() + static_cast<std::ptrdiff_t>(i), tokens.begin() + static_cast<std::ptrdiff_t>(end));
        }
        i = end;
    }
    return out;
}

// One declarator of a field statement; `base` is the type that a comma list shares ("ULONG a : 1, b : 2").
DeclaredMember parse_field(Tokens tokens, const std::string& base) {
    DeclaredMember out;
    std::size_t colon = tokens.size();
    for (std::size_t i = 0; i < tokens.size() && colon == tokens.size(); ++i) {
        if (tokens[i].is(":")) colon = i;
        if (tokens[i].match != 0) i = after_group(tokens, i) - 1;
    }
    if (colon < tokens.size()) out.bits = join(tokens.subspan(colon + 1));
    for (std::size_t i = 0; i < colon; ++i) {
        if (tokens[i].is("=")) colon = i;  // an initialiser, in C++ interfaces
    }
    Declarator declarator = parse_declarator(tokens.first(colon), !base.empty());
    out.name = declarator.name;
    out.array = declarator.array;
    out.type = declarator.type;
    if (!base.empty()) {  // "ULONG a, *b": the stars before a later name belong to it
        if (out.name.empty() && !tokens.empty() && tokens[colon > 0 ? colon - 1 : 0].is_word()) {
            out.name = tokens[colon > 0 ? colon - 1 : 0].text;
            out.type = colon > 1 ? base + " " + type_text(tokens.first(colon - 1)) : base;
        } else {
            out.type = base;
        }
    }
    return out;
}

std::string base_type(std::string type) {
    while (!type.empty() && (type.back() == '*' || type.back() == ' ' || type.back() == '&')) type.pop_back();
    return type;
}

bool has_method(Tokens statement) {
    for (std::size_t i = 1; i < statement.size(); ++i) {
        if (statement[i].is("(") && statement[i - 1].is_word() && after_group(statement, i) >= statement.size()) {
            const Tokens inside = inside_group(statement, i);
            return inside.empty() || !inside[0].is("*");
        }
    }
    return false;
}

void parse_fields(Tokens statement, std::vector<DeclaredMember>& out) {
    const std::vector<Token> plain = without_annotations(statement);
    if (plain.empty() || has_method(plain)) return;
    std::string base;
    for (Tokens part : split_at(plain, ",", Angles::operators)) {
        DeclaredMember member = parse_field(part, base);
        if (base.empty()) base = base_type(member.type);
        if (!member.name.empty() || !member.type.empty()) out.push_back(std::move(member));
    }
}

}  // namespace

std::size_t find_brace(Tokens tokens, std::size_t begin) {
    for (std::size_t i = begin; i < tokens.size(); ++i) {
        if (tokens[i].is("{")) return i;
        if (tokens[i].is(";")) break;
        if (tokens[i].match != 0) i = after_group(tokens, i) - 1;
    }
    return tokens.size();
}

std::size_t find_aggregate_keyword(Tokens tokens, std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
        if (tokens[i].is_word() && is_aggregate_keyword(tokens[i].text)) return i;
        if (tokens[i].match != 0) i = after_group(tokens, i) - 1;
    }
    return tokens.size();
}

std::vector<DeclaredMember> parse_members(Tokens body) {
    std::vector<DeclaredMember> out;
    std::size_t i = 0;
    while (i < body.size()) {
        if (body[i].is(";")) {
            ++i;
            continue;
        }
        const std::size_t brace = find_brace(body, i);
        const std::size_t keyword = brace < body.size() ? find_aggregate_keyword(body, i, brace) : body.size();
        if (brace < body.size() && keyword < body.size()) {
            DeclaredMember member;
            member.aggregate = canonical_word(body[keyword].text);
            for (std::size_t k = keyword + 1; k < brace; ++k) {
                if (body[k].is_word() && !is_annotation(body[k].text)) member.type = body[k].text;
            }
            const Tokens inside = inside_group(body, brace);
            member.members = member.aggregate == "enum" ? parse_enumerators(inside) : parse_members(inside);
            const std::size_t after = after_group(body, brace);
            std::size_t end = after;
            while (end < body.size() && !body[end].is(";")) ++end;
            // A forgotten semicolon: the next line starts another field.
            for (std::size_t k = after; k < end; ++k) {
                if (body[k].line_start && (k > after || (k + 1 < end && body[k + 1].is_word()) || body[k].is("{"))) end = k;
            }
            const Declarator declarator = parse_declarator(body.subspan(after, end - after), true);
            member.name = declarator.name;
            member.array = declarator.array;
            out.push_back(std::move(member));
            i = end;
            continue;
        }
        std::size_t end = i;
        while (end < body.size() && !body[end].is(";")) end = body[end].match != 0 ? after_group(body, end) : end + 1;
        const std::size_t brace_before_end = brace < end ? brace : end;  // "{ … }" that belongs to nothing
        parse_fields(body.subspan(i, brace_before_end - i), out);
        i = end;
    }
    return out;
}

std::vector<DeclaredMember> parse_enumerators(Tokens body) {
    std::vector<DeclaredMember> out;
    for (Tokens part : split_at(body, ",", Angles::operators)) {
        std::size_t begin = 0;
        while (begin < part.size()) {
            // Some pages forget the comma: the next line starts a name of its own.
            std::size_t end = begin + 1;
            while (end < part.size() && !(part[end].line_start && part[end].is_word() && !part[end - 1].is("=") && !part[end - 1].is("|")))
                ++end;
            const Tokens one = part.subspan(begin, end - begin);
            DeclaredMember member;
            std::size_t equals = 0;
            while (equals < one.size() && !one[equals].is("=")) ++equals;
            if (equals < one.size()) member.value = join(one.subspan(equals + 1));
            for (const Token& token : one.first(equals)) {
                if (token.is_word() && member.name.empty()) member.name = token.text;
            }
            if (!member.name.empty()) out.push_back(std::move(member));
            begin = end;
        }
    }
    return out;
}

}  // namespace ddi::facts::decl
