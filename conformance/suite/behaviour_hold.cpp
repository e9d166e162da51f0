#include <gtest/gtest.h>

#include <algorithm>

#include "conformance/suite/behaviour.h"
#include "conformance/suite/player.h"

namespace ddi::suite {

namespace {

/// Calls the function in the player's thread, with its hand.
std::shared_ptr<Outcome> call_in(Player& player, const Function& function) {
    auto outcome = std::make_shared<Outcome>(Outcome{Outcome::Kind::other, 0, "it never comes back"});
    player.actor.run(
        [objects = player.objects, hand = player.hand, outcome, &function] { *outcome = call_legally(function, *objects, *hand); });
    return outcome;
}

}  // namespace

void converts(const Way& from, const Function& function, const Way& to, const Function& end, Expectation converted) {
    SharedObjects objects = make_objects();
    Player holder(objects), other(objects);
    if (!hold(holder, from)) return;
    if (!expect_completed(*call_in(holder, function), function.name)) return;
    EXPECT_TRUE(converted == nullptr || converted(*holder.hand)) << function.name << " failed although nobody else holds it";
    // Who shares lets other sharers in; who does not lets nobody in.
    other.start_entering(to);
    Actor::State state = other.actor.settle();
    bool in = state == Actor::State::finished && other.holds(to);
    EXPECT_EQ(in, to.shared) << "after " << function.name
                             << (to.shared ? " a second shared holder is kept out" : " another thread gets in");
    if (in) finish(to, other);
    if (!expect_completed(*call_in(holder, end), end.name)) return;
    holder.actor.run([hand = holder.hand] { tidy(*hand); });
    if (in) return;
    if (!ended(other.actor.finish(), to.acquire->name, "must go on once it is free")) return;
    if (other.holds(to)) finish(to, other);
}

void does_not_convert(const Way& from, const Function& function, Expectation converted) {
    SharedObjects objects = make_objects();
    Player holder(objects), second(objects);
    if (!hold(holder, from) || !take(second, from)) return;
    if (!expect_completed(*call_in(holder, function), function.name)) return;
    EXPECT_FALSE(converted(*holder.hand)) << function.name << " succeeded although another thread shares it";
    finish(from, second);
    finish(from, holder);
}

void works_while_held(const Way& way, const Function& function, Levels within) {
    SharedObjects objects = make_objects();
    Hand hand;
    if (!expect_completed(initialize(way, *objects), "the set-up")) return reset_thread();
    if (!expect_completed(enter(way, *objects, hand), way.acquire->name)) return reset_thread();
    unsigned char level = current_irql();
    auto levels = tried_levels(function, within);
    bool here = std::find(levels.begin(), levels.end(), level) != levels.end() || function.levels.bits == 0;
    Hand other;
    other.irql = hand.irql;
    Hand& own = &function == way.release ? hand : other;  // what the acquisition left is for its release
    Outcome outcome = here ? call_at(function, *objects, own, level) : call_legally(function, *objects, own);
    expect_completed(outcome, function.name, "must be possible for the holder");
    if (other.regions[0] + other.regions[1] > 0) tidy(other);
    force_irql(level);
    if (&function != way.release) expect_completed(leave(way, *objects, hand), way.release->name);
    tidy(hand);
    destroy(way, *objects);
}

void may_be_called(const Way& way, const Function& function, const Way& next, Levels within) {
    for (unsigned char level : tried_levels(function, within)) {
        SCOPED_TRACE(testing::Message() << function.name << " at IRQL " << int{level});
        SharedObjects objects = make_objects();
        Hand hand, after;
        if (!expect_completed(initialize(way, *objects), "the set-up")) return reset_thread();
        if (!expect_completed(prepare(*next.acquire, *objects), "the set-up")) return reset_thread();
        if (!expect_completed(call_at(function, *objects, hand, level), function.name)) return reset_thread();
        if (!expect_completed(call_legally(*next.acquire, *objects, after), next.acquire->name)) return reset_thread();
        if (next.release != nullptr && acquired(next, after)) expect_completed(leave(next, *objects, after), next.release->name);
        tidy(after);
        tidy(hand);
        destroy(way, *objects);
    }
}

void goes_on(const Way& way, const Function& function, const Way& next) {
    SharedObjects objects = make_objects();
    Hand hand, after;
    if (&function != way.initialize && !expect_completed(initialize(way, *objects), "the set-up")) return reset_thread();
    if (&function == way.release && !expect_completed(enter(way, *objects, hand), way.acquire->name)) return reset_thread();
    // Before the function: what follows it may have to follow at once.
    if (!expect_completed(prepare(*next.acquire, *objects), "the set-up")) return reset_thread();
    Hand held;
    if (way.hold != nullptr && !expect_completed(enter(*way.hold, *objects, held), way.hold->acquire->name)) return reset_thread();
    if (!expect_completed(call_legally(function, *objects, hand), function.name)) return reset_thread();
    if (!expect_completed(call_legally(*next.acquire, *objects, after), next.acquire->name, "must be possible afterwards"))
        return reset_thread();
    if (next.release != nullptr && acquired(next, after)) expect_completed(leave(next, *objects, after), next.release->name);
    const Function* end = way.hold == nullptr ? nullptr : way.end != nullptr ? way.end : way.hold->release;
    if (end != nullptr && next.acquire != end) expect_completed(call_legally(*end, *objects, held), end->name);
    tidy(held);
    tidy(after);
    tidy(hand);
}

void acquires_in_order(std::initializer_list<const Way*> ways) {
    SharedObjects objects = make_objects();
    std::vector<Hand> hands(ways.size());
    std::vector<const Way*> held;
    for (const Way* way : ways) {
        if (!expect_completed(initialize(*way, *objects), "the set-up")) return reset_thread();
    }
    for (const Way* way : ways) {
        if (!expect_completed(call_legally(*way->acquire, *objects, hands[held.size()]), way->acquire->name)) return reset_thread();
        held.push_back(way);
    }
    while (!held.empty()) {
        Hand& hand = hands[held.size() - 1];
        if (!expect_completed(call_legally(*held.back()->release, *objects, hand), held.back()->release->name)) return reset_thread();
        held.pop_back();
    }
    for (auto& hand : hands) tidy(hand);
}

void waits_for_release(const Way& way, const Function& function, bool ends_own) {
    SharedObjects objects = make_objects();
    Player first(objects), second(objects), waiter(objects);
    if (!hold(first, way) || !take(second, way) || (ends_own && !take(waiter, way))) return;
    waiter.actor.start([objects, hand = waiter.hand, &function] {
        Outcome outcome = call_legally(function, *objects, *hand);
        tidy(*hand);
        EXPECT_TRUE(outcome.completed()) << function.name << ": " << outcome.text;
    });
    EXPECT_EQ(waiter.actor.settle(), Actor::State::blocked) << function.name << " does not wait for two holders";
    finish(way, first);
    EXPECT_EQ(waiter.actor.settle(), Actor::State::blocked) << function.name << " does not wait for the last holder";
    finish(way, second);
    // Already woken, it may not have run yet: then it still looks blocked.
    EXPECT_TRUE(waiter.actor.finish().has_value()) << function.name << " still waits after the last release";
}

}  // namespace ddi::suite
