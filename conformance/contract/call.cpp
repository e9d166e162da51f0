// Before the call: what the caller must keep. Effects are in call_effects.cpp.
#include "conformance/contract/call.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "conformance/contract/environment.h"
#include "conformance/contract/history.h"
#include "conformance/contract/irql.h"
#include "conformance/contract/report.h"
#include "conformance/contract/words.h"

namespace ddi::contract {

Call::Call(const char* function, const void* caller)
    : function_(function), caller_(caller), thread_(thread_number()), before_(implementation().current_irql()), after_(before_) {
    ThreadState& state = thread_state();
    bool low = !irql_at_least(before_, Level::apc);
    const Environment& environment = implementation();
    for (Apcs apcs : {Apcs::normal, Apcs::all}) {
        auto ask = apcs == Apcs::normal ? environment.apcs_disabled : environment.all_apcs_disabled;
        if (ask == nullptr || state.disabled[0] + state.disabled[1] != 0) continue;
        state.before_disabled[static_cast<int>(apcs)] = low ? std::optional<bool>(ask()) : std::nullopt;
    }
    if (state.next) {
        Next next = *state.next;
        state.next.reset();
        if (!next.rule->lists(function))
            violate(*next.rule, true, std::string(function) + " called after " + next.function,
                    one_of(next.rule->functions) + " called next");
    }
}

Call::~Call() {
    if (entered_ && !left_) {
        if (!untracked_) {
            for (auto& hold : released_) tracker().add(hold);
        }
        for (auto& hold : converting_) tracker().change(hold.serial, hold.mode);
    }
    for (auto serial : adopted_) tracker().remove(serial);
}

void Call::violate(const Rule& rule, bool before, std::string observed, std::string required) {
    failed_ = true;
    Violation violation;
    violation.rule = rule.id;
    violation.function = function_;
    violation.observed = std::move(observed);
    violation.required = std::move(required);
    violation.thread = thread_;
    for (const auto& hold : tracker().holds(thread_)) violation.held.push_back(describe(hold));
    violation.sentence = rule.sentence;
    violation.page = rule.page;
    violation.line = rule.line;
    violation.before_call = before;
    deliver(violation);
}

void Call::entry_irql(const Rule& rule, Levels allowed) {
    if (failed_ || (levels_of(before_).bits & allowed.bits) != 0) return;
    violate(rule, true, "IRQL " + irql_text(before_), "IRQL " + to_string(allowed));
}

void Call::requires_apcs_disabled(const Rule& rule, Apcs apcs) {
    if (failed_ || apcs_are_disabled(before_, apcs) != Answer::no) return;
    violate(rule, true, apcs == Apcs::all ? "special kernel APCs are enabled" : "normal kernel APCs are enabled",
            apcs == Apcs::all ? "all APCs disabled" : "normal kernel APCs disabled");
}

void Call::requires_initialized(const Rule& rule, const Object& object) {
    if (failed_) return;
    auto state = tracker().state(object.key);
    // An untyped parameter takes objects of many kinds, some of which no wrapper can know.
    if (object.only_known && (!state || state->domain != object.domain)) return;
    std::string functions = *rule.functions ? " by " + one_of(rule.functions) : "";
    if (!state) {
        violate(rule, true, std::string(object.noun) + " never initialized", "initialized" + functions);
    } else if (state->destroyed) {
        violate(rule, true, std::string(object.noun) + " no longer exists, it was destroyed", "initialized" + functions);
    } else if (!state->function.empty() && (*rule.functions ? !rule.lists(state->function) : state->domain != object.domain)) {
        violate(rule, true, "initialized by " + state->function, "initialized" + functions);
    }
}

void Call::not_combined(const Rule& rule, const Object& object) {
    note_use(object);
    if (skips(object)) return;
    if (auto other = tracker().used_before(object.key, rule, function_)) {
        violate(rule, true, *other + " was used on the same " + object.noun, "not both on one " + std::string(object.noun));
    }
}

void Call::note_use(const Object& object) { uses_.push_back(object.key); }

/// One of the two pages names the other function: that is leave enough, whatever the other page lists.
bool Call::pair_is_named(const ReleaseRules& rules, const Hold& hold) const {
    return (rules.releases != nullptr && rules.releases->lists(hold.function)) ||
           (hold.release_with != nullptr && hold.release_with->lists(function_));
}

void Call::releases(const ReleaseRules& rules, const Object& object) {
    if (!is_known(object) || tracker().is_lost(object)) return;
    const Rule& not_held = rules.releases != nullptr ? *rules.releases : rules.release;
    std::string noun = object.noun;
    const Wanted wanted{rules.mode, rules.same.name, rules.same.value};
    auto holds = tracker().holds_of(object);
    auto hold = tracker().to_release(thread_, object, wanted);
    if (rules.for_thread && hold && std::any_of(holds.begin(), holds.end(), [&](const Hold& h) { return h.thread != hold->thread; })) {
        untracked_ = true;
        released_.push_back(*hold);
        return;
    }
    std::size_t missing = rules.units;
    while (hold && missing > 0) {
        Hold taken = *hold;
        taken.units = std::min(missing, hold->units);
        missing -= taken.units;
        released_.push_back(taken);
        if (missing == 0) break;
        // The next newest of those that are not counted yet.
        hold.reset();
        for (auto other = holds.rbegin(); other != holds.rend() && !hold; ++other) {
            bool counted = std::any_of(released_.begin(), released_.end(), [&](const Hold& h) { return h.serial == other->serial; });
            if (!counted) hold = *other;
        }
    }
    if (failed_) return;
    if (missing > 0)
        violate(not_held, true, released_.empty() ? noun + " not held" : noun + " held fewer times",
                noun + " held" + (*not_held.functions ? ", acquired by " + one_of(not_held.functions) : ""));
    else if (!released_.empty())
        check_release(rules, released_.front());
}

void Call::check_release(const ReleaseRules& rules, const Hold& hold) {
    std::string noun = hold.object.noun;
    std::string observed = holder(hold, thread_);
    bool others = !hold.converted && !pair_is_named(rules, hold);
    auto processor = implementation().current_processor;
    auto same = [&](const Given& given) { return std::string_view(given.name) == rules.same.name; };
    auto given = std::find_if(hold.given.begin(), hold.given.end(), same);
    if (hold.thread != thread_ && hold.thread != 0 && rules.owner != nullptr) {
        violate(*rules.owner, true, observed, noun + " held by the calling thread");
    } else if (rules.releases_not != nullptr && rules.releases_not->lists(hold.function)) {
        violate(*rules.releases_not, true, observed, "not acquired by " + std::string(hold.function));
    } else if (others && rules.releases != nullptr && *rules.releases->functions && hold.release_with != nullptr) {
        violate(*rules.releases, true, observed, "acquired by " + one_of(rules.releases->functions));
    } else if (others && hold.release_with != nullptr && *hold.release_with->functions) {
        violate(*hold.release_with, true, observed + ", released with " + function_,
                "released with " + one_of(hold.release_with->functions));
    } else if (rules.mode && hold.mode != *rules.mode) {
        violate(rules.release, true, observed + (hold.mode == Mode::shared ? " shared" : " exclusive"),
                *rules.mode == Mode::shared ? "held shared" : "held exclusive");
    } else if (rules.same.rule != nullptr && given != hold.given.end() && given->value != rules.same.value) {
        violate(*rules.same.rule, true, std::string(rules.same.name) + " " + hex(rules.same.value),
                std::string(rules.same.name) + " " + hex(given->value) + ", as at " + hold.function);
    } else if (rules.same_processor != nullptr && hold.processor && processor != nullptr && *hold.processor != processor()) {
        violate(*rules.same_processor, true, "on processor " + std::to_string(processor()),
                "on processor " + std::to_string(*hold.processor) + ", as " + hold.function);
    } else if (rules.same_irql != nullptr && before_ != hold.saved_irql && before_ != hold.held_irql) {
        violate(*rules.same_irql, true, "IRQL " + irql_text(before_), "IRQL " + irql_text(hold.held_irql) + ", as at " + hold.function);
    }
}

void Call::owner(const Rule& rule, const Object& object) {
    if (skips(object) || tracker().is_lost(object) || tracker().held_by(thread_, object)) return;
    auto other = tracker().held_by_other(thread_, object);
    violate(rule, true, other ? holder(*other, thread_) : std::string(object.noun) + " not held",
            std::string(object.noun) + " held by the calling thread");
}

void Call::recursion_deadlocks(const Rule& rule, const Object& object) {
    if (skips(object)) return;
    if (auto hold = tracker().held_by(thread_, object))
        violate(rule, true, holder(*hold, thread_), std::string(object.noun) + " not held by the caller");
}

void Call::enables_apcs(const Rule& rule, Apcs apcs) {
    if (failed_ || thread_state().disabled[static_cast<int>(apcs)] > 0 || apcs_are_disabled(before_, apcs) != Answer::no) return;
    violate(rule, true, "APCs are not disabled", "a call before that disabled them");
}

void Call::argument_irql(const Rule& rule, unsigned char value, const char* op) {
    std::string_view compare = op;
    bool kept = compare == "==" ? value == before_ : compare == "<=" ? value <= before_ : value >= before_;
    if (failed_ || kept) return;
    violate(rule, true, "argument " + irql_text(value), "argument " + std::string(op) + " the current IRQL, " + irql_text(before_));
}

void Call::argument_saved(const Rule& rule, unsigned char value) {
    if (failed_ || released_.empty() || released_.front().saved_irql == value) return;
    const Hold& hold = released_.front();
    violate(rule, true, "argument " + irql_text(value), irql_text(hold.saved_irql) + ", the IRQL before " + hold.function);
}

void Call::argument_raised(const Rule& rule, unsigned char value) {
    if (failed_) return;
    std::string known;
    for (const auto& raise : thread_state().raises) {
        if (*rule.functions && !rule.lists(raise.function)) continue;
        if (raise.level == value) return;
        known += (known.empty() ? "" : " or ") + irql_text(raise.level) + ", saved by " + raise.function;
    }
    violate(rule, true, "argument " + irql_text(value), known.empty() ? "an IRQL saved by " + one_of(rule.functions) : known);
}

void Call::waits(const Rule& rule) {
    if (failed_ || !irql_at_least(before_, Level::dispatch)) return;
    violate(rule, true, "may wait at IRQL " + irql_text(before_), "IRQL <= APC_LEVEL");
}

void Call::held_on_entry(const Rule& rule, const Object& object) {
    auto held = object.key != 0 ? tracker().held_by(thread_, object) : tracker().held_by_noun(thread_, object.noun);
    if (failed_ || held) return;
    auto ask = implementation().holds;
    if (ask != nullptr && ask(object.noun, object.key) == Answer::yes) {
        Hold hold{object, Mode::exclusive, function_, &rule, nullptr, before_, thread_, caller_, 0};
        adopted_.push_back(tracker().add(hold));
        return;
    }
    violate(rule, true, std::string(object.noun) + " not held by the caller", std::string(object.noun) + " held");
}

void Call::enter() {
    for (const auto& hold : released_) tracker().remove(hold.serial, hold.units);
    if (untracked_) tracker().lose(released_.front().object);
    for (Key used : uses_) tracker().used(used, function_);
    if (touched_.empty()) history().fulfil(function_, 0);
    for (const auto& [object, use] : touched_) {
        tracker().touch(object, thread_, use);
        history().fulfil(function_, object);
    }
    // From here on others may have it, too: the real call lets them in before it returns.
    for (const auto& hold : converting_) tracker().change(hold.serial, Mode::shared);
    entered_ = true;
}

bool Call::irql(const char* op, Level level) const {
    std::string_view compare = op;
    bool equal = (levels_of(before_).bits & Levels::at(level).bits) != 0;
    bool at_least = irql_at_least(before_, level);
    if (compare == "==") return equal;
    if (compare == "!=") return !equal;
    if (compare == ">=") return at_least;
    if (compare == "<") return !at_least;
    if (compare == ">") return at_least && !equal;
    return !at_least || equal;
}

}  // namespace ddi::contract
