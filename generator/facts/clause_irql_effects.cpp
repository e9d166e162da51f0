// What pages say of the IRQL beside "raises" and "restores": at which level a call returns or its caller goes on, the level behind a
// parameter, a flag that promises a level, and repetitions of an effect that is known already.
#include <algorithm>

#include "generator/facts/clause_names.h"
#include "generator/facts/clause_page.h"
#include "generator/facts/words.h"

namespace ddi::facts {

namespace {

std::optional<Level> single(const Token* token) {
    if (!token) return std::nullopt;
    const auto levels = token->levels.levels();
    return levels.size() == 1 ? std::optional(levels.front()) : std::nullopt;
}

// The statement's own condition; without one, the case that the sentence before it in the same paragraph opened.
std::vector<Condition> conditions_in_place(const ClausePage& page, const Statement& statement) {
    if (!statement.condition_text.empty() || statement.sentence == 0) return read_conditions(page, statement);
    const std::size_t before = statement.sentence - 1;
    if (page.sentences[before].block != page.sentence_of(statement).block) return {Condition{}};
    for (const Statement& other : page.statements)
        if (other.sentence == before && !other.condition_text.empty()) return read_conditions(page, other);
    return {Condition{}};
}

bool is_known(const ClausePage& page, const ClauseContent& content, const Condition& when) {
    const std::string canonical = canonical_clause({content, when, {}, {}});
    return std::any_of(page.clauses.begin(), page.clauses.end(), [&](const Clause& c) { return canonical_clause(c) == canonical; });
}

// "X returns at DISPATCH_LEVEL", "after calling X the caller executes at …", "code that runs while the lock is held does so at …".
void read_level_afterwards(ClausePage& page) {
    if (!page.acquires()) return;
    static const std::vector<Phrase> returns_at = phrases({"<self> *6 +return.third at <level>"});
    static const std::vector<Phrase> goes_on = phrases({
        "after +call.gerund <self> , caller|driver|thread *1 +run *2 at? <level>",
        "after <self> +return.third , caller|driver|thread *1 +run *2 at? <level>",
        "code that +run.third while *1 <lock> is +hold.past *3 at? <level>",
    });
    static const Phrase system_raises("system|framework +raise.third processor's? irql to *2 <level>");
    static const Phrase as_before("<self> *6 +return.third at caller's irql");
    for (const Statement& statement : page.statements) {
        const Sentence& sentence = page.sentence_of(statement);
        const Tokens& tokens = statement.tokens;
        if (sentence.role == Role::parameter || has_negation(tokens) || has_word(tokens, {"may", "might", "should"})) continue;
        auto match = find_any(returns_at, tokens);
        const bool named = match.has_value();
        if (!match && std::any_of(statement.condition.begin(), statement.condition.end(), mentions_self))
            match = system_raises.find(tokens);
        if (!match) match = find_any(goes_on, page.tagged[statement.sentence]);
        if (match && !(named && names_other(tokens, match->end)))
            if (const auto level = single(match->level())) {
                for (const Condition& condition : conditions_in_place(page, statement)) {
                    // "While the lock is held" is what acquiring it means.
                    const bool held = !condition.all.empty() && condition.all.front().subject == Comparison::Subject::state;
                    page.add(clause::IrqlRaise{*level, {}}, sentence, held ? Condition{} : condition);
                }
                continue;
            }
        if (as_before.find(tokens))
            for (const Condition& condition : conditions_in_place(page, statement)) page.add(clause::IrqlUnchanged{}, sentence, condition);
    }
}

// "Might temporarily raise the IRQL. If Wait = TRUE, the routine returns without lowering it.": unchanged unless Wait is TRUE.
void read_temporary(ClausePage& page) {
    static const Phrase temporarily("<self> may|might temporarily +raise *1 irql");
    static const Phrase left_raised("<self> +return.third without +lower.gerund *1 irql");
    for (std::size_t i = 0; i < page.statements.size(); ++i) {
        const Statement& statement = page.statements[i];
        if (!temporarily.find(statement.tokens)) continue;
        for (std::size_t next = i + 1; next < page.statements.size() && next < i + 3; ++next) {
            const Statement& exception = page.statements[next];
            if (!left_raised.find(exception.tokens)) continue;
            const auto when = read_conditions(page, exception);
            if (when.size() != 1 || when[0].all.size() != 1) break;
            const Condition otherwise{{negated(when[0].all[0])}, exception.condition_text};
            page.add(clause::IrqlUnchanged{}, page.sentence_of(statement), otherwise);
            page.add(clause::IrqlUnchanged{}, page.sentence_of(exception), otherwise);
            break;
        }
    }
}

// "X releases the lock and restores the original IRQL of its caller before it returns"; "returns the IRQL to the level that it had".
void read_restored(ClausePage& page) {
    static const Phrase own("<self> *8 +restore.third *1 irql of *1 caller before it +return.third");
    static const Phrase given_back("<self> *6 *6 +return.third processor's irql to level that it was *3 before *3 +call <api>");
    for (std::size_t i = 0; i < page.tagged.size(); ++i) {
        const Tokens& tokens = page.tagged[i];
        if (page.sentences[i].role == Role::parameter || has_negation(tokens)) continue;
        if (own.find(tokens)) page.add(clause::IrqlUnchanged{}, page.sentences[i]);
        if (given_back.find(tokens) && (page.find<clause::Release>() || has_verb(tokens, Verb::release)))
            page.add(clause::IrqlRestore{{Place::Kind::object, {}}}, page.sentences[i]);
    }
}

// "Specifies the IRQL to be restored", "the level to which the priority is to be raised": the parameter of an effect.
void read_parameters(ClausePage& page) {
    static const std::vector<Phrase> restored = phrases({
        "irql *3 to +be? +restore",
        "<self> +set.third irql to this value",
        "irql that was current when *1 <lock> +be +acquire.past",
    });
    static const Phrase raised("irql|kirql *1 to which *2 priority is to +be +raise.past");
    for (std::size_t i = 0; i < page.tagged.size(); ++i) {
        const Sentence& sentence = page.sentences[i];
        const Tokens& tokens = page.tagged[i];
        if (sentence.role != Role::parameter || has_negation(tokens)) continue;
        const bool pointer = has_word(tokens, {"pointer", "points"});
        if (find_any(restored, tokens) && !pointer) {
            const clause::IrqlRestore restore{{Place::Kind::parameter, sentence.parameter}};
            if (is_known(page, restore, {}) || (page.find<clause::Release>() && !page.find<clause::IrqlRestore>()))
                page.add(restore, sentence);
        }
        // A placeholder heading ("a") and the declaration's name are one parameter.
        if (raised.find(tokens))
            for (std::size_t at = 0; at < page.clauses.size(); ++at)
                if (const auto* raise = std::get_if<clause::IrqlRaise>(&page.clauses[at].content);
                    raise && raise->parameter == sentence.parameter && page.clauses[at].when.unconditional()) {
                    page.add(clause::IrqlRaise{*raise}, sentence);
                    break;
                }
    }
}

// "Set this parameter to AT_DISPATCH if the current IRQL is DISPATCH_LEVEL": with that flag, callers are at that level.
void read_promised_level(ClausePage& page) {
    static const Phrase set("set this parameter to <constant>");
    for (const Statement& statement : page.statements) {
        const Sentence& sentence = page.sentence_of(statement);
        if (sentence.role != Role::parameter || statement.condition.empty() || has_negation(statement.tokens)) continue;
        const auto match = set.find(statement.tokens);
        const auto level = std::find_if(statement.condition.begin(), statement.condition.end(),
                                        [](const Token& t) { return t.kind == Token::Kind::level; });
        if (!match || level == statement.condition.end() || has_negation(statement.condition) ||
            !has_word(statement.condition, {"caller", "caller's", "current"}))
            continue;
        const Comparison flag{Comparison::Subject::parameter, sentence.parameter, "&", match->constants.front()->text};
        page.add(clause::IrqlEntry{level->levels}, sentence, Condition{{flag}, {}});
    }
}

// Sentences that say a known effect again, without its details.
void read_repetitions(ClausePage& page) {
    static const Phrase current("<self> +return.third current irql");
    static const Phrase raises("<self> +raise.third irql");
    static const Phrase is_set("irql is +set.past to value");
    for (const Statement& statement : page.statements) {
        const Sentence& sentence = page.sentence_of(statement);
        const Tokens& tokens = statement.tokens;
        if (sentence.role == Role::parameter || has_negation(tokens)) continue;
        if (current.find(tokens) && page.find<clause::ReturnsCurrentIrql>()) page.add(clause::ReturnsCurrentIrql{}, sentence);
        const Clause* raise = page.find<clause::IrqlRaise>();
        if (!raise || std::any_of(tokens.begin(), tokens.end(), [](const Token& t) { return t.kind == Token::Kind::level; })) continue;
        const auto content = std::get<clause::IrqlRaise>(raise->content);
        const bool again = (raises.find(tokens) && mentions_self(tokens.front())) || (!content.parameter.empty() && is_set.find(tokens));
        if (again) page.add(content, sentence, Condition(raise->when));
    }
}

}  // namespace

void read_irql_effect_clauses(ClausePage& page) {
    if (page.names.callback) return;
    read_level_afterwards(page);
    read_temporary(page);
    read_restored(page);
    read_parameters(page);
    read_promised_level(page);
    read_repetitions(page);
}

}  // namespace ddi::facts
