// calls: a routine that the caller gives is invoked during the call, at which levels and holding what; and the steps that a sentence
// about a cancel-safe queue or an interrupt tells.
#include <algorithm>

#include "generator/facts/clause_page.h"
#include "generator/facts/words.h"

namespace ddi::facts {

namespace {

bool is_routine(const ParameterFact& parameter) {
    if (parameter.text.empty()) return false;
    // "A pointer to the driver's X routine": its own words, not those of a context that is passed to a routine.
    std::string text = to_lower(parameter.text.front().text);
    text = text.substr(0, text.find(". "));
    const bool code = text.find("routine") != text.npos || text.find("function") != text.npos || text.find("callback") != text.npos;
    const bool pointer = text.find("point") != text.npos || text.find("specifies a") != text.npos || text.starts_with("specifies the");
    static constexpr std::string_view other[] = {"context", "extension", "passed to", "variable", "structure", "handle to"};
    return code && pointer &&
           std::none_of(std::begin(other), std::end(other), [&](std::string_view words) { return text.find(words) != text.npos; });
}

std::string routine_parameter(const ClausePage& page) {
    std::string only;
    for (const ParameterFact& parameter : page.facts->parameters) {
        if (!is_routine(parameter)) continue;
        if (!only.empty()) return {};
        only = parameter.name;
    }
    return only;
}

// The parameter that a token names, or the only routine if it names the callback's type.
std::string routine_meant(const ClausePage& page, const Token& token) {
    if (token.kind == Token::Kind::parameter) {
        for (const ParameterFact& parameter : page.facts->parameters)
            if (parameter.name == token.names.front() && is_routine(parameter)) return parameter.name;
        return {};
    }
    if (token.kind != Token::Kind::api || token.has_self || token.names.size() != 1) return {};
    // The callback's name is in the parameter's own text.
    for (const ParameterFact& parameter : page.facts->parameters)
        if (is_routine(parameter))
            for (const text::Block& block : parameter.text)
                if (block.text.find(token.names.front()) != block.text.npos) return parameter.name;
    return {};
}

void read_called(ClausePage& page) {
    static const std::vector<Phrase> calls = phrases({
        "<self> calls *3 <parameter>",
        "<self> calls *3 <api>",
        "<api> is +call.past with *3 <parameter>",
        "<self> executes|runs *1 callback",
        "calls queue's <api>",
        "<self> +run.third *2 <parameter>",
        "<parameter> is +call.past *8 <level>",
        "<parameter> *1 +run.third at <level>",
        "<api> *1 +run.third at <level>",
        "synchronizes *2 execution of *1 <parameter>",
        "synchronizes *2 execution of *1 <api>",
        "<self> *2 +acquire.third *4 <lock> *4 and +call.third *3 <parameter>",
        "<self> *2 +acquire.third *4 <lock> *4 and +call.third *3 <api>",
    });
    for (const Statement& statement : page.statements) {
        const Sentence& sentence = page.sentence_of(statement);
        if (sentence.role == Role::parameter || sentence.role == Role::returns || has_negation(statement.tokens)) continue;
        if (has_word(statement.tokens, {"can", "may", "might", "should", "must", "enables", "disables"})) continue;
        const auto match = find_any(calls, statement.tokens);
        if (!match) continue;
        std::string routine;
        for (const Token* token : match->parameters)
            if (routine.empty()) routine = routine_meant(page, *token);
        for (const Token* token : match->apis)
            if (routine.empty()) routine = routine_meant(page, *token);
        // A queue's own dispatch routines, given when it was initialized.
        if (routine.empty() && page.noun == "cancel-safe queue" && match->apis.size() == 1 && !match->api()->has_self)
            routine = match->api()->names.front();
        if (routine.empty() && match->parameters.empty() && match->apis.empty()) routine = routine_parameter(page);
        if (routine.empty()) continue;
        clause::Calls call{routine, std::nullopt, {}};
        for (const Token& token : statement.tokens)
            if (token.kind == Token::Kind::level) call.levels = token.levels;
        static const Phrase holding("+hold.gerund *2 <lock>");
        static const Phrase acquires("+acquire.third *4 <lock>");
        auto held = holding.find(statement.tokens);
        if (!held) held = acquires.find(statement.tokens);
        if (held) call.held = {page.noun_of(*held->lock()), page.lock_parameter};
        for (const Condition& condition : read_conditions(page, statement)) page.add(call, sentence, condition);
    }
}

// "A routine of this type is called when …": what the system does for the driver.
void read_called_by_system(ClausePage& page) {
    static const Phrase perhaps_held("<lock> may|might +be +hold.past");
    clause::Called called;
    std::vector<const Sentence*> stated, held;
    for (std::size_t i = 0; i < page.sentences.size(); ++i) {
        const Tokens& tokens = page.tagged[i];
        if (page.sentences[i].role == Role::parameter || has_negation(tokens)) continue;
        if (const auto match = perhaps_held.find(tokens)) {
            called.may_hold = {match->lock()->noun, page.lock_parameter};
            held.push_back(&page.sentences[i]);
        }
        for (std::size_t at = 1; at + 1 < tokens.size() && page.sentences[i].role == Role::description; ++at) {
            static constexpr std::string_view cases[] = {"when", "whenever", "for", "in", "after", "before", "once", "each", "every"};
            const bool is_called = tokens[at].lower == "called" && (tokens[at - 1].lower == "is" || tokens[at - 1].lower == "be");
            const bool says_when = std::find(std::begin(cases), std::end(cases), tokens[at + 1].lower) != std::end(cases);
            if (is_called && says_when && !has_word(tokens, {"if", "may", "might", "can", "should", "must"}))
                stated.push_back(&page.sentences[i]);
        }
    }
    stated.insert(stated.end(), held.begin(), held.end());
    for (const Sentence* sentence : stated) page.add(called, *sentence);
}

}  // namespace

void read_call_clauses(ClausePage& page) {
    if (page.names.callback) read_called_by_system(page);
    if (page.names.callback || (routine_parameter(page).empty() && page.noun != "cancel-safe queue")) return;
    read_called(page);
}

}  // namespace ddi::facts
