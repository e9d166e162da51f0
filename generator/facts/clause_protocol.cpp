// The rest of a lock's protocol: owner, recursion, waiting, what must not be mixed, what is held around a callback, pending requests.
#include <algorithm>

#include "generator/facts/clause_page.h"
#include "generator/facts/object_kinds.h"
#include "generator/facts/object_nouns.h"
#include "generator/facts/words.h"

namespace ddi::facts {

namespace {

bool names_only_others(const Tokens& tokens, const Phrase::Match& match) {
    for (std::size_t i = 0; i < match.end && i < tokens.size(); ++i)
        if (tokens[i].kind == Token::Kind::self || tokens[i].has_self) return false;
    for (std::size_t i = 0; i < match.end && i < tokens.size(); ++i)
        if (tokens[i].kind == Token::Kind::api) return true;
    return false;
}

// The page's thing is named in the sentence, and nothing else that can be locked.
bool about_thing(const ClausePage& page, const Tokens& tokens) {
    bool named = false;
    for (const Token& token : tokens)
        if (token.kind == Token::Kind::lock) {
            if (!page.is_about(token)) return false;
            named = true;
        }
    return named;
}

// The match names the page's thing, or follows it; what a comparison adds ("as a kernel mutex can") does not matter.
bool is_thing(const ClausePage& page, const Tokens& tokens, const Phrase::Match& match) {
    if (!match.locks.empty())
        return std::all_of(match.locks.begin(), match.locks.end(), [&](const Token* lock) { return page.is_about(*lock); });
    for (std::size_t at = std::min(match.end, tokens.size()); at-- > 0;)
        if (tokens[at].kind == Token::Kind::lock) return page.is_about(tokens[at]);
    return false;
}

void read_owner(ClausePage& page) {
    if (!page.find<clause::Release>()) return;
    static const std::vector<Phrase> owner = phrases({
        "+release *6 from same thread that *2 +acquire",
        "+release.past only by *2 thread that *3 +hold|acquire",
        "+release.past *2 by same thread",
        "only thread that *2 +hold|acquire *4 +release",
        "only owner *2 +release",
        "thread that +acquire.past *5 thread that +release",
        "same thread *4 +acquire *4 +release",
    });
    for (std::size_t i = 0; i < page.tagged.size(); ++i) {
        if (!about_thing(page, page.tagged[i]) || !find_any(owner, page.tagged[i])) continue;
        std::string consequence;
        for (std::size_t next = i; next < page.tagged.size() && next < i + 2; ++next)
            if (page.sentences[next].block == page.sentences[i].block && has_word(page.tagged[next], {"exception"}) &&
                has_verb(page.tagged[next], Verb::raise))
                consequence = "exception";
        page.add(clause::Owner{page.object()}, page.sentences[i], {}, consequence);
    }
}

void read_recursion(ClausePage& page) {
    const bool subject = page.find<clause::Acquire>() || page.find<clause::Release>() || page.find<clause::Initialize>();
    if (!subject) return;
    static const std::vector<Phrase> deadlock = phrases({
        "recursive acquisition of *2 <lock> *2 deadlock",
        "+acquire *2 <lock> recursively is guaranteed to +cause *2 deadlock",
        "<lock> cannot|not *3 +acquire.past recursively",
        "<lock> cannot +be recursively +acquire.past",
        "+acquire *3 recursively *6 deadlock",
        "must not +acquire *3 recursively",
    });
    static const std::vector<Phrase> counted = phrases({
        "can|may +be +acquire|enter.past recursively",
        "can|may +be recursively +acquire|enter.past",
        "can|may +be +nest.past",
        "can|may +acquire|enter *2 <lock> recursively",
        "can|may +nest <lock>",
        "is +acquire.past recursively *4 +call <self> as many times",
        "+call <self> *3 once for each time",
    });
    for (std::size_t i = 0; i < page.tagged.size(); ++i) {
        const Tokens& tokens = page.tagged[i];
        const bool recursion =
            has_word(tokens, {"recursively", "recursive", "recursion", "nested", "nest"}) || has_word(tokens, {"times", "time"});
        if (!recursion) continue;
        if (const auto match = find_any(deadlock, tokens); match && is_thing(page, tokens, *match))
            page.add(clause::Recursion{page.object(), clause::RecursionRule::deadlock}, page.sentences[i], {}, "deadlock");
        else if (const auto counting = find_any(counted, tokens); counting && is_thing(page, tokens, *counting))
            page.add(clause::Recursion{page.object(), clause::RecursionRule::counted}, page.sentences[i]);
    }
}

void read_waits(ClausePage& page) {
    // What is counted makes the one who ends it wait for all holders.
    const ObjectKind* kind = object_kind(page.noun);
    const bool ends = is_counted(page.noun) && !page.find<clause::Acquire>();
    const bool event = kind && !kind->lockable && page.noun == "event";
    if (!page.find<clause::Acquire>() && !ends && !event) return;
    static const std::vector<Phrase> waits = phrases({
        "<self> *2 +put *1 caller|thread *1 into|in wait state",
        "<self> +put *2 thread *1 into|in wait state",
        "<self> +cause calling|caller thread? to +wait",
        "<self> +wait.third *1 calling? caller|thread",
        "calling|current thread *1 +be? +put in|into wait state until",
        "caller|thread is +put in|into wait state",
        "<self> does not +return until",
        "<self> +return.third only? after *2 <lock> has been +acquire.past",
        "<self> +return.third only? after it +acquire.third *1 <lock>",
        "<self> +return.third control *6 when *1 <lock> is signaled",
        "<self> +put *1 current thread into *5 wait state",
        "value of zero +pass.third *4 wait *4 indefinitely",
        "caller|thread *1 blocks|waits|block until",
        "calling thread +wait.third until",
        "<self> +wait.third *2 until",
        "<self> +wait.third without limit until",
    });
    static const std::vector<Phrase> never = phrases({
        "<self> *2 +return.third immediately",
        "<self> *1 +return.third at once",
        "<self> *1 +return.third control immediately",
        "<self> *1 immediately +return.third",
        "<self> *1 +return.third <constant> immediately",
        "<self> *1 +return.third <constant> at once",
        "<self> +return.third without +wait.gerund",
        "<self> does not +wait",
        "<self> never +wait",
    });
    for (const Statement& statement : page.statements) {
        const Tokens& tokens = statement.tokens;
        const Sentence& sentence = page.sentence_of(statement);
        if (has_negation(tokens) && !has_word(tokens, {"until"})) {
            // "does not wait": one of the patterns of `never`.
        } else if (const auto match = find_any(waits, tokens); match && !names_only_others(tokens, *match) && !page.attempt) {
            // Waiting until the thing is free is what "may wait" means; only an argument can make it depend on something else.
            for (const Condition& condition : read_conditions(page, statement)) {
                const bool argument =
                    !condition.all.empty() && std::all_of(condition.all.begin(), condition.all.end(), [](const Comparison& c) {
                        return c.subject == Comparison::Subject::parameter || c.subject == Comparison::Subject::pointee;
                    });
                // "A value of zero specifies that the caller will wait indefinitely", in the text of the time-out.
                const bool zero =
                    sentence.role == Role::parameter && tokens.size() > 2 && tokens[0].lower == "value" && tokens[2].lower == "zero";
                const Condition own{{Comparison{Comparison::Subject::parameter, sentence.parameter, "==", "0"}}, {}};
                page.add(clause::Waits{page.object(), true}, sentence, zero ? own : argument ? condition : Condition{});
            }
        }
        if (const auto match = find_any(never, tokens); match && !names_only_others(tokens, *match)) {
            for (const Condition& condition : read_conditions(page, statement)) {
                const bool argument = !condition.all.empty() && (event || condition.all.front().subject != Comparison::Subject::state);
                if (page.attempt)
                    page.add(clause::Waits{page.object(), false}, sentence);
                else if (argument)
                    page.add(clause::Waits{page.object(), false}, sentence, condition);
            }
        }
    }
}

// Where an argument decides, "may wait" alone says less than the page: its sentences support the clause that says when.
void drop_undecided_waits(ClausePage& page) {
    const auto waits = [](const Clause& c) { return std::get_if<clause::Waits>(&c.content); };
    const auto decided =
        std::find_if(page.clauses.begin(), page.clauses.end(), [&](const Clause& c) { return waits(c) && !c.when.all.empty(); });
    if (decided == page.clauses.end()) return;
    const auto decided_yes = std::find_if(page.clauses.begin(), page.clauses.end(),
                                          [&](const Clause& c) { return waits(c) && waits(c)->waits && !c.when.all.empty(); });
    if (decided_yes != page.clauses.end())
        for (const Clause& clause : page.clauses)
            if (waits(clause) && waits(clause)->waits && clause.when.all.empty()) {
                decided_yes->also.push_back(clause.cite);
                decided_yes->also.insert(decided_yes->also.end(), clause.also.begin(), clause.also.end());
            }
    std::erase_if(page.clauses, [&](const Clause& c) { return waits(c) && c.when.all.empty(); });
}

// "If Wait is FALSE, the routine returns immediately": then it only attempts to acquire.
void split_acquisition(ClausePage& page) {
    std::optional<Comparison> attempts;
    for (const Clause& clause : page.clauses)
        if (const auto* waits = std::get_if<clause::Waits>(&clause.content);
            waits && !waits->waits && clause.when.all.size() == 1 && clause.when.all.front().subject == Comparison::Subject::parameter)
            attempts = clause.when.all.front();
    Clause* acquire = page.find<clause::Acquire>();
    if (!attempts || !acquire || !acquire->when.unconditional() || std::get<clause::Acquire>(acquire->content).attempt) return;
    Clause always = *acquire;
    Comparison waits = negated(*attempts);
    if (attempts->value == "FALSE" || attempts->value == "TRUE")
        waits = {waits.subject, waits.name, "==", attempts->value == "TRUE" ? "FALSE" : "TRUE"};
    acquire->when.all = {waits};
    always.when.all = {*attempts};
    std::get<clause::Acquire>(always.content).attempt = true;
    page.clauses.push_back(std::move(always));
    // "Returns TRUE if the resource is acquired" says what an attempt's result means.
    static const Phrase granted("<self> +return.third <constant> if *6 +acquire.past");
    static const Phrase access("<self> +return.third <constant> if *3 access is granted");
    const ClauseContent attempt = page.clauses.back().content;
    const Condition when = page.clauses.back().when;
    for (std::size_t i = 0; i < page.tagged.size(); ++i) {
        auto match = granted.find(page.tagged[i]);
        if (!match) match = access.find(page.tagged[i]);
        if (match && match->constants.front()->text == "TRUE") page.add(attempt, page.sentences[i], when);
    }
}

void read_not_combined(ClausePage& page) {
    for (std::size_t i = 0; i < page.tagged.size(); ++i) {
        const Tokens& tokens = page.tagged[i];
        if (!has_verb(tokens, Verb::combine) || !has_negation(tokens) || !about_thing(page, tokens)) continue;
        for (const Token& token : tokens) {
            if (token.kind != Token::Kind::api || !token.has_self || token.names.size() < 2) continue;
            auto names = token.names;
            std::sort(names.begin(), names.end());
            page.add(clause::NotCombined{page.object(), names}, page.sentences[i]);
        }
    }
}

void read_held_on_entry(ClausePage& page) {
    if (!page.names.callback) return;
    static const std::vector<Phrase> held = phrases({
        "<lock> is *1 +hold.past",
        "with *3 <lock> +hold.past",
        "+hold.third *4 <lock> while|when|during",
        "<lock> +hold.past while|during",
    });
    for (std::size_t i = 0; i < page.tagged.size(); ++i) {
        const Tokens& tokens = page.tagged[i];
        if (has_negation(tokens) || has_word(tokens, {"may", "might", "can", "if", "should", "must"}) ||
            page.sentences[i].role == Role::parameter)
            continue;
        const auto match = find_any(held, tokens);
        if (!match || !match->lock()) continue;
        const std::string noun = match->lock()->noun;
        const std::string full = is_short_for(noun, page.noun) ? page.noun : noun;
        if (full == "lock") continue;  // some internal lock, no one knows which
        page.add(clause::HeldOnEntry{{full, page.lock_parameter}}, page.sentences[i]);
    }
}

void read_pending(ClausePage& page) {
    static const Phrase before_return("before +return.gerund <constant> *8 must *2 +call <api>");
    static const Phrase before_return_later("must *2 +call <api> *4 before *3 +return *1 <constant>");
    static const Phrase completes("must *8 then? *2 +call <api>");
    for (std::size_t i = 0; i < page.tagged.size(); ++i) {
        auto match = before_return.find(page.tagged[i]);
        if (!match) match = before_return_later.find(page.tagged[i]);
        if (!match || !match->api() || match->constants.empty()) continue;
        clause::Pending pending{match->constants.front()->text, match->api()->names.front(), {}};
        for (std::size_t next = i + 1; next < page.tagged.size() && next < i + 4 && pending.after.empty(); ++next) {
            if (page.sentences[next].block != page.sentences[i].block && next > i + 2) break;
            const auto later = completes.find(page.tagged[next]);
            if (later && later->api() &&
                has_word(page.tagged[next], {"complete", "completed", "finished", "done", "ends", "over", "finishes"}))
                pending.after = later->api()->names.front();
        }
        page.add(pending, page.sentences[i]);
    }
}

// "The pin control mutex is the filter control mutex of the pin's parent."
void read_same_object(ClausePage& page) {
    if (page.lock_parameter.empty() || page.noun.find(' ') == std::string::npos) return;
    static const std::vector<Phrase> same =
        phrases({"<lock> is same *2 <lock> *8 parent", "<lock> *4 is *1 <lock> *6 parent", "parent share *2 <lock>",
                 "+use *2 <lock> of *1 parent", "<lock> of *1 parent *4 is *1 <lock>", "<lock> *3 +be same <lock> *6 parent",
                 "shares? *2 <lock> with *3 parent", "parent *6 same <lock>"});
    for (std::size_t i = 0; i < page.tagged.size(); ++i) {
        if (!has_word(page.tagged[i], {"parent", "parent's"}) || has_negation(page.tagged[i])) continue;
        if (!find_any(same, page.tagged[i])) continue;
        page.add(clause::SameObject{page.object(), page.noun.substr(0, page.noun.find(' '))}, page.sentences[i]);
        return;
    }
}

}  // namespace

void read_protocol_clauses(ClausePage& page) {
    read_held_on_entry(page);
    if (page.names.callback) read_pending(page);
    if (page.noun.empty()) return;
    read_owner(page);
    read_recursion(page);
    read_waits(page);
    drop_undecided_waits(page);
    split_acquisition(page);
    read_not_combined(page);
    if (!page.names.callback) read_same_object(page);
}

}  // namespace ddi::facts
