// A thread that plays a part on shared objects: it takes ways, is kept out, goes on.
#pragma once

#include <memory>
#include <optional>
#include <stdexcept>

#include "conformance/suite/actor.h"
#include "conformance/suite/walk.h"

namespace ddi::suite {

/// A thread with its hand, on objects that outlive every thread that may be stuck on them.
struct Player {
    explicit Player(SharedObjects shared) : objects(std::move(shared)), hand(std::make_shared<Hand>()) {}

    std::optional<Outcome> enter(const Way& way) { return actor.run(entering(way)); }
    void start_entering(const Way& way) { actor.start(entering(way)); }
    std::optional<Outcome> leave(const Way& way) {
        return actor.run([objects = objects, hand = hand, &way] { rethrow(suite::leave(way, *objects, *hand)); });
    }
    bool holds(const Way& way) const { return acquired(way, *hand); }

    SharedObjects objects;
    std::shared_ptr<Hand> hand;
    Actor actor;  // last: its thread must be over before the rest goes

  private:
    struct Failed : std::runtime_error {
        using std::runtime_error::runtime_error;
    };
    static void rethrow(const Outcome& outcome) {
        if (!outcome.completed()) throw Failed(outcome.text);
    }
    // The way is a constant of the test program, so it outlives even an abandoned thread.
    std::function<void()> entering(const Way& way) {
        return [objects = objects, hand = hand, &way] { rethrow(suite::enter(way, *objects, *hand)); };
    }
};

/// Reports a step that never came back, or that did not complete.
bool ended(const std::optional<Outcome>& outcome, const char* function, const char* what = "must complete");
/// The object with the first holder in place. False: reported.
bool hold(Player& holder, const Way& way);
/// The same on objects that are initialized already.
bool take(Player& holder, const Way& way);
void finish(const Way& way, Player& player);
void destroy(const Way& way, Objects& objects);
/// The other thread is kept out while the holder holds, and gets in afterwards.
void expect_kept_out(Player& holder, const Way& held, Player& other, const Way& wanted);

}  // namespace ddi::suite
