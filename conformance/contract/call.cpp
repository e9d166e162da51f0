// Before the call: what the caller must keep. Effects are in call_effects.cpp.
#include "conformance/contract/call.h"

#include <string_view>
#include <utility>

#include "conformance/contract/environment.h"
#include "conformance/contract/irql.h"
#include "conformance/contract/report.h"

namespace ddi::contract {

namespace {

std::string holder(const Hold& hold, std::uint64_t thread) {
    std::string who = hold.thread == thread ? "by the caller" : "by thread " + std::to_string(hold.thread);
    return std::string(hold.object.noun) + " held " + who + ", acquired by " + hold.function;
}

std::string one_of(const char* functions) {
    std::string text = functions;
    for (std::size_t at = text.find(' '); at != std::string::npos; at = text.find(' ', at + 2)) text.replace(at, 1, ", ");
    return text;
}

}  // namespace

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
}

Call::~Call() {
    if (entered_ && !left_) {
        for (auto& hold : released_) tracker().add(hold);
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
    if (!is_known(object)) return;
    auto hold = tracker().to_release(thread_, object);
    const Rule& not_held = rules.releases != nullptr ? *rules.releases : rules.release;
    std::string noun = object.noun;
    if (!hold) {
        if (!failed_)
            violate(not_held, true, noun + " not held",
                    noun + " held" + (*not_held.functions ? ", acquired by " + one_of(not_held.functions) : ""));
        return;
    }
    released_.push_back(*hold);
    if (failed_) return;
    std::string observed = holder(*hold, thread_);
    if (hold->thread != thread_ && rules.owner != nullptr) {
        violate(*rules.owner, true, observed, noun + " held by the calling thread");
    } else if (rules.releases_not != nullptr && rules.releases_not->lists(hold->function)) {
        violate(*rules.releases_not, true, observed, "not acquired by " + std::string(hold->function));
    } else if (!pair_is_named(rules, *hold) && rules.releases != nullptr && *rules.releases->functions && hold->release_with != nullptr) {
        violate(*rules.releases, true, observed, "acquired by " + one_of(rules.releases->functions));
    } else if (!pair_is_named(rules, *hold) && hold->release_with != nullptr && *hold->release_with->functions) {
        violate(*hold->release_with, true, observed + ", released with " + function_,
                "released with " + one_of(hold->release_with->functions));
    } else if (rules.mode && hold->mode != *rules.mode) {
        violate(rules.release, true, observed + (hold->mode == Mode::shared ? " shared" : " exclusive"),
                *rules.mode == Mode::shared ? "held shared" : "held exclusive");
    }
}

void Call::owner(const Rule& rule, const Object& object) {
    if (skips(object) || tracker().held_by(thread_, object)) return;
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
    for (const auto& hold : released_) tracker().remove(hold.serial);
    for (Key used : uses_) tracker().used(used, function_);
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

bool Call::held_by_caller(const Object& object) const { return tracker().held_by(thread_, object).has_value(); }

bool Call::is_known(const Object& object) const {
    if (!object.only_known) return true;
    auto state = tracker().state(object.key);
    return state && state->domain == object.domain;
}

}  // namespace ddi::contract
