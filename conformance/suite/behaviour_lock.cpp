#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "conformance/suite/behaviour.h"
#include "conformance/suite/player.h"
#include "conformance/suite/watch.h"

namespace ddi::suite {

void excludes(const Way& way) {
    SharedObjects objects = make_objects();
    Player holder(objects), other(objects);
    if (!hold(holder, way)) return;
    expect_kept_out(holder, way, other, way);
    destroy(way, *objects);
}

void excludes_many(const Way& way) {
    constexpr int kThreads = 3, kRounds = 96;
    SharedObjects objects = make_objects();
    if (!expect_completed(initialize(way, *objects), "the set-up")) return;
    struct Count {
        std::atomic<int> inside{0};
        std::atomic<bool> overlapped{false};
        long plain = 0;  // no atomic: the lock is what makes it right
    };
    auto count = std::make_shared<Count>();
    auto work = [objects, count, &way] {
        for (int round = 0; round < kRounds;) {
            Hand hand;
            Outcome outcome = enter(way, *objects, hand);
            if (!outcome.completed()) throw std::runtime_error(outcome.text);
            if (!acquired(way, hand)) {
                tidy(hand);
                std::this_thread::yield();
                continue;
            }
            if (count->inside.fetch_add(1) != 0) count->overlapped = true;
            ++count->plain;
            if (round % 8 == 0) std::this_thread::yield();
            count->inside.fetch_sub(1);
            ++round;
            outcome = leave(way, *objects, hand);
            if (!outcome.completed()) throw std::runtime_error(outcome.text);
        }
    };
    std::vector<std::unique_ptr<Actor>> actors;
    for (int i = 0; i < kThreads; ++i) actors.push_back(std::make_unique<Actor>());
    for (auto& actor : actors) actor->start(work);
    bool all = true;
    for (auto& actor : actors) all = ended(actor->finish(), way.acquire->name) && all;
    EXPECT_FALSE(count->overlapped) << "two threads held it at a time by " << way.acquire->name;
    if (!all) return;
    EXPECT_EQ(count->plain, long{kThreads} * kRounds);
    destroy(way, *objects);
}

void shares(const Way& shared, const Way& exclusive) {
    SharedObjects objects = make_objects();
    Player first(objects), second(objects), writer(objects);
    if (!hold(first, shared)) return;
    second.start_entering(shared);
    EXPECT_EQ(second.actor.settle(), Actor::State::finished) << "a second shared holder is kept out";
    finish(shared, second);
    expect_kept_out(first, shared, writer, exclusive);
    // The lock is free again, and stays the same one.
    if (!take(writer, exclusive)) return;
    expect_kept_out(writer, exclusive, first, shared);
    destroy(shared, *objects);
}

void shares_freely(const Way& way) {
    SharedObjects objects = make_objects();
    Player first(objects), second(objects);
    if (!hold(first, way)) return;
    second.start_entering(way);
    EXPECT_EQ(second.actor.settle(), Actor::State::finished) << "a second holder is kept out";
    EXPECT_TRUE(second.holds(way)) << "a second holder is refused";
    finish(way, second);
    finish(way, first);
    destroy(way, *objects);
}

void is_per_thread(const Way& way) {
    SharedObjects objects = make_objects();
    Player first(objects), second(objects);
    if (!hold(first, way)) return;
    second.start_entering(way);
    EXPECT_EQ(second.actor.settle(), Actor::State::finished) << "each thread has its own, yet another thread's keeps it out";
    finish(way, second);
    finish(way, first);
}

void frees(const Way& way) {
    SharedObjects objects = make_objects();
    Player holder(objects), next(objects);
    if (!hold(holder, way)) return;
    finish(way, holder);
    next.start_entering(way);
    EXPECT_EQ(next.actor.settle(), Actor::State::finished) << way.release->name << " did not free it";
    EXPECT_TRUE(next.holds(way)) << way.release->name << " did not free it";
    finish(way, next);
    destroy(way, *objects);
}

void belong_together(const Way& way) {
    for (unsigned char level : tried_levels(*way.acquire, kEveryLevel)) {
        SCOPED_TRACE(testing::Message() << way.acquire->name << " at IRQL " << int{level});
        walk(way, *way.acquire, level);
    }
    // What is made and freed, and nothing between, is gone after the walk.
    if (way.release) frees(way);
}

void nests(const Way& way) {
    constexpr int kDepth = 3;
    SharedObjects objects = make_objects();
    if (!expect_completed(initialize(way, *objects), "the set-up")) return;
    Hand hands[kDepth];
    bool disabled[] = {apcs_disabled(), all_apcs_disabled()};
    for (auto& hand : hands) {
        if (!expect_completed(enter(way, *objects, hand), way.acquire->name, "must be possible again")) return reset_thread();
    }
    for (int depth = kDepth; depth > 0; --depth) {
        // Inside means inside until the last one: whatever the first did to the thread still stands.
        bool inside = apcs_disabled() != disabled[0] || all_apcs_disabled() != disabled[1];
        EXPECT_TRUE(inside) << "outside after " << kDepth - depth << " of " << kDepth << " " << way.release->name;
        if (!expect_completed(leave(way, *objects, hands[depth - 1]), way.release->name)) return reset_thread();
    }
    EXPECT_EQ(apcs_disabled(), disabled[0]) << "still inside";
    EXPECT_EQ(all_apcs_disabled(), disabled[1]) << "still inside";
}

void waits(const Way& way, const Way& held) {
    SharedObjects objects = make_objects();
    Player holder(objects), other(objects);
    if (!hold(holder, held)) return;
    other.start_entering(way);
    EXPECT_EQ(other.actor.settle(), Actor::State::blocked) << way.acquire->name << " does not wait for the holder";
    finish(held, holder);
    if (!ended(other.actor.finish(), way.acquire->name)) return;
    EXPECT_TRUE(other.holds(way)) << way.acquire->name << " waited and did not get it";
    finish(way, other);
    destroy(held, *objects);
}

void waits(const Way& way) { waits(way, way); }

void never_waits(const Way& way, const Way& held) {
    SharedObjects objects = make_objects();
    Player holder(objects), other(objects);
    if (!hold(holder, held)) return;
    other.start_entering(way);
    bool came_back = other.actor.settle() == Actor::State::finished;
    EXPECT_TRUE(came_back) << way.acquire->name << " waits although another thread holds it";
    EXPECT_FALSE(came_back && other.holds(way)) << way.acquire->name << " succeeded although another thread holds it";
    finish(held, holder);
    ended(other.actor.finish(), way.acquire->name);
    if (came_back)
        other.actor.run([hand = other.hand] { tidy(*hand); });
    else
        finish(way, other);
    destroy(held, *objects);
}

void never_waits(const Way& way) { never_waits(way, way); }

void counts_recursion(const Way& way) { counts_recursion(way, way); }

void counts_recursion(const Way& way, const Way& wanted) {
    constexpr int kDepth = 3;
    SharedObjects objects = make_objects();
    Player holder(objects), other(objects);
    if (!hold(holder, way)) return;
    std::vector<std::shared_ptr<Hand>> hands{holder.hand};
    for (int depth = 1; depth < kDepth; ++depth) {
        holder.hand = std::make_shared<Hand>();
        if (!ended(holder.enter(way), way.acquire->name, "must be possible again for the holder")) return;
        hands.push_back(holder.hand);
    }
    other.start_entering(wanted);
    bool attempt = wanted.acquired != nullptr;
    for (int depth = kDepth; depth > 0; --depth) {
        Actor::State state = other.actor.settle();
        bool refused = attempt && state == Actor::State::finished && !other.holds(wanted);
        EXPECT_TRUE(state == Actor::State::blocked || refused) << "free after " << kDepth - depth << " of " << kDepth << " releases";
        holder.hand = hands[static_cast<std::size_t>(depth - 1)];
        finish(way, holder);
        if (refused && depth > 1) other.start_entering(wanted);
    }
    if (!ended(other.actor.finish(), wanted.acquire->name, "must go on after the last release")) return;
    if (!other.holds(wanted) && !ended(other.enter(wanted), wanted.acquire->name)) return;
    EXPECT_TRUE(other.holds(wanted)) << "not free after " << kDepth << " releases";
    finish(wanted, other);
    destroy(way, *objects);
}

void refuses_other_thread(const Way& way) {
    SharedObjects objects = make_objects();
    Player holder(objects), stranger(objects), other(objects);
    if (!hold(holder, way)) return;
    *stranger.hand = *holder.hand;
    stranger.hand->regions[0] = stranger.hand->regions[1] = 0;
    auto refusal = std::make_shared<Outcome>();
    stranger.actor.run([objects, hand = stranger.hand, refusal, &way] {
        *refusal = call_legally(*way.release, *objects, *hand);
        reset_thread();
        tidy(*hand);
    });
    watch::forgive();
    EXPECT_TRUE(refusal->refused()) << way.release->name << " let a thread release what another one holds";
    if (!refusal->refused()) return;  // nobody knows what holds from here on
    expect_kept_out(holder, way, other, way);
    destroy(way, *objects);
}

void is_same_object(const Way& way, const Way& parent) {
    SharedObjects objects = make_objects();
    Player holder(objects), other(objects);
    if (!hold(holder, way)) return;
    expect_kept_out(holder, way, other, parent);
}

void keeps_to_one_kind(const Way& way, const Way& other) {
    for (const Way* each : {&way, &other}) {
        SharedObjects objects = make_objects();
        Player player(objects);
        for (int round = 0; round < 3; ++round) {
            if (round == 0 && !hold(player, *each)) return;
            if (round > 0 && !ended(player.enter(*each), each->acquire->name)) return;
            finish(*each, player);
        }
    }
}

}  // namespace ddi::suite
