#include "generator/emit/tests/situation.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "generator/emit/tests/cast.h"

namespace ddi::emit::tests {

using facts::Comparison;

namespace {

facts::LevelSet levels_where(const std::string& op, facts::Level level) {
    facts::LevelSet result;
    for (auto candidate : facts::LevelSet::all().levels()) {
        bool holds = op == "=="   ? candidate == level
                     : op == "!=" ? candidate != level
                     : op == "<"  ? candidate < level
                     : op == "<=" ? candidate <= level
                     : op == ">"  ? candidate > level
                                  : candidate >= level;
        if (holds) result.bits = static_cast<std::uint16_t>(result.bits | facts::LevelSet::at(candidate).bits);
    }
    return result;
}

/// The object that the comparison names: the function's own, or that of a parameter.
std::string domain_of(const Comparison& comparison, const Api& api, const Knowledge& knowledge) {
    for (const auto& parameter : api.signature->parameters) {
        auto type = knowledge.types().of(parameter.type);
        if (parameter.name == comparison.name && type.base != "void") return type.base;
    }
    return own_slot({&api, {}}, knowledge);
}

/// Calls that bring the object into a state other than held or free.
void reach(Situation& situation, const std::string& state, const std::string& domain, const Knowledge& knowledge) {
    auto setters = knowledge.setters(domain, state);
    for (const auto& setter : setters) {
        // The one that needs least: an initialization, then one whose arguments are the usual ones.
        if (find_clause<facts::clause::Initialize>(*setter.api)) {
            situation.initialize = setter;
            return;
        }
    }
    if (auto calls = knowledge.bring_about(domain, state); !calls.empty()) {
        if (runs_below_dispatch(calls.front(), state, knowledge)) situation.keep_at_dispatch();
        situation.arrange.insert(situation.arrange.end(), calls.begin(), calls.end());
        return;
    }
    // An object is as its initialization leaves it where only the opposite has to be brought about.
    auto opposite = knowledge.setters(domain, opposite_state(state));
    bool opposite_known = !opposite.empty() || state == "empty" || state == "not-queued";
    if (is_initial_state(state) && opposite_known && !knowledge.is_made_in(domain, opposite_state(state))) return;
    if (state == "not-run-down") return;
    situation.impossible = "no documented function brings the object into the state \"" + state + "\"";
}

void arrange(Situation& situation, const Comparison& comparison, const Api& api, const Knowledge& knowledge) {
    bool is = comparison.op == "==";
    std::string state = comparison.value;
    if (state == "critical" || state == "guarded") {
        situation.in_region = true;
        (state == "critical" ? situation.critical : situation.guarded) = is;
        return;
    }
    if (comparison.name == "call") {
        if (find_clause<facts::clause::Calls>(api)) situation.impossible = "whether the call succeeds, the routine that it calls decides";
        // Nothing keeps the call from succeeding where everything is as it should be.
        if (!is || state != "successful") situation.impossible = "no test makes the call fail for a reason that the page does not state";
        return;
    }
    if (state == "invalid" && is) {
        situation.invalid = comparison.name;
        return;
    }
    bool of_host = !state.empty() && std::all_of(state.begin(), state.end(), [](unsigned char c) { return std::isupper(c) != 0; });
    if (of_host) {
        if (!is) situation.impossible = "no test arranges that the " + comparison.name + " is not in the state " + state;
        situation.host_thing = comparison.name, situation.host_state = state;
        return;
    }
    if (comparison.name == "wait") {
        if (!is || (state != "satisfied" && state != "timed-out"))
            situation.impossible = "no thread here alerts another or abandons what it holds, so no wait ends as " + state;
        situation.wait = state;
        return;
    }
    if (state == "freed" && is) return;  // what a release does to an object that is held once
    if (state == "free" || state == "held") {
        situation.state = (state == "free") == is ? "free" : "held_by_other";
        return;
    }
    if (is && (state == "held-by-other" || state == "held-by-caller" || state == "held-shared")) {
        situation.state = state == "held-by-other" ? "held_by_other" : state == "held-shared" ? "held_shared" : "held_by_caller";
        return;
    }
    if (!is) {
        std::string other = opposite_state(state);
        if (other.empty()) {
            situation.impossible = "no test arranges that the object is not " + state;
            return;
        }
        state = other;
    }
    situation.arranged_state = state;
    reach(situation, state, domain_of(comparison, api, knowledge), knowledge);
}

}  // namespace

std::string opposite_state(const std::string& state) {
    constexpr std::array<std::pair<const char*, const char*>, 6> kPairs = {{{"signaled", "not-signaled"},
                                                                            {"queued", "not-queued"},
                                                                            {"empty", "not-empty"},
                                                                            {"open", "closed"},
                                                                            {"locked", "unlocked"},
                                                                            {"run-down", "not-run-down"}}};
    for (const auto& [one, other] : kPairs) {
        if (state == one) return other;
        if (state == other) return one;
    }
    return {};
}

bool is_initial_state(const std::string& state) {
    return state == "not-signaled" || state == "not-queued" || state == "empty" || state == "open" || state == "unlocked";
}

void Situation::keep_at_dispatch() {
    within.bits = static_cast<std::uint16_t>(within.bits & facts::LevelSet::at_least(facts::Level::dispatch).bits);
}

bool runs_below_dispatch(const Step& setter, const std::string& state, const Knowledge& knowledge) {
    if (state != "queued") return false;
    auto roles = cast(setter, knowledge);
    return std::none_of(roles.begin(), roles.end(), [](const Role& role) { return role.kind == Role::Kind::time; });
}

bool may_wait_for_ever(const Api& api, const Arguments& arguments) {
    bool waits = false;
    for_each_clause<facts::clause::Waits>(api, [&](const Rule& rule, const facts::clause::Waits& c) {
        waits = waits || (c.waits && !rule.clause.when.unconditional() && holds(rule.clause.when, arguments));
    });
    return waits;
}

Situation situation_of(const Api& api, const Rule& rule, const Knowledge& knowledge) {
    Situation situation;
    situation.state = "any";
    const auto& when = rule.clause.when;
    if (when.all.empty() && !when.text.empty()) {
        situation.impossible = "the page states the condition in words that no call shows: " + when.text;
        return situation;
    }
    bool held_by_other = std::any_of(when.all.begin(), when.all.end(), [](const Comparison& comparison) {
        return comparison.subject == Comparison::Subject::state && comparison.op == "==" && comparison.value == "held-by-other";
    });
    for (const auto& comparison : when.all) {
        auto level = facts::level_from_name(comparison.value);
        switch (comparison.subject) {
            case Comparison::Subject::irql:
            case Comparison::Subject::parameter:
                // A level as an argument is the one that was saved, so it says at which level the whole way began.
                if (level)
                    situation.within.bits = static_cast<std::uint16_t>(situation.within.bits & levels_where(comparison.op, *level).bits);
                else if (comparison.subject == Comparison::Subject::irql)
                    situation.impossible = "the condition compares the IRQL with " + comparison.value;
                break;
            case Comparison::Subject::state:
                // Tests of what a list returns fill it themselves.
                if (comparison.value == "not-empty" && std::holds_alternative<facts::clause::ReturnsValue>(rule.clause.content)) break;
                // Who else holds it does so in the other mode: another comparison says that somebody does.
                if (comparison.value == "held-shared" && comparison.op == "!=" && held_by_other) break;
                arrange(situation, comparison, api, knowledge);
                break;
            case Comparison::Subject::result: {
                situation.on_result = true;
                bool no = comparison.value == "FALSE" ? comparison.op == "==" : comparison.value == "TRUE" && comparison.op == "!=";
                if (no || comparison.value == "STATUS_TIMEOUT") situation.on_failure = true;
                break;
            }
            case Comparison::Subject::pointee:
                break;
        }
    }
    auto choices = argument_choices(api, knowledge.types());
    auto fitting = std::find_if(choices.begin(), choices.end(), [&](const Arguments& choice) { return holds(when, choice); });
    // A function that only waits may wait for ever for an object that nobody touches: with a limit it comes back.
    bool only_waits = !find_clause<facts::clause::Acquire>(api) && !std::holds_alternative<facts::clause::Waits>(rule.clause.content);
    auto limited = std::find_if(choices.begin(), choices.end(),
                                [&](const Arguments& choice) { return holds(when, choice) && !may_wait_for_ever(api, choice); });
    if (only_waits && limited != choices.end()) fitting = limited;
    if (situation.wait == "timed-out") {
        // A wait that ends by itself: at once.
        auto ends = std::find_if(choices.begin(), choices.end(), [&](const Arguments& choice) {
            return holds(when, choice) &&
                   std::any_of(choice.values.begin(), choice.values.end(), [](const auto& v) { return v.second == "zero"; });
        });
        if (situation.state == "any") situation.state = "held_by_other";
        if (ends == choices.end()) situation.impossible = "no argument lets the wait end by itself";
        fitting = ends == choices.end() ? fitting : ends;
    }
    if (fitting == choices.end())
        situation.impossible = "no choice of arguments fulfils the condition";
    else
        situation.arguments = *fitting;
    if (!situation.invalid.empty()) situation.arguments.values[situation.invalid] = "invalid";
    if (api.kind == page::PageKind::callback || !situation.impossible.empty()) return situation;
    auto levels = knowledge.levels({&api, situation.arguments});
    if (levels && (levels->bits & situation.within.bits) == 0) situation.impossible = "no allowed level is one of those that it speaks of";
    return situation;
}

}  // namespace ddi::emit::tests
