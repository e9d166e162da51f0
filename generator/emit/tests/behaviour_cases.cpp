#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "generator/emit/tests/behaviour.h"
#include "generator/emit/wrappers/conditions.h"

namespace ddi::emit::tests {

namespace clause = facts::clause;
using facts::Place;

namespace {

const char* const kNoWay = "no documented function ends what this one begins, or begins what it ends";

}  // namespace

Case behaviour_case(const Api& api, const Rule& rule, const Knowledge& knowledge, TestFile& file) {
    return Behaviour(api, rule, knowledge, file).run();
}

bool is_refused(const std::string& consequence) {
    return consequence == "bug check" || consequence == "exception" || consequence == "fatal error";
}

Case Behaviour::run() {
    if (is_callback()) {
        // A lock's two halves are seen from the functions that call them.
        const auto& content = rule_.clause.content;
        bool half = std::holds_alternative<clause::Acquire>(content) || std::holds_alternative<clause::Release>(content);
        if (!half && !file_.use_callback(api_)) return {{}, "the callback has no complete prototype"};
    } else if (!knowledge_.is_callable(api_)) {
        return {{}, "there is no complete prototype"};
    } else if (!situation_.impossible.empty()) {
        return {{}, situation_.impossible};
    }
    std::visit([&](const auto& content) { show(content); }, rule_.clause.content);
    if (case_.body.empty() && case_.reason.empty()) case_.reason = kNoWay;
    if (!case_.body.empty()) case_.reason.clear();
    return case_;
}

void Behaviour::works() {
    if (is_callback()) return because("it is a demand on the driver, not on who calls it");
    say_by_level("may_be_called");
}

/// The function at all of its levels, wherever it stands in its way: `more` follows the function, the levels come last.
void Behaviour::say_by_level(const char* choreography, const std::string& more) {
    // A call that asks for another one at once gets it.
    auto next = following_at_once();
    std::string followed;
    if (next && std::string_view(choreography) == "may_be_called" && file_.use(*next)) followed = ", " + way_name(*next);
    for (const auto& [way, levels] : knowledge_.ways_by_level(step())) {
        facts::LevelSet both{static_cast<std::uint16_t>(levels.bits & situation_.within.bits)};
        bool own_end = way.release && (way.release->api == step().api || (next && way.release->api == next->acquire.api));
        if (!both.empty())
            say(choreography, way,
                call() + (own_end ? "" : followed) + more + (both == facts::LevelSet::all() ? "" : ", " + levels_text(both)));
    }
}

void Behaviour::each_way_to(const char* choreography, const std::string& more) {
    for (const auto& way : knowledge_.ways_to(step())) say(choreography, way, more);
}

/// All ways that this function ends, or the one it begins: effects that both kinds have.
void Behaviour::around(const char* choreography, const std::string& more) {
    auto ways = knowledge_.ways_to(step());
    for (const auto& way : ways) say(choreography, way, more);
    if (ways.empty()) say(choreography, knowledge_.way_from(step()), more);
}

// A function that completes a request which a callback left pending.
bool Behaviour::completes_pending() {
    for (const auto& other : knowledge_.model().apis) {
        if (other.kind != page::PageKind::callback || other.header.value != api_.header.value) continue;
        const auto* pending = find_clause<clause::Pending>(other);
        if (pending == nullptr || pending->after != api_.name || !file_.use_callback(other)) continue;
        const Api* before = knowledge_.callable(pending->before, api_.header.value);
        if (before == nullptr || !file_.use(Step{before, {}}) || !file_.use(step())) continue;
        case_.body.push_back(fmt::format("completes_pending({}, {}, {}{}{});", callback_name(other), pending->status,
                                         call_name({before, {}}), call(), within()));
        return true;
    }
    return false;
}

void Behaviour::show(const clause::IrqlEntry& c) {
    if (is_callback()) {
        case_.body.push_back(fmt::format("is_called_at({}, {});", callback_name(api_), levels_text(c.allowed)));
    } else if (!completes_pending()) {
        say_by_level("may_be_called");
        // What begins something that no known function ends still can be called.
        bool ends = find_clause<clause::Release>(api_) || find_clause<clause::ApcEnable>(api_);
        if (case_.body.empty() && !ends && file_.use(step())) say("may_be_called", knowledge_.alone(step()), call() + within());
    }
}

void Behaviour::show(const clause::IrqlRaise& c) {
    if (c.parameter.empty())
        say("raises_irql", knowledge_.way_from(step()), ", " + level_text(c.to) + within());
    else
        say("raises_irql_as_asked", knowledge_.way_from(step()), within());
}

void Behaviour::show(const clause::IrqlSave& c) {
    // What is kept inside the lock shows when the release brings it back.
    bool hidden = c.where.kind == Place::Kind::object || c.where.kind == Place::Kind::none;
    say(hidden ? "restores_irql" : "saves_irql", knowledge_.way_from(step()), within());
}

void Behaviour::show(const clause::IrqlRestore&) { each_way_to("restores_irql", within()); }

void Behaviour::show(const clause::IrqlUnchanged&) {
    if (situation_.on_failure) return because("it speaks of a failed attempt, which the tests of the attempt cover");
    say_by_level("leaves_irql_unchanged");
}

void Behaviour::show(const clause::ReturnsPreviousIrql&) { say("returns_previous_irql", knowledge_.way_of(step()), call() + within()); }

void Behaviour::show(const clause::ReturnsCurrentIrql&) { say("returns_current_irql", knowledge_.way_of(step()), call() + within()); }

void Behaviour::show(const clause::Argument& c) {
    if (!c.op.empty()) {
        bool raises = find_clause<clause::IrqlRaise>(api_) != nullptr;
        if (raises) {
            auto way = knowledge_.way_from(step());
            say("raises_irql_as_asked", way);
            if (is_refused(rule_.clause.consequence) && c.op == ">=") say("refuses_level_below_current", way);
        } else {
            each_way_to("restores_irql");
        }
        return;
    }
    std::vector<Way> ways;
    for (const auto& name : c.saved_by) {
        const Api* acquire = knowledge_.callable(name, api_.header.value);
        if (acquire == nullptr) continue;
        auto way = knowledge_.way_between(usual(*acquire), step());
        if (way) ways.push_back(std::move(*way));
    }
    if (ways.empty()) ways = knowledge_.ways_to(step());
    for (const auto& way : ways) {
        say("restores_irql", way);
        if (is_refused(rule_.clause.consequence)) say("refuses_level_not_saved", way);
    }
}

void Behaviour::show(const clause::ApcDisable& c) {
    say("disables_apcs", knowledge_.way_from(step()), fmt::format(", {}{}", apcs_text(c.apcs), within()));
}

void Behaviour::show(const clause::ApcEnable& c) { each_way_to("enables_apcs", fmt::format(", {}{}", apcs_text(c.apcs), within())); }

void Behaviour::show(const clause::RequiresApcsDisabled& c) {
    say("works_with_apcs_disabled", knowledge_.way_of(step()), call() + ", " + apcs_text(c.apcs));
}

std::optional<Way> Behaviour::way_of_caller(const facts::Object& held) const {
    std::optional<Way> best;
    for (const auto& other : knowledge_.model().apis) {
        if (!knowledge_.is_callable(other)) continue;
        const auto* acquire = find_clause<clause::Acquire>(other);
        if (acquire == nullptr || acquire->object.noun != held.noun || acquire->attempt) continue;
        auto way = knowledge_.way_from(usual(other));
        if (!way) continue;
        bool given = std::any_of(other.signature->parameters.begin(), other.signature->parameters.end(), [&](const auto& p) {
            return std::any_of(api_.signature->parameters.begin(), api_.signature->parameters.end(),
                               [&](const auto& own) { return own.type == p.type; });
        });
        if (!best || given) best = way;
        if (given) break;
    }
    return best;
}

void Behaviour::show(const clause::Called& c) {
    if (!is_callback()) return because("it speaks of a callback");
    case_.body.push_back(fmt::format("is_called({});", callback_name(api_)));
    if (c.may_hold.noun.empty()) return;
    auto way = way_of_caller(c.may_hold);
    if (way && way->release && file_.use(*way))
        case_.body.push_back(fmt::format("is_called_by_holder({}, {});", callback_name(api_), way_name(*way)));
}

void Behaviour::show(const clause::HeldOnEntry& c) {
    auto best = way_of_caller(c.object);
    if (!best) return because("no documented function acquires what is held");
    if (!file_.use(*best)) return because("an argument of the call cannot be supplied");
    case_.body.push_back(fmt::format("is_called_with_lock_held({}, {});", callback_name(api_), way_name(*best)));
}

void Behaviour::show(const clause::Pending& c) {
    const Api* before = knowledge_.callable(c.before, api_.header.value);
    const Api* after = knowledge_.callable(c.after, api_.header.value);
    if (before == nullptr || !file_.use(Step{before, {}})) return because("no documented prototype of the function to call before");
    bool ends = after != nullptr && file_.use(Step{after, {}});
    case_.body.push_back(fmt::format("may_leave_pending({}, {}, {}, {});", callback_name(api_), c.status, call_name({before, {}}),
                                     ends ? "&" + call_name({after, {}}) : "nullptr"));
}

}  // namespace ddi::emit::tests
