// Sentences that repeat a clause which another sentence of the page gave: the clause keeps them among its citations.
// Adds no clause, so that what only repeats cannot change what a contract says.
#include <algorithm>

#include "generator/facts/clause_page.h"

namespace ddi::facts {

namespace {

bool is_cited(const ClausePage& page, const Cite& cite) {
    const auto same = [&](const Cite& other) { return other.span.begin == cite.span.begin && other.verbatim == cite.verbatim; };
    return std::any_of(page.clauses.begin(), page.clauses.end(), [&](const Clause& clause) {
        return same(clause.cite) || std::any_of(clause.also.begin(), clause.also.end(), same);
    });
}

/// The one clause of that kind, or the one that `fits`.
template <class Content, class Fits>
Clause* only(ClausePage& page, Fits&& fits) {
    Clause* found = nullptr;
    for (Clause& clause : page.clauses) {
        const auto* content = std::get_if<Content>(&clause.content);
        if (content == nullptr || !fits(*content)) continue;
        if (found == nullptr) found = &clause;
    }
    return found;
}

Mode stated_mode(const Tokens& tokens) {
    return has_word(tokens, {"shared", "read"}) && !has_word(tokens, {"exclusive", "write"}) ? Mode::shared : Mode::exclusive;
}

bool speaks_of_the_thing(const ClausePage& page, const Phrase::Match& match) {
    return std::any_of(match.locks.begin(), match.locks.end(), [&](const Token* lock) { return page.is_about(*lock); });
}

// "If the push lock is unowned, exclusive access is granted immediately"; "X acquires the given resource for shared access".
Clause* restated_acquisition(ClausePage& page, const Statement& statement) {
    static const Phrase granted("shared|exclusive access is granted");
    static const Phrase acquires("<self> *2 +acquire.third *5 <lock>");
    // "Only one thread at a time can obtain write access": what exclusive means. "The framework holds the mutex upon return from X".
    static const Phrase alone("only one *4 thread at time can +acquire write|exclusive access");
    static const Phrase afterwards("+hold.third *3 <lock> upon|on|after return from <self>");
    const auto access = granted.find(statement.tokens);
    auto taken = acquires.find(statement.tokens);
    if (!taken) taken = afterwards.find(statement.tokens);
    if (!access && !alone.find(statement.tokens) && !(taken && speaks_of_the_thing(page, *taken))) return nullptr;
    const Mode mode = stated_mode(statement.tokens);
    return only<clause::Acquire>(page, [&](const clause::Acquire& c) { return c.mode == mode; });
}

// "All read and write accesses by other threads must wait until the holder releases the lock": what being held means.
Clause* restated_exclusion(ClausePage& page, const Statement& statement) {
    static const Phrase waits("accesses *6 must +wait until *3 +release.third <lock>");
    const auto match = waits.find(statement.tokens);
    if (!match || !speaks_of_the_thing(page, *match)) return nullptr;
    return only<clause::Acquire>(page, [](const clause::Acquire&) { return true; });
}

// "A routine that needs both must acquire the A spin lock first."
Clause* restated_order(ClausePage& page, const Statement& statement) {
    static const Phrase acquires("must +acquire *2 <lock>");
    if (!page.sentence_of(statement).text.ends_with(" first.") || !acquires.find(statement.tokens)) return nullptr;
    return only<clause::Order>(page, [](const clause::Order&) { return true; });
}

Clause* restated_release(ClausePage& page, const Statement& statement) {
    static const Phrase releases("<self> *2 +release.third *5 <lock>");
    const auto match = releases.find(statement.tokens);
    if (!match || !speaks_of_the_thing(page, *match)) return nullptr;
    return only<clause::Release>(page, [](const clause::Release&) { return true; });
}

Clause* restated_initialization(ClausePage& page, const Statement& statement) {
    static const Phrase initializes("+initialize.third *4 <lock>");
    const auto match = initializes.find(statement.tokens);
    if (!match || !speaks_of_the_thing(page, *match)) return nullptr;
    return only<clause::Initialize>(page, [](const clause::Initialize&) { return true; });
}

// "A thread that is inside a guarded region has all APCs disabled", on the page of a function that tells whether it is in one.
Clause* restated_region(ClausePage& page, const Statement& statement) {
    if (!has_verb(statement.tokens, Verb::disable) || !has_word(statement.tokens, {"inside", "within"})) return nullptr;
    for (const Token& token : statement.tokens) {
        if (token.kind != Token::Kind::lock || !token.noun.ends_with(" region")) continue;
        const std::string region = token.noun.substr(0, token.noun.find(' '));
        for (Clause& clause : page.clauses) {
            if (!std::holds_alternative<clause::Returns>(clause.content)) continue;
            for (const Comparison& comparison : clause.when.all)
                if (comparison.name == "region" && comparison.op == "==" && comparison.value == region) return &clause;
        }
    }
    return nullptr;
}

// "A spin lock must always be acquired or released as either a queued spin lock, or as an ordinary spin lock."
Clause* restated_separation(ClausePage& page, const Statement& statement) {
    static const Phrase always("must *1 be +acquire.past or +release.past *1 as");
    if (!always.find(statement.tokens)) return nullptr;
    return only<clause::NotCombined>(page, [](const clause::NotCombined&) { return true; });
}

}  // namespace

void cite_restatements(ClausePage& page) {
    if (page.clauses.empty() || page.noun.empty()) return;
    for (const Statement& statement : page.statements) {
        const Sentence& sentence = page.sentence_of(statement);
        if (sentence.role == Role::description || has_negation(statement.tokens)) continue;
        Cite cite = cite_sentence(page.facts->source, sentence);
        if (is_cited(page, cite)) continue;
        for (const auto read : {restated_order, restated_acquisition, restated_exclusion, restated_release, restated_initialization,
                                restated_region, restated_separation}) {
            if (Clause* clause = read(page, statement)) {
                clause->also.push_back(std::move(cite));
                break;
            }
        }
    }
}

}  // namespace ddi::facts
