#include <gtest/gtest.h>

#include "conformance/suite/behaviour.h"

namespace ddi::suite {

namespace {

/// Where the IRQL itself would hide the APC state, there is nothing to see.
bool visible(Apcs apcs) { return current_irql() < 1 && !apcs_are_disabled(apcs); }

void cycle(const Way& way, Apcs apcs, unsigned char level, bool nested) {
    SCOPED_TRACE(testing::Message() << way.acquire->name << " at IRQL " << int{level} << (nested ? ", nested" : ""));
    SharedObjects objects = make_objects();
    if (!expect_completed(initialize(way, *objects), "the set-up")) return;
    force_irql(level);
    bool enabled_before = visible(apcs);
    if (nested) {
        disable_apcs(Apcs::normal);
        disable_apcs(Apcs::all);
    }
    Hand hand;
    if (!expect_completed(enter(way, *objects, hand, level), way.acquire->name)) return reset_thread();
    EXPECT_TRUE(!acquired(way, hand) || apcs_are_disabled(apcs)) << "after " << way.acquire->name;
    if (nested) {  // ended in another order than begun: they are counted, not stacked
        unsigned char held_at = current_irql();
        if (held_at <= 1) {
            enable_apcs(Apcs::all);
            enable_apcs(Apcs::normal);
            EXPECT_TRUE(!acquired(way, hand) || apcs_are_disabled(apcs)) << "another region's end enabled them";
        }
        if (way.release != nullptr && acquired(way, hand)) expect_completed(call_legally(*way.release, *objects, hand), way.release->name);
        force_irql(0);
        if (held_at > 1) {
            enable_apcs(Apcs::all);
            enable_apcs(Apcs::normal);
        }
    } else if (way.release != nullptr && acquired(way, hand)) {
        expect_completed(call_legally(*way.release, *objects, hand), way.release->name);
    }
    force_irql(level);
    bool enabled_again = enabled_before && hand.regions[0] + hand.regions[1] == 0;
    EXPECT_FALSE(enabled_again && apcs_are_disabled(apcs)) << "after " << (way.release != nullptr ? way.release : way.acquire)->name;
    tidy(hand);
}

}  // namespace

void disables_apcs(const Way& way, Apcs apcs, Levels within) {
    for (unsigned char level : tried_levels(*way.acquire, within)) {
        cycle(way, apcs, level, false);
        if (level <= 1) cycle(way, apcs, level, true);
    }
}

void enables_apcs(const Way& way, Apcs apcs, Levels within) {
    disables_apcs(way, apcs, within);
    // Counted: after two, one is not enough. Locks that cannot be taken twice have objects of their own.
    SharedObjects first = make_objects(), second = make_objects();
    if (!expect_completed(initialize(way, *first), "the set-up") || !expect_completed(initialize(way, *second), "the set-up")) return;
    Hand hands[2];
    if (!expect_completed(enter(way, *first, hands[0], tried_levels(*way.acquire, within).front()), way.acquire->name))
        return reset_thread();
    hands[1].irql = current_irql();
    if (!expect_completed(call_legally(*way.acquire, *second, hands[1]), way.acquire->name, "must be possible inside"))
        return reset_thread();
    if (!expect_completed(call_legally(*way.release, *second, hands[1]), way.release->name)) return reset_thread();
    EXPECT_TRUE(apcs_are_disabled(apcs)) << "after one " << way.release->name << " for two " << way.acquire->name;
    expect_completed(call_legally(*way.release, *first, hands[0]), way.release->name);
    tidy(hands[1]);
    tidy(hands[0]);
    EXPECT_FALSE(apcs_are_disabled(apcs)) << "after the last " << way.release->name;
}

void works_with_apcs_disabled(const Way& way, const Function& function, Apcs apcs) {
    for (unsigned char level : tried_levels(function, kEveryLevel)) {
        for (Apcs region : {Apcs::normal, Apcs::all}) {
            if (level > 1 || (apcs == Apcs::all && region == Apcs::normal)) continue;
            disable_apcs(region);
            walk(way, function, level);
            enable_apcs(region);
        }
        if (level >= 1) walk(way, function, level);
    }
}

}  // namespace ddi::suite
