// What earlier calls for an object, or the thread's last call, ask of this one; and what this one will ask of later ones.
#include "conformance/contract/call.h"
#include "conformance/contract/history.h"
#include "conformance/contract/residency.h"
#include "conformance/contract/words.h"

namespace ddi::contract {

void Call::touches(const Object& object, Use use) {
    if (object.key == 0) return;
    touched_.emplace_back(object.key, use);
    auto restriction = history().restriction(object.key);
    if (!restriction || restriction->thread != thread_) return;
    if (restriction->rule->lists(function_)) {
        history().lift(object.key);
    } else if (!failed_) {
        violate(*restriction->rule, true,
                std::string(function_) + " called for the same " + object.noun + " after " + restriction->function,
                "only " + one_of(restriction->rule->functions) + " from then on");
    }
}

void Call::preceded_by(const Rule& rule, const Object& object) {
    auto state = tracker().state(object.key);
    if (skips(object) || !state || state->destroyed || state->function.empty()) return;
    if (!tracker().used_before(object.key, rule, function_))
        violate(rule, true, "none was called for the " + std::string(object.noun) + " before", one_of(rule.functions) + " called before");
}

void Call::order(const Rule& rule, const Object& object, Key owner, int place, const char* order) {
    order_owner_ = owner;
    place_ = place;
    if (skips(object) || place == 0) return;
    for (const auto& hold : tracker().holds(thread_)) {
        if (std::string_view(hold.object.domain) != object.domain || hold.owner != owner || hold.place <= place) continue;
        violate(rule, true, holder(hold, thread_) + ", a later one in the order", std::string("acquired in the order ") + order);
        return;
    }
}

void Call::argument(const Rule& rule, bool kept, const char* required) {
    if (!failed_ && !kept) violate(rule, true, "another argument", required);
}

void Call::argument_given(const Rule& rule, Key value) {
    if (failed_ || history().was_given(rule, value)) return;
    violate(rule, true, "argument " + hex(value), "what " + one_of(rule.functions) + " was given or gave");
}

void Call::aligned(const Rule& rule, Key address, unsigned bytes) {
    if (failed_ || bytes == 0 || address % bytes == 0) return;
    violate(rule, true, "address " + hex(address), "a multiple of " + std::to_string(bytes));
}

void Call::resident(const Rule& rule, Key address) {
    if (failed_ || address == 0 || !is_pageable(address)) return;
    violate(rule, true, "pageable memory at " + hex(address), "nonpaged memory");
}

void Call::gives(const char* name, Key value) {
    history().gave(function_, value);
    for (auto serial : added_) tracker().give(serial, {name, value});
}

void Call::followed_by(const Rule& rule, Key object, bool immediately) {
    if (immediately)
        thread_state().next = Next{&rule, function_};
    else
        history().oblige({&rule, function_, object, thread_, caller_});
}

void Call::afterwards_only(const Rule& rule, const Object& object) {
    if (failed_ || object.key == 0) return;
    history().restrict(object.key, {&rule, function_, thread_});
    tracker().disown(thread_, object);
}

void Call::sets_state(const Object& object, const char* state) { tracker().set_state(object.key, thread_, state); }

}  // namespace ddi::contract
