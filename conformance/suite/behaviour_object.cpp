#include <gtest/gtest.h>

#include "conformance/suite/actor.h"
#include "conformance/suite/behaviour.h"

namespace ddi::suite {

void initializes(const Way& way) {
    SharedObjects objects = make_objects();
    if (!expect_completed(initialize(way, *objects), way.initialize->name)) return;
    if (way.acquire == nullptr) return;
    Actor actor;
    actor.start([objects, &way] {
        Hand hand;
        Outcome outcome = enter(way, *objects, hand);
        if (outcome.completed() && !acquired(way, hand)) outcome = {Outcome::Kind::other, 0, "not acquired"};
        if (outcome.completed()) outcome = leave(way, *objects, hand);
        tidy(hand);
        EXPECT_TRUE(outcome.completed()) << "after " << way.initialize->name << ": " << outcome.text;
    });
    EXPECT_EQ(actor.settle(), Actor::State::finished) << "not free after " << way.initialize->name;
    if (way.destroy == nullptr) return;
    Hand hand;
    expect_completed(call_legally(*way.destroy, *objects, hand), way.destroy->name);
    tidy(hand);
}

void destroys(const Way& way, const Function& function) {
    for (unsigned char level : tried_levels(function, kEveryLevel)) walk(way, function, level);
}

void returns(const Way& way, const Function& function, State state, Expectation value, const char* expected, Levels within) {
    for (unsigned char level : tried_levels(function, within)) {
        SCOPED_TRACE(testing::Message() << function.name << " at IRQL " << int{level});
        auto check = [&](Hand& hand) { EXPECT_TRUE(value(hand)) << function.name << " returned " << hand.result << ", not " << expected; };
        if (state == State::any || (state == State::free && (&function == way.acquire || &function == way.initialize)) ||
            (state == State::held_by_caller && &function == way.release)) {
            walk(way, function, level, [&](Objects&, Hand& hand) { check(hand); });
            continue;
        }
        SharedObjects objects = make_objects();
        if (!expect_completed(initialize(way, *objects), "the set-up")) return;
        auto holder_hand = std::make_shared<Hand>();
        Actor holder;
        if (state == State::held_by_other) {
            auto outcome = holder.run([&way, objects, holder_hand] { EXPECT_TRUE(enter(way, *objects, *holder_hand).completed()); });
            if (!outcome) return ADD_FAILURE() << way.acquire->name << " never comes back", void();
        } else if (state == State::held_by_caller && !expect_completed(enter(way, *objects, *holder_hand), way.acquire->name)) {
            return reset_thread();
        }
        // On a thread of its own if it might wait, so that a fault does not stop the whole run.
        auto hand = std::make_shared<Hand>();
        hand->irql = level;
        auto call = [objects, hand, level, &function] {
            Outcome outcome = call_at(function, *objects, *hand, level);
            EXPECT_TRUE(outcome.completed()) << outcome.text;
        };
        if (state == State::held_by_caller) {
            call();
            check(*hand);
            if (&function == way.acquire && acquired(way, *hand))
                leave(way, *objects, *hand);
            else
                tidy(*hand);
            leave(way, *objects, *holder_hand);
            continue;
        }
        Actor caller;
        caller.start(call);
        if (caller.settle() == Actor::State::finished) {
            check(*hand);
        } else {
            ADD_FAILURE() << function.name << " does not return while another thread holds it";
        }
        if (state == State::held_by_other) holder.run([&way, objects, holder_hand] { leave(way, *objects, *holder_hand); });
        caller.finish();
        caller.run([objects, hand, &way, &function] {
            if (&function == way.acquire && acquired(way, *hand))
                leave(way, *objects, *hand);
            else
                tidy(*hand);
        });
    }
}

void returns_in_host_state(const Way& way, const Function& function, const char* thing, const char* state, Expectation value,
                           const char* expected, Levels within) {
    for (unsigned char level : tried_levels(function, within)) {
        SCOPED_TRACE(testing::Message() << function.name << " at IRQL " << int{level});
        SharedObjects objects = make_objects();
        if (!expect_completed(initialize(way, *objects), "the set-up")) return reset_thread();
        ASSERT_TRUE(objects->host().bring_into(thing, state)) << "the implementation brings no " << thing << " into the state " << state;
        Hand hand;
        if (!expect_completed(call_at(function, *objects, hand, level), function.name)) return reset_thread();
        EXPECT_TRUE(value(hand)) << function.name << " returned " << hand.result << ", not " << expected;
        tidy(hand);
    }
}

void returns_in_region(const Way& way, const Function& function, bool critical, bool guarded, Expectation value, const char* expected,
                       Levels within) {
    for (unsigned char level : tried_levels(function, within)) {
        SCOPED_TRACE(testing::Message() << function.name << " at IRQL " << int{level});
        if (critical) disable_apcs(Apcs::normal);
        if (guarded) disable_apcs(Apcs::all);
        walk(way, function, level, [&](Objects&, Hand& hand) {
            EXPECT_TRUE(value(hand)) << function.name << " returned " << hand.result << ", not " << expected;
        });
        if (guarded) enable_apcs(Apcs::all);
        if (critical) enable_apcs(Apcs::normal);
    }
}

}  // namespace ddi::suite
