#include "generator/facts/sample_declaration.h"

#include <algorithm>

#include "generator/facts/declaration_tokens.h"
#include "generator/facts/declaration_words.h"
#include "generator/facts/page_declaration.h"
#include "generator/facts/words.h"

namespace ddi::facts {
namespace {

using decl::Token;
using decl::Tokens;

/// A piece of a sample that may be a declaration: its text as a declaration of `name`, and where it stands.
struct Candidate {
    std::string text, name;
    std::size_t offset = 0;
    bool overrides = false;  // other types would not compile
};

std::string_view last_part(std::string_view name) {
    const std::size_t dot = name.rfind('.');
    return dot == std::string_view::npos ? name : name.substr(dot + 1);
}

// Words that stand where a declaration begins and are none.
bool is_statement_word(std::string_view word) {
    return word == "return" || word == "else" || word == "case" || word == "goto" || word == "if" || word == "while" || word == "new" ||
           word == "delete" || word == "throw" || word == "do" || word == "switch";
}

// IFACEMETHOD(Name)(…), STDMETHODIMP_(TYPE, Name)(…)
bool is_method_macro(std::string_view word) {
    return word == "IFACEMETHOD" || word == "STDMETHOD" || word == "IFACEMETHOD_" || word == "STDMETHOD_";
}

// The declaration of which the name stands at `at` and its parameter list at `list`: back to where the statement begins.
std::optional<Candidate> declared_at(Tokens tokens, std::size_t at, std::size_t list, std::string_view text) {
    if (tokens[list].match == 0) return std::nullopt;
    const std::size_t end = decl::after_group(tokens, list);
    // What follows a declaration: a body, an end, or the specifiers before them.
    if (end >= tokens.size()) return std::nullopt;
    const Token& next = tokens[end];
    const bool follows =
        next.is("{") || next.is(";") || next.is("override") || next.is("const") || next.is("noexcept") || next.is("=") || next.is("PURE");
    if (!follows) return std::nullopt;
    std::size_t begin = at;
    while (begin > 0) {
        const Token& before = tokens[begin - 1];
        if (before.is(";") || before.is("}") || before.is("{") || before.is(":") || before.is(",") || before.is("...")) break;
        if (before.is("=") || before.is(".") || before.is("->") || before.is("!") || before.is("&&") || before.is("||") || before.is("<<"))
            return std::nullopt;
        if (before.is_word() && is_statement_word(before.text)) return std::nullopt;
        if (before.is(")")) {  // an annotation's arguments belong to the declaration
            std::size_t open = begin - 1;
            while (open > 0 && !(tokens[open].match != 0 && decl::after_group(tokens, open) == begin)) --open;
            if (open == 0 || !tokens[open - 1].is_word()) return std::nullopt;
            begin = open - 1;
            continue;
        }
        if (before.is("(")) break;
        --begin;
    }
    if (begin > 0 && tokens[begin - 1].is("(")) return std::nullopt;
    if (begin == at) return std::nullopt;
    Candidate out;
    out.name = tokens[at].text;
    out.offset = tokens[begin].offset;
    out.text = std::string(text.substr(out.offset, tokens[end - 1].offset + 1 - out.offset)) + ";";
    return out;
}

std::optional<Candidate> method_at(Tokens tokens, std::size_t macro, std::string_view name, std::string_view text) {
    if (macro + 1 >= tokens.size() || !tokens[macro + 1].is("(") || tokens[macro + 1].match == 0) return std::nullopt;
    const Tokens inside = decl::inside_group(tokens, macro + 1);
    const std::size_t list = decl::after_group(tokens, macro + 1);
    if (inside.empty() || !inside.back().is(name) || list >= tokens.size() || !tokens[list].is("(") || tokens[list].match == 0)
        return std::nullopt;
    std::string type = "HRESULT";
    if (inside.size() > 2) type = decl::join(inside.first(inside.size() - 2));
    const std::size_t end = decl::after_group(tokens, list);
    Candidate out;
    out.name = name;
    out.offset = tokens[macro].offset;
    out.overrides = true;
    const std::size_t from = tokens[list].offset;
    out.text = type + " " + out.name + std::string(text.substr(from, tokens[end - 1].offset + 1 - from)) + ";";
    return out;
}

std::vector<Candidate> candidates_of(std::string_view text, std::string_view name, bool callback) {
    std::vector<Candidate> out;
    if (text.find(name) == std::string_view::npos) return out;
    const decl::Lexed lexed = decl::lex(text);
    const Tokens tokens = lexed.tokens;
    std::vector<std::string_view> examples;  // functions that "TYPE Example;" declares
    for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
        if (!tokens[i].is_word()) continue;
        if (is_method_macro(tokens[i].text)) {
            if (auto method = method_at(tokens, i, name, text)) out.push_back(std::move(*method));
            continue;
        }
        const bool own = tokens[i].is(name);
        if (callback && own && i + 2 < tokens.size() && tokens[i + 1].is_word() && tokens[i + 2].is(";"))
            examples.push_back(tokens[i + 1].text);
        const bool example = std::find(examples.begin(), examples.end(), tokens[i].text) != examples.end();
        if (!own && !example) continue;
        if (tokens[i + 1].is("(")) {
            if (auto declared = declared_at(tokens, i, i + 1, text)) {
                declared->overrides = example;
                out.push_back(std::move(*declared));
            }
        } else if (own && tokens[i + 1].is(")") && i + 2 < tokens.size() && tokens[i + 2].is("(") && tokens[i + 2].match != 0) {
            // typedef RET (CC *NAME)(…): from the typedef on
            std::size_t begin = i;
            while (begin > 0 && !tokens[begin].is("typedef") && !tokens[begin].is(";") && i - begin < 12) --begin;
            if (!tokens[begin].is("typedef")) continue;
            Candidate pointer;
            pointer.name = name;
            pointer.offset = tokens[begin].offset;
            pointer.overrides = true;
            const std::size_t end = decl::after_group(tokens, i + 2);
            pointer.text = std::string(text.substr(pointer.offset, tokens[end - 1].offset + 1 - pointer.offset)) + ";";
            out.push_back(std::move(pointer));
        }
    }
    return out;
}

std::string plain(std::string_view name) {
    std::string out = to_lower(name);
    std::erase(out, '_');
    return out;
}

// "ppX" with one star: the sample lost one.
bool lost_star(const DeclaredParameter& p) {
    const bool twice = p.name.size() > 2 && p.name.starts_with("pp") && p.name[2] >= 'A' && p.name[2] <= 'Z';
    const auto stars = std::count(p.type.begin(), p.type.end(), '*') + std::count(p.array.begin(), p.array.end(), '[');
    return twice && stars + (p.type.starts_with("P") || p.type.starts_with("LP") ? 1 : 0) < 2;
}

// Begins with a word: what went wrong in reading has stars or dots there.
bool is_type(std::string_view type) {
    return !type.empty() && ((type[0] >= 'a' && type[0] <= 'z') || (type[0] >= 'A' && type[0] <= 'Z') || type[0] == '_');
}

bool fits(const Declaration& d, const Facts& facts, bool overrides) {
    if (!d.typed() || d.variadic || !is_type(d.return_type)) return false;
    if (!std::all_of(d.parameters.begin(), d.parameters.end(), [](const DeclaredParameter& p) { return is_type(p.type) && !lost_star(p); }))
        return false;
    const bool no_parameters =
        d.parameters.empty() || (d.parameters.size() == 1 && d.parameters[0].type == "void" && d.parameters[0].name.empty());
    if (facts.parameters.empty() || no_parameters) return facts.parameters.empty() && no_parameters;
    if (d.parameters.size() != facts.parameters.size()) return false;
    if (overrides) return true;
    for (std::size_t i = 0; i < d.parameters.size(); ++i) {
        if (plain(d.parameters[i].name) != plain(facts.parameters[i].name)) return false;
    }
    return true;
}

}  // namespace

std::optional<Fact<Declaration>> find_sample_declaration(const page::Page& page, const Facts& facts) {
    const bool callback = facts.kind == page::PageKind::callback;
    if (facts.kind != page::PageKind::function && !callback) return std::nullopt;
    const std::string name(last_part(facts.name));
    if (name.size() < 2 || facts.name.find('(') != std::string::npos) return std::nullopt;
    const text::Block* own = find_declaration_block(page);
    for (const text::Section& section : page.sections) {
        for (const text::Block& block : section.blocks) {
            if (block.kind != text::BlockKind::code || &block == own) continue;
            for (const Candidate& candidate : candidates_of(block.text, name, callback)) {
                DeclarationResult result = parse_declaration(candidate.text, candidate.name);
                if (!result.declaration || result.declaration->name != candidate.name) continue;
                Declaration& d = *result.declaration;
                if (!fits(d, facts, candidate.overrides)) continue;
                if (callback) d.form = DeclarationForm::callback;
                if (!callback) d.form = DeclarationForm::function;
                if (candidate.name != name) d.pointer = false;
                d.name = name;
                Fact<Declaration> fact;
                fact.value = std::move(d);
                const std::uint32_t at = text::place_of(block, static_cast<std::uint32_t>(candidate.offset));
                fact.cite = {Origin::declaration, page.source, {at, at}, candidate.text, "a code sample"};
                return fact;
            }
        }
    }
    return std::nullopt;
}

}  // namespace ddi::facts
