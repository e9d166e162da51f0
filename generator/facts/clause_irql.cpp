// What a call does to the IRQL: raises it, saves it, restores it, leaves it; and which IRQL an argument must be.
#include <algorithm>

#include "generator/facts/clause_names.h"
#include "generator/facts/clause_page.h"
#include "generator/facts/words.h"

namespace ddi::facts {

namespace {

bool speaks_of_irql(const Tokens& tokens) {
    return std::any_of(tokens.begin(), tokens.end(), [](const Token& t) {
        return t.kind == Token::Kind::level || t.lower == "irql" || t.lower == "kirql" || t.lower == "pkirql";
    });
}

const Token* single_level(const Tokens& tokens, std::size_t from) {
    for (std::size_t i = from; i < tokens.size(); ++i)
        if (tokens[i].kind == Token::Kind::level && tokens[i].levels.levels().size() == 1) return &tokens[i];
    return nullptr;
}

// The words of a parameter's own text.
struct ParameterUse {
    bool irql = false;      // its value is an IRQL
    bool pointer = false;   // it points to one
    bool receives = false;  // the call writes the IRQL there
    bool target = false;    // the IRQL to go to
    std::vector<std::string> saved_by;
    std::size_t sentence = 0;  // first that speaks of IRQL
    std::size_t saved_sentence = 0;
};

class IrqlReader {
  public:
    explicit IrqlReader(ClausePage& page) : page_(page) {}

    void run() {
        read_parameters();
        for (const Statement& statement : page_.statements) {
            const Role role = page_.sentence_of(statement).role;
            if (role == Role::parameter) continue;
            if (role == Role::returns) {
                read_result(statement);
                continue;
            }
            read_raise(statement);
            read_save(statement);
            read_restore(statement);
            read_unchanged(statement);
            read_argument(statement);
        }
        finish_parameters();
    }

  private:
    ParameterUse* use_of(const std::string& name) {
        for (auto& [parameter, use] : uses_)
            if (parameter == name) return &use;
        uses_.emplace_back(name, ParameterUse{});
        return &uses_.back().second;
    }

    void read_parameters() {
        static const std::vector<Phrase> stored = phrases({
            "+set.past to *3 irql",
            "+set.third *3 irql",
            "+set.third *3 to *3 irql",
            "+save *5 irql|kirql",
            "storage for *4 irql|kirql",
            "irql *3 +save.past",
            "where *3 +save *5 irql",
            "+receive.base *3 irql",
            "storage in|for *6 irql|kirql",
            "+save *5 irql *2 in *1 variable",
        });
        for (std::size_t i = 0; i < page_.sentences.size(); ++i) {
            const Sentence& sentence = page_.sentences[i];
            if (sentence.role != Role::parameter) continue;
            const Tokens& tokens = page_.tagged[i];
            ParameterUse* use = use_of(sentence.parameter);
            const bool old = has_word(tokens, {"current", "original", "previous", "old", "unraised"});
            // A handle that also keeps the IRQL is no IRQL parameter; nor is a text that only says at which level something runs.
            const bool value = has_word(tokens, {"irql", "kirql", "kirql-type"}) && !has_word(tokens, {"running"});
            if (has_word(tokens, {"pointer", "points"})) use->pointer = true;
            if (value && !use->irql) use->irql = true, use->sentence = i;
            if (value && use->pointer && (old || find_any(stored, tokens)) && (find_any(stored, tokens) || has_verb(tokens, Verb::save))) {
                if (!use->receives) use->sentence = i;
                use->receives = true;
            }
            if (value && has_word(tokens, {"new", "raised"}) && !use->receives) use->target = true, target_ = sentence.parameter;
            const bool kept = has_verb(tokens, Verb::give_back) || has_verb(tokens, Verb::save) || has_word(tokens, {"before", "obtained"});
            if (use->irql && !use->receives && kept && !has_negation(tokens))
                for (const Token& token : tokens)
                    if (token.kind == Token::Kind::api && !token.has_self && use->saved_by.empty())
                        use->saved_by = token.names, use->saved_sentence = i;
        }
    }

    const std::string* input_irql() const {
        for (const auto& [name, use] : uses_)
            if (use.irql && !use.receives && !use.pointer) return &name;
        return nullptr;
    }

    // Several conditions ("if A or B") are several clauses; words that nothing can evaluate stay as words.
    void add(const ClauseContent& content, const Statement& statement, bool conditional = true) {
        if (!conditional) return page_.add(content, page_.sentence_of(statement));
        for (Condition condition : read_conditions(page_, statement)) {
            // "when it acquires the lock", "if it is free": the ordinary course.
            if (!page_.attempt && !condition.all.empty() && condition.all.front().subject == Comparison::Subject::state) condition = {};
            page_.add(content, page_.sentence_of(statement), std::move(condition));
        }
    }

    void read_raise(const Statement& statement) {
        static const std::vector<Phrase> active = phrases({
            "<self> *2 +raise.third *4 irql|priority",
            "<self> *2 +set.third *3 irql",
            "<self> *2 +raise|set.third *3 <level>",
            "irql *2 is *2 +raise|set.past to",
        });
        const Tokens& tokens = statement.tokens;
        if (has_word(tokens, {"temporarily", "value", "back", "must"}) && !has_word(tokens, {"specified", "new", "hardware"}) &&
            !single_level(tokens, 0))
            return;
        if (has_word(tokens, {"temporarily", "back", "must"})) return;
        const auto match = find_any(active, tokens);
        if (!match || has_negation(tokens)) return;
        if (match->selves.empty() && match->apis.empty() && names_other(tokens)) return;
        const bool passive = match->selves.empty() && match->apis.empty();
        if (passive && !page_.acquires()) return;  // a step of something that the page does inside
        const Tokens& whole = page_.tagged[statement.sentence];
        if (!passive && has_verb(whole, Verb::restore) && has_verb(whole, Verb::give_back)) {
            // "… and restores the original IRQL before it returns": nothing is left of it.
            page_.add(clause::IrqlUnchanged{}, page_.sentence_of(statement));
            return;
        }
        const Token* level = single_level(tokens, match->begin);
        if (level) {
            add(clause::IrqlRaise{level->levels.levels().front(), {}}, statement);
            return;
        }
        // "to the specified IRQL", "to the new IRQL", "to NewIrql"
        std::string parameter = target_;
        for (std::size_t i = match->begin; i < tokens.size(); ++i)
            if (tokens[i].kind == Token::Kind::parameter && use_of(tokens[i].names.front())->irql) parameter = tokens[i].names.front();
        if (!parameter.empty() && has_verb(tokens, Verb::raise) && !is_restoring()) {
            page_.add(clause::IrqlRaise{Level::passive, parameter}, page_.sentence_of(statement));
        }
    }

    bool is_restoring() { return page_.find<clause::IrqlRestore>() != nullptr; }

    void read_save(const Statement& statement) {
        static const std::vector<Phrase> into_parameter = phrases(
            {"irql *3 is +save.past to|in|into|at *3 <parameter>", "<self> *4 +save.third *4 irql *2 to|in|into|at *2 <parameter>"});
        static const std::vector<Phrase> into_object = phrases({
            "irql *3 is +save.past to|in|into *3 <lock>",
            "<self> *3 +save.third *5 irql *2 in|into *3 <lock>",
            "irql *3 is +save.past in|into *2 handle",
        });
        static const std::vector<Phrase> by_system =
            phrases({"irql *2 that|which operating? system +save.past *8 <self> call",
                     "irql *3 operating system +save.past *5 when *1 <self> call", "irql *3 operating system +save.past *5 <self>"});
        const Tokens& tokens = statement.tokens;
        if (has_negation(tokens)) return;
        if (auto match = find_any(into_parameter, tokens); match && match->parameter() && !names_other(tokens)) {
            const std::string& name = match->parameters.back()->names.front();
            add(clause::IrqlSave{{Place::Kind::pointee, name}}, statement);
            use_of(name)->receives = true;
            use_of(name)->irql = false;
        } else if (find_any(into_object, tokens) && page_.find<clause::Acquire>() && !names_other(tokens)) {
            add(clause::IrqlSave{{Place::Kind::object, {}}}, statement);
        } else {
            Tokens whole = tokens;  // "… which the system saved when the call began": the moment stands in a "when"
            whole.insert(whole.end(), statement.condition.begin(), statement.condition.end());
            if (page_.find<clause::Acquire>() && find_any(by_system, whole))
                page_.add(clause::IrqlSave{{Place::Kind::object, {}}}, page_.sentence_of(statement));
        }
    }

    void read_restore(const Statement& statement) {
        static const std::vector<Phrase> active = phrases({
            "<self> *4 +restore.third *6 irql",
            "<self> has +restore.past *2 irql",
            "<self> *3 +set.third *2 irql back? to value",
            "irql is +restore.past to *2 <parameter>",
            "<self> *3 +set.third *2 irql back to",
            "<self> *3 +lower.third *2 irql",
            "<self> *3 +set.third *2 irql *8 to *1 value",
            "irql is +restore.past",
        });
        const Tokens& tokens = statement.tokens;
        if (has_negation(tokens) || has_word(tokens, {"must", "should"})) return;
        const auto match = find_any(active, tokens);
        if (!match) return;
        const bool passive = match->selves.empty() && match->apis.empty();
        if (passive && (names_other(tokens) || !page_.find<clause::Release>())) return;
        if (!passive && !is_self_subject(tokens)) return;
        const bool of_this_call =
            !names_other(tokens) && (has_word(tokens, {"start"}) || (has_verb(tokens, Verb::call) && has_word(tokens, {"it", "call"})));
        if (of_this_call && !page_.find<clause::IrqlRestore>() && !input_irql()) {
            add(clause::IrqlUnchanged{}, statement);
            return;
        }
        // "Sets the IRQL to the specified value" raises where the page says so.
        if (has_verb(tokens, Verb::set) && page_.find<clause::IrqlRaise>()) return;
        Place place{Place::Kind::object, {}};
        if (const std::string* input = input_irql())
            place = {Place::Kind::parameter, *input};
        else if (!page_.find<clause::Release>())
            return;
        // "lowers the IRQL to PASSIVE_LEVEL" without a saved value is only meant where the argument is that level.
        if (has_verb(tokens, Verb::lower) && single_level(tokens, 0) && place.kind == Place::Kind::object) return;
        const auto conditions = read_conditions(page_, statement);
        const bool unrelated = conditions.front().all.empty() && !conditions.front().text.empty();
        if (unrelated && place.kind == Place::Kind::parameter)
            page_.add(clause::IrqlRestore{place}, page_.sentence_of(statement));
        else
            add(clause::IrqlRestore{place}, statement);
    }

    void read_unchanged(const Statement& statement) {
        static const std::vector<Phrase> unchanged = phrases({
            "without +change.gerund *2 irql",
            "without +set|raise.gerund *2 irql",
            "not +change|raise.base *2 irql",
            "not +change|raise.base or +lower|raise.base *2 irql",
            "neither +raise.third nor +lower.third *2 irql",
            "no raise is necessary",
            "+exit.third *2 irql unchanged",
            "+exit.third *2 irql as it is",
            "not +set.base irql to",
            "not +set.base *2 <level>",
            "irql is not +change.past",
            "irql *2 unchanged",
            "not +change.base *2 irql",
            "irql stays|remains same|unchanged",
            "not +raise irql",
        });
        Tokens tokens = statement.tokens;
        if (!speaks_of_irql(tokens) && !has_word(tokens, {"raise"})) return;
        const auto match = find_any(unchanged, tokens);
        if (!match) return;
        // The subject in front of the words, if any, is this API.
        const Token* subject = nullptr;
        for (std::size_t i = 0; i < match->begin; ++i)
            if (tokens[i].kind == Token::Kind::self || tokens[i].kind == Token::Kind::api) subject = &tokens[i];
        if (subject && subject->kind == Token::Kind::api && !subject->has_self) return;
        if (!subject && !has_word(tokens, {"necessary", "it"})) return;
        add(clause::IrqlUnchanged{}, statement);
    }

    void read_result(const Statement& statement) {
        const Tokens& tokens = statement.tokens;
        if (!has_word(tokens, {"irql"}) || has_negation(tokens) || is_returns_of_other(tokens)) return;
        static const std::vector<Phrase> result = phrases({
            "<self> *1 +return.third *3 irql",
            "original|previous|old *4 irql *2 value?",
            "+return value *3 is *2 irql",
            "irql at *2 call",
            "+return.third *3 irql",
        });
        if (!find_any(result, tokens)) return;
        const bool effect = page_.find<clause::Acquire>() || page_.find<clause::IrqlRaise>() || raises_in_text();
        const bool previous = has_word(tokens, {"previous", "original", "old", "unraised", "occurred", "time"}) || effect;
        if (previous && effect) {
            page_.add(clause::ReturnsPreviousIrql{}, page_.sentence_of(statement));
            page_.add(clause::IrqlSave{{Place::Kind::result, {}}}, page_.sentence_of(statement));
        } else if (has_word(tokens, {"current"})) {
            page_.add(clause::ReturnsCurrentIrql{}, page_.sentence_of(statement));
        }
    }

    static bool is_returns_of_other(const Tokens& tokens) {
        return !tokens.empty() && tokens.front().kind == Token::Kind::api && !tokens.front().has_self;
    }

    bool raises_in_text() const {
        return std::any_of(page_.statements.begin(), page_.statements.end(), [&](const Statement& s) {
            return page_.sentence_of(s).role == Role::description && has_verb(s.tokens, Verb::raise) &&
                   has_word(s.tokens, {"irql", "priority"});
        });
    }

    // "NewIrql must be the OldIrql that X returned"; "a fatal error to use a NewIrql that X did not return";
    // "if the new IRQL is less than the current IRQL, a bug check occurs".
    void read_argument(const Statement& statement) {
        const Tokens& tokens = page_.tagged[statement.sentence];
        const Sentence& sentence = page_.sentence_of(statement);
        const bool bug_check = has_word(tokens, {"bugcheck"}) || (has_word(tokens, {"bug"}) && has_word(tokens, {"check"}));
        if (bug_check && !statement.condition.empty() && !target_.empty() && has_word(statement.condition, {"new", "newirql"}) &&
            has_word(statement.condition, {"current"})) {
            if (has_word(statement.condition, {"less", "lower", "below", "<"}))
                page_.add(clause::Argument{target_, {}, ">="}, sentence, {}, "bug check");
            return;
        }
        std::string parameter;
        for (const Token& token : tokens)
            if (token.kind == Token::Kind::parameter && parameter.empty()) {
                const ParameterUse* use = use_of(token.names.front());
                if (use->irql && !use->receives && !use->pointer) parameter = token.names.front();
            }
        if (parameter.empty()) return;
        const bool must = has_word(tokens, {"must"}) && !has_negation(tokens);
        const bool fatal = has_word(tokens, {"fatal"}) && (has_negation(tokens) || has_word(tokens, {"other", "different"}));
        if ((!must && !fatal) || !(has_verb(tokens, Verb::give_back) || has_verb(tokens, Verb::save))) return;
        for (const Token& token : tokens)
            if (token.kind == Token::Kind::api && !token.has_self) {
                page_.add(clause::Argument{parameter, token.names, {}}, sentence, {}, fatal ? "bug check" : "");
                return;
            }
    }

    void finish_parameters() {
        for (const auto& [name, use] : uses_) {
            if (use.receives && use.pointer && (page_.find<clause::Acquire>() || page_.find<clause::IrqlRaise>()))
                page_.add(clause::IrqlSave{{Place::Kind::pointee, name}}, page_.sentences[use.sentence]);
            if (!use.saved_by.empty() && !use.receives && (page_.find<clause::IrqlRestore>() || page_.find<clause::Release>()))
                page_.add(clause::Argument{name, use.saved_by, {}}, page_.sentences[use.saved_sentence]);
        }
    }

    ClausePage& page_;
    std::vector<std::pair<std::string, ParameterUse>> uses_;
    std::string target_;
};

}  // namespace

void read_irql_clauses(ClausePage& page) {
    if (!page.names.callback) IrqlReader(page).run();
}

}  // namespace ddi::facts
