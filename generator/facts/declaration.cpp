#include "generator/facts/declaration.h"

#include <algorithm>
#include <cctype>

#include "generator/facts/declaration_statements.h"
#include "generator/facts/declaration_tokens.h"
#include "generator/facts/words.h"

namespace ddi::facts {
namespace {

using namespace decl;

bool same_name(std::string_view a, std::string_view b) {
    while (a.starts_with('_')) a.remove_prefix(1);
    while (b.starts_with('_')) b.remove_prefix(1);
    return !a.empty() && to_lower(a) == to_lower(b);
}

bool names(const Declaration& d, std::string_view expected) {
    if (same_name(d.name, expected) || same_name(d.tag, expected)) return true;
    return std::any_of(d.aliases.begin(), d.aliases.end(), [&](std::string_view alias) {
        while (alias.starts_with('*')) alias.remove_prefix(1);
        return same_name(alias, expected);
    });
}

/// TCHAR types are wide in functions called …W and narrow in functions called …A, which are one page's text for both.
std::string specific_text(const std::string& type, bool wide) {
    std::string out;
    for (std::size_t i = 0; i < type.size();) {
        std::size_t end = i;
        while (end < type.size() && (std::isalnum(static_cast<unsigned char>(type[end])) || type[end] == '_')) ++end;
        if (end == i) {
            out += type[i++];
            continue;
        }
        std::string word = type.substr(i, end - i);
        i = end;
        if (word.ends_with("TCHAR")) {
            word.replace(word.size() - 5, 5, wide ? "WCHAR" : "CHAR");
        } else if (word.ends_with("TSTR") && word.find('P') != std::string::npos) {
            word.replace(word.size() - 4, 4, wide ? "WSTR" : "STR");
        }
        out += word;
    }
    return out;
}

void resolve_text(Declaration& d, std::string_view name) {
    if (!name.ends_with('A') && !name.ends_with('W')) return;
    if (std::none_of(name.begin(), name.end(), [](unsigned char c) { return std::islower(c) != 0; })) return;
    bool wide = name.back() == 'W';
    d.return_type = specific_text(d.return_type, wide);
    for (auto& parameter : d.parameters) parameter.type = specific_text(parameter.type, wide);
}

bool is_status(std::string_view type) { return type == "NTSTATUS *" || type == "HRESULT *" || type == "NDIS_STATUS *"; }

}  // namespace

DeclarationResult parse_declaration(std::string_view text, std::string_view expected) {
    DeclarationResult result;
    // The last part of "IInterface.Method"; operators keep what follows the word.
    const std::size_t at_operator = expected.find("operator");
    const std::size_t dot = expected.rfind('.', at_operator == std::string_view::npos ? std::string_view::npos : at_operator);
    std::string_view wanted = dot == std::string_view::npos ? expected : expected.substr(dot + 1);
    if (!wanted.starts_with("operator")) wanted = wanted.substr(0, wanted.find('('));  // "Copy(const_T,ULONG)": an overload's UID
    const Lexed lexed = lex(text);
    const Tokens tokens = lexed.tokens;
    if (tokens.empty() && lexed.defines.empty()) {
        result.error = DeclarationError{0, "the block is empty"};
        return result;
    }
    Found found;
    if (!parse_block(lexed, found)) {
        result.error = DeclarationError{tokens.front().offset, "brackets are nested too deeply"};
        return result;
    }

    // Constructors alone have neither a type nor, often, a parameter: "Class();" for "Class.Class".
    const std::string_view scope = dot == std::string_view::npos ? std::string_view() : expected.substr(0, dot);
    std::string only_named;
    std::erase_if(found.candidates, [&](const Candidate& c) {
        const bool placeholder = c.placeholder && !(same_name(scope, c.declaration.name) && same_name(wanted, c.declaration.name)) &&
                                 c.declaration.name.front() != '~';
        if (placeholder) only_named = c.declaration.name;
        return placeholder;
    });
    // "PFNX Example(D3D11_1);" before "RET Example(…)": the first one only introduces the example.
    std::erase_if(found.candidates, [&](const Candidate& c) {
        const bool example =
            found.candidates.size() > 1 && c.declaration.form != DeclarationForm::typedef_ && same_name(c.declaration.return_type, wanted);
        if (example) found.examples.emplace_back(c.declaration.return_type, c.declaration.name);
        return example;
    });
    const auto example_of = [&](const Declaration& d) {
        return std::find_if(found.examples.begin(), found.examples.end(), [&](const auto& e) { return same_name(e.second, d.name); });
    };
    const auto pick = [&](auto&& condition) {
        return std::find_if(found.candidates.begin(), found.candidates.end(), [&](const Candidate& c) { return condition(c.declaration); });
    };
    const auto end = found.candidates.end();
    auto chosen = pick([&](const Declaration& d) { return d.form != DeclarationForm::typedef_ && names(d, wanted); });
    if (chosen == end) {
        chosen = pick([&](const Declaration& d) {
            const auto example = example_of(d);
            return example != found.examples.end() && same_name(example->first, wanted);
        });
    }
    if (chosen == end) chosen = pick([&](const Declaration& d) { return example_of(d) != found.examples.end(); });
    if (chosen == end) chosen = pick([&](const Declaration& d) { return d.form != DeclarationForm::typedef_; });
    if (chosen == end) chosen = pick([](const Declaration&) { return true; });
    if (chosen == end && !only_named.empty()) {
        result.error = DeclarationError{tokens.front().offset, "the block names " + only_named + " and declares nothing"};
        return result;
    }
    if (chosen == end) {
        result.error =
            found.error ? *found.error : DeclarationError{tokens.empty() ? 0 : tokens.front().offset, "no declaration in the block"};
        return result;
    }
    result.error = found.error;
    Declaration d = std::move(chosen->declaration);
    const auto example = example_of(d);
    const bool callable = d.form == DeclarationForm::function || d.form == DeclarationForm::macro || d.form == DeclarationForm::callback;
    if (callable && example != found.examples.end()) {
        // The block shows what an implementation looks like; its name is only an example.
        const std::string shown_type = example->first;
        d.form = DeclarationForm::callback;
        d.name = wanted.empty() ? shown_type : std::string(wanted);
        if (!same_name(shown_type, d.name) && (same_name("P" + shown_type, d.name) || d.name.starts_with("PFN"))) d.pointer = true;
        if (is_status(d.return_type)) {  // nobody returns a status by address: the star belongs to the name
            d.return_type.resize(d.return_type.size() - 2);
            d.pointer = true;
        }
    }
    resolve_text(d, wanted);
    result.declaration = std::move(d);
    return result;
}

}  // namespace ddi::facts
