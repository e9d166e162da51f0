#include "conformance/suite/player.h"

#include <gtest/gtest.h>

namespace ddi::suite {

bool ended(const std::optional<Outcome>& outcome, const char* function, const char* what) {
    if (!outcome) {
        ADD_FAILURE() << function << " never comes back";
        return false;
    }
    return expect_completed(*outcome, function, what);
}

bool hold(Player& holder, const Way& way) { return expect_completed(initialize(way, *holder.objects), "the set-up") && take(holder, way); }

bool take(Player& holder, const Way& way) {
    if (!ended(holder.enter(way), way.acquire->name)) return false;
    EXPECT_TRUE(holder.holds(way)) << way.acquire->name << " did not acquire what nobody holds";
    return holder.holds(way);
}

void finish(const Way& way, Player& player) {
    if (way.release != nullptr) ended(player.leave(way), way.release->name);
}

void destroy(const Way& way, Objects& objects) {
    if (way.destroy == nullptr) return;
    Hand hand;
    expect_completed(call_legally(*way.destroy, objects, hand), way.destroy->name);
    tidy(hand);
}

void expect_kept_out(Player& holder, const Way& held, Player& other, const Way& wanted) {
    other.start_entering(wanted);
    Actor::State state = other.actor.settle();
    bool refused = state == Actor::State::finished && !other.holds(wanted);
    EXPECT_TRUE(state == Actor::State::blocked || refused)
        << wanted.acquire->name
        << (state == Actor::State::stuck ? " neither ends nor blocks" : " succeeded although another thread holds it by ")
        << held.acquire->name;
    finish(held, holder);
    if (!ended(other.actor.finish(), wanted.acquire->name, "must go on once it is free")) return;
    if (refused && !ended(other.enter(wanted), wanted.acquire->name)) return;
    EXPECT_TRUE(other.holds(wanted)) << wanted.acquire->name << " failed although it is free";
    finish(wanted, other);
}

}  // namespace ddi::suite
