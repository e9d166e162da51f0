#include <gtest/gtest.h>

#include <algorithm>

#include "conformance/suite/behaviour.h"
#include "conformance/suite/watch.h"

namespace ddi::suite {

namespace {

/// Takes the way from this level up to and including the release, and shows the hand after each.
void cycle(const Way& way, unsigned char level, const Seen& entered, const Seen& left) {
    SCOPED_TRACE(testing::Message() << way.acquire->name << " at IRQL " << int{level});
    SharedObjects objects = make_objects();
    reach(*objects, level, false);
    if (!expect_completed(initialize(way, *objects), "the set-up")) return reset_thread();
    Hand hand;
    if (!expect_completed(enter(way, *objects, hand, level), way.acquire->name)) return reset_thread();
    if (entered) entered(*objects, hand);
    if (way.release != nullptr && acquired(way, hand)) {
        if (!expect_completed(call_legally(*way.release, *objects, hand), way.release->name)) return reset_thread();
        if (left) left(*objects, hand);
    }
    tidy(hand);
    if (way.destroy != nullptr) call_legally(*way.destroy, *objects, hand);
    force_irql(0);
}

}  // namespace

void may_be_called(const Way& way, const Function& function, Levels within) {
    // A release without a stated level comes at the level that its acquisition leaves; that depends on where it started.
    bool derived = &function == way.release && function.levels.bits == 0;
    for (unsigned char level : tried_levels(derived ? *way.acquire : function, within)) {
        SCOPED_TRACE(testing::Message() << function.name << " at IRQL " << int{level});
        walk(way, derived ? *way.acquire : function, level);
    }
}

void raises_irql(const Way& way, Level to, Levels within) {
    unsigned char wanted = numbers(Levels::at(to)).front();
    for (unsigned char level : tried_levels(*way.acquire, within)) {
        cycle(way, level,
              [&](Objects&, Hand& hand) {
                  if (!acquired(way, hand)) return;
                  EXPECT_EQ(int{current_irql()}, int{std::max(level, wanted)}) << "after " << way.acquire->name;
              },
              {});
    }
}

void raises_irql_as_asked(const Way& way, Levels within) {
    for (unsigned char level : tried_levels(*way.acquire, within)) {
        for (unsigned char target : numbers(kEveryLevel)) {
            if (target < level) continue;
            SCOPED_TRACE(testing::Message() << way.acquire->name << " from IRQL " << int{level} << " to " << int{target});
            SharedObjects objects = make_objects();
            Hand hand;
            hand.target = target;
            expect_completed(enter(way, *objects, hand, level), way.acquire->name);
            EXPECT_EQ(int{current_irql()}, int{target});
            if (way.release != nullptr) {
                expect_completed(call_legally(*way.release, *objects, hand), way.release->name);
                EXPECT_EQ(int{current_irql()}, int{level}) << "after " << way.release->name;
            }
            tidy(hand);
        }
    }
}

void saves_irql(const Way& way, Levels within) {
    for (unsigned char level : tried_levels(*way.acquire, within)) {
        SharedObjects objects = make_objects();
        reach(*objects, level, false);
        SCOPED_TRACE(testing::Message() << way.acquire->name << " at IRQL " << int{level});
        if (!expect_completed(initialize(way, *objects), "the set-up")) continue;
        Hand hand;
        hand.irql = 0xEE;  // no level: the call has to write it
        hand.target = 15;
        if (!expect_completed(call_at(*way.acquire, *objects, hand, level), way.acquire->name)) {
            reset_thread();
            continue;
        }
        EXPECT_EQ(int{hand.irql}, int{level}) << "saved by " << way.acquire->name;
        hand.irql = level;
        expect_completed(leave(way, *objects, hand), "the release");
    }
}

void restores_irql(const Way& way, Levels within) {
    for (unsigned char level : tried_levels(*way.acquire, within)) {
        cycle(way, level, {}, [&](Objects&, Hand&) { EXPECT_EQ(int{current_irql()}, int{level}) << "after " << way.release->name; });
    }
}

void leaves_irql_unchanged(const Way& way, const Function& function, Levels within) {
    bool derived = &function == way.release && function.levels.bits == 0;
    if (derived) {
        for (unsigned char level : tried_levels(*way.acquire, within)) {
            int before = -1;
            cycle(
                way, level, [&](Objects&, Hand&) { before = current_irql(); },
                [&](Objects&, Hand&) { EXPECT_EQ(int{current_irql()}, before) << "after " << function.name; });
        }
        return;
    }
    for (unsigned char level : tried_levels(function, within)) {
        SCOPED_TRACE(testing::Message() << function.name << " at IRQL " << int{level});
        walk(way, function, level, [&](Objects&, Hand&) { EXPECT_EQ(int{current_irql()}, int{level}) << "after " << function.name; });
    }
}

void returns_previous_irql(const Way& way, const Function& function, Levels within) {
    for (unsigned char level : tried_levels(function, within)) {
        walk(way, function, level, [&](Objects&, Hand& hand) { EXPECT_EQ(hand.result, level) << "returned by " << function.name; });
    }
}

void returns_current_irql(const Way& way, const Function& function, Levels within) {
    for (unsigned char level : tried_levels(function, within)) {
        walk(way, function, level,
             [&](Objects&, Hand& hand) { EXPECT_EQ(hand.result, current_irql()) << "returned by " << function.name; });
    }
}

void refuses_level_below_current(const Way& way) {
    for (unsigned char level : tried_levels(*way.acquire, kEveryLevel)) {
        if (level == 0) continue;
        SharedObjects objects = make_objects();
        Hand hand;
        hand.target = static_cast<unsigned char>(level - 1);
        Outcome outcome = enter(way, *objects, hand, level);
        EXPECT_TRUE(outcome.refused()) << way.acquire->name << " from IRQL " << int{level} << " to " << int{hand.target};
        reset_thread();
        tidy(hand);
    }
    watch::forgive();
}

void refuses_level_not_saved(const Way& way) {
    // From 0 a release to 1 is not what was saved, though below every level that an acquisition leads to.
    SharedObjects objects = make_objects();
    if (!expect_completed(initialize(way, *objects), "the set-up")) return;
    Hand hand;
    hand.target = 8;
    if (!expect_completed(enter(way, *objects, hand), way.acquire->name)) return reset_thread();
    hand.irql = hand.irql == 1 ? 0 : 1;
    Outcome outcome = call_legally(*way.release, *objects, hand);
    EXPECT_TRUE(outcome.refused()) << way.release->name << " to a level that was not saved";
    reset_thread();
    tidy(hand);
    watch::forgive();
}

}  // namespace ddi::suite
