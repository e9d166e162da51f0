// What the caller holds on entry: requires-held, not-held-on-entry, convert, same-processor, same-irql.
#include <algorithm>

#include "generator/facts/clause_names.h"
#include "generator/facts/clause_page.h"
#include "generator/facts/words.h"

namespace ddi::facts {

namespace {

// "For exclusive access", "exclusive access to": the modes that a sentence speaks of, in order.
std::vector<Mode> modes_in(const Tokens& tokens) {
    std::vector<Mode> modes;
    for (std::size_t at = 0; at + 1 < tokens.size(); ++at) {
        const std::string& next = tokens[at + 1].lower;
        if (next != "access" && next != "ownership") continue;
        if (tokens[at].lower == "shared" || tokens[at].lower == "read") modes.push_back(Mode::shared);
        if (tokens[at].lower == "exclusive" || tokens[at].lower == "write") modes.push_back(Mode::exclusive);
    }
    return modes;
}

std::optional<Mode> mode_in(const Tokens& tokens) {
    const auto modes = modes_in(tokens);
    return modes.empty() ? std::nullopt : std::optional(modes.front());
}

// Every lock noun of the match is the page's thing; a match without one needs the sentence to name it.
bool about(const ClausePage& page, const Tokens& tokens, const Phrase::Match& match) {
    if (!match.locks.empty())
        return std::all_of(match.locks.begin(), match.locks.end(), [&](const Token* lock) { return page.is_about(*lock); });
    return std::any_of(tokens.begin(), tokens.end(), [&](const Token& t) { return t.kind == Token::Kind::lock && page.is_about(t); });
}

// The page's own thing is only released by who holds it; a sentence that says so of another parameter's lock names that lock.
Object thing(const ClausePage& page, const Sentence& sentence, const Tokens& tokens) {
    Object object = page.object();
    if (sentence.role == Role::parameter && object.parameter.empty() && !object.noun.empty()) object.parameter = sentence.parameter;
    // "the given Lock": a parameter by its name.
    for (const Token& token : tokens)
        if (token.kind == Token::Kind::parameter && to_lower(token.names.front()).ends_with("lock")) object.parameter = token.names.front();
    return object;
}

void read_requires_held(ClausePage& page) {
    static const std::vector<Phrase> held = phrases({
        "caller|driver|thread must +hold *2 <thing>",
        "caller|driver|thread must +be +hold.gerund *2 <thing>",
        "caller|driver|thread must have shared|exclusive access to *2 <lock>",
        "must +be +call.past only for *2 <lock> that is +hold.past by *1 caller",
        "must +acquire *3 <lock> before +call.gerund *1 <self>",
        "must +acquire *3 <lock> before *3 +call <self>",
        "must +call <api> to +acquire *2 <lock> before *4 +call <self>",
        "<lock> must +be +acquire.past before +call.gerund *1 <self>",
        "must +be same thread that *1 +call.past *6 to +acquire *2 <lock>",
        "<lock> must +be +hold.past by *2 caller|thread",
    });
    // Of what the call gives back its release clause says so.
    static const Phrase argument("pointer to *1 <lock> *8 +hold.past by current|calling thread");
    for (const Statement& statement : page.statements) {
        const Tokens& tokens = statement.tokens;
        const Sentence& sentence = page.sentence_of(statement);
        if (has_negation(tokens) || sentence.role == Role::returns) continue;
        auto match = find_any(held, tokens);
        if (!match && sentence.role == Role::parameter && !page.find<clause::Release>()) match = argument.find(tokens);
        if (!match || !about(page, tokens, *match)) continue;
        for (const Condition& condition : read_conditions(page, statement))
            page.add(clause::RequiresHeld{thing(page, sentence, tokens), mode_in(tokens), others(page, *match)}, sentence, condition);
    }
}

// "If the caller has shared access, it must release the lock first": not on entry in that mode.
std::optional<Condition> held_shared(const Statement& statement) {
    static const Phrase shared("caller|thread|processor|callers *2 have|has|acquired *3 shared|read access");
    const bool condition = shared.find(statement.condition) || shared.find(statement.tokens);
    if (!condition) return std::nullopt;
    return Condition{{Comparison{Comparison::Subject::state, "object", "==", "held-shared"}}, {}};
}

void read_not_held(ClausePage& page) {
    static const std::vector<Phrase> not_held = phrases({
        "caller|driver|thread must not *1 +hold *2 <thing>",
        "caller|driver|thread must not +be +hold.gerund *2 <thing>",
        "caller|driver|thread must not +be +hold.gerund *2 <parameter>",
        "<lock> must not +be +hold.past",
        "<self> must +acquire *1 <lock>",
    });
    static const std::vector<Phrase> again = phrases({
        "fatal error *4 to *3 +acquire *2 <lock> *3 ",
        "not +attempt to +acquire <lock> that is +hold.past",
    });
    // "The routine must acquire the lock first" tells an order, "must acquire the lock" that nobody has it yet.
    const auto tells_order = [](const Sentence& sentence) { return sentence.text.ends_with(" first."); };
    static const Phrase released_first("must +release *2 <lock> before *4 reacquire|acquire");
    static const Phrase released_then("must +release *2 <lock> and *2 reacquire");
    for (const Statement& statement : page.statements) {
        const Tokens& tokens = statement.tokens;
        const Sentence& sentence = page.sentence_of(statement);
        if (sentence.role == Role::returns) continue;
        // "… must not hold it when it calls Y": about Y.
        const bool elsewhere = names_other(tokens) || names_other(statement.condition);
        if (const auto match = find_any(not_held, tokens);
            match && !elsewhere && !tells_order(sentence) && (match->parameter() || about(page, tokens, *match))) {
            page.add(clause::NotHeldOnEntry{thing(page, sentence, tokens)}, sentence);
        } else if (const auto error = find_any(again, tokens); error && about(page, tokens, *error)) {
            const bool fatal = has_word(tokens, {"fatal"});
            // "It is a fatal error to acquire X if the driver already holds it": the condition is the rule itself.
            const bool same = !fatal || has_verb(statement.condition, Verb::hold) || has_verb(tokens, Verb::hold);
            if (!same || !page.acquires()) continue;
            page.add(clause::NotHeldOnEntry{page.object()}, sentence, {}, fatal ? "bug check" : "deadlock");
            // "Either of these mistakes will result in system deadlock."
            const std::size_t next = statement.sentence + 1;
            if (next < page.sentences.size() && has_word(page.tagged[next], {"mistakes"}) && has_word(page.tagged[next], {"deadlock"}))
                page.add(clause::NotHeldOnEntry{page.object()}, page.sentences[next]);
        } else if (page.acquires() && (released_first.find(tokens) || released_then.find(tokens))) {
            if (const auto shared = held_shared(statement)) page.add(clause::NotHeldOnEntry{page.object()}, sentence, *shared);
        }
    }
    // "After your driver calls X, it must not call the method again for the same object before calling Y", "the same processor must not
    // attempt to acquire write access (by calling X) until the read access is released".
    static const Phrase repeated("+call *1 <self> *1 , *1 must not +call *2 again");
    static const Phrase upgrade("must not +attempt to +acquire write access");
    for (std::size_t i = 0; i < page.tagged.size(); ++i) {
        const Tokens& tokens = page.tagged[i];
        if (!page.acquires()) break;
        if (repeated.find(tokens) || Phrase("<self> , it|driver|caller must not +call *3 again").find(tokens)) {
            page.add(clause::NotHeldOnEntry{page.object()}, page.sentences[i]);
        } else if (const auto match = upgrade.find(tokens)) {
            const bool self = std::any_of(tokens.begin() + static_cast<std::ptrdiff_t>(match->end), tokens.end(), mentions_self);
            if (self)
                page.add(clause::NotHeldOnEntry{page.object()}, page.sentences[i],
                         Condition{{Comparison{Comparison::Subject::state, "object", "==", "held-shared"}}, {}});
        }
    }
}

void read_convert(ClausePage& page) {
    static const std::vector<Phrase> converts = phrases({
        "<self> *1 converts *3 <lock>",
        "<self> *1 +attempt.third to convert *6 <lock>",
        "<self> *1 convert *3 <lock>",
    });
    for (const Statement& statement : page.statements) {
        const Tokens& tokens = statement.tokens;
        const Sentence& sentence = page.sentence_of(statement);
        if (sentence.role != Role::description || !find_any(converts, tokens)) continue;
        const auto modes = modes_in(tokens);
        if (modes.size() < 2 || modes[0] == modes[1]) continue;
        page.add(clause::Convert{page.object(), modes[0], modes[1], has_verb(tokens, Verb::attempt)}, sentence);
    }
}

void read_same_place(ClausePage& page) {
    if (!page.find<clause::Release>()) return;
    static const std::vector<Phrase> processor = phrases({
        "must +call <self> on same processor",
        "must +be +release.past on same processor",
        "must +release *3 on same processor",
    });
    static const Phrase irql("<lock> +be +acquire.past at <level> and thread is not +run.gerund at <level>");
    for (std::size_t i = 0; i < page.tagged.size(); ++i) {
        const Tokens& tokens = page.tagged[i];
        if (const auto match = find_any(processor, tokens)) page.add(clause::SameProcessor{page.object()}, page.sentences[i]);
        if (const auto match = irql.find(tokens); match && page.is_about(*match->lock()) && has_word(tokens, {"exception"}))
            page.add(clause::SameIrql{page.object()}, page.sentences[i], {}, "exception");
    }
}

}  // namespace

void read_hold_clauses(ClausePage& page) {
    if (page.noun.empty() || page.names.callback) return;
    read_convert(page);
    read_requires_held(page);
    read_not_held(page);
    read_same_place(page);
}

}  // namespace ddi::facts
