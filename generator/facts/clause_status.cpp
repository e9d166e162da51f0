// Statuses: rows of a table of return values, "returns STATUS_X if …", exceptions, and stops of the system.
#include <algorithm>

#include "generator/facts/clause_page.h"
#include "generator/facts/object_kinds.h"
#include "generator/facts/words.h"

namespace ddi::facts {

namespace {

using Subject = Comparison::Subject;

bool is_status(const Token& token) {
    return token.kind == Token::Kind::constant &&
           (token.text.find("STATUS_") != std::string::npos || token.text == "NO_ERROR" || token.text.starts_with("ERROR_"));
}

// How a wait ended, in the words of a row.
std::optional<Comparison> wait_ended(const Tokens& tokens) {
    static const struct {
        Phrase phrase;
        const char* how;
    } ways[] = {
        {Phrase("time-out|timeout occurred before"), "timed-out"},
        {Phrase("wait timed out"), "timed-out"},
        {Phrase("<parameter> interval expired before"), "timed-out"},
        {Phrase("wait was interrupted to deliver alert"), "alerted"},
        {Phrase("thread was alerted"), "alerted"},
        {Phrase("wait was interrupted to deliver user"), "user-apc"},
        {Phrase("user-mode apc was delivered before"), "user-apc"},
        {Phrase("satisfied wait"), "satisfied"},
        {Phrase("interval elapsed"), "timed-out"},
        {Phrase("<lock> that has been abandoned"), "abandoned"},
    };
    for (const auto& way : ways)
        if (way.phrase.find(tokens)) return Comparison{Subject::state, "wait", "==", way.how};
    return std::nullopt;
}

// Without the full stop.
Tokens without_sign(Tokens tokens) {
    while (!tokens.empty() && tokens.back().kind == Token::Kind::sign) tokens.pop_back();
    return tokens;
}

/// "X if the lock is acquired successfully": the status is the condition of the effect.
void acquire_with(ClausePage& page, const std::string& status, const Sentence& cited) {
    for (Clause& clause : page.clauses)
        if (const auto* acquire = std::get_if<clause::Acquire>(&clause.content); acquire && clause.when.unconditional()) {
            clause.when.all = {Comparison{Subject::result, "", "==", status}};
            page.add(clause.content, cited, clause.when);
            return;
        }
}

void add_row(ClausePage& page, const std::string& status, std::size_t sentence) {
    const Sentence& cited = page.sentences[sentence];
    const Tokens& tokens = page.tagged[sentence];
    Condition when{{}, cited.text};
    // "The caller has acquired the lock": the status is the effect's condition.
    static const std::vector<Phrase> acquired =
        phrases({"caller has +acquire.past <lock>", "<lock> was +acquire.past successfully", "that <lock> was +acquire.past"});
    static const std::vector<Phrase> refused = phrases({"has +call.past <api>", "<lock> +be +delete.past"});
    if (const auto match = find_any(acquired, tokens); match && page.is_about(*match->lock()) && page.acquires())
        acquire_with(page, status, cited);
    // "The caller specified WaitAll for the WaitType parameter and all objects have been set to the signaled state".
    static const Phrase chosen("caller +pass.past *1 for <parameter>");
    const auto choice = chosen.find(tokens);
    if (choice && Phrase("have been +set.past to signaled").find(tokens)) {
        when.all = {Comparison{Subject::parameter, choice->parameter()->names.front(), "==", tokens[choice->end - 3].text},
                    Comparison{Subject::state, "wait", "==", "satisfied"}};
    } else if (const auto how = wait_ended(tokens)) {
        when.all = {*how};
    } else if (is_counted(page.noun) && find_any(refused, tokens) && has_word(tokens, {"driver"})) {
        when.all = {Comparison{Subject::state, "object", "==", "run-down"}};
    }
    if (!when.all.empty()) return page.add(clause::Returns{status}, cited, when);
    const auto conditions = read_conditions(page, without_sign(tokens), cited.text, false);
    // "A lock of this type cannot be acquired" is no state that the lock is in.
    const bool of_lock = std::any_of(conditions.begin(), conditions.end(), [](const Condition& condition) {
        return std::any_of(condition.all.begin(), condition.all.end(), [](const Comparison& one) { return one.name == "object"; });
    });
    if (of_lock) return page.add(clause::Returns{status}, cited, when);
    for (const Condition& condition : conditions) page.add(clause::Returns{status}, cited, condition);
}

// A cell with one constant, and the cells behind it up to the next one.
void read_rows(ClausePage& page) {
    std::vector<std::string> statuses;
    bool done = false;
    std::size_t lead = page.sentences.size();  // the sentence before the table
    for (std::size_t i = 0; i < page.sentences.size(); ++i) {
        const Sentence& sentence = page.sentences[i];
        const bool table = sentence.in_table && (sentence.role == Role::returns || sentence.role == Role::remarks);
        if (!table) {
            statuses.clear();
            lead = i;
            continue;
        }
        const Tokens& tokens = page.tagged[i];
        std::vector<std::string> found;
        bool only = !tokens.empty();
        for (const Token& token : tokens) {
            if (is_status(token))
                found.push_back(token.text);
            else if (token.lower != "through" && token.lower != "or" && token.kind != Token::Kind::sign)
                only = false;
        }
        if (only && !found.empty()) {
            statuses = found;
            done = false;
        } else if (statuses.size() == 1 && !done) {
            add_row(page, statuses.front(), i);
            done = true;
            // "X returns one of the following values:" announces every row; the first cites it.
            if (lead < i && page.sentences[lead].role == sentence.role && has_verb(page.tagged[lead], Verb::give_back) &&
                has_word(page.tagged[lead], {"following"}))
                page.clauses.back().also.push_back(cite_sentence(page.facts->source, page.sentences[lead]));
            lead = page.sentences.size();
        } else if (statuses.size() == 1 && done) {
            // Later sentences of the same cell say more about the same status.
            for (Clause& clause : page.clauses)
                if (const auto* returns = std::get_if<clause::Returns>(&clause.content); returns && returns->value == statuses.front())
                    clause.also.push_back(cite_sentence(page.facts->source, sentence));
        } else if (statuses.size() == 2 && !done) {
            // "STATUS_WAIT_0 through STATUS_WAIT_63".
            page.add(clause::Returns{statuses.front() + ".." + statuses.back()}, sentence, Condition{{}, sentence.text});
            done = true;
        } else if (statuses.size() == 2) {
            for (Clause& clause : page.clauses)
                if (const auto* returns = std::get_if<clause::Returns>(&clause.content);
                    returns && returns->value.starts_with(statuses.front() + ".."))
                    clause.also.push_back(cite_sentence(page.facts->source, sentence));
        }
    }
}

// "STATUS_DEVICE_NOT_READY is the usual error code indicating that the frame could not be locked."
void read_named_status(ClausePage& page) {
    static const Phrase named("<constant> is *2 error code indicating");
    static const Phrase also("<self> will +return <constant>");
    for (const Statement& statement : page.statements) {
        const Sentence& sentence = page.sentence_of(statement);
        if (sentence.in_table || has_negation(statement.tokens)) continue;
        if (const auto match = named.find(statement.tokens); match && is_status(*match->constants.front())) {
            const std::size_t from = statement.tokens[match->end - 1].begin;
            page.add(clause::Returns{match->constants.front()->text}, sentence,
                     Condition{{}, sentence.text.substr(from, sentence.text.find_last_not_of(" .") + 1 - from)});
        } else if (const auto more = also.find(statement.tokens);
                   more && is_status(*more->constants.front()) && !statement.condition_text.empty()) {
            for (const Condition& condition : read_conditions(page, statement, false))
                page.add(clause::Returns{more->constants.front()->text}, sentence, condition);
        }
    }
}

// "Returns STATUS_SUCCESS if the operation succeeds", "on success, returns NO_ERROR", "always returns STATUS_SUCCESS".
void read_status_sentences(ClausePage& page) {
    static const std::vector<Phrase> returns = phrases({"<self> *1 +return.third *1 <constant>", "+return.third *1 <constant>"});
    for (const Statement& statement : page.statements) {
        const Sentence& sentence = page.sentence_of(statement);
        if (sentence.role != Role::returns || sentence.in_table) continue;
        const auto match = find_any(returns, statement.tokens);
        if (!match || !is_status(*match->constants.front()) || has_negation(statement.tokens)) continue;
        std::string status = match->constants.front()->text;
        const Tokens rest(statement.tokens.begin() + static_cast<std::ptrdiff_t>(match->end), statement.tokens.end());
        Condition words;
        Tokens condition = statement.condition;
        if (!rest.empty() && rest.front().lower == "on") {
            // "STATUS_SUCCESS on success, or the error code": the words behind it are the condition.
            if (rest.size() > 1) {
                words.text = sentence.text.substr(rest[0].begin, rest[1].end - rest[0].begin);
                condition = {rest[1]};
            }
        } else if (rest.size() > 1 && rest[0].text == "," && rest[1].lower == "indicating") {
            const auto end = std::find_if(rest.begin() + 1, rest.end(), [](const Token& t) { return t.text == ","; });
            words.text = sentence.text.substr(rest[1].begin, std::prev(end)->end - rest[1].begin);
        } else if (rest.size() > 1 && rest[0].lower == "or" && is_status(rest[1]) && !statement.condition_text.empty()) {
            status = rest[1].text;  // "X, or Y if …"
        } else if (has_word(rest, {"or"}) && statement.condition_text.empty()) {
            continue;  // "STATUS_SUCCESS or an appropriate status": when, nobody says
        }
        if (words.text.empty()) words.text = statement.condition_text;
        for (const std::string_view tail : {", or ", " or an ", " or another ", " or one of "})
            if (const std::size_t at = words.text.find(tail); at != std::string::npos && words.text.find("STATUS", at) != std::string::npos)
                words.text.resize(at);
        if (const auto done = call_outcome(page, condition); done && !words.text.empty()) words.all = {*done};
        static const Phrase acquired("<lock> is|was +acquire.past");
        if (const auto taken = acquired.find(statement.condition);
            taken && page.is_about(*taken->lock()) && !has_negation(statement.condition) && status.ends_with("SUCCESS"))
            acquire_with(page, status, sentence);
        page.add(clause::Returns{status}, sentence, words);
    }
}

void read_exceptions(ClausePage& page) {
    static const std::vector<Phrase> raises = phrases({
        "<self> +raise.third *1 <constant> *3 exception",
        "<self> +raise.third <constant>",
        "<self> +raise.third *1 exception , *1 <constant>",
        "exception , <constant> , is +raise.past",
    });
    for (std::size_t i = 0; i < page.sentences.size(); ++i) {
        const Tokens& tokens = page.tagged[i];
        const Sentence& sentence = page.sentences[i];
        const auto match = find_any(raises, tokens);
        if (!match || !has_word(tokens, {"exception"})) continue;
        for (std::size_t at = match->begin; at < match->end; ++at) {
            if (!is_status(tokens[at])) continue;
            Condition when;
            // "For example, if a pool allocation failure occurs, …".
            const auto opening =
                std::find_if(tokens.begin(), tokens.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(5, match->begin)),
                             [](const Token& t) { return t.lower == "if"; });
            if (opening != tokens.end() && opening->lower == "if") {
                const auto comma = std::find_if(opening, tokens.begin() + static_cast<std::ptrdiff_t>(match->begin),
                                                [](const Token& t) { return t.text == ","; });
                when.text = sentence.text.substr(opening->begin, comma->begin - opening->begin);
            }
            page.add(clause::RaisesStatus{tokens[at].text}, sentence, when, "exception");
        }
    }
}

// "The system issues Bug Check 0xC", "a bug check occurs if …", "causes a bug check".
void read_bug_checks(ClausePage& page) {
    static const std::vector<Phrase> stops = phrases({
        "system issues bug check",
        "bug check|checks *1 occurs",
        "bugcheck *1 occurs",
        "bug check occurs",
        "<self> *2 +cause.third bug check",
        "<self> +cause bug check",
        "+call to <self> +cause.third bug check",
        "this call +cause.third bug check",
        "violation of this rule *9 will result in bug check",
    });
    for (const Statement& statement : page.statements) {
        const Sentence& sentence = page.sentence_of(statement);
        const auto match = find_any(stops, statement.tokens);
        if (!match || has_negation(statement.tokens)) continue;
        // The level at which a call is fatal is the consequence of irql-entry.
        if (std::any_of(statement.condition.begin(), statement.condition.end(),
                        [](const Token& t) { return t.kind == Token::Kind::level; }) ||
            statement.otherwise)
            continue;
        std::string code;
        for (std::size_t at = match->begin; at < statement.tokens.size() && at < match->end + 3; ++at)
            if (statement.tokens[at].lower.starts_with("0x")) code = "0x" + statement.tokens[at].text.substr(2);
        for (Condition condition : read_conditions(page, statement)) {
            // "if the A, B, or C parameter is NULL": all of the words.
            if (const std::size_t at = sentence.text.find(condition.text);
                condition.all.empty() && !condition.text.empty() && at != std::string::npos && at > 0)
                condition.text = sentence.text.substr(at, sentence.text.find_last_not_of(" .") + 1 - at);
            page.add(clause::BugCheck{code}, sentence, condition);
        }
    }
}

// "Return STATUS_SUCCESS or STATUS_PENDING.": what a callback may return to its caller.
void read_callback_statuses(ClausePage& page) {
    for (const Statement& statement : page.statements) {
        const Sentence& sentence = page.sentence_of(statement);
        if (sentence.role == Role::description || sentence.role == Role::parameter || has_negation(statement.tokens)) continue;
        if (statement.tokens.empty() || statement.tokens.front().lower != "return") continue;
        for (const Token& token : statement.tokens) {
            if (token.kind == Token::Kind::constant && token.text.starts_with("STATUS_")) page.add(clause::Returns{token.text}, sentence);
        }
    }
}

}  // namespace

void read_status_clauses(ClausePage& page) {
    if (page.names.callback) return read_callback_statuses(page);
    read_rows(page);
    read_status_sentences(page);
    read_named_status(page);
    read_exceptions(page);
    read_bug_checks(page);
}

}  // namespace ddi::facts
