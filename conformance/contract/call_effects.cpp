// After the call: what the function promises, and what the checker remembers of it.
#include <utility>

#include "conformance/contract/call.h"
#include "conformance/contract/environment.h"
#include "conformance/contract/history.h"
#include "conformance/contract/irql.h"
#include "conformance/contract/lock_order.h"
#include "conformance/contract/words.h"

namespace ddi::contract {

void Call::leave() {
    after_ = implementation().current_irql();
    left_ = true;
}

void Call::initialized(const Object& object) {
    tracker().initialized(object, function_, thread_);
    history().lift(object.key);
    if (lock_order().is_watched()) lock_order().forget(object);
}

void Call::initialized_anew(const Object& object) {
    auto first = tracker().state(object.key);
    bool known = first && !first->destroyed && first->domain == object.domain;
    tracker().initialized(object, known ? first->function.c_str() : function_, thread_);
    history().lift(object.key);
    if (lock_order().is_watched()) lock_order().forget(object);
}

void Call::destroyed(const Object& object) {
    tracker().destroyed(object);
    history().lift(object.key);
    if (lock_order().is_watched()) lock_order().forget(object);
}

void Call::acquired(const Rule& rule, const Rule* release_with, const Object& object, Mode mode, Acquisition how) {
    // Of several clauses of one function that speak of the same lock, the first one counts.
    if (!is_known(object) || tracker().is_lost(object) || (took_ && object.key == taken_.key && taken_.domain == object.domain)) return;
    took_ = true;
    taken_ = object;
    Hold hold{object, mode, function_, &rule, release_with, before_, thread_, caller_, 0};
    hold.held_irql = after_;
    if (auto processor = implementation().current_processor) hold.processor = processor();
    hold.units = how.units;
    hold.attempt = how.attempt;
    hold.owner = order_owner_;
    hold.place = place_;
    std::vector<Hold> before;
    bool watched = lock_order().is_watched();
    if (watched) before = tracker().holds(thread_);
    added_.push_back(tracker().add(hold));
    if (watched) lock_order().acquired(hold, before);
    if (failed_) return;
    // A holder's entry is made after its real acquisition and goes before its real release: two entries mean two holders.
    for (const auto& other : tracker().holds_of(object)) {
        if (other.thread == thread_ || other.thread == 0 || (mode == Mode::shared && other.mode == Mode::shared)) continue;
        violate(rule, false, holder(other, thread_), mode == Mode::shared ? "held by nobody exclusive" : "held by one thread");
        return;
    }
}

void Call::acquired_among(const Rule& rule, const Rule* release_with, Object any, const void* const* objects, std::size_t count, bool all,
                          std::size_t index) {
    any.only_known = true;
    for (std::size_t i = 0; i < count; ++i) {
        if (!all && i != index) continue;
        any.key = key(objects[i]);
        acquired(rule, release_with, any);
    }
}

void Call::check_irql(const Rule& rule, unsigned char expected, const char* what) {
    if (failed_ || after_ == expected) return;
    violate(rule, false, "IRQL " + irql_text(after_) + " after the call", "IRQL " + irql_text(expected) + what);
}

void Call::raised(const Rule& rule, Level to) {
    // A caller that already is above the level stays there.
    if (irql_at_least(before_, to))
        check_irql(rule, before_, ", as before the call");
    else if (!failed_ && (levels_of(after_).bits & Levels::at(to).bits) == 0)
        violate(rule, false, "IRQL " + irql_text(after_) + " after the call", std::string("IRQL raised to ") + level_name(to));
}

void Call::raised(const Rule& rule, unsigned char to) { check_irql(rule, to, ", the argument"); }

void Call::saved(const Rule& rule, unsigned char value) {
    if (failed_ || value == before_) return;
    violate(rule, false, "saved " + irql_text(value), irql_text(before_) + ", the IRQL before the call");
}

void Call::restored(const Rule& rule, unsigned char to) { check_irql(rule, to, ", the argument"); }

void Call::restored(const Rule& rule) {
    if (!released_.empty()) check_irql(rule, released_.front().saved_irql, ", the IRQL before the acquisition");
}

void Call::irql_unchanged(const Rule& rule) { check_irql(rule, before_, ", as before the call"); }

void Call::apcs_disabled(const Rule& rule, Apcs apcs) {
    ++thread_state().disabled[static_cast<int>(apcs)];
    if (failed_ || apcs_are_disabled(after_, apcs) != Answer::no) return;
    violate(rule, false, "APCs are enabled after the call", apcs == Apcs::all ? "all APCs disabled" : "normal kernel APCs disabled");
}

void Call::apcs_enabled(const Rule& rule, Apcs apcs) {
    ThreadState& state = thread_state();
    int& own = state.disabled[static_cast<int>(apcs)];
    if (own > 0) --own;
    if (failed_) return;
    // Whoever disables all APCs disables the normal ones too.
    int still = state.disabled[static_cast<int>(Apcs::all)] + (apcs == Apcs::normal ? state.disabled[0] : 0);
    Answer now = apcs_are_disabled(after_, apcs);
    if (still > 0 && now == Answer::no)
        violate(rule, false, "APCs are enabled after the call", "still disabled by " + std::to_string(still) + " call(s) before");
    bool were_enabled = state.before_disabled[static_cast<int>(apcs)] == std::optional<bool>(false);
    if (still == 0 && were_enabled && now == Answer::yes && !irql_at_least(after_, Level::apc))
        violate(rule, false, "APCs are still disabled after the call", "enabled: nothing disables them any more");
}

void Call::returns_previous_irql(const Rule& rule, unsigned char value) {
    if (failed_ || value == before_) return;
    violate(rule, false, "returned " + irql_text(value), irql_text(before_) + ", the IRQL before the call");
}

void Call::returns_current_irql(const Rule& rule, unsigned char value) {
    if (failed_ || value == after_) return;
    violate(rule, false, "returned " + irql_text(value), irql_text(after_) + ", the current IRQL");
}

void Call::returns(const Rule& rule, bool kept, const char* required) {
    if (failed_ || kept) return;
    violate(rule, false, "another value returned", std::string(required) + " returned");
}

void Call::gives_irql_back() { thread_state().raises.push_back({function_, before_}); }

void Call::lowers(unsigned char level) {
    auto& raises = thread_state().raises;
    while (!raises.empty() && raises.back().level >= level) raises.pop_back();
}

void Call::note(Key object) { tracker().event(object, function_); }

void Call::pending(const Rule& rule, bool returned_pending, Key object) {
    bool noted = tracker().take_event(object, rule);
    if (failed_ || !returned_pending || noted) return;
    violate(rule, false, "returned pending", std::string(rule.functions) + " called for the request before");
}

}  // namespace ddi::contract
