// APC delivery: disabled by acquiring or entering, enabled by releasing or leaving, required to be disabled before.
#include <algorithm>

#include "generator/facts/clause_page.h"

namespace ddi::facts {

namespace {

using clause::Apcs;

bool names_apcs(const Tokens& tokens) { return has_word(tokens, {"apcs", "apc"}); }

// "normal kernel APCs" are the narrow kind, unless special ones are said to be affected too.
Apcs kind_of(const Tokens& tokens) {
    const bool normal = has_word(tokens, {"normal"});
    const bool only_special_run = has_word(tokens, {"special"}) && has_word(tokens, {"only", "not"});
    return (normal || only_special_run) && !has_word(tokens, {"all"}) ? Apcs::normal : Apcs::all;
}

std::optional<Apcs> kind_of_region(const Token* lock) {
    if (!lock || lock->kind != Token::Kind::lock || !lock->noun.ends_with(" region")) return std::nullopt;
    return lock->noun.starts_with("guarded") ? Apcs::all : Apcs::normal;
}

bool is_self_subject(const Tokens& tokens) {
    for (const Token& token : tokens) {
        if (token.kind == Token::Kind::self || token.has_self) return true;
        if (token.kind == Token::Kind::api) return false;
    }
    return false;
}

bool names_other(const Tokens& tokens) {
    return std::any_of(tokens.begin(), tokens.end(), [](const Token& t) { return t.kind == Token::Kind::api && !t.has_self; });
}

Condition success(const ClausePage& page, const Statement& statement) {
    const auto conditions = read_conditions(page, statement);
    if (page.attempt) return Condition{{Comparison{Comparison::Subject::result, "", "==", "TRUE"}}, {}};
    // "if the mutex is acquired", "if it is free": the ordinary course of an acquisition.
    for (const Condition& condition : conditions)
        if (condition.all.size() == 1 && condition.all.front().subject == Comparison::Subject::state) return {};
    return conditions.size() == 1 ? conditions.front() : Condition{};
}

void read_disable(ClausePage& page) {
    static const std::vector<Phrase> enters =
        phrases({"<self> *3 +enter.third *2 <lock>", "thread *1 that +call <self> *2 +enter.third *2 <lock>",
                 "+call <self> to +enter *2 <lock>", "thread +enter.third *2 <lock>", "it +enter.third *2 <lock>"});
    static const std::vector<Phrase> disables = phrases(
        {"<self> *6 +disable.third *8 apcs|apc", "<self> *2 +acquire *8 apcs|apc *4 +disable.past", "apcs|apc *6 +be +disable.past *2"});
    for (const Statement& statement : page.statements) {
        const Sentence& sentence = page.sentence_of(statement);
        if (sentence.role == Role::parameter || sentence.role == Role::returns) continue;
        // Both forms of the sentence: "when a thread calls X, it enters a guarded region".
        const bool self_anywhere = is_self_subject(statement.tokens) || is_self_subject(statement.condition);
        if (auto match = find_any(enters, statement.tokens);
            match && match->lock() && self_anywhere && !has_word(statement.tokens, {"driver"}))
            if (const auto apcs = kind_of_region(match->lock())) {
                Statement plain = statement;
                if (is_self_subject(plain.condition)) plain.condition.clear(), plain.condition_text.clear();
                page.add(clause::ApcDisable{*apcs}, sentence, success(page, plain));
                continue;
            }
        if (!names_apcs(statement.tokens) || has_verb(statement.tokens, Verb::enable) || has_word(statement.tokens, {"previous"})) continue;
        // "Delivery of all other APCs is disabled" adds to the sentence before it.
        if (!find_any(disables, statement.tokens) || names_other(statement.tokens) || has_word(statement.tokens, {"other"})) continue;
        const bool of_thread = has_word(statement.tokens, {"remain", "stay"}) ||
                               (!is_self_subject(statement.tokens) && has_word(statement.tokens, {"inside", "region"}));
        if (of_thread || (!is_self_subject(statement.tokens) && !page.find<clause::Acquire>())) continue;
        if (has_word(statement.tokens, {"never"})) continue;
        page.add(clause::ApcDisable{kind_of(statement.tokens)}, sentence, success(page, statement));
    }
}

void read_enable(ClausePage& page) {
    static const std::vector<Phrase> exits =
        phrases({"<self> *3 +exit.third *2 <lock>", "+call <self> to +exit *2 <lock>", "<self> *6 +exit.third *3 <lock>"});
    static const std::vector<Phrase> enables = phrases({"<self> *3 +enable.third *4 apcs|apc", "<self> *4 deliver *4 apcs|apc",
                                                        "apcs|apc *6 is *2 +enable.past", "apc delivery *6 is *2 +enable.past"});
    for (const Statement& statement : page.statements) {
        const Sentence& sentence = page.sentence_of(statement);
        if (sentence.role == Role::parameter || sentence.role == Role::returns || has_negation(statement.tokens)) continue;
        if (auto match = find_any(exits, statement.tokens); match && match->lock() && is_self_subject(statement.tokens))
            if (const auto apcs = kind_of_region(match->lock())) {
                page.add(clause::ApcEnable{*apcs}, sentence);
                continue;
            }
        if (!names_apcs(statement.tokens) || !page.find<clause::Release>()) continue;
        auto match = find_any(enables, statement.tokens);
        if (!match) continue;
        const auto conditions = read_conditions(page, statement);
        page.add(clause::ApcEnable{kind_of(statement.tokens)}, sentence, conditions.front());
    }
}

// "must run either at APC_LEVEL or within a guarded region"; "only if either is true: …within a critical region".
void read_required(ClausePage& page) {
    if (!page.find<clause::Acquire>() || page.noun.ends_with(" region")) return;
    for (std::size_t i = 0; i < page.sentences.size(); ++i) {
        const Sentence& sentence = page.sentences[i];
        const Tokens& tokens = page.tagged[i];
        if (sentence.role != Role::remarks) continue;
        const Token* region = nullptr;
        bool apc_level = false;
        for (const Token& token : tokens) {
            if (kind_of_region(&token) && has_word(tokens, {"within", "inside", "in"})) region = &token;
            apc_level = apc_level || (token.kind == Token::Kind::level && token.levels == LevelSet::at(Level::apc));
        }
        if (!region || has_negation(tokens)) continue;
        const bool stated = has_word(tokens, {"must"}) && apc_level && is_self_subject(tokens);
        const bool listed =
            sentence.in_list && sentence.lead.find("only") != std::string::npos && sentence.lead.find(page.names.self) != std::string::npos;
        if (stated || listed) page.add(clause::RequiresApcsDisabled{*kind_of_region(region)}, sentence);
    }
}

}  // namespace

void read_apc_clauses(ClausePage& page) {
    if (page.noun.empty() || page.names.callback) return;
    if (page.find<clause::Acquire>()) read_disable(page);
    if (page.find<clause::Release>()) read_enable(page);
    read_required(page);
}

}  // namespace ddi::facts
