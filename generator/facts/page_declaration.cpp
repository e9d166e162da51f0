// extract_declaration: the code block below -syntax or -prototype, parsed, and compared with what else the page says.
#include "generator/facts/page_declaration.h"

#include <algorithm>

#include "generator/facts/facts.h"
#include "generator/facts/report.h"

namespace ddi::facts {
namespace {

bool is_callable(const Declaration& d) {
    return d.form == DeclarationForm::function || d.form == DeclarationForm::callback || d.form == DeclarationForm::macro;
}

bool fits(page::PageKind kind, const Declaration& d) {
    switch (kind) {
        case page::PageKind::function:
        case page::PageKind::callback:
            return is_callable(d);
        case page::PageKind::structure:
            return d.form == DeclarationForm::structure || d.form == DeclarationForm::union_ || d.form == DeclarationForm::typedef_ ||
                   d.form == DeclarationForm::interface;
        case page::PageKind::enumeration:
            return d.form == DeclarationForm::enumeration;
        default:
            return false;  // pages of other kinds show code, not a declaration of their own
    }
}

std::string_view last_part(std::string_view name) {
    const std::size_t at_operator = name.find("operator");
    const std::size_t dot = name.rfind('.', at_operator);
    return dot == std::string_view::npos ? name : name.substr(dot + 1);
}

// Headings that the tooling had left behind come in alphabetical order. Where page and declaration have the same names, the
// declaration's order is the parameters' order.
void order_by_declaration(std::vector<ParameterFact>& parameters, const Declaration& d) {
    const std::size_t declared = d.parameters.size();
    if (parameters.size() < declared) return;
    std::vector<std::size_t> place(parameters.size());
    std::vector<bool> seen(declared, false);
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        std::size_t k = 0;
        while (k < declared && d.parameters[k].name != parameters[i].name) ++k;
        if (k < declared) seen[k] = true;
        if (k == declared && parameters[i].name != "...") return;
        place[i] = k;
    }
    if (std::find(seen.begin(), seen.end(), false) != seen.end()) return;
    std::vector<ParameterFact> ordered;
    for (std::size_t k = 0; k <= declared; ++k) {
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            if (place[i] == k) ordered.push_back(std::move(parameters[i]));
        }
    }
    parameters = std::move(ordered);
}

void compare_with_headings(Facts& facts, const Declaration& d, text::Span span) {
    if (!d.typed() || facts.parameters.empty()) return;
    const std::size_t declared = d.parameters.size() + (d.variadic ? 1 : 0);
    if (declared != facts.parameters.size() && d.parameters.size() != facts.parameters.size()) {
        report_finding(facts, "declaration-parameter-count", text::Severity::warning, span,
                       "the declaration has " + std::to_string(d.parameters.size()) + " parameters, the page describes " +
                           std::to_string(facts.parameters.size()));
        return;
    }
    // Names that the page describes and the declaration does not have. Unnamed parameters go by their type.
    for (const ParameterFact& parameter : facts.parameters) {
        const bool known = std::any_of(d.parameters.begin(), d.parameters.end(), [&](const DeclaredParameter& p) {
            return p.name == parameter.name || (p.name.empty() && p.type.find(parameter.name) != std::string::npos);
        });
        const bool placeholder =
            parameter.name == "..." || parameter.name == "*" || parameter.name.starts_with("unnamedParam") || parameter.name.size() == 1;
        if (known || placeholder || (d.variadic && &parameter == &facts.parameters.back())) continue;
        report_finding(facts, "declaration-parameter-names", text::Severity::note, parameter.cite.span,
                       "the page describes the parameter " + parameter.name + ", which its declaration does not have");
    }
}

}  // namespace

const text::Block* find_declaration_block(const page::Page& page) {
    for (std::string_view name : {"-syntax", "-prototype"}) {
        const text::Section* section = page.section(name);
        if (section == nullptr) continue;
        for (const text::Block& block : section->blocks) {
            if (block.kind == text::BlockKind::code) return &block;
        }
    }
    return nullptr;
}

void extract_declaration(const page::Page& page, Facts& facts) {
    const text::Block* block = find_declaration_block(page);
    const bool expected = facts.kind == page::PageKind::function || facts.kind == page::PageKind::callback ||
                          facts.kind == page::PageKind::structure || facts.kind == page::PageKind::enumeration;
    if (block == nullptr || !expected) return;
    DeclarationResult result = parse_declaration(block->text, facts.name);
    if (result.error) {
        const std::uint32_t at = text::place_of(*block, static_cast<std::uint32_t>(result.error->offset));
        report_finding(facts, "declaration-not-understood", text::Severity::warning, {at, at}, result.error->message);
    }
    if (!result.declaration) return;
    Declaration& d = *result.declaration;
    if (!fits(facts.kind, d)) {
        report_finding(facts, "declaration-of-something-else", text::Severity::warning, block->span,
                       std::string("the block declares something else than a ") + page::kind_name(facts.kind));
        return;
    }
    if (facts.kind == page::PageKind::callback && d.form == DeclarationForm::function) {
        // The block shows an implementation's declaration without saying so; the type's name is the page's.
        d.form = DeclarationForm::callback;
        d.name = last_part(facts.name);
    } else if (facts.kind == page::PageKind::function && d.form == DeclarationForm::callback) {
        d.form = DeclarationForm::function;
        d.pointer = false;
    }
    if (is_callable(d) && facts.kind == page::PageKind::function && d.name != last_part(facts.name)) {
        report_finding(facts, "declaration-name-differs", text::Severity::note, block->span,
                       "the declaration is of " + d.name + ", the page is about " + facts.name);
    }
    if (is_callable(d)) order_by_declaration(facts.parameters, d);
    compare_with_headings(facts, d, block->span);
    if (facts.returns && facts.returns->is_void && d.typed() && d.return_type != "void") {
        report_finding(facts, "returns-contradict-declaration", text::Severity::warning, facts.returns->cite.span,
                       "the text says that nothing is returned, the declaration returns " + d.return_type);
    }
    Fact<Declaration> fact;
    fact.cite.origin = Origin::declaration;
    fact.cite.source = page.source;
    fact.cite.span = {text::place_of(*block, 0), block->span.end};  // without the fence
    fact.cite.verbatim = block->text;
    fact.value = std::move(d);
    facts.declaration = std::move(fact);
}

}  // namespace ddi::facts
