#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "generator/emit/tests/behaviour.h"
#include "generator/emit/tests/cast.h"
#include "generator/emit/wrappers/conditions.h"

namespace ddi::emit::tests {

namespace clause = facts::clause;

void Behaviour::show(const clause::Resident&) { works(); }
void Behaviour::show(const clause::Aligned&) { works(); }

void Behaviour::show(const clause::ArgumentValue& c) {
    if (is_callback()) return works();
    if (c.op != "==") return works();
    const auto& parameters = api_.signature->parameters;
    auto parameter = std::find_if(parameters.begin(), parameters.end(), [&](const auto& p) { return p.name == c.parameter; });
    if (parameter == parameters.end()) return because("the clause is about no parameter");
    auto type = knowledge_.types().of(parameter->type);
    for (const auto& value : c.values) {
        if (type.depth > 0 || !wrappers::value_expression(value, type, knowledge_.types())) continue;
        Step with = step();
        with.arguments.values[c.parameter] = value;
        auto way = knowledge_.way_of(with);
        if (way && file_.use(with)) say("may_be_called", way, ", " + call_name(with) + within());
    }
    if (case_.body.empty()) works();
}

void Behaviour::show(const clause::Optional& c) {
    if (is_callback()) return works();
    Step with = step();
    const auto& parameters = api_.signature->parameters;
    auto parameter = std::find_if(parameters.begin(), parameters.end(), [&](const auto& p) { return p.name == c.parameter; });
    if (parameter == parameters.end()) return because("the clause is about no parameter");
    bool pointer = knowledge_.types().of(parameter->type).depth > 0;
    with.arguments.values[c.parameter] = pointer ? "NULL" : "0";
    auto way = knowledge_.way_of(with);
    if (!way || !file_.use(with)) return because("an argument of the call cannot be supplied");
    say("may_be_called", way, ", " + call_name(with) + within());
}

void Behaviour::show(const clause::ArgumentSame&) {
    if (is_callback() || ends_use()) return works();
    around("belong_together");
    if (case_.body.empty()) works();
}

void Behaviour::show(const clause::PrecededBy&) { works(); }

std::optional<Way> Behaviour::following(const clause::FollowedBy& c) const {
    for (const auto& name : c.functions) {
        const Api* after = knowledge_.callable(name, api_.header.value);
        if (after == nullptr) continue;
        // A wait that comes back whatever the object's state is.
        Step call = usual(*after);
        for (const auto& choice : argument_choices(*after, knowledge_.types())) {
            bool at_once = std::any_of(choice.values.begin(), choice.values.end(), [](const auto& v) { return v.second == "zero"; });
            if (!at_once) continue;
            call.arguments = choice;
            break;
        }
        auto ref = knowledge_.object(*after);
        if (ref && ref->only_known && !domain(api_).empty() && ref->domain != domain(api_)) {
            // A wait for an object of this kind holds nothing afterwards.
            Way next;
            next.acquire = call;
            next.acquire.as = domain(api_);
            return next;
        }
        auto next = knowledge_.way_from(call);
        if (!next) next = knowledge_.alone(call);
        if (own_slot(next->acquire, knowledge_).empty()) next->acquire.as = domain(api_);
        return next;
    }
    return std::nullopt;
}

std::optional<Way> Behaviour::following_at_once() const {
    std::optional<Way> next;
    for_each_clause<clause::FollowedBy>(api_, [&](const Rule& rule, const clause::FollowedBy& c) {
        if (c.immediately && !next && holds(rule.clause.when, situation_.arguments)) next = following(c);
    });
    return next;
}

void Behaviour::show(const clause::FollowedBy& c) {
    if (is_callback()) return works();
    auto way = knowledge_.way_of(step());
    auto next = following(c);
    if (!way || !next) return because("no documented prototype of the function to call afterwards");
    if (way->release && way->release->api == next->acquire.api) return works();
    if (!file_.use(*next) || !file_.use(step())) return because("an argument of the call cannot be supplied");
    say("goes_on", way, call() + ", " + way_name(*next));
}

void Behaviour::show(const clause::AfterwardsOnly& c) {
    auto way = knowledge_.way_of(step());
    for (const auto& name : c.functions) {
        const Api* after = knowledge_.callable(name, api_.header.value);
        if (after == nullptr || !way || after == &api_) continue;
        Way next = knowledge_.alone(usual(*after));
        next.initialize.reset();
        next.destroy.reset();
        if (file_.use(next) && file_.use(step())) say("goes_on", way, call() + ", " + way_name(next));
    }
    if (case_.body.empty()) works();
}

void Behaviour::show(const clause::Order& c) {
    // Where several locks have one place, each of them is there once.
    std::vector<std::vector<std::string>> orders(1);
    for (const auto& place : c.first_to_last) {
        std::vector<std::vector<std::string>> longer;
        for (const auto& value : alternatives(place)) {
            Step with = step();
            with.arguments.values[c.parameter] = value;
            auto way = knowledge_.way_from(with);
            if (!way || !way->release || !file_.use(*way)) return because("no documented function acquires one of the locks");
            for (auto order : orders) {
                order.push_back("&" + way_name(*way));
                longer.push_back(std::move(order));
            }
        }
        orders = std::move(longer);
    }
    for (const auto& order : orders) {
        if (order.empty()) return because("the page names no locks");
        add_line(fmt::format("acquires_in_order({{{}}});", fmt::join(order, ", ")));
    }
}

}  // namespace ddi::emit::tests
