#include "generator/facts/declaration_statements.h"

#include <algorithm>

#include "generator/facts/declaration_aggregate.h"
#include "generator/facts/declaration_parameters.h"
#include "generator/facts/declaration_words.h"

namespace ddi::facts::decl {
namespace {

// Nesting that no declaration needs; keeps the recursive parts within the stack whatever the input is.
constexpr std::size_t max_depth = 64;

std::size_t bracket_depth(Tokens tokens) {
    std::size_t depth = 0, most = 0;
    for (const Token& token : tokens) {
        if (token.is("(") || token.is("[") || token.is("{")) most = std::max(most, ++depth);
        if ((token.is(")") || token.is("]") || token.is("}")) && depth > 0) --depth;
    }
    return most;
}

// What stands before a declarator's name: annotations, linkage, convention and return type, in any order.
struct Prefix {
    std::vector<std::string> sal;
    std::string convention, type;
    bool is_typedef = false, star_after_convention = false;
};

Prefix parse_prefix(Tokens tokens) {
    Prefix out;
    std::vector<Token> type;
    for (std::size_t i = 0; i < tokens.size();) {
        const Token& token = tokens[i];
        std::size_t end = i + 1;
        if (!token.is_word()) {
            if (token.match != 0) {
                end = after_group(tokens, i);
            } else if (token.is("*") && !out.convention.empty() && !type.empty()) {
                out.star_after_convention = true;  // "NTSTATUS WSKAPI * X(": the pages' way to write (WSKAPI *X)(
            } else if (token.kind != TokenKind::literal && !(token.is("*") && type.empty())) {
                type.push_back(token);
            }
        } else if (token.is("typedef")) {
            out.is_typedef = true;
        } else if (is_calling_convention(token.text)) {
            if (out.convention.empty()) out.convention = token.text;
        } else if (is_linkage(token.text)) {
            if (end < tokens.size() && tokens[end].is("(")) end = after_group(tokens, end);
        } else if (is_annotation(token.text) || (end < tokens.size() && tokens[end].is("("))) {
            out.sal.push_back(annotation_at(tokens, i, end));
        } else if (token.is("STDMETHOD") || token.is("STDMETHODIMP") || token.is("STDMETHOD_")) {
            Token result = token;  // the COM macro declares the return type
            result.text = "HRESULT";
            type.push_back(result);
        } else {
            type.push_back(token);
        }
        i = end;
    }
    // "void NTSTATUS X(", "FOO_EXPORT HRESULT X(": of several words that cannot make one type the last is the type.
    std::size_t begin = 0;
    for (std::size_t i = 1; i < type.size(); ++i) {
        const bool both_types = type[i].is_word() && type[i - 1].is_word() && !is_qualifier(type[i].text) &&
                                !is_qualifier(type[i - 1].text) && !is_aggregate_keyword(type[i - 1].text) &&
                                !(is_builtin_type(type[i].text) && is_builtin_type(type[i - 1].text));
        if (both_types) begin = i;
    }
    out.type = type_text(Tokens(type).subspan(begin));
    return out;
}

// The annotations after a parameter list; `end` becomes the index of what is no longer part of the declaration.
void parse_suffix(Tokens tokens, std::size_t& index, std::vector<std::string>& sal) {
    while (index < tokens.size()) {
        const Token& token = tokens[index];
        if (token.is_word() && is_annotation(token.text)) {
            std::size_t end = index;
            sal.push_back(annotation_at(tokens, index, end));
            index = end;
        } else if (token.is("const") || token.is("override") || token.is("noexcept") || token.is("=") || token.kind == TokenKind::number) {
            ++index;
        } else {
            return;
        }
    }
}

std::string operator_name(Tokens tokens, std::size_t& index) {
    std::string name = "operator";
    ++index;
    while (index < tokens.size() && (!tokens[index].is("(") || name == "operator")) {
        if (tokens[index].is("(")) {  // operator()
            name += "()";
            index = after_group(tokens, index);
            break;
        }
        if (tokens[index].is_word()) name += ' ';
        name += tokens[index].text;
        ++index;
    }
    return name;
}

// A statement with a parameter list. False: it is none (an example's "TYPE Name;" is noted in `found`).
bool parse_function(Tokens tokens, bool body, Found& found) {
    std::size_t i = 0;
    std::size_t type_words = 0;
    while (i < tokens.size()) {
        const Token& token = tokens[i];
        if (token.is("operator")) {
            const std::size_t name_at = i;
            Declaration d;
            d.name = operator_name(tokens, i);
            if (i >= tokens.size() || !tokens[i].is("(")) return false;
            const Prefix prefix = parse_prefix(tokens.first(name_at));
            d.return_type = prefix.type;
            d.sal = prefix.sal;
            const ParameterList list = parse_parameters(inside_group(tokens, i), false, body);
            d.parameters = list.parameters;
            d.variadic = list.variadic;
            found.candidates.push_back({std::move(d), tokens[name_at].offset});
            return true;
        }
        if (!token.is("(")) {
            if (token.is_word() && !is_annotation(token.text) && !is_linkage(token.text) && !token.is("typedef")) ++type_words;
            i = token.match != 0 ? after_group(tokens, i) : i + 1;
            continue;
        }
        const Tokens inside = inside_group(tokens, i);
        const std::size_t after = after_group(tokens, i);
        const bool second = after < tokens.size() && tokens[after].is("(");
        Declaration d;
        std::size_t list_at = i;
        Tokens before;
        std::size_t name_at = i;
        const std::size_t star = star_of(inside);
        if (i > 0 && tokens[i - 1].is_word() && (is_annotation(tokens[i - 1].text) || is_linkage(tokens[i - 1].text))) {
            i = after;  // an annotation's arguments
            continue;
        }
        if (i > 0 && star < inside.size() && (second || star == 0)) {
            std::size_t name = star;
            while (name < inside.size() && (!inside[name].is_word() || is_calling_convention(inside[name].text))) ++name;
            if (name == inside.size()) return false;
            if (!second) {
                found.examples.emplace_back(tokens[i - 1].text, inside[name].text);
                return true;
            }
            d.name = inside[name].text;
            d.pointer = true;
            for (const Token& t : inside.first(name)) {
                if (t.is_word() && d.calling_convention.empty()) d.calling_convention = t.text;
            }
            before = tokens.first(i);
            list_at = after;
        } else if (i > 0 && tokens[i - 1].is_word() && (tokens[i - 1].is("STDMETHOD") || tokens[i - 1].is("STDMETHOD_")) && second) {
            // STDMETHOD(Name)(…), STDMETHOD_(TYPE, Name)(…)
            if (inside.empty() || !inside.back().is_word()) return false;
            d.name = inside.back().text;
            d.return_type = inside.size() > 2 ? type_text(inside.first(inside.size() - 2)) : "HRESULT";
            list_at = after;
            before = tokens.first(0);
            name_at = i;
        } else if (i > 0 && tokens[i - 1].is_word()) {
            if (is_builtin_type(tokens[i - 1].text)) return false;  // "void (void);": the name got lost
            // "FOO_ATTRIBUTE(x) RET Name(…)": no type before it and another list after it.
            bool later = false;
            for (std::size_t k = after; k + 1 < tokens.size(); ++k)
                later = later || (tokens[k].is_word() && tokens[k + 1].is("(") && k > after);
            if (type_words < 2 && later && !second) {
                i = after;
                type_words = 0;
                continue;
            }
            d.name = tokens[i - 1].text;
            name_at = i - 1;
            before = tokens.first(i - 1);
            if (!before.empty() && before.back().is("~")) {
                d.name = "~" + d.name;
                before = before.first(before.size() - 1);
            }
            while (before.size() > 1 && before.back().is("::")) before = before.first(before.size() - 2);  // Class::Name
            if (second && inside.size() <= 2) list_at = after;                                             // "Name(D3D11_1)(…)"
        } else {
            return false;
        }
        if (tokens[list_at].match == 0 && inside.size() > 1 && inside[0].is_word() && inside[1].is("(")) {
            return parse_function(inside, body, found);  // "NAME( NAME( … );": the name got written twice
        }
        if (tokens[list_at].match == 0 && !found.error)
            found.error = DeclarationError{tokens[list_at].offset, "the parameter list is never closed"};
        const Prefix prefix = parse_prefix(before);
        if (d.return_type.empty()) d.return_type = prefix.type;
        if (d.calling_convention.empty()) d.calling_convention = prefix.convention;
        d.pointer = d.pointer || prefix.star_after_convention;
        if (prefix.is_typedef || d.pointer) d.form = DeclarationForm::callback;
        d.sal = prefix.sal;
        const ParameterList list = parse_parameters(inside_group(tokens, list_at), d.return_type.empty(), body);
        d.parameters = list.parameters;
        d.variadic = list.variadic;
        std::size_t end = after_group(tokens, list_at);
        parse_suffix(tokens, end, d.sal);
        // "Name( );" without a type: the pages' tooling found nothing to declare.
        const bool placeholder = d.return_type.empty() && inside_group(tokens, list_at).empty();
        const bool untyped =
            std::any_of(d.parameters.begin(), d.parameters.end(), [](const DeclaredParameter& p) { return p.type.empty(); });
        if (untyped && d.form == DeclarationForm::function) d.form = DeclarationForm::macro;
        found.candidates.push_back({std::move(d), tokens[name_at].offset, placeholder});
        return true;
    }
    return false;
}

void parse_aggregate(Tokens tokens, std::size_t keyword, std::size_t brace, Found& found) {
    Declaration d;
    const std::string_view word = canonical_word(tokens[keyword].text);
    d.form = word == "enum"        ? DeclarationForm::enumeration
             : word == "union"     ? DeclarationForm::union_
             : word == "interface" ? DeclarationForm::interface
                                   : DeclarationForm::structure;
    for (std::size_t i = keyword + 1; i < brace; ++i) {
        if (tokens[i].is(":")) break;  // a base class, or an enumeration's type
        if (tokens[i].match != 0) {
            i = after_group(tokens, i) - 1;
        } else if (tokens[i].is_word() && !is_annotation(tokens[i].text) && !is_linkage(tokens[i].text)) {
            d.tag = tokens[i].text;
        }
    }
    d.members = d.form == DeclarationForm::enumeration ? parse_enumerators(inside_group(tokens, brace))
                                                       : parse_members(inside_group(tokens, brace));
    std::string alias;
    for (std::size_t i = after_group(tokens, brace); i <= tokens.size(); ++i) {
        if (i == tokens.size() || tokens[i].is(",")) {
            if (!alias.empty() && alias != "*") d.aliases.push_back(alias);
            alias.clear();
        } else if (tokens[i].is_word() && is_annotation(tokens[i].text)) {
            continue;
        } else if (tokens[i].is("*")) {
            alias += '*';
        } else if (tokens[i].is_word() && !is_qualifier(tokens[i].text)) {
            if (!alias.empty() && alias.back() != '*') {  // a forgotten comma
                d.aliases.push_back(alias);
                alias.clear();
            }
            alias += tokens[i].text;
        }
    }
    const bool is_typedef =
        std::any_of(tokens.begin(), tokens.begin() + static_cast<std::ptrdiff_t>(keyword), [](const Token& t) { return t.is("typedef"); });
    d.name = is_typedef && !d.aliases.empty() && d.aliases[0][0] != '*' ? d.aliases[0] : d.tag;
    found.candidates.push_back({std::move(d), tokens[keyword].offset});
}

// A statement without brackets: "TYPE Example;", "typedef X *PX;", or words that mean nothing.
void parse_words(Tokens tokens, Found& found) {
    if (tokens.size() < 2) return;
    if (tokens[0].is("typedef") && tokens.back().is_word() && tokens.size() > 2) {
        if (tokens[tokens.size() - 2].is("*")) found.pointers.emplace_back(tokens.back().text);
        Declaration d;
        d.form = DeclarationForm::typedef_;
        const Declarator declarator = parse_declarator(tokens.subspan(1), false);
        d.name = declarator.name;
        d.return_type = declarator.type;
        if (!d.name.empty() && !d.return_type.empty()) found.candidates.push_back({std::move(d), tokens.front().offset});
        return;
    }
    std::vector<std::string_view> words;
    for (const Token& token : tokens) {
        if (token.is_word() && !is_calling_convention(token.text)) words.push_back(token.text);
    }
    if (words.size() == 2) found.examples.emplace_back(words[0], words[1]);
}

bool is_code(const Token& token) {
    return token.is("if") || token.is("for") || token.is("while") || token.is("switch") || token.is("return") || token.is("do") ||
           token.is("else");
}

void parse_statements(Tokens tokens, Found& found) {
    std::size_t i = 0;
    while (i < tokens.size()) {
        if (tokens[i].is(";") || tokens[i].is("}") || tokens[i].is(")")) {
            ++i;
            continue;
        }
        std::size_t end = i;
        bool body = false;
        std::size_t brace = tokens.size();
        std::size_t keyword = tokens.size();
        while (end < tokens.size() && !tokens[end].is(";")) {
            if (end > i && tokens[end].line_start && tokens[end].is("typedef")) break;
            if (tokens[end].is("{")) {
                keyword = find_aggregate_keyword(tokens, i, end);
                if (keyword < tokens.size()) {
                    brace = end;
                    end = after_group(tokens, end);
                    continue;
                }
                body = true;
                break;
            }
            end = tokens[end].match != 0 ? after_group(tokens, end) : end + 1;
        }
        const Tokens statement = tokens.subspan(i, end - i);
        if (brace < tokens.size()) {
            parse_aggregate(statement, keyword - i, brace - i, found);
        } else if (!statement.empty() && !is_code(statement[0]) && !parse_function(statement, body, found)) {
            parse_words(statement, found);
        }
        i = body ? after_group(tokens, end) : end;
    }
}

void parse_define(const Lexed::Define& define, Found& found) {
    const Lexed lexed = lex(define.text);
    const Tokens tokens = lexed.tokens;
    if (tokens.empty() || !tokens[0].is_word() || bracket_depth(tokens) > max_depth) return;
    Declaration d;
    d.form = DeclarationForm::macro;
    d.name = tokens[0].text;
    if (tokens.size() > 1 && tokens[1].is("(") && !tokens[1].space_before) {
        const ParameterList list = parse_parameters(inside_group(tokens, 1), true, false);
        d.parameters = list.parameters;
        d.variadic = list.variadic;
    }
    found.candidates.push_back({std::move(d), define.offset});
}

}  // namespace

bool parse_block(const Lexed& lexed, Found& found) {
    if (bracket_depth(lexed.tokens) > max_depth) return false;
    parse_statements(lexed.tokens, found);
    for (const Lexed::Define& define : lexed.defines) parse_define(define, found);
    std::stable_sort(found.candidates.begin(), found.candidates.end(),
                     [](const Candidate& a, const Candidate& b) { return a.offset < b.offset; });
    return true;
}

}  // namespace ddi::facts::decl
