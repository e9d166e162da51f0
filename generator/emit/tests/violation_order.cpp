#include <fmt/format.h>

#include <algorithm>

#include "generator/emit/tests/cast.h"
#include "generator/emit/tests/violation.h"
#include "generator/emit/wrappers/conditions.h"
#include "generator/text/escape.h"

namespace ddi::emit::tests {

namespace clause = facts::clause;

namespace {

/// A value that "op value" excludes, as text; empty if there is none.
std::string excluded(const std::string& op, const std::string& value) {
    if (op == ">" || op == "!=" || op == "<") return value;
    if (op == "<=") return "1u + " + value;  // beyond what an int holds, too
    if (op == ">=") return value == "0" ? "-1" : value + " - 1";
    return {};
}

}  // namespace

void Violation::provoke(const clause::Resident& c) {
    if (!checked_before() || is_callback()) return;
    for_each_clause<clause::Resident>(api_, [&](const Rule& other, const clause::Resident& always) {
        bool same = &always != &c && always.parameter == c.parameter && other.clause.when.unconditional();
        if (same && !rule_.clause.when.unconditional()) because("it is reported under " + other.id + ", which has no condition");
    });
    if (!case_.reason.empty()) return;
    auto argument = argument_named(step(), c.parameter, knowledge_);
    bool shown = argument && *argument != "nullptr" && argument->find("_value") == std::string::npos;
    if (!shown) return because("no call has such an argument");
    auto way = knowledge_.way_of(step());
    std::string address =
        fmt::format("[]([[maybe_unused]] Objects& objects, [[maybe_unused]] Hand& hand) -> const void* {{ return {}; }}", *argument);
    say("in_pageable_memory", way, call() + ", " + address + within());
}

void Violation::provoke(const clause::Aligned& c) {
    if (!checked_before() || is_callback()) return;
    auto roles = cast(step(), knowledge_);
    for (std::size_t i = 0; i < roles.size(); ++i) {
        if (api_.signature->parameters[i].name != c.parameter) continue;
        const auto& role = roles[i];
        bool stored = role.kind == Role::Kind::object || role.kind == Role::Kind::variable || role.kind == Role::Kind::element;
        if (!stored) return because("the argument is no storage of the caller's");
        // Its initialization would break the initializing page's own rule first.
        if (role.kind == Role::Kind::object && !find_clause<clause::Initialize>(api_)) {
            auto made = knowledge_.initializer(api_, role.slot.substr(0, role.slot.find('#')));
            if (made && find_clause<clause::Aligned>(whole(*made->api)))
                return because("an object in such storage is reported when it is initialized");
        }
        std::string slot = role.kind == Role::Kind::object ? role.slot : "plain " + role.slot;
        say("misaligned", knowledge_.way_of(step()), fmt::format("{}, \"{}\"", call(), text::escape_c_string(slot)));
    }
}

void Violation::provoke(const clause::ArgumentValue& c) {
    if (!checked_before() || is_callback() || c.values.empty()) return;
    const auto* parameter = parameter_named(api_, c.parameter);
    if (parameter == nullptr) return;
    auto type = knowledge_.types().of(parameter->type);
    std::string wrong;
    if (type.depth > 0 && c.op == "&") {
        wrong = kWithout + c.values.front();
    } else if (type.depth > 0) {
        bool excludes_null = (c.op == "!=" && (c.values.front() == "NULL" || c.values.front() == "0"));
        if (!excludes_null) return because("no pointer is surely wrong");
        wrong = "NULL";
    } else if (c.op == "==") {
        wrong = "0x7e";  // no flag, no enumerator, no count that a page asks for
    } else {
        auto value = wrappers::value_expression(c.values.front(), type, knowledge_.types());
        wrong = value ? excluded(c.op, *value) : std::string();
    }
    if (wrong.empty()) return because("no value is surely wrong");
    Step with = step();
    with.arguments.values[c.parameter] = wrong;
    with.arguments.broken = c.parameter;
    auto way = knowledge_.way_of(with);
    if (!way || !file_.use(with)) return because("an argument of the call cannot be supplied");
    say("is_reported", way, ", " + call_name(with));
}

void Violation::provoke(const clause::ArgumentSame& c) {
    if (!checked_before() || is_callback()) return;
    auto roles = cast(step(), knowledge_);
    for (std::size_t i = 0; i < roles.size(); ++i) {
        if (api_.signature->parameters[i].name != c.parameter) continue;
        if (roles[i].kind == Role::Kind::agreed && ends_hold()) {
            for (const auto& way : knowledge_.ways_to(step())) {
                if (say("with_other_argument", way)) return;
            }
        }
        if (roles[i].kind != Role::Kind::object || ends_hold()) continue;
        if (find_clause<clause::RequiresInitialized>(whole(api_)))
            return because("what no function gave is reported under requires-initialized");
        Way way = knowledge_.alone(step());
        way.initialize.reset();
        way.destroy.reset();
        way.variant = "_of_nothing";
        way.hold.clear();
        way.end.reset();
        omits_predecessor_ = true;
        say("is_reported", way, call());
        return;
    }
    because("what was not given is reported as not held, or is the host's own");
}

void Violation::provoke(const clause::PrecededBy&) {
    if (!checked_before() || is_callback()) return;
    if (ends_hold()) return because("without the acquisition it is reported as a release of what nobody holds");
    omits_predecessor_ = true;
    say("is_reported", knowledge_.alone(step()), call());
}

void Violation::provoke(const clause::FollowedBy& c) {
    if (!checked_before() || is_callback()) return;
    auto way = knowledge_.way_of(step());
    if (!c.immediately) return void(say("not_followed", way, call() + ", nullptr"));
    // Any other call: one that needs nothing and changes nothing.
    for (const auto& api : knowledge_.model().apis) {
        if (!knowledge_.is_callable(api) || !knowledge_.is_wrapped(api) || !api.signature->parameters.empty()) continue;
        bool looks = std::all_of(api.rules.begin(), api.rules.end(), [](const Rule& rule) {
            return std::holds_alternative<clause::IrqlEntry>(rule.clause.content) ||
                   std::holds_alternative<clause::Returns>(rule.clause.content) ||
                   std::holds_alternative<clause::ReturnsCurrentIrql>(rule.clause.content);
        });
        if (!looks || contains(c.functions, api.name)) continue;
        Step other{&api, {}};
        if (file_.use(other) && say("not_followed", way, call() + ", &" + call_name(other))) return;
    }
    because("no other documented function can be called in between");
}

void Violation::provoke(const clause::AfterwardsOnly& c) {
    if (!checked_before() || is_callback()) return;
    auto way = knowledge_.way_of(step());
    auto ref = knowledge_.object(api_);
    for (const auto& acquire : knowledge_.acquisitions(ref ? ref->domain : std::string())) {
        if (contains(c.functions, acquire.api->name) || !file_.use(acquire)) continue;
        if (say("used_afterwards", way, call() + ", " + call_name(acquire))) return;
    }
    because("no other documented function uses the object");
}

void Violation::provoke(const clause::Order& c) {
    if (!checked_before() || c.first_to_last.size() < 2) return;
    auto way_with = [&](const std::string& value) {
        Step with = step();
        with.arguments.values[c.parameter] = value;
        auto way = knowledge_.way_from(with);
        return way && way->release && file_.use(*way) ? way : std::nullopt;
    };
    for (const auto& later : alternatives(c.first_to_last.back())) {
        for (const auto& earlier : alternatives(c.first_to_last.front())) {
            auto held = way_with(later), wanted = way_with(earlier);
            if (!held || !wanted) return because("no documented function acquires one of the locks");
            say("out_of_order", held, ", " + way_name(*wanted));
        }
    }
}

void Violation::provoke(const clause::RequiresHeld&) {
    if (!checked_before() || is_callback()) return;
    if (ends_hold()) return because("the release of what nobody holds is reported as such");
    say("is_reported", unheld(), call());
}

void Violation::provoke(const clause::NotHeldOnEntry& c) {
    if (!checked_before() || is_callback()) return;
    auto ref = knowledge_.context().locks.object(api_, c.object);
    for (const auto& acquire : knowledge_.acquisitions(ref ? ref->domain : std::string())) {
        auto way = knowledge_.way_from(acquire);
        if (!way || !way->release || !way->acquired.empty() || acquire.api == &api_) continue;
        // Locks of one name may belong to things of other kinds.
        auto taken = knowledge_.object(*acquire.api);
        if (!taken || !ref || (!taken->own_type && taken->base != ref->base)) continue;
        if (situation_.state == "held_shared" && !way->shared) continue;
        if (file_.use(step()) && say("while_held", way, call())) return;
    }
    // What takes it, by the page's own words not twice.
    auto own = acquires_it(ref) ? knowledge_.way_from(step()) : std::nullopt;
    if (own && own->release && rule_.clause.when.unconditional() && say("acquired_again", own)) return;
    because("no documented function acquires it");
}

bool Violation::acquires_it(const std::optional<ObjectRef>& ref) const {
    const auto* acquire = find_clause<clause::Acquire>(api_);
    auto taken = acquire != nullptr ? knowledge_.context().locks.object(api_, acquire->object) : std::nullopt;
    return taken && ref && taken->text() == ref->text();
}

void Violation::provoke(const clause::SameProcessor&) {
    if (checked_before()) because("a thread that holds it cannot be moved to another processor");
}

void Violation::provoke(const clause::SameIrql&) {
    if (!checked_before()) return;
    auto levels = knowledge_.levels(step());
    if (!levels || levels->levels().size() < 2) return because("another level is reported under irql-entry");
    for (const auto& way : knowledge_.ways_to(step())) {
        if (say("at_other_level", way)) return;
    }
}

void Violation::provoke(const clause::Convert&) {
    if (checked_before()) say("is_reported", unheld(), call());
}

Way Violation::unheld() const {
    Way way = knowledge_.alone(step());
    way.hold.clear();
    way.end.reset();
    return way;
}

}  // namespace ddi::emit::tests
