// Holds that a call needs, must not have, or changes; and what the checker can be sure of about an object's state.
#include <algorithm>
#include <string_view>

#include "conformance/contract/call.h"
#include "conformance/contract/environment.h"
#include "conformance/contract/history.h"
#include "conformance/contract/words.h"

namespace ddi::contract {

void Call::requires_held(const Rule& rule, const Object& object, std::optional<Mode> mode) {
    if (skips(object) || tracker().is_lost(object)) return;
    std::optional<Hold> last;
    for (const auto& hold : tracker().holds_of(object)) {
        if (hold.thread != thread_) continue;
        bool fits = (!mode || hold.mode == *mode) && (*rule.functions == 0 || rule.lists(hold.function));
        if (fits) return;
        last = hold;
    }
    auto ask = implementation().holds;
    if (!last && ask != nullptr && ask(object.noun, object.key) == Answer::yes) return;
    std::string noun = object.noun;
    std::string required = noun + " held" +
                           (!mode                   ? ""
                            : *mode == Mode::shared ? " shared"
                                                    : " exclusive") +
                           " by the caller" + (*rule.functions ? ", acquired by " + one_of(rule.functions) : "");
    violate(rule, true, last ? holder(*last, thread_) + (last->mode == Mode::shared ? " shared" : "") : noun + " not held by the caller",
            required);
}

void Call::not_held(const Rule& rule, const Object& object) {
    if (skips(object)) return;
    if (auto hold = tracker().held_by(thread_, object))
        violate(rule, true, holder(*hold, thread_), std::string(object.noun) + " not held by the caller");
}

void Call::converts(const Rule& rule, const Object& object, Mode from, Mode to) {
    if (!is_known(object) || tracker().is_lost(object)) return;
    std::optional<Hold> other;
    bool found = false;
    for (const auto& hold : tracker().holds_of(object)) {
        if (hold.thread != thread_) continue;
        if (hold.mode != from) {
            other = hold;
            continue;
        }
        found = true;
        if (to == Mode::shared) converting_.push_back(hold);
    }
    if (failed_ || found) return;
    std::string noun = object.noun;
    violate(rule, true,
            other ? noun + (other->mode == Mode::shared ? " held shared" : " held exclusive") : noun + " not held by the caller",
            noun + (from == Mode::shared ? " held shared" : " held exclusive") + " by the caller");
}

void Call::converted(const Rule& rule, const Object& object, Mode to) {
    if (!is_known(object) || tracker().is_lost(object)) return;
    converting_.clear();
    for (const auto& hold : tracker().holds_of(object)) {
        if (hold.thread == thread_) tracker().change(hold.serial, to);
    }
    if (failed_ || to != Mode::exclusive) return;
    for (const auto& hold : tracker().holds_of(object)) {
        if (hold.thread == thread_) continue;
        violate(rule, false, holder(hold, thread_), std::string(object.noun) + " held by the caller alone");
        return;
    }
}

void Call::loses(const Object& object) {
    if (is_known(object)) tracker().lose(object);
}

std::uint64_t Call::own_count(const Object& object) const {
    std::uint64_t count = 0;
    for (const auto& hold : tracker().holds_of(object)) {
        if (hold.thread == thread_) count += hold.units;
    }
    return count;
}

void Call::returns_hold_count(const Rule& rule, const Object& object, std::uint64_t value) {
    // Somebody without wrappers may have acquired an object that no wrapper saw from its beginning.
    auto state = tracker().state(object.key);
    if (failed_ || !state || state->destroyed || state->function.empty() || tracker().is_lost(object) || value == own_count(object)) return;
    violate(rule, false, "returned " + std::to_string(value), std::to_string(own_count(object)) + ", the caller's holds");
}

bool Call::held_by_caller(const Object& object) const { return tracker().held_by(thread_, object).has_value(); }

bool Call::held_by_caller(const Object& object, Mode mode) const {
    auto holds = tracker().holds_of(object);
    return std::any_of(holds.begin(), holds.end(), [&](const Hold& hold) { return hold.thread == thread_ && hold.mode == mode; });
}

bool Call::in_region(const char* noun) const { return tracker().held_by(thread_, thread_object(noun)).has_value(); }

bool Call::is_known(const Object& object) const {
    if (!object.only_known) return true;
    auto state = tracker().state(object.key);
    return state && state->domain == object.domain;
}

bool Call::took(const char* noun) const {
    auto state = took_ ? tracker().state(taken_.key) : std::nullopt;
    return state && state->noun == noun;
}

bool Call::undisturbed(const Object& object) const {
    auto state = tracker().state(object.key);
    return state && !state->destroyed && state->only_thread == thread_;
}

bool Call::state_is(const Object& object, const char* state) const {
    auto known = tracker().state(object.key);
    return known && !known->destroyed && known->only_thread == thread_ && known->states.contains(state);
}

bool Call::is_free(const Object& object) const {
    return undisturbed(object) && !tracker().is_lost(object) && tracker().holds_of(object).empty();
}

bool Call::freed(const Object& object) const { return !released_.empty() && !tracker().is_lost(object) && own_count(object) == 0; }

}  // namespace ddi::contract
