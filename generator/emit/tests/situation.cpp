#include "generator/emit/tests/situation.h"

#include <algorithm>

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

}  // namespace

Situation situation_of(const Api& api, const Rule& rule, const Knowledge& knowledge) {
    Situation situation;
    situation.state = "any";
    const auto& when = rule.clause.when;
    if (when.all.empty() && !when.text.empty()) {
        situation.impossible = "the page states the condition in words that no call shows: " + when.text;
        return situation;
    }
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
            case Comparison::Subject::state: {
                bool is = comparison.op == "==";
                if (comparison.value == "critical" || comparison.value == "guarded") {
                    situation.in_region = true;
                    (comparison.value == "critical" ? situation.critical : situation.guarded) = is;
                    break;
                }
                if (comparison.value == "freed" && is) break;  // what a release does to an object that is held once
                if (comparison.value == "free" || comparison.value == "held")
                    situation.state = (comparison.value == "free") == is ? "free" : "held_by_other";
                else if (comparison.value == "held-by-other" && is)
                    situation.state = "held_by_other";
                else if (comparison.value == "held-by-caller" && is)
                    situation.state = "held_by_caller";
                else
                    situation.impossible = "no test arranges that the object is " + std::string(is ? "" : "not ") + comparison.value;
                break;
            }
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
    if (fitting == choices.end())
        situation.impossible = "no choice of arguments fulfils the condition";
    else
        situation.arguments = *fitting;
    return situation;
}

}  // namespace ddi::emit::tests
