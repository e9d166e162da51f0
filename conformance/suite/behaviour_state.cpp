#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "conformance/contract/irql.h"
#include "conformance/suite/behaviour.h"
#include "conformance/suite/player.h"
#include "conformance/suite/routine.h"
#include "conformance/suite/watch.h"

namespace ddi::suite {

namespace {

bool tell(const Function& observer, Objects& objects, Expectation tells, bool& told) {
    Hand hand;
    bool completed = expect_completed(call_legally(observer, objects, hand), observer.name);
    told = completed && tells(hand);
    tidy(hand);
    return completed;
}

/// A routine that runs in another thread (a DPC of a timer) is waited for, as long as only a broken implementation needs.
bool was_called(const char* routine = nullptr) {
    auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (routine == nullptr ? routine_log().calls == 0 : routine_log().entered(routine).empty()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::yield();
    }
    return true;
}

/// One call at that level; from its beginning on, the log has the routines that it calls.
bool logs_routines(const Way& way, const Function& function, Objects& objects, unsigned char level) {
    if (!expect_completed(initialize(way, objects), "the set-up") || !expect_completed(prepare(function, objects), "the set-up"))
        return false;
    routine_log().reset();
    Hand hand;
    if (!expect_completed(call_at(function, objects, hand, level), function.name)) return false;
    tidy(hand);
    return true;
}

}  // namespace

void sets_state(const Way& way, const Function& function, const Function& observer, Expectation tells, const char* state, bool changes,
                Levels within) {
    for (unsigned char level : tried_levels(function, within)) {
        SCOPED_TRACE(testing::Message() << function.name << " at IRQL " << int{level});
        SharedObjects objects = make_objects();
        bool told = false;
        if (&function != way.initialize && !expect_completed(initialize(way, *objects, level), "the set-up")) return reset_thread();
        if (changes && !tell(observer, *objects, tells, told)) return reset_thread();
        EXPECT_FALSE(told) << observer.name << " says \"" << state << "\" already before";
        Hand hand;
        // What ends a hold needs one.
        if (&function == way.release && !expect_completed(enter(way, *objects, hand), way.acquire->name)) return reset_thread();
        if (!expect_completed(call_at(function, *objects, hand, level), function.name)) return reset_thread();
        // At this level still: what is queued may run below it.
        if (!tell(observer, *objects, tells, told)) return reset_thread();
        tidy(hand);
        EXPECT_TRUE(told) << observer.name << " does not say \"" << state << "\" after " << function.name;
        destroy(way, *objects);
    }
}

void returns_held(const Way& held, const Way& way, const Function& function, bool by_caller, Expectation value, const char* expected,
                  Levels within) {
    for (unsigned char level : tried_levels(function, within)) {
        SCOPED_TRACE(testing::Message() << function.name << " at IRQL " << int{level});
        SharedObjects objects = make_objects();
        Player holder(objects), caller(objects);
        if (!hold(holder, held)) return;
        auto hand = std::make_shared<Hand>();
        Actor& actor = by_caller ? holder.actor : caller.actor;
        hand->irql = level;
        actor.start([objects, hand, level, &function] {
            Outcome outcome = call_at(function, *objects, *hand, level);
            EXPECT_TRUE(outcome.completed()) << outcome.text;
        });
        bool came_back = actor.settle() == Actor::State::finished;
        EXPECT_TRUE(came_back) << function.name << " does not return";
        if (came_back) {
            EXPECT_TRUE(value(*hand)) << function.name << " returned " << hand->result << ", not " << expected;
        }
        auto give_back = [objects, hand, &way, &function] {
            if (&function == way.acquire && acquired(way, *hand))
                leave(way, *objects, *hand);
            else
                tidy(*hand);
        };
        if (by_caller && came_back) actor.run(give_back);
        if (&function != held.release) finish(held, holder);
        if (!came_back) caller.actor.finish();
        if (!by_caller) actor.run(give_back);
    }
}

void returns_processor(const Way& way, const Function& function, Levels within) {
    for (unsigned char level : tried_levels(function, within)) {
        if (level < 2) {
            walk(way, function, level);
            continue;
        }
        std::int64_t first = -1;
        walk(way, function, level, [&](Objects&, Hand& hand) { first = hand.result; });
        force_irql(level);
        walk(way, function, level, [&](Objects&, Hand& hand) { EXPECT_EQ(hand.result, first) << "moved at IRQL " << int{level}; });
    }
}

void waits_until(const Way& way, const Function& function, const Function& setter) {
    SharedObjects objects = make_objects();
    if (!expect_completed(initialize(way, *objects), "the set-up")) return reset_thread();
    if (!expect_completed(prepare(setter, *objects), "the set-up")) return reset_thread();
    Actor waiter;
    waiter.start([objects, &function] {
        Hand hand;
        Outcome outcome = call_legally(function, *objects, hand);
        tidy(hand);
        EXPECT_TRUE(outcome.completed()) << function.name << ": " << outcome.text;
    });
    EXPECT_EQ(waiter.settle(), Actor::State::blocked) << function.name << " does not wait";
    Hand hand;
    expect_completed(call_legally(setter, *objects, hand), setter.name);
    tidy(hand);
    EXPECT_TRUE(waiter.finish().has_value()) << function.name << " still waits after " << setter.name;
}

void gives_back(const Way& way, const Function& function, Address given, Levels within) {
    for (unsigned char level : tried_levels(function, within)) {
        SCOPED_TRACE(testing::Message() << function.name << " at IRQL " << int{level});
        SharedObjects objects = make_objects();
        if (!expect_completed(initialize(way, *objects), "the set-up")) return reset_thread();
        Hand hand;
        const std::int64_t wanted = as_number(given(*objects, hand));
        routine_log().reset();
        routine_log().result = wanted;
        if (!expect_completed(call_at(function, *objects, hand, level), function.name)) return reset_thread();
        tidy(hand);
        EXPECT_EQ(hand.result, wanted) << function.name << " gives back something else";
        destroy(way, *objects);
    }
    routine_log().reset();
}

void counts_waiters(const Way& held, const Way& waiting, const Function& function) {
    constexpr int kWaiters = 3;
    SharedObjects objects = make_objects();
    Player holder(objects);
    std::vector<std::unique_ptr<Player>> waiters;
    if (!hold(holder, held)) return;
    for (int count = 0;; ++count) {
        Hand hand;
        if (!expect_completed(call_legally(function, *objects, hand), function.name)) return reset_thread();
        tidy(hand);
        EXPECT_EQ(hand.result, count) << function.name << " with " << count << " waiting threads";
        if (count == kWaiters) break;
        waiters.push_back(std::make_unique<Player>(objects));
        waiters.back()->start_entering(waiting);
        EXPECT_EQ(waiters.back()->actor.settle(), Actor::State::blocked) << waiting.acquire->name << " does not wait";
    }
    finish(held, holder);
    // Exclusive ones come in one after the other, in whatever order: each leaves as soon as it is in.
    std::vector<bool> left(waiters.size());
    // One that is woken, but has not run yet, still looks blocked.
    auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    for (std::size_t done = 0; done < waiters.size();) {
        for (std::size_t i = 0; i < waiters.size(); ++i) {
            if (left[i] || waiters[i]->actor.settle() != Actor::State::finished) continue;
            finish(waiting, *waiters[i]);
            left[i] = true;
            ++done;
        }
        if (std::chrono::steady_clock::now() > deadline) return ADD_FAILURE() << "the waiting threads do not go on", void();
        std::this_thread::yield();
    }
    destroy(held, *objects);
}

void counts_holds(const Way& way, const Function& function) {
    constexpr int kDepth = 3;
    SharedObjects objects = make_objects();
    Player holder(objects);
    if (!expect_completed(initialize(way, *objects), "the set-up")) return;
    auto expect_count = [&](int count) {
        auto result = std::make_shared<std::int64_t>(-1);
        holder.actor.run([objects, result, &function] {
            Hand hand;
            Outcome outcome = call_legally(function, *objects, hand);
            EXPECT_TRUE(outcome.completed()) << outcome.text;
            *result = hand.result;
        });
        EXPECT_EQ(*result, count) << function.name << " in a thread that holds it " << count << " times";
    };
    std::vector<std::shared_ptr<Hand>> hands;
    for (int depth = 0; depth < kDepth; ++depth) {
        expect_count(depth);
        holder.hand = std::make_shared<Hand>();
        if (!ended(holder.enter(way), way.acquire->name)) return;
        hands.push_back(holder.hand);
    }
    for (int depth = kDepth; depth > 0; --depth) {
        expect_count(depth);
        holder.hand = hands[static_cast<std::size_t>(depth - 1)];
        finish(way, holder);
    }
    expect_count(0);
    destroy(way, *objects);
}

void returns_routine_result(const Way& way, const Function& function, Levels within) {
    for (std::int64_t result : {1, 0}) {
        for (unsigned char level : tried_levels(function, within)) {
            routine_log().reset();
            routine_log().result = result;
            walk(way, function, level, [&](Objects&, Hand& hand) {
                EXPECT_EQ(hand.result & 0xff, result)
                    << function.name << " at IRQL " << int{level} << " with a routine that returns " << result;
            });
        }
    }
}

void calls_routine(const Way& way, const Function& function, const char* routine, Levels levels, Levels within) {
    for (unsigned char level : tried_levels(function, within)) {
        SCOPED_TRACE(testing::Message() << function.name << " at IRQL " << int{level});
        SharedObjects objects = make_objects();
        if (!logs_routines(way, function, *objects, level)) return reset_thread();
        if (!was_called(routine)) return ADD_FAILURE() << function.name << " does not call the routine", void();
        auto calls = routine_log().entered(routine);
        auto at = static_cast<unsigned char>(calls.front().level);
        EXPECT_TRUE(levels.bits == 0 || (contract::levels_of(at).bits & levels.bits) != 0) << "the routine is called at IRQL " << int{at};
        EXPECT_EQ(calls.size(), 1U) << "calls of the routine";
        destroy(way, *objects);
    }
}

void locks_by_routines(const Way& way, const Function& function, const char* acquire, const char* release, Levels within) {
    for (unsigned char level : tried_levels(function, within)) {
        SCOPED_TRACE(testing::Message() << function.name << " at IRQL " << int{level});
        SharedObjects objects = make_objects();
        if (!logs_routines(way, function, *objects, level)) return reset_thread();
        int stored = -1, acquired = 0;
        bool held = false;
        for (const RoutineCall& call : routine_log().entered()) {
            if (call.type == acquire) {
                EXPECT_FALSE(held) << "acquired twice";
                held = true;
                stored = call.stored;
                ++acquired;
            } else {
                EXPECT_TRUE(held) << call.type << " is called without the lock";
                if (call.type != release) continue;
                held = false;
                EXPECT_EQ(call.given, stored) << "not the level that was stored when the lock was acquired";
            }
        }
        EXPECT_GT(acquired, 0) << "the lock is never acquired";
        EXPECT_FALSE(held) << "the lock is not released";
        destroy(way, *objects);
    }
}

void calls_routine_holding(const Way& way, const Function& function, const Way& lock) {
    SharedObjects objects = make_objects();
    Player other(objects);
    routine_log().reset();
    if (!expect_completed(initialize(way, *objects), "the set-up")) return reset_thread();
    auto state = std::make_shared<Actor::State>(Actor::State::stuck);
    routine_log().inside = [&other, &lock, state](const char*) {
        other.start_entering(lock);
        *state = other.actor.settle();
    };
    Hand hand;
    bool completed = expect_completed(call_legally(function, *objects, hand), function.name);
    tidy(hand);
    bool called = completed && was_called();
    EXPECT_TRUE(called) << function.name << " calls no routine";
    if (!called) return reset_thread();
    EXPECT_EQ(*state, Actor::State::blocked) << "another thread can take it by " << lock.acquire->name << " while the routine runs";
    if (ended(other.actor.finish(), lock.acquire->name, "must go on when the routine has returned")) finish(lock, other);
    routine_log().reset();
}

void refuses(const Way& way, const Function& function, Refusal how, std::uint64_t code, Levels within) {
    for (unsigned char level : tried_levels(function, within)) {
        SCOPED_TRACE(testing::Message() << function.name << " at IRQL " << int{level});
        SharedObjects objects = make_objects();
        if (&function != way.initialize && !expect_completed(initialize(way, *objects), "the set-up")) return reset_thread();
        // In a thread of its own: a bug check ends whatever the thread was about.
        auto outcome = std::make_shared<Outcome>();
        auto hand = std::make_shared<Hand>();
        Actor actor;
        auto end = actor.run([objects, outcome, hand, level, &function] {
            *outcome = call_at(function, *objects, *hand, level);
            reset_thread();
            tidy(*hand);
        });
        if (!end) return ADD_FAILURE() << function.name << " never comes back", void();
        auto wanted = how == Refusal::status ? Outcome::Kind::status : Outcome::Kind::bug_check;
        EXPECT_TRUE(outcome->kind == wanted) << function.name << ": " << (outcome->completed() ? "completed" : outcome->text);
        EXPECT_TRUE(code == 0 || outcome->code == code) << "code " << std::hex << outcome->code << ", not " << code;
    }
    watch::forgive();
}

}  // namespace ddi::suite
