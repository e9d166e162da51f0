// sets-state: in which state the page's thing is when the call returns.
#include <algorithm>

#include "generator/facts/clause_page.h"
#include "generator/facts/object_kinds.h"
#include "generator/facts/words.h"

namespace ddi::facts {

namespace {

using Subject = Comparison::Subject;

std::string state_named(const Tokens& tokens, std::size_t from, std::size_t to) {
    for (std::size_t at = from; at < to && at < tokens.size(); ++at) {
        const std::string& word = tokens[at].lower;
        if (word == "not-signaled" || word == "nonsignaled" || word == "non-signaled") return "not-signaled";
        if (word == "signaled") return at > 0 && tokens[at - 1].lower == "not" ? "not-signaled" : "signaled";
    }
    return {};
}

bool is_own(const ClausePage& page, const Phrase::Match& match) {
    for (const Token* parameter : match.parameters)
        if (parameter->names.front() == page.lock_parameter) return true;
    return !match.locks.empty() && page.is_about(*match.locks.front());
}

// "If the event was not already signaled": the same state afterwards in any case.
std::vector<Condition> conditions(const ClausePage& page, const Statement& statement) {
    auto result = read_conditions(page, statement);
    for (Condition& condition : result)
        if ((condition.all.size() == 1 && condition.all.front().subject == Subject::state) ||
            condition.text.find("not already in that state") != std::string::npos)
            condition = {};
    return result;
}

// The steps of a list "The routine does the following:" have this API as their subject.
Tokens with_subject(const ClausePage& page, const Statement& statement) {
    Tokens tokens = statement.tokens;
    const Sentence& sentence = page.sentence_of(statement);
    const bool step = sentence.in_list && to_lower(sentence.lead).find("does the following") != std::string::npos;
    if (step && !tokens.empty() && tokens.front().kind == Token::Kind::word) {
        Token self;
        self.kind = Token::Kind::self;
        self.names = {page.names.self};
        tokens.insert(tokens.begin(), std::move(self));
    }
    return tokens;
}

void read_signals(ClausePage& page) {
    static const std::vector<Phrase> sets = phrases({
        "<self> *2 +set.third *3 <lock> to signaled|not-signaled|non-signaled",
        "<self> *2 +set.third state of <lock> to signaled|not-signaled",
        "<self> +cause.third <lock> to attain signaled|not-signaled",
        "+call.gerund? <self> +cause.third <lock> to attain signaled|not-signaled",
        "<parameter> is +set.past to signaled|not-signaled",
        "<lock> is +initialize|set.past to signaled|not-signaled",
        "<self> +create.third <lock> *8 initial state of signaled|not-signaled",
        "augmenting <lock> *2 +cause.third <lock> to attain signaled|not-signaled",
    });
    static const Phrase clears("<self> clears signaled state of <lock>");
    for (const Statement& statement : page.statements) {
        const Sentence& sentence = page.sentence_of(statement);
        if (sentence.role == Role::parameter || sentence.role == Role::returns) continue;
        const Tokens tokens = with_subject(page, statement);
        if (const auto match = clears.find(tokens); match && is_own(page, *match)) {
            page.add(clause::SetsState{page.object(), "not-signaled"}, sentence);
            continue;
        }
        static const Phrase releases("<self> +release.third *1 <lock>");
        if (const auto match = releases.find(tokens); match && page.noun == "semaphore" && is_own(page, *match))
            page.add(clause::SetsState{page.object(), "signaled"}, sentence);
        const auto match = find_any(sets, tokens);
        if (!match || !is_own(page, *match)) continue;
        // "When a synchronization event is set …, it is reset": how the thing behaves later.
        const bool passive = match->selves.empty();
        if (passive && (!statement.condition.empty() || to_lower(sentence.text).starts_with("when"))) continue;
        const Tokens before(tokens.begin(), tokens.begin() + static_cast<std::ptrdiff_t>(match->begin));
        if (has_word(before, {"until", "when", "before", "after", "once"})) continue;
        // "To a signaled or not-signaled state": an argument chooses.
        if (match->end < tokens.size() && tokens[match->end].lower == "or") continue;
        std::string state = state_named(tokens, match->begin, match->end);
        // "Sets it to the signaled state, satisfies waits, and then resets it": what counts is how the call leaves it.
        for (const Statement& later : page.statements)
            if (later.sentence == statement.sentence && &later > &statement)
                if (const auto again = find_any(sets, later.tokens); again && is_own(page, *again))
                    state = state_named(later.tokens, again->begin, again->end);
        for (const Condition& condition : conditions(page, statement))
            page.add(clause::SetsState{page.object(), state}, sentence, condition);
    }
}

// "Specifies the initial state. TRUE indicates a signaled state." "A nonzero value sets the initial state to signaled."
void read_initial_state(ClausePage& page) {
    if (!page.find<clause::Initialize>()) return;
    static const Phrase value("<constant> indicates|means *1 signaled|not-signaled");
    static const Phrase nonzero("nonzero value +set.third initial state *3 to *1 signaled|not-signaled");
    for (std::size_t i = 0; i < page.sentences.size(); ++i) {
        const Sentence& sentence = page.sentences[i];
        if (sentence.role != Role::parameter || sentence.parameter == page.lock_parameter) continue;
        if (const auto match = value.find(page.tagged[i])) {
            const std::string state = state_named(page.tagged[i], match->begin, match->end);
            const std::string& constant = match->constants.front()->text;
            if (constant != "TRUE" && constant != "FALSE") continue;
            const Comparison when{Subject::parameter, sentence.parameter, "==", constant};
            page.add(clause::SetsState{page.object(), state}, sentence, Condition{{when}, {}});
            Comparison otherwise = when;
            otherwise.value = constant == "TRUE" ? "FALSE" : "TRUE";
            page.add(clause::SetsState{page.object(), state == "signaled" ? "not-signaled" : "signaled"}, sentence,
                     Condition{{otherwise}, {}});
        } else if (const auto other = nonzero.find(page.tagged[i])) {
            page.add(clause::SetsState{page.object(), state_named(page.tagged[i], other->begin, other->end)}, sentence,
                     Condition{{Comparison{Subject::parameter, sentence.parameter, "!=", "0"}}, {}});
        }
    }
}

void read_queue(ClausePage& page) {
    if (page.noun != "timer" && page.noun != "DPC") return;
    static const std::vector<Phrase> queued = phrases({"<self> queues|enqueues *1 <lock>", "<self> inserts <lock> in|into *2 queue",
                                                       "<lock> is inserted in|into *2 queue", "<self> makes <lock> active"});
    static const std::vector<Phrase> not_queued =
        phrases({"<self> dequeues|cancels *1 <lock>", "<self> removes <lock> from *2 queue", "it is removed from *2 queue"});
    for (const Statement& statement : page.statements) {
        const Sentence& sentence = page.sentence_of(statement);
        if (sentence.role == Role::parameter) continue;
        const Tokens tokens = with_subject(page, statement);
        if (has_word(tokens, {"when", "after", "once"}) || has_word(statement.condition, {"expires", "expired"})) continue;
        if (const auto match = find_any(queued, tokens); match && match->begin == 0 && is_own(page, *match)) {
            page.add(clause::SetsState{page.object(), "queued"}, sentence);
        } else if (const auto out = find_any(not_queued, tokens); out && out->begin == 0) {
            const bool own = out->locks.empty()
                                 ? std::any_of(statement.condition.begin(), statement.condition.end(),
                                               [&](const Token& t) { return t.kind == Token::Kind::lock && page.is_about(t); })
                                 : is_own(page, *out);
            // A step of a list is not the end: "cancels the timer … sets its new time".
            const std::size_t next = statement.sentence + 1;
            const bool step = sentence.in_list && next < page.sentences.size() && page.sentences[next].in_list &&
                              page.sentences[next].lead == sentence.lead;
            if (own && !step) page.add(clause::SetsState{page.object(), "not-queued"}, sentence);
        }
    }
}

// A gate opens or closes; which input a call changes is the caller's count, which only words describe.
void read_gates(ClausePage& page) {
    if (page.noun != "gate") return;
    struct Change {
        Phrase phrase;
        const char* state;
        const char* before;  // null: only words say when
    };
    static const std::vector<Change> changes{
        {Phrase("adding *3 input to open <lock> closes <lock>"), "closed", "open"},
        {Phrase("adding *3 input to <lock> in *3 closed state results in <lock> opening"), "open", "closed"},
        {Phrase("adding *3 input to closed <lock> opens <lock>"), "open", "closed"},
        {Phrase("removing last *2 input from <lock> results in <lock> opening"), "open", nullptr},
        {Phrase("removing last *2 input from <lock> opens <lock>"), "open", nullptr},
        {Phrase("removing last *2 input from <lock> results in <lock> closing"), "closed", nullptr},
        {Phrase("removing last *2 input from <lock> closes <lock>"), "closed", nullptr},
    };
    static const Phrase transition("transitioning <lock> to closed state");
    for (const Statement& statement : page.statements) {
        const Sentence& sentence = page.sentence_of(statement);
        if (sentence.role == Role::parameter) continue;
        for (const Change& change : changes) {
            const auto match = change.phrase.find(statement.tokens);
            if (!match) continue;
            Condition when;
            if (change.before)
                when.all = {Comparison{Subject::state, "object", "==", change.before}};
            else
                when.text = sentence.text.substr(statement.tokens[match->begin].begin,
                                                 match->locks.front()->end - statement.tokens[match->begin].begin);
            page.add(clause::SetsState{page.object(), change.state}, sentence, when);
        }
        if (transition.find(statement.tokens))
            for (const Condition& condition : read_conditions(page, statement))
                page.add(clause::SetsState{page.object(), "closed"}, sentence, condition);
    }
}

void read_stream_pointer(ClausePage& page) {
    if (page.noun != "stream pointer") return;
    static const std::vector<Phrase> unlocks = phrases({"<self> *1 unlocks *1 <lock>"});
    static const Phrase locked("<self> +return.third *1 <constant> , indicating that <lock> has|is been? locked");
    for (std::size_t i = 0; i < page.tagged.size(); ++i) {
        const Tokens& tokens = page.tagged[i];
        const Sentence& sentence = page.sentences[i];
        const bool last = !tokens.empty() && has_word(tokens, {"unlocks"}) && tokens.front().kind == Token::Kind::self;
        if (sentence.role == Role::description && (find_any(unlocks, tokens) || last))
            page.add(clause::SetsState{page.object(), "unlocked"}, sentence);
        if (const auto match = locked.find(tokens))
            page.add(clause::SetsState{page.object(), "locked"}, sentence,
                     Condition{{Comparison{Subject::result, "", "==", match->constants.front()->text}}, {}});
    }
}

void read_run_down(ClausePage& page) {
    if (!is_counted(page.noun)) return;
    static const std::vector<Phrase> ends = phrases({
        "<self> changes *1 object status to run down",
        "<self> +change.third *3 status to run down",
        "<self> updates run-down status *4 to indicate that run down *3 has completed",
        "after <self> is +call.past , *1 <api> grants no further requests",
        "after <self> call , *4 calls to <api> *8 fail",
        "after <self> has been? +call.past for *3 <lock> , *1 calls to|of <api> *6 fail",
    });
    for (const Statement& statement : page.statements)
        if (find_any(ends, statement.tokens)) page.add(clause::SetsState{page.object(), "run-down"}, page.sentence_of(statement));
    for (std::size_t i = 0; i < page.tagged.size(); ++i)
        if (find_any(ends, page.tagged[i])) page.add(clause::SetsState{page.object(), "run-down"}, page.sentences[i]);
}

}  // namespace

void read_state_clauses(ClausePage& page) {
    if (page.noun.empty() || page.names.callback) return;
    const ObjectKind* kind = object_kind(page.noun);
    if (!is_counted(page.noun) && (!kind || kind->lockable)) return;
    read_signals(page);
    read_initial_state(page);
    read_queue(page);
    read_gates(page);
    read_stream_pointer(page);
    read_run_down(page);
}

}  // namespace ddi::facts
