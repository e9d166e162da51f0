// One page made ready for the clause readers: its sentences as statements, the thing it is about, and the clauses found so far.
// Readers add clauses by patterns; what two sentences say about the same thing becomes one clause that cites the first.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "generator/facts/phrase.h"
#include "generator/facts/statement.h"

namespace ddi::facts {

struct ClausePage {
    const page::Page* page = nullptr;
    Facts* facts = nullptr;
    PageNames names;
    std::vector<Sentence> sentences;
    std::vector<Tokens> tagged;  // one for each sentence
    std::vector<Statement> statements;
    std::string noun;            // what the page is about: "spin lock"; empty: no lockable thing
    std::string lock_parameter;  // the parameter that identifies it; empty: none
    bool attempt = false;        // acquires only if it can at once
    std::vector<Clause> clauses;

    const Sentence& sentence_of(const Statement& statement) const { return sentences[statement.sentence]; }
    /// The page's noun if `token` means it ("the lock", "the mutex", "it"), else the token's own noun.
    std::string noun_of(const Token& token) const;
    /// True if the token can mean the page's thing.
    bool is_about(const Token& token) const;
    Object object() const { return {noun, lock_parameter}; }
    bool acquires() const { return has<clause::Acquire>(); }
    /// Some clause found so far is of that kind.
    template <class Content>
    bool has() const {
        return std::any_of(clauses.begin(), clauses.end(), [](const Clause& c) { return std::holds_alternative<Content>(c.content); });
    }

    /// Adds a clause or, if the page already says it, extends it (lists of functions are united; the first citation stays).
    void add(ClauseContent content, const Sentence& cited, Condition when = {}, std::string consequence = {});

    template <class Content>
    Clause* find() {
        for (Clause& clause : clauses)
            if (std::holds_alternative<Content>(clause.content)) return &clause;
        return nullptr;
    }
};

ClausePage read_clause_page(const page::Page& page, Facts& facts);

/// What a condition's words compare: several conditions if they are joined by "or". Words that no comparison can express give one
/// condition with its text only. `effect`: "if it is acquired" speaks of this call's result, not of the lock's state before it.
std::vector<Condition> read_conditions(const ClausePage& page, const Statement& statement, bool effect = true);
std::vector<Condition> read_conditions(const ClausePage& page, const Tokens& tokens, const std::string& text, bool effect = true,
                                       const std::string& described = {});

/// That the call does what it is for, if the words say no more than that.
std::optional<Comparison> call_outcome(const ClausePage& page, const Tokens& tokens);

/// The comparison that holds exactly when the given one does not.
Comparison negated(const Comparison& comparison);

/// One sentence that states at which level this API is called.
struct EntryStatement {
    LevelSet levels;
    std::vector<Condition> when;
    std::string consequence;
    std::size_t sentence = 0;
    std::size_t consequence_sentence = 0;  // that tells the consequence, if there is one
};
std::vector<EntryStatement> find_entry_statements(const ClausePage& page);

// The readers, in the order in which extract_clauses calls them.
void read_lock_clauses(ClausePage& page);         // acquire, release, initialize, destroy, and who pairs with whom
void read_hold_clauses(ClausePage& page);         // requires-held, not-held-on-entry, convert, same-processor, same-irql
void read_state_clauses(ClausePage& page);        // sets-state
void read_wait_clauses(ClausePage& page);         // functions that wait for dispatcher objects: acquired if the wait says so
void read_protocol_clauses(ClausePage& page);     // owner, recursion, waits, not-combined, held-on-entry, pending, same-object
void read_return_clauses(ClausePage& page);       // returns-…
void read_result_clauses(ClausePage& page);       // returns-value, stores
void read_operation_clauses(ClausePage& page);    // operation, atomic
void read_status_clauses(ClausePage& page);       // returns-STATUS, raises-status, bug-check
void read_call_clauses(ClausePage& page);         // calls
void read_irql_remarks(ClausePage& page);         // no clause: Facts::irql_remarks
void read_irql_entry_clauses(ClausePage& page);   // irql-entry
void read_irql_clauses(ClausePage& page);         // irql effects and IRQL arguments
void read_irql_effect_clauses(ClausePage& page);  // the same in other words: levels on return, flags that promise a level
void read_apc_clauses(ClausePage& page);          // apc-disable, apc-enable, requires-apcs-disabled
void read_initialized_clauses(ClausePage& page);  // requires-initialized of every argument; the calls that initialize come first
void read_order_clauses(ClausePage& page);        // preceded-by, followed-by, afterwards-only, order; pairs that are counted
void read_memory_clauses(ClausePage& page);       // resident, aligned
void read_argument_clauses(ClausePage& page);     // optional, argument-value, argument-same
void cite_restatements(ClausePage& page);         // after all others: sentences that repeat a clause

}  // namespace ddi::facts
