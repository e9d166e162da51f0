// The words behind "if" → comparisons that a checker can evaluate at a call.
#include <algorithm>

#include "generator/facts/clause_page.h"
#include "generator/facts/object_kinds.h"
#include "generator/facts/object_nouns.h"
#include "generator/facts/words.h"

namespace ddi::facts {

namespace {

using Subject = Comparison::Subject;

// "<= DISPATCH_LEVEL" as one comparison with the current IRQL; sets that need two are not expressible.
std::optional<Comparison> irql_comparison(LevelSet levels) {
    const auto list = levels.levels();
    if (list.empty() || levels == LevelSet::all()) return std::nullopt;
    if (list.size() == 1) return Comparison{Subject::irql, "", "==", level_name(list.front())};
    if (levels == LevelSet::at_most(list.back())) return Comparison{Subject::irql, "", "<=", level_name(list.back())};
    if (levels == LevelSet::at_least(list.front())) return Comparison{Subject::irql, "", ">=", level_name(list.front())};
    return std::nullopt;
}

bool is_pointer(const Facts& facts, const std::string& parameter) {
    for (const ParameterFact& fact : facts.parameters)
        if (fact.name == parameter && !fact.text.empty()) {
            const std::string text = to_lower(fact.text.front().text.substr(0, 40));
            return text.find("point") != text.npos;
        }
    return false;
}

class Reader {
  public:
    /// `described`: the parameter in whose text the words stand, or empty.
    Reader(const ClausePage& page, bool effect, std::string described) : page_(page), effect_(effect), described_(std::move(described)) {}

    // One conjunct. Empty: its words say nothing that can be compared.
    std::vector<Comparison> read(const Tokens& words) const {
        const Tokens tokens = with_values_named(words);
        if (const auto found = own_value(tokens)) return {*found};
        if (const auto found = parameter(tokens)) return {*found};
        if (const auto found = null_pointer(tokens)) return {*found};
        if (const auto found = irql(tokens)) return {*found};
        if (const auto found = region(tokens)) return {*found};
        if (const auto found = access(tokens); !found.empty()) return found;
        if (const auto found = invalid_handle(tokens)) return {*found};
        if (const auto found = list(tokens)) return {*found};
        if (const auto found = host_state(tokens)) return {*found};
        if (const auto found = state(tokens)) return {*found};
        if (const auto found = call_outcome(page_, tokens); found && !effect_) return {*found};
        return {};
    }

  private:
    // In a parameter's own text: "if TRUE".
    std::optional<Comparison> own_value(const Tokens& tokens) const {
        const bool it = tokens.size() > 1 && (tokens[0].lower == "set" || tokens[0].lower == "it" || tokens[0].lower == "is");
        if (described_.empty() || tokens.empty() || tokens.size() > 4 || (tokens.size() > 1 && !it)) return std::nullopt;
        const Token& value = tokens.back();
        if (value.lower != "true" && value.lower != "false") return std::nullopt;
        if (has_negation(tokens)) return std::nullopt;
        return Comparison{Subject::parameter, described_, "==", value.text};
    }

    // "The time-out value": what the parameter Timeout points to, or is.
    Tokens with_values_named(const Tokens& tokens) const {
        Tokens result;
        for (std::size_t i = 0; i < tokens.size(); ++i) {
            result.push_back(tokens[i]);
            if (tokens[i].kind != Token::Kind::word || i + 1 >= tokens.size() || tokens[i + 1].lower != "value") continue;
            std::string spelled = tokens[i].lower;
            std::erase(spelled, '-');
            for (const ParameterFact& fact : page_.facts->parameters)
                if (to_lower(fact.name) == spelled) {
                    result.back().kind = Token::Kind::parameter;
                    result.back().names = {fact.name};
                    ++i;
                    break;
                }
        }
        return result;
    }

    std::optional<Comparison> parameter(const Tokens& tokens) const {
        for (std::size_t i = 0; i < tokens.size(); ++i) {
            if (tokens[i].kind != Token::Kind::parameter) continue;
            const std::string& name = tokens[i].names.front();
            std::size_t at = i + 1;
            if (at < tokens.size() && (tokens[at].lower == "parameter" || tokens[at].lower == "argument" || tokens[at].lower == "pointer"))
                ++at;
            if (at >= tokens.size()) return std::nullopt;
            if (tokens[at].kind == Token::Kind::level) {
                const auto level = irql_comparison(tokens[at].levels);
                if (level) return Comparison{Subject::parameter, name, level->op, level->value};
                return std::nullopt;
            }
            std::string op = "==";
            if (tokens[at].text == "!=" || tokens[at].text == "<" || tokens[at].text == ">" || tokens[at].text == "<=" ||
                tokens[at].text == ">=")
                op = tokens[at].text;
            else if (tokens[at].text != "=" && tokens[at].text != "==" && tokens[at].lower != "is" && tokens[at].lower != "equals" &&
                     tokens[at].lower != "was")
                return std::nullopt;
            ++at;
            // "is set to TRUE", "is not NULL", "is equal to 0"
            for (; at < tokens.size(); ++at) {
                const std::string& word = tokens[at].lower;
                if (word == "not")
                    op = op == "==" ? "!=" : op;
                else if (word != "set" && word != "to" && word != "equal" && word != "value" && word != "of")
                    break;
            }
            if (at >= tokens.size()) return std::nullopt;
            std::string value = tokens[at].text;
            if (tokens[at].kind == Token::Kind::level) {
                const auto level = irql_comparison(tokens[at].levels);
                if (!level || level->op != "==") return std::nullopt;
                value = level->value;
            }
            const std::string lower = tokens[at].lower;
            const bool opposite = lower == "nonzero" || lower == "non-zero" || lower == "non-null";
            if (lower == "zero" || (opposite && lower != "non-null")) value = std::string("0");
            if (lower == "non-null") value = std::string("NULL");
            if (opposite) op = std::string("!=");
            const bool number = std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
            // "AccessMode is KernelMode": an enumerator.
            const bool enumerator = value.size() > 3 && value[0] >= 'A' && value[0] <= 'Z' &&
                                    std::any_of(value.begin() + 2, value.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
            if (!number && !enumerator && tokens[at].kind != Token::Kind::constant && value != "NULL" &&
                tokens[at].kind != Token::Kind::level)
                return std::nullopt;
            // "*Timeout is 0" with a pointer: what it points to.
            const bool pointee = number && is_pointer(*page_.facts, name);
            return Comparison{pointee ? Subject::pointee : Subject::parameter, name, op, value};
        }
        return std::nullopt;
    }

    // In a parameter's own text: "if the pointer is NULL", "if the caller supplies a NULL pointer".
    std::optional<Comparison> null_pointer(const Tokens& tokens) const {
        if (described_.empty() || !has_word(tokens, {"null"}) || !has_word(tokens, {"pointer", "it", "parameter"}) || tokens.size() > 6)
            return std::nullopt;
        return Comparison{Subject::parameter, described_, has_negation(tokens) || has_word(tokens, {"non-null"}) ? "!=" : "==", "NULL"};
    }

    std::optional<Comparison> irql(const Tokens& tokens) const {
        const auto level = std::find_if(tokens.begin(), tokens.end(), [](const Token& t) { return t.kind == Token::Kind::level; });
        if (level == tokens.end()) return std::nullopt;
        // "For passive-level interrupts": a kind of object, not the caller's level.
        if (has_word(tokens, {"interrupt", "interrupts", "isr"})) return std::nullopt;
        // What the IRQL was at an earlier call cannot be compared at this one.
        if (has_word(tokens, {"was", "were", "previous", "original", "earlier"})) return std::nullopt;
        const bool running =
            has_verb(tokens, Verb::run) || has_word(tokens, {"irql", "caller", "driver", "thread", "caller's"}) || tokens.size() <= 3;
        // "if X is called at DISPATCH_LEVEL", "if called at …": at which level this API is called.
        const bool called = has_verb(tokens, Verb::call) &&
                            std::none_of(tokens.begin(), level, [](const Token& t) { return t.kind == Token::Kind::api && !t.has_self; });
        if ((!running && !called) || has_negation(tokens)) return std::nullopt;
        return irql_comparison(level->levels);
    }

    std::optional<Comparison> region(const Tokens& tokens) const {
        for (const Token& token : tokens)
            if (token.kind == Token::Kind::lock && token.noun.ends_with(" region") &&
                (tokens.size() == 1 || has_word(tokens, {"within", "inside", "in"})))
                return Comparison{Subject::state, "region", has_negation(tokens) ? "!=" : "==", token.noun.substr(0, token.noun.find(' '))};
        return std::nullopt;
    }

    // "Exclusive access cannot be granted": another holds it; shared access is granted beside other shared holders.
    std::vector<Comparison> access(const Tokens& tokens) const {
        static const Phrase caller("caller|thread has exclusive access to *1 <lock>");
        if (const auto match = caller.find(tokens); match && page_.is_about(*match->lock()) && !has_negation(tokens))
            return {Comparison{Subject::state, "object", "==", "held"}, Comparison{Subject::state, "object", "!=", "held-by-other"},
                    Comparison{Subject::state, "object", "!=", "held-shared"}};
        if (!has_negation(tokens) || !has_word(tokens, {"access"}) || !has_word(tokens, {"granted"}) || page_.noun.empty()) return {};
        std::vector<Comparison> result{Comparison{Subject::state, "object", "==", "held-by-other"}};
        if (has_word(tokens, {"shared"})) result.push_back(Comparison{Subject::state, "object", "!=", "held-shared"});
        return result;
    }

    std::optional<Comparison> state(const Tokens& tokens) const {
        const bool object =
            std::any_of(tokens.begin(), tokens.end(), [&](const Token& t) { return t.kind == Token::Kind::lock && page_.is_about(t); });
        const bool pronoun = has_word(tokens, {"it"});
        const bool success = has_word(tokens, {"successful", "succeeds", "success", "possible"});
        if (page_.attempt && effect_ && (success || (object && has_verb(tokens, Verb::acquire))))
            return Comparison{Subject::result, "", "==", "TRUE"};
        if (page_.noun.empty() || (!object && !pronoun)) return std::nullopt;
        // "if it is acquired successfully", told of a call that acquires: the call's outcome, not the state before it.
        const bool acquires = !page_.attempt && has_verb(tokens, Verb::acquire) && !has_negation(tokens);
        if (!effect_ && (success || has_word(tokens, {"successfully"}) || (acquires && page_.acquires()))) return std::nullopt;
        const bool negative = has_negation(tokens);
        const bool other = has_word(tokens, {"another", "other", "different"});
        const ObjectKind* kind = object_kind(page_.noun);
        if (kind && !kind->lockable) return state_word(tokens);
        const bool nobody = has_word(tokens, {"nobody"});
        const bool held = has_verb(tokens, Verb::hold) || has_verb(tokens, Verb::acquire) ||
                          has_word(tokens, {"busy", "unavailable", "non-signaled", "not-signaled"});
        const bool free = has_word(tokens, {"free", "available", "unowned", "signaled"});
        if (held && !free)
            return Comparison{Subject::state, "object", "==", negative || nobody ? "free" : other ? "held-by-other" : "held"};
        if (free) return Comparison{Subject::state, "object", "==", negative ? "held" : "free"};
        return std::nullopt;
    }

    // "If the driver supplies an invalid object handle": the only parameter that is a handle.
    std::optional<Comparison> invalid_handle(const Tokens& tokens) const {
        if (!has_word(tokens, {"handle"}) || !has_word(tokens, {"invalid"}) || has_negation(tokens)) return std::nullopt;
        std::optional<Comparison> result;
        for (const ParameterFact& parameter : page_.facts->parameters) {
            if (parameter.text.empty()) continue;
            const std::string text = to_lower(parameter.text.front().text.substr(0, 40));
            if (text.find("handle to") == text.npos && text.find("handle of") == text.npos) continue;
            if (result) return std::nullopt;
            result = Comparison{Subject::state, parameter.name, "==", "invalid"};
        }
        return result;
    }

    // "While the filter is in the STOP state": of a thing that no call puts into it.
    static std::optional<Comparison> host_state(const Tokens& tokens) {
        for (std::size_t at = 4; at < tokens.size(); ++at) {
            const Token& state = tokens[at - 1];
            const bool named =
                state.text.size() > 2 && std::all_of(state.text.begin(), state.text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
            if (tokens[at].lower != "state" || !named) continue;
            const std::size_t in = tokens[at - 2].lower == "the" ? at - 3 : at - 2;
            if (in < 2 || tokens[in].lower != "in" || tokens[in - 1].lower != "is" || has_negation(tokens)) continue;
            return Comparison{Subject::state, tokens[in - 2].lower, "==", state.text};
        }
        return std::nullopt;
    }

    // "If the list was empty", "if there were entries on the list": of the parameter that heads it.
    std::optional<Comparison> list(const Tokens& tokens) const {
        const bool empty = has_word(tokens, {"empty"});
        const bool entries = has_word(tokens, {"entries", "items"}) && (has_word(tokens, {"there"}) || has_negation(tokens));
        if (!has_word(tokens, {"list"}) || (!empty && !entries)) return std::nullopt;
        for (const ParameterFact& parameter : page_.facts->parameters) {
            const std::string lower = to_lower(parameter.name);
            if (lower.find("listhead") == lower.npos && lower != "list") continue;
            return Comparison{Subject::state, parameter.name, "==", empty != has_negation(tokens) ? "empty" : "not-empty"};
        }
        return std::nullopt;
    }

    // Of an object that nobody holds: the words of its states.
    static std::optional<Comparison> state_word(const Tokens& tokens) {
        static constexpr std::pair<std::string_view, std::string_view> states[] = {
            {"signaled", "not-signaled"}, {"not-signaled", "signaled"}, {"nonsignaled", "signaled"}, {"non-signaled", "signaled"},
            {"open", "closed"},           {"closed", "open"},           {"empty", "not-empty"},      {"queued", "not-queued"},
        };
        if (has_word(tokens, {"queue"}) && has_word(tokens, {"in"}))
            return Comparison{Subject::state, "object", "==", has_negation(tokens) ? "not-queued" : "queued"};
        for (const auto& [word, opposite] : states)
            for (const Token& token : tokens)
                if (token.lower == word) {
                    std::string state(word);
                    if (word == "nonsignaled" || word == "non-signaled") state = std::string("not-signaled");
                    return Comparison{Subject::state, "object", "==", has_negation(tokens) ? std::string(opposite) : state};
                }
        return std::nullopt;
    }

    const ClausePage& page_;
    bool effect_;
    std::string described_;
};

// "The pointer in A, B, or C is NULL": a comparison for each of several parameters.
std::vector<Comparison> null_of_each(const Tokens& tokens) {
    static const Phrase end("is|are <constant>");
    const auto match = end.find(tokens);
    if (!match || match->end < tokens.size() || match->constants.front()->text != "NULL") return {};
    std::vector<Comparison> result;
    for (std::size_t i = 0; i < match->begin; ++i) {
        if (tokens[i].kind == Token::Kind::parameter)
            result.push_back(Comparison{Subject::parameter, tokens[i].names.front(), "==", "NULL"});
        else if (tokens[i].text != "," && tokens[i].lower != "or" && (!result.empty() || !has_word({tokens[i]}, {"pointer", "in"})))
            return {};
    }
    return result.size() > 1 ? result : std::vector<Comparison>{};
}

std::vector<Tokens> split_at(const Tokens& tokens, std::string_view word) {
    std::vector<Tokens> parts(1);
    for (const Token& token : tokens) {
        if (token.lower == word)
            parts.emplace_back();
        else
            parts.back().push_back(token);
    }
    return parts;
}

}  // namespace

Comparison negated(const Comparison& comparison) {
    Comparison result = comparison;
    static constexpr std::pair<std::string_view, std::string_view> opposites[] = {{"==", "!="}, {"<", ">="}, {">", "<="}};
    if (result.subject == Subject::state && result.name != "region" && result.name != "wait" && result.name != "call") {
        static constexpr std::pair<std::string_view, std::string_view> states[] = {
            {"signaled", "not-signaled"}, {"open", "closed"}, {"empty", "not-empty"}, {"queued", "not-queued"}, {"locked", "unlocked"}};
        for (const auto& [a, b] : states) {
            if (result.value == a || result.value == b) {
                result.value = std::string(result.value == a ? b : a);
                return result;
            }
        }
        const bool of_host =
            !result.value.empty() && std::all_of(result.value.begin(), result.value.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
        if (result.value != "run-down" && !of_host) {
            result.value = result.value == "free" ? "held" : "free";
            return result;
        }
    }
    for (const auto& [a, b] : opposites) {
        if (comparison.op == a)
            result.op = b;
        else if (comparison.op == b)
            result.op = a;
    }
    return result;
}

std::vector<Condition> read_conditions(const ClausePage& page, const Tokens& tokens, const std::string& text, bool effect,
                                       const std::string& described) {
    if (tokens.empty() && text.empty()) return {Condition{}};
    const Reader reader(page, effect, described);
    std::vector<Condition> result;
    for (const Comparison& one : null_of_each(tokens)) result.push_back({{one}, text});
    if (!result.empty()) return result;
    const Tokens* before = nullptr;
    const auto alternatives = split_at(tokens, "or");
    for (const Tokens& words : alternatives) {
        Tokens alternative = words;
        // "… into the list or is empty": what was named last.
        if (before && !before->empty() && !words.empty() && words.front().verb.verb == Verb::be)
            alternative.insert(alternative.begin(), before->back());
        before = &words;
        Condition condition;
        condition.text = text;
        bool expressible = true;
        for (const Tokens& conjunct : split_at(alternative, "and")) {
            auto comparisons = reader.read(conjunct);
            // "… and in a nonarbitrary thread context": a part without a comparison makes the whole inexpressible.
            if (comparisons.empty()) expressible = false;
            condition.all.insert(condition.all.end(), comparisons.begin(), comparisons.end());
        }
        if (!expressible) return {Condition{{}, text}};
        result.push_back(std::move(condition));
    }
    return result;
}

std::vector<Condition> read_conditions(const ClausePage& page, const Statement& statement, bool effect) {
    return read_conditions(page, statement.condition, statement.condition_text, effect, page.sentence_of(statement).parameter);
}

}  // namespace ddi::facts
