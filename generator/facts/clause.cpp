#include "generator/facts/clause.h"

#include <algorithm>

namespace ddi::facts {

namespace {

template <class... F>
struct Overloaded : F... {
    using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

std::string dashes(std::string text) {
    std::replace(text.begin(), text.end(), ' ', '-');
    return text;
}

std::string names(std::vector<std::string> list) {
    std::sort(list.begin(), list.end());
    std::string text = "[";
    for (const std::string& name : list) text += (text.size() > 1 ? " " : "") + name;
    return text + "]";
}

std::string print(const Object& object) { return object.noun + "(" + object.parameter + ")"; }
std::string print(Mode mode) { return mode == Mode::shared ? "shared" : "exclusive"; }
std::string print(clause::Apcs apcs) { return apcs == clause::Apcs::all ? "all" : "normal"; }

std::string print(const Place& place) {
    switch (place.kind) {
        case Place::Kind::none:
            return "nowhere";
        case Place::Kind::parameter:
            return place.parameter;
        case Place::Kind::pointee:
            return "*" + place.parameter;
        case Place::Kind::result:
            return "result";
        case Place::Kind::object:
            return "object";
    }
    return {};
}

std::string print(const Comparison& comparison) {
    std::string subject;
    switch (comparison.subject) {
        case Comparison::Subject::parameter:
            subject = comparison.name;
            break;
        case Comparison::Subject::pointee:
            subject = "*" + comparison.name;
            break;
        case Comparison::Subject::result:
            subject = "result";
            break;
        case Comparison::Subject::irql:
            subject = "irql";
            break;
        case Comparison::Subject::state:
            subject = "state " + comparison.name;
            break;
    }
    return subject + " " + comparison.op + " " + comparison.value;
}

std::string content_of(const ClauseContent& content) {
    using namespace clause;
    return std::visit(
        Overloaded{
            [](const IrqlEntry& c) { return to_string(c.allowed); },
            [](const IrqlRaise& c) { return c.parameter.empty() ? std::string(level_name(c.to)) : c.parameter; },
            [](const IrqlSave& c) { return print(c.where); },
            [](const IrqlRestore& c) { return print(c.from); },
            [](const IrqlUnchanged&) { return std::string(); },
            [](const Initialize& c) { return print(c.object); },
            [](const Destroy& c) { return print(c.object); },
            [](const RequiresInitialized& c) { return print(c.object) + " by " + names(c.by); },
            [](const Acquire& c) { return print(c.object) + " " + print(c.mode) + (c.attempt ? " attempt" : ""); },
            [](const Release& c) { return print(c.object) + " " + print(c.mode); },
            [](const ReleaseWith& c) { return print(c.object) + " with " + names(c.with); },
            [](const Releases& c) { return print(c.object) + " acquired by " + names(c.acquired_by); },
            [](const ReleasesNot& c) { return print(c.object) + " acquired by " + names(c.acquired_by); },
            [](const Owner& c) { return print(c.object); },
            [](const Recursion& c) { return print(c.object) + (c.rule == RecursionRule::counted ? " counted" : " deadlock"); },
            [](const Waits& c) { return print(c.object) + (c.waits ? " yes" : " no"); },
            [](const ApcDisable& c) { return print(c.apcs); },
            [](const ApcEnable& c) { return print(c.apcs); },
            [](const RequiresApcsDisabled& c) { return print(c.apcs); },
            [](const Returns& c) { return c.value; },
            [](const ReturnsPreviousIrql&) { return std::string(); },
            [](const ReturnsCurrentIrql&) { return std::string(); },
            [](const Argument& c) {
                return c.parameter + (c.op.empty() ? " saved by " + names(c.saved_by) : " " + c.op + " current irql");
            },
            [](const HeldOnEntry& c) { return print(c.object); },
            [](const NotCombined& c) { return print(c.object) + " " + names(c.functions); },
            [](const Pending& c) { return c.status + " before " + c.before + " after " + c.after; },
            [](const SameObject& c) { return print(c.object) + " of " + c.parent; },
            [](const Resident& c) { return c.parameter; },
            [](const Aligned& c) { return c.parameter + " " + std::to_string(c.bytes); },
            [](const ArgumentValue& c) { return c.parameter + " " + c.op + " " + names(c.values); },
            [](const Optional& c) { return c.parameter; },
            [](const ArgumentSame& c) { return c.parameter + (c.given ? " given by " : " of ") + names(c.functions); },
            [](const PrecededBy& c) { return print(c.object) + " " + names(c.functions); },
            [](const FollowedBy& c) { return print(c.object) + " " + names(c.functions) + (c.immediately ? " immediately" : ""); },
            [](const AfterwardsOnly& c) { return print(c.object) + " " + names(c.functions); },
            [](const Order& c) {
                std::string text = c.parameter + ":";
                for (const std::string& step : c.first_to_last) text += " " + step;
                return text;
            },
            [](const SetsState& c) { return print(c.object) + " " + c.state; },
            [](const Convert& c) { return print(c.object) + " " + print(c.from) + " to " + print(c.to) + (c.attempt ? " attempt" : ""); },
            [](const RequiresHeld& c) {
                return print(c.object) + (c.mode ? " " + print(*c.mode) : "") +
                       (c.acquired_by.empty() ? "" : " acquired by " + names(c.acquired_by));
            },
            [](const NotHeldOnEntry& c) { return print(c.object); },
            [](const SameProcessor& c) { return print(c.object); },
            [](const SameIrql& c) { return print(c.object); },
            [](const ReturnsValue& c) { return c.quantity + " " + print(c.object); },
            [](const Stores& c) { return c.parameter + " " + c.quantity; },
            [](const Operation& c) { return c.verb + " " + c.parameter; },
            [](const Atomic& c) { return c.lock + " " + names(c.functions); },
            [](const RaisesStatus& c) { return c.status; },
            [](const BugCheck& c) { return c.code; },
            [](const Calls& c) { return c.parameter + (c.levels ? " at " + to_string(*c.levels) : "") + " holding " + print(c.held); },
            [](const Called& c) { return c.may_hold.noun.empty() ? std::string() : "perhaps holding " + print(c.may_hold); },
        },
        content);
}

// "Wait-FALSE", "Timeout-not-NULL", "irql-PASSIVE_LEVEL": distinguishes clauses of one kind by their condition.
std::string condition_what(const Condition& when) {
    std::string text;
    for (const Comparison& comparison : when.all) {
        if (!text.empty()) text += "-";
        switch (comparison.subject) {
            case Comparison::Subject::parameter:
                text += comparison.name;
                break;
            case Comparison::Subject::pointee:
                text += comparison.name + "-value";
                break;
            case Comparison::Subject::result:
                text += "result";
                break;
            case Comparison::Subject::irql:
                text += "irql";
                break;
            case Comparison::Subject::state:
                text += dashes(comparison.name);
                break;
        }
        if (comparison.op == "!=")
            text += "-not";
        else if (comparison.op == "<")
            text += "-below";
        else if (comparison.op == "<=")
            text += "-at-most";
        else if (comparison.op == ">")
            text += "-above";
        else if (comparison.op == ">=")
            text += "-at-least";
        text += "-" + dashes(comparison.value);
    }
    return text;
}

// Of the kinds of which one function may have several clauses: what tells them apart.
std::string what_of_content(const ClauseContent& content) {
    using namespace clause;
    return std::visit(
        [](const auto& c) -> std::string {
            using Content = std::decay_t<decltype(c)>;
            if constexpr (std::is_same_v<Content, Resident> || std::is_same_v<Content, Aligned> || std::is_same_v<Content, Optional> ||
                          std::is_same_v<Content, ArgumentSame> || std::is_same_v<Content, Calls>)
                return c.parameter;
            else if constexpr (std::is_same_v<Content, ArgumentValue>)
                return c.parameter + (c.values.empty()           ? ""
                                      : c.op == "!="             ? "-not-" + dashes(c.values.front())
                                      : c.op == "&"              ? "-has-" + dashes(c.values.front())
                                      : c.op == "points-to-size" ? "-size"
                                                                 : "");
            else if constexpr (std::is_same_v<Content, SetsState>)
                return c.state;
            else if constexpr (std::is_same_v<Content, ReturnsValue>)
                return c.quantity;
            else if constexpr (std::is_same_v<Content, Stores>)
                return c.parameter + "-" + c.quantity;
            else if constexpr (std::is_same_v<Content, Operation>)
                return c.verb;
            else if constexpr (std::is_same_v<Content, RaisesStatus>)
                return c.status;
            else if constexpr (std::is_same_v<Content, BugCheck>)
                return c.code;
            else if constexpr (std::is_same_v<Content, NotHeldOnEntry> || std::is_same_v<Content, RequiresHeld>)
                return dashes(c.object.noun);
            else
                return {};
        },
        content);
}

}  // namespace

const char* clause_kind(const ClauseContent& content) {
    using namespace clause;
    return std::visit(Overloaded{
                          [](const IrqlEntry&) { return "irql-entry"; },
                          [](const IrqlRaise&) { return "irql-raise"; },
                          [](const IrqlSave&) { return "irql-save"; },
                          [](const IrqlRestore&) { return "irql-restore"; },
                          [](const IrqlUnchanged&) { return "irql-unchanged"; },
                          [](const Initialize&) { return "initialize"; },
                          [](const Destroy&) { return "destroy"; },
                          [](const RequiresInitialized&) { return "requires-initialized"; },
                          [](const Acquire&) { return "acquire"; },
                          [](const Release&) { return "release"; },
                          [](const ReleaseWith&) { return "release-with"; },
                          [](const Releases&) { return "releases"; },
                          [](const ReleasesNot&) { return "releases-not"; },
                          [](const Owner&) { return "owner"; },
                          [](const Recursion&) { return "recursion"; },
                          [](const Waits&) { return "waits"; },
                          [](const ApcDisable&) { return "apc-disable"; },
                          [](const ApcEnable&) { return "apc-enable"; },
                          [](const RequiresApcsDisabled&) { return "requires-apcs-disabled"; },
                          [](const Returns&) { return "returns"; },
                          [](const ReturnsPreviousIrql&) { return "returns-previous-irql"; },
                          [](const ReturnsCurrentIrql&) { return "returns-current-irql"; },
                          [](const Argument&) { return "argument"; },
                          [](const HeldOnEntry&) { return "held-on-entry"; },
                          [](const NotCombined&) { return "not-combined"; },
                          [](const Pending&) { return "pending"; },
                          [](const SameObject&) { return "same-object"; },
                          [](const Resident&) { return "resident"; },
                          [](const Aligned&) { return "aligned"; },
                          [](const ArgumentValue&) { return "argument-value"; },
                          [](const Optional&) { return "optional"; },
                          [](const ArgumentSame&) { return "argument-same"; },
                          [](const PrecededBy&) { return "preceded-by"; },
                          [](const FollowedBy&) { return "followed-by"; },
                          [](const AfterwardsOnly&) { return "afterwards-only"; },
                          [](const Order&) { return "order"; },
                          [](const SetsState&) { return "sets-state"; },
                          [](const Convert&) { return "convert"; },
                          [](const RequiresHeld&) { return "requires-held"; },
                          [](const NotHeldOnEntry&) { return "not-held-on-entry"; },
                          [](const SameProcessor&) { return "same-processor"; },
                          [](const SameIrql&) { return "same-irql"; },
                          [](const ReturnsValue&) { return "returns-value"; },
                          [](const Stores&) { return "stores"; },
                          [](const Operation&) { return "operation"; },
                          [](const Atomic&) { return "atomic"; },
                          [](const RaisesStatus&) { return "raises-status"; },
                          [](const BugCheck&) { return "bug-check"; },
                          [](const Calls&) { return "calls"; },
                          [](const Called&) { return "called"; },
                      },
                      content);
}

std::string clause_what(const Clause& clause) {
    using namespace clause;
    std::string what;
    if (const auto* returns = std::get_if<Returns>(&clause.content))
        what = returns->value;
    else if (const auto* argument = std::get_if<Argument>(&clause.content))
        what = argument->parameter;
    else if (const auto* held = std::get_if<HeldOnEntry>(&clause.content))
        what = dashes(held->object.noun);
    else if (const auto* initialized = std::get_if<RequiresInitialized>(&clause.content);
             initialized && (initialized->object.parameter.empty() || initialized->further))
        what = initialized->further ? initialized->object.parameter : dashes(initialized->object.noun);
    else if (const std::string named = what_of_content(clause.content); !named.empty())
        what = named;
    // The value that a return stands for is the condition's name already: only what tells two returns of one value apart is added.
    const std::string when = condition_what(clause.when);
    if (!when.empty() && !(std::holds_alternative<Returns>(clause.content) && clause.when.all.front().name == "object"))
        what += (what.empty() ? "" : "-") + when;
    else if (clause.when.all.empty() && !clause.when.text.empty())
        what += what.empty() ? "conditional" : "-conditional";
    return what;
}

std::string canonical_clause(const Clause& clause) {
    std::string text = std::string(clause_kind(clause.content));
    if (const std::string content = content_of(clause.content); !content.empty()) text += " " + content;
    if (!clause.when.all.empty()) {
        std::vector<std::string> parts;
        for (const Comparison& comparison : clause.when.all) parts.push_back(print(comparison));
        std::sort(parts.begin(), parts.end());
        text += " when ";
        for (std::size_t i = 0; i < parts.size(); ++i) text += (i ? " and " : "") + parts[i];
    } else if (!clause.when.text.empty()) {
        text += " when (words)";
    }
    return text;
}

}  // namespace ddi::facts
