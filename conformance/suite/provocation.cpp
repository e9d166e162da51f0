#include "conformance/suite/provocation.h"

#include <gtest/gtest.h>

#include <vector>

// For the leak sanitizer, in a build that has it: where the misuse is that an object is not freed, or is freed at a wrong level (then the
// checker stops the call), the object is left over.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:ddi::suite::not_followed\nleak:ddi::suite::at_forbidden_level\n"; }

namespace ddi::suite {

bool Provocation::ready(const Outcome& outcome, const char* function) {
    bool good = expect_completed(outcome, function, "as the set-up");
    EXPECT_EQ(recorder_.rules(), std::vector<std::string>{}) << "reported during the set-up";
    return good && recorder_.rules().empty();
}

void Provocation::expect_reported() {
    EXPECT_EQ(recorder_.rules(), std::vector<std::string>{rule_}) << detail();
    recorder_.clear();
}

void Provocation::provoke(const std::function<void()>& misuse) {
    guarded(misuse);
    expect_reported();
}

std::string Provocation::detail() const {
    std::string text;
    for (const auto& violation : recorder_.violations()) text += contract::format_violation(violation);
    return text;
}

bool Stage::begin(Provocation& provocation, const Way& way, bool acquire) {
    if (!provocation.ready(suite::initialize(way, *objects), "the set-up")) return false;
    if (way.hold != nullptr) {
        owned = provocation.ready(enter(*way.hold, *objects, owner), way.hold->acquire->name);
        if (!owned) return false;
    }
    if (!acquire) return true;
    held = provocation.ready(enter(way, *objects, hand), way.acquire->name);
    return held;
}

bool Stage::set(Provocation& provocation, const Way& way, const Function& function) {
    if (!provocation.ready(prepare(function, *objects), "the set-up")) return false;
    return &function == way.initialize || begin(provocation, way, &function == way.release);
}

void Stage::strike(const Way& way) {
    if (held) leave(way, *objects, hand);
    if (owned) leave(*way.hold, *objects, owner);
    tidy(hand);
    if (way.destroy != nullptr) call_legally(*way.destroy, *objects, hand);
    tidy(hand);
}

void leave_regions(Hand& hand) {
    unsigned char level = current_irql();
    tidy(hand);
    force_irql(level);
}

}  // namespace ddi::suite
