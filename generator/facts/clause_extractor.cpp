// extract_clauses: every reader in turn over one page, results in a fixed order.
#include <algorithm>

#include "generator/facts/clause_page.h"
#include "generator/facts/words.h"

namespace ddi::facts {

namespace {

// Words without which no reader finds anything; most pages have none of them.
bool may_hold_clauses(const page::Page& page) {
    for (const text::Section& section : page.sections)
        for (const text::Block& block : section.blocks) {
            if (block.kind == text::BlockKind::code) continue;
            const std::string lower = to_lower(block.text);
            for (const std::string_view word : {"lock", "mutex", "irql", "_level", " region", "apcs", "status_pending"})
                if (lower.find(word) != lower.npos) return true;
        }
    return false;
}

}  // namespace

void extract_clauses(const page::Page& page, Facts& facts) {
    if (page.kind != page::PageKind::function && page.kind != page::PageKind::callback) return;
    if (!may_hold_clauses(page)) {
        ClausePage read;
        read.page = &page;
        read.facts = &facts;
        read.names.self = facts.name;
        for (const ParameterFact& parameter : facts.parameters) read.names.parameters.emplace_back(parameter.name, parameter.name);
        read_irql_entry_clauses(read);
        facts.clauses = std::move(read.clauses);
        return;
    }
    ClausePage read = read_clause_page(page, facts);
    read_irql_entry_clauses(read);
    read_lock_clauses(read);
    read_wait_clauses(read);
    read_protocol_clauses(read);
    read_return_clauses(read);
    read_irql_clauses(read);
    read_apc_clauses(read);
    // What holds anyway is not repeated for a case that only words describe ("if it is not, the IRQL is set to …").
    std::erase_if(read.clauses, [&](const Clause& clause) {
        if (!clause.when.all.empty() || clause.when.text.empty()) return false;
        Clause plain = clause;
        plain.when = {};
        const std::string canonical = canonical_clause(plain);
        return std::any_of(read.clauses.begin(), read.clauses.end(),
                           [&](const Clause& other) { return canonical_clause(other) == canonical; });
    });
    // By kind, then by place: the order of the readers is no part of the result.
    std::stable_sort(read.clauses.begin(), read.clauses.end(),
                     [](const Clause& a, const Clause& b) { return a.content.index() < b.content.index(); });
    facts.clauses = std::move(read.clauses);
}

}  // namespace ddi::facts
