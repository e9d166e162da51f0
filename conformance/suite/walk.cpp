#include "conformance/suite/walk.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "conformance/contract/irql.h"

namespace ddi::suite {

namespace {

constexpr unsigned char kDispatch = 2;

bool allows(const Function& function, unsigned char level) {
    return function.levels.bits == 0 || (contract::levels_of(level).bits & function.levels.bits) != 0;
}

void satisfy(const Function& function, Hand& hand) {
    if (!function.needs || apcs_are_disabled(*function.needs)) return;
    disable_apcs(*function.needs);
    ++hand.regions[static_cast<int>(*function.needs)];
}

/// The present level if allowed, otherwise the allowed one next to it.
unsigned char allowed_level(const Function& function) {
    unsigned char now = current_irql();
    if (allows(function, now)) return now;
    unsigned char best = now;
    int distance = 256;
    for (unsigned char level : numbers(function.levels)) {
        int away = level > now ? level - now : now - level;
        if (away < distance) std::tie(best, distance) = std::pair(level, away);
    }
    return best;
}

Outcome make_others(const Function& function, Objects& objects) {
    Outcome outcome;
    if (function.before[0] == nullptr) return outcome;
    unsigned char level = current_irql();
    for (const Function* before : function.before) {
        if (before == nullptr || !outcome.completed()) break;
        // The same initialization serves several functions; it may be one of the way's own steps.
        if (!objects.begin_preparation(*before)) continue;
        Hand hand;
        outcome = make_others(*before, objects);
        if (!outcome.completed()) break;
        force_irql(allowed_level(*before));
        satisfy(*before, hand);
        outcome = guarded([&] { before->call(objects, hand); });
        if (hand.regions[0] + hand.regions[1] > 0) tidy(hand);
    }
    force_irql(level);
    return outcome;
}

/// What the way's initialization makes new again has to be there first.
Outcome make_first(const Way& way, Objects& objects) {
    Outcome outcome;
    for (const Function* function : way.before) {
        if (function == nullptr || !outcome.completed()) break;
        Hand hand;
        outcome = call_legally(*function, objects, hand);
        tidy(hand);
    }
    return outcome;
}

/// Ends the hold that the way's call needed.
bool give_back(const Way& way, Objects& objects, Hand& held) {
    const Function& end = way.end != nullptr ? *way.end : *way.hold->release;
    Outcome outcome = call_legally(end, objects, held);
    tidy(held);
    if (expect_completed(outcome, end.name, "must be possible after it")) return true;
    reset_thread();
    return false;
}

}  // namespace

std::vector<unsigned char> numbers(Levels levels) {
    std::vector<unsigned char> result;
    for (unsigned char candidate : {0, 1, 2, 8, 13, 14, 15}) {
        if ((contract::levels_of(candidate).bits & levels.bits) != 0) result.push_back(candidate);
    }
    return result;
}

std::vector<unsigned char> tried_levels(const Function& function, Levels within) {
    if (function.levels.bits == 0) return within.bits == kEveryLevel.bits ? std::vector<unsigned char>{0} : numbers(within);
    return numbers(Levels{static_cast<std::uint16_t>(function.levels.bits & within.bits)});
}

bool apcs_are_disabled(Apcs apcs) {
    if (current_irql() >= 1) return true;
    return apcs == Apcs::all ? all_apcs_disabled() : apcs_disabled() || all_apcs_disabled();
}

void reach(Objects& objects, unsigned char level, bool exactly) {
    unsigned char usual = numbers(Levels::at(Level::dirql)).front();
    if (exactly || level > usual) objects.set_interrupt_level(level);
}

void reach(Objects& objects, const Way& way) {
    // What can be taken at the lowest level only is no spin lock, so an interrupt that it belongs to is served there.
    if (way.acquire != nullptr && way.release != nullptr && way.acquire->levels.bits == Levels::at(Level::passive).bits)
        objects.set_interrupt_level(0);
}

Outcome prepare(const Function& function, Objects& objects) {
    return objects.begin_preparation(function) ? make_others(function, objects) : Outcome{};
}

Outcome call_at(const Function& function, Objects& objects, Hand& hand, unsigned char level) {
    if (Outcome outcome = prepare(function, objects); !outcome.completed()) return outcome;
    force_irql(level);
    satisfy(function, hand);
    return guarded([&] { function.call(objects, hand); });
}

Outcome call_legally(const Function& function, Objects& objects, Hand& hand) {
    return call_at(function, objects, hand, allowed_level(function));
}

Outcome initialize(const Way& way, Objects& objects, unsigned char level) {
    reach(objects, way);
    Hand hand;
    unsigned char before = current_irql();
    Outcome outcome = make_first(way, objects);
    if (way.initialize != nullptr && outcome.completed()) {
        outcome = call_legally(*way.initialize, objects, hand);
        tidy(hand);
    }
    if (outcome.completed()) outcome = arrange(way, objects, level);
    force_irql(level >= kDispatch && level > before ? level : before);
    return outcome;
}

Outcome arrange(const Way& way, Objects& objects, unsigned char level) {
    Outcome outcome;
    for (const Function* function : way.arrange) {
        if (function == nullptr || !outcome.completed()) break;
        Hand hand;
        bool stays = level >= kDispatch;
        if (stays) force_irql(level);
        outcome = call_legally(*function, objects, hand);
        // Below DISPATCH_LEVEL a queued DPC would run, and be queued no more.
        if (!stays || hand.regions[0] + hand.regions[1] > 0) tidy(hand);
    }
    return outcome;
}

Outcome enter(const Way& way, Objects& objects, Hand& hand, unsigned char level) {
    hand.irql = level;  // what a release is given where the acquisition saves nothing
    return call_at(*way.acquire, objects, hand, level);
}

Outcome enter(const Way& way, Objects& objects, Hand& hand) { return enter(way, objects, hand, allowed_level(*way.acquire)); }

Outcome leave(const Way& way, Objects& objects, Hand& hand) {
    Outcome outcome;
    if (way.release != nullptr && acquired(way, hand)) outcome = call_legally(*way.release, objects, hand);
    tidy(hand);
    return outcome;
}

void tidy(Hand& hand) {
    force_irql(0);
    for (Apcs apcs : {Apcs::normal, Apcs::all}) {
        for (int& count = hand.regions[static_cast<int>(apcs)]; count > 0; --count) enable_apcs(apcs);
    }
}

bool acquired(const Way& way, const Hand& hand) { return way.acquired == nullptr || way.acquired(hand); }

bool walk(const Way& way, const Function& function, unsigned char level, const Seen& seen) {
    SharedObjects objects = make_objects();
    reach(*objects, level, &function == way.release);
    reach(*objects, way);
    Hand hand;
    auto step = [&](const Function* next, const std::function<Outcome()>& call) {
        if (next == nullptr) return true;
        Outcome outcome = call();
        if (!expect_completed(outcome, next->name)) {
            reset_thread();
            return false;
        }
        if (next == &function && seen) seen(*objects, hand);
        return true;
    };
    auto plain = [&](const Function* next) {
        return step(next, [&] { return next == &function ? call_at(*next, *objects, hand, level) : call_legally(*next, *objects, hand); });
    };
    if (!expect_completed(make_first(way, *objects), "what comes before the initialization")) {
        reset_thread();
        return false;
    }
    if (!plain(way.initialize)) return false;
    if (way.initialize != nullptr) tidy(hand);
    if (!expect_completed(arrange(way, *objects, level), "the set-up")) {
        reset_thread();
        return false;
    }
    Hand held;
    if (way.hold != nullptr) {
        force_irql(level);
        if (!expect_completed(enter(*way.hold, *objects, held), way.hold->acquire->name, "as the set-up")) {
            reset_thread();
            return false;
        }
        // The hold may have led to a higher level; below it the call would break the lock's own rules.
        if (current_irql() > level) level = current_irql();
        if (&function == way.acquire && !allows(function, level)) {
            leave(*way.hold, *objects, held);
            return true;
        }
    }
    auto acquire = [&] {
        // A release that is tried at a level is best reached from there: then both calls see what a driver shows them.
        force_irql(level);
        if (&function == way.release) hand.target = level;
        return &function == way.initialize || &function == way.destroy ? enter(way, *objects, hand, allowed_level(*way.acquire))
               : &function == way.acquire                              ? enter(way, *objects, hand, level)
                                                                       : enter(way, *objects, hand);
    };
    if (!step(way.acquire, acquire)) return false;
    if (way.acquire != nullptr && way.release != nullptr && !acquired(way, hand)) {
        // In a state that was brought about it may be refused: `seen` has looked at that.
        if (&function == way.acquire && way.arrange[0] != nullptr && seen) {
            tidy(hand);
            return true;
        }
        ADD_FAILURE() << way.acquire->name << " did not acquire what nobody holds";
        tidy(hand);
        return false;
    }
    // A page that states no level for the release leaves it at the level that the acquisition led to.
    // Where it raised the caller to a level that suits the release, the lock is held there and nowhere else.
    bool raised = way.acquire != nullptr && current_irql() > level && allows(function, current_irql());
    bool as_it_comes = way.release != &function || function.levels.bits == 0 || raised;
    if (!step(way.release,
              [&] { return as_it_comes ? call_legally(*way.release, *objects, hand) : call_at(*way.release, *objects, hand, level); }))
        return false;
    if (way.hold != nullptr && !give_back(way, *objects, held)) return false;
    tidy(hand);
    if (!plain(way.destroy)) return false;
    tidy(hand);
    return true;
}

bool expect_completed(const Outcome& outcome, const char* function, const char* what) {
    EXPECT_TRUE(outcome.completed()) << function << " " << what << ": " << outcome.text;
    return outcome.completed();
}

}  // namespace ddi::suite
