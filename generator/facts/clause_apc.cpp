// APC delivery: disabled by acquiring or entering, enabled by releasing or leaving, required to be disabled before.
#include <algorithm>

#include "generator/facts/clause_names.h"
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

Condition success(const ClausePage& page, const Statement& statement) {
    const auto conditions = read_conditions(page, statement);
    if (page.attempt) return Condition{{Comparison{Comparison::Subject::result, "", "==", "TRUE"}}, {}};
    // "if the mutex is acquired", "if it is free": the ordinary course of an acquisition.
    for (const Condition& condition : conditions)
        if (condition.all.size() == 1 && condition.all.front().subject == Comparison::Subject::state) return {};
    return conditions.size() == 1 ? conditions.front() : Condition{};
}

// In other words: the region that the call enters by another function, the owner's state, what a wrapper adds, what a region means.
std::optional<Apcs> disabled_otherwise(const ClausePage& page, const Statement& statement) {
    static const Phrase calls("<self> *1 +call.third <api> before");
    static const Phrase framework("framework|system +call.third <api> before +return.gerund");
    static const Phrase ownership("ownership *5 with *1 apcs *5 +disable.past until");
    static const Phrase wrapper("<self> is wrapper for <api> that +disable.third *4 apc|apcs");
    static const Phrase because("because <self> +disable.third *4 apc|apcs");
    static const Phrase temporarily("by temporarily +disable.gerund *3 apc|apcs , <self>");
    static const Phrase inside("thread *3 inside <lock> has *8 apcs +disable.past");
    const Tokens& tokens = statement.tokens;
    auto call = calls.find(tokens);
    if (!call) call = framework.find(tokens);
    if (call && call->api()->names.size() == 1 && call->api()->names.front().find("Enter") != std::string::npos) {
        const std::string noun = lock_noun_of_name(call->api()->names.front());
        if (noun == "critical region") return Apcs::normal;
        if (noun == "guarded region") return Apcs::all;
    }
    if (ownership.find(tokens)) return Apcs::all;
    if (wrapper.find(tokens) || because.find(tokens) || temporarily.find(tokens)) return kind_of(tokens);
    if (const auto match = inside.find(tokens); match && match->lock()->noun == page.noun) return kind_of_region(match->lock());
    return std::nullopt;
}

// "(In this case, X also …)": the case that the paragraph opened.
std::optional<Condition> in_this_case(const ClausePage& page, const Statement& statement) {
    const Sentence& sentence = page.sentence_of(statement);
    const std::size_t at = sentence.text.find("n this case,");
    if (at == std::string::npos || at > 2) return std::nullopt;
    for (std::size_t i = page.statements.size(); i-- > 0;) {
        const Statement& before = page.statements[i];
        if (before.sentence >= statement.sentence || page.sentence_of(before).block != sentence.block || before.condition_text.empty())
            continue;
        return read_conditions(page, before).front();
    }
    return Condition{{}, "in this case"};
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
        if (const auto apcs = disabled_otherwise(page, statement)) {
            page.add(clause::ApcDisable{*apcs}, sentence, in_this_case(page, statement).value_or(success(page, statement)));
            continue;
        }
        if (!names_apcs(statement.tokens) || has_verb(statement.tokens, Verb::enable) || has_word(statement.tokens, {"previous"})) continue;
        // "Delivery of all other APCs is disabled" adds to the sentence before it.
        if (!find_any(disables, statement.tokens) || names_other(statement.tokens) || has_word(statement.tokens, {"other"})) continue;
        const bool of_thread = has_word(statement.tokens, {"remain", "stay"}) ||
                               (!is_self_subject(statement.tokens) && has_word(statement.tokens, {"inside", "region"}));
        if (of_thread || (!is_self_subject(statement.tokens) && !page.find<clause::Acquire>())) continue;
        // What must be so before the call is the caller's affair, not what the call does.
        if (has_word(statement.tokens, {"never", "must"})) continue;
        page.add(clause::ApcDisable{kind_of(statement.tokens)}, sentence, success(page, statement));
    }
}

void read_enable(ClausePage& page) {
    static const std::vector<Phrase> exits =
        phrases({"<self> *3 +exit.third *2 <lock>", "+call <self> to +exit *2 <lock>", "<self> *6 +exit.third *3 <lock>"});
    static const std::vector<Phrase> enables = phrases({"<self> *3 +enable.third *4 apcs|apc", "<self> *4 deliver *4 apcs|apc",
                                                        "apcs|apc *6 is *2 +enable.past", "apc delivery *6 is *2 +enable.past"});
    // What a wrapper adds, and why something is not necessary.
    static const std::vector<Phrase> adds = phrases({
        "<self> is wrapper for <api> that +enable.third *4 apc|apcs",
        "because <self> +enable.third *4 apc|apcs",
    });
    for (const Statement& statement : page.statements) {
        const Sentence& sentence = page.sentence_of(statement);
        if (sentence.role == Role::parameter || sentence.role == Role::returns) continue;
        if (page.find<clause::Release>() && find_any(adds, statement.tokens)) {
            page.add(clause::ApcEnable{kind_of(statement.tokens)}, sentence);
            continue;
        }
        if (has_negation(statement.tokens)) continue;
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

// "Normal kernel APC delivery must be disabled before calling this routine", and what the page adds to it.
void read_delivery_disabled(ClausePage& page) {
    static const std::vector<Phrase> required = phrases({
        "apc|apcs delivery? must +be +disable.past before +call.gerund <self>",
        "before +call.gerund <self> , driver|caller must +disable *4 apc|apcs",
        "caller|driver must +disable *5 apc|apcs *1 before +call.gerund <self>",
    });
    static const std::vector<Phrase> additions = phrases({
        "+disable.base *3 apc|apcs delivery? by +call.gerund *1 <api>",
        "delivery must *1 +disable.past until",
    });
    static const Phrase exempt("caller *1 in system thread does not +need to +disable apcs before +call.gerund <self>");
    std::optional<clause::RequiresApcsDisabled> known;
    Condition when;
    for (const Statement& statement : page.statements) {
        const Sentence& sentence = page.sentence_of(statement);
        const Tokens& tokens = statement.tokens;
        if (sentence.role != Role::remarks) continue;
        if (find_any(required, tokens) && !has_negation(tokens)) {
            known = clause::RequiresApcsDisabled{kind_of(tokens)};
            when = read_conditions(page, statement).front();
            page.add(*known, sentence, when);
        } else if (known && ((find_any(additions, tokens) && !has_negation(tokens)) || exempt.find(tokens))) {
            page.add(*known, sentence, when);
        }
    }
}

// "Delivery of all other APCs is disabled" completes the sentence before it.
void read_other_apcs(ClausePage& page) {
    static const Phrase others("delivery of all? other apcs *6 is +disable.past");
    for (std::size_t i = 1; i < page.sentences.size(); ++i) {
        if (!others.find(page.tagged[i]) || page.sentences[i].block != page.sentences[i - 1].block) continue;
        for (std::size_t at = 0; at < page.clauses.size(); ++at) {
            const Clause& known = page.clauses[at];
            const auto* disable = std::get_if<clause::ApcDisable>(&known.content);
            if (!disable || known.cite.verbatim != page.sentences[i - 1].text) continue;
            page.add(clause::ApcDisable{*disable}, page.sentences[i], Condition(known.when));
            break;
        }
    }
}

}  // namespace

void read_apc_clauses(ClausePage& page) {
    if (page.noun.empty() || page.names.callback) return;
    if (page.find<clause::Acquire>()) read_disable(page);
    if (page.find<clause::Release>()) read_enable(page);
    read_required(page);
    read_delivery_disabled(page);
    read_other_apcs(page);
}

}  // namespace ddi::facts
