// extract_irql: req.irql. read_irql_remarks: what the prose says about the level this API is called at, and whether both agree.
#include "generator/facts/clause_page.h"
#include "generator/facts/words.h"

namespace ddi::facts {

namespace {

void report(Facts& facts, const char* code, text::Span span, std::string message, std::vector<text::DiagnosticNote> notes = {}) {
    text::Diagnostic diagnostic;
    diagnostic.code = code;
    diagnostic.source = facts.source;
    diagnostic.span = span;
    diagnostic.message = std::move(message);
    diagnostic.notes = std::move(notes);
    facts.diagnostics.push_back(std::move(diagnostic));
}

// Only pages whose prose names a level somewhere are worth reading sentence by sentence.
bool prose_names_a_level(const page::Page& page) {
    for (const text::Section& section : page.sections) {
        const std::string heading = to_lower(section.heading);
        if (heading.starts_with("-see-also") || heading.starts_with("-requirements")) continue;
        for (const text::Block& block : section.blocks)
            if (block.kind != text::BlockKind::code && find_irql(block.text)) return true;
    }
    return false;
}

}  // namespace

void extract_irql(const page::Page& page, Facts& facts) {
    const page::Field* field = page.field("req.irql");
    std::string value;
    if (field)
        for (const std::string& part : field->values) value += (value.empty() ? "" : " ") + part;
    facts.irql_verbatim.value = value;
    facts.irql_verbatim.cite.origin = Origin::front_matter;
    facts.irql_verbatim.cite.source = facts.source;
    facts.irql_verbatim.cite.verbatim = value;
    if (field) facts.irql_verbatim.cite.span = field->value_span;
    facts.irql_front_matter = parse_irql(value);
    if (facts.irql_front_matter.status == IrqlStatus::not_understood)
        report(facts, "irql-not-understood", facts.irql_verbatim.cite.span, "the IRQL \"" + value + "\" is not in the grammar");
    if (facts.irql_front_matter.status == IrqlStatus::junk)
        report(facts, "irql-junk", facts.irql_verbatim.cite.span, "req.irql holds \"" + value + "\", which states no IRQL");
}

void read_irql_remarks(ClausePage& read) {
    if (!prose_names_a_level(*read.page)) return;
    Facts& facts = *read.facts;
    const auto entries = find_entry_statements(read);
    if (entries.empty()) return;
    Fact<IrqlExpression> remarks;
    remarks.value.status = IrqlStatus::understood;
    remarks.cite = cite_sentence(facts.source, read.sentences[entries.front().sentence]);
    for (const EntryStatement& entry : entries) {
        IrqlAlternative alternative{entry.levels, entry.when.front().text};
        bool known = false;
        for (const IrqlAlternative& other : remarks.value.alternatives) known = known || other == alternative;
        if (!known) remarks.value.alternatives.push_back(std::move(alternative));
    }
    const bool general = remarks.value.alternatives.size() == 1 && remarks.value.alternatives[0].condition.empty();
    const IrqlExpression& front = facts.irql_front_matter;
    const bool both_general =
        general && front.status == IrqlStatus::understood && front.alternatives.size() == 1 && front.alternatives[0].condition.empty();
    if (both_general && front.levels() != remarks.value.levels())
        report(facts, "irql-contradiction", facts.irql_verbatim.cite.span,
               "req.irql says " + to_string(front.levels()) + ", the text says " + to_string(remarks.value.levels()),
               {{"the text is here", facts.source, remarks.cite.span}});
    facts.irql_remarks = std::move(remarks);
}

}  // namespace ddi::facts
