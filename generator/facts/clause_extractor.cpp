// extract_clauses: every reader in turn over one page, results in a fixed order.
#include <algorithm>

#include "generator/facts/clause_page.h"

namespace ddi::facts {

void extract_clauses(const page::Page& page, Facts& facts) {
    if (page.kind != page::PageKind::function && page.kind != page::PageKind::callback) return;
    ClausePage read = read_clause_page(page, facts);
    read_irql_remarks(read);
    read_irql_entry_clauses(read);
    read_lock_clauses(read);
    read_hold_clauses(read);
    read_state_clauses(read);
    read_wait_clauses(read);
    read_protocol_clauses(read);
    read_return_clauses(read);
    read_result_clauses(read);
    read_operation_clauses(read);
    read_status_clauses(read);
    read_call_clauses(read);
    read_irql_clauses(read);
    read_irql_effect_clauses(read);
    read_apc_clauses(read);
    read_initialized_clauses(read);
    read_order_clauses(read);
    read_memory_clauses(read);
    read_argument_clauses(read);
    cite_restatements(read);
    // What holds anyway is not repeated for a case that only words describe ("if it is not, the IRQL is set to …").
    std::erase_if(read.clauses, [&](const Clause& clause) {
        if (!clause.when.all.empty() || clause.when.text.empty()) return false;
        Clause plain = clause;
        plain.when = {};
        const std::string canonical = canonical_clause(plain);
        const auto general = std::find_if(read.clauses.begin(), read.clauses.end(),
                                          [&](const Clause& other) { return canonical_clause(other) == canonical; });
        if (general == read.clauses.end()) return false;
        general->also.push_back(clause.cite);
        return true;
    });
    // By kind, then by place: the order of the readers is no part of the result.
    std::stable_sort(read.clauses.begin(), read.clauses.end(),
                     [](const Clause& a, const Clause& b) { return a.content.index() < b.content.index(); });
    facts.clauses = std::move(read.clauses);
}

}  // namespace ddi::facts
