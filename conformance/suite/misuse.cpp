#include "conformance/suite/misuse.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "conformance/contract/contract.h"
#include "conformance/contract/irql.h"
#include "conformance/suite/actor.h"
#include "conformance/suite/provocation.h"

namespace ddi::suite {

using contract::Recorder;

void at_forbidden_level(const char* rule, const Way& way, const Function& function, Levels allowed, Levels within) {
    int tried = 0;
    for (unsigned char level : numbers(within)) {
        if ((contract::levels_of(level).bits & allowed.bits) != 0) continue;
        SCOPED_TRACE(testing::Message() << function.name << " at IRQL " << int{level});
        ++tried;
        Provocation provocation(rule);
        Stage stage;
        if (!stage.set(provocation, way, function)) return reset_thread();
        if (!stage.held) stage.hand.irql = level;
        stage.hand.target = 15;
        provocation.provoke([&] {
            force_irql(level);
            function.call(*stage.objects, stage.hand);
        });
        force_irql(0);
        stage.strike(way);
    }
    EXPECT_GT(tried, 0) << "no level is forbidden";
}

void with_apcs_enabled(const char* rule, const Way& way, const Function& function, Apcs apcs) {
    for (bool critical : {false, true}) {
        if (critical && apcs == Apcs::normal) continue;
        Provocation provocation(rule);
        Stage stage;
        if (!stage.set(provocation, way, function)) return reset_thread();
        leave_regions(stage.hand);
        force_irql(0);
        if (critical) disable_apcs(Apcs::normal);
        provocation.provoke([&] { function.call(*stage.objects, stage.hand); });
        if (critical) enable_apcs(Apcs::normal);
        stage.strike(way);
    }
}

void without_initialization(const char* rule, const Function& function) {
    Provocation provocation(rule);
    Stage stage;
    if (!provocation.ready(prepare(function, *stage.objects), "the set-up")) return reset_thread();
    call_legally(function, *stage.objects, stage.hand);
    provocation.expect_reported();
    tidy(stage.hand);
}

void with_uninitialized(const char* rule, const Way& way, const Function& function, const char* slot) {
    Provocation provocation(rule);
    Stage stage;
    if (!stage.set(provocation, way, function)) return reset_thread();
    stage.objects->renew(slot);
    call_legally(function, *stage.objects, stage.hand);
    provocation.expect_reported();
    stage.strike(way);
}

void after_destruction(const char* rule, const Way& way, const Function& function) {
    Provocation provocation(rule);
    Stage stage;
    if (!provocation.ready(initialize(way, *stage.objects), "the set-up")) return reset_thread();
    if (!provocation.ready(call_legally(*way.destroy, *stage.objects, stage.hand), way.destroy->name)) return reset_thread();
    call_legally(function, *stage.objects, stage.hand);
    provocation.expect_reported();
    tidy(stage.hand);
}

void released_without_acquisition(const char* rule, const Way& way) {
    Provocation provocation(rule);
    Stage stage;
    if (!provocation.ready(initialize(way, *stage.objects), "the set-up")) return reset_thread();
    // A handle that an acquisition filled in once, so that only the state of the lock is wrong.
    if (!provocation.ready(enter(way, *stage.objects, stage.hand), way.acquire->name)) return reset_thread();
    Hand used = stage.hand;
    used.regions[0] = used.regions[1] = 0;
    if (!provocation.ready(leave(way, *stage.objects, stage.hand), way.release->name)) return reset_thread();
    call_legally(*way.release, *stage.objects, used);
    provocation.expect_reported();
    tidy(used);
    stage.strike(way);
}

void released_by_other_function(const char* rule, const Way& way, const Function& release) {
    Provocation provocation(rule);
    Stage stage;
    if (!provocation.ready(initialize(way, *stage.objects), "the set-up")) return reset_thread();
    if (!provocation.ready(enter(way, *stage.objects, stage.hand), way.acquire->name)) return reset_thread();
    call_legally(release, *stage.objects, stage.hand);
    provocation.expect_reported();
    stage.held = true;
    stage.strike(way);
}

void by_other_thread(const char* rule, const Way& way, const Function& function) {
    Provocation provocation(rule);
    SharedObjects objects = make_objects();
    auto hand = std::make_shared<Hand>();
    Actor holder;
    if (!provocation.ready(initialize(way, *objects), "the set-up")) return reset_thread();
    auto entered = std::make_shared<Outcome>();
    holder.run([objects, hand, entered, &way] { *entered = enter(way, *objects, *hand); });
    if (!provocation.ready(*entered, way.acquire->name)) return;
    Hand mine = *hand;
    mine.regions[0] = mine.regions[1] = 0;
    call_legally(function, *objects, mine);
    provocation.expect_reported();
    tidy(mine);
    holder.run([objects, hand, &way] { leave(way, *objects, *hand); });
}

void acquired_again(const char* rule, const Way& way) {
    Provocation provocation(rule);
    Stage stage;
    if (!provocation.ready(initialize(way, *stage.objects), "the set-up")) return reset_thread();
    if (!provocation.ready(enter(way, *stage.objects, stage.hand), way.acquire->name)) return reset_thread();
    Hand again;
    again.irql = current_irql();
    call_legally(*way.acquire, *stage.objects, again);
    provocation.expect_reported();
    leave_regions(again);
    stage.held = true;
    stage.strike(way);
}

void never_released(const char* rule, const Way& way) {
    Provocation provocation(rule);
    Stage stage;
    if (!provocation.ready(initialize(way, *stage.objects), "the set-up")) return reset_thread();
    {
        // What the set-up still owes (an allocated lock has to be freed some time) is not this rule's affair.
        Recorder ignored(Recorder::Mode::collect);
        contract::check_quiescent();
    }
    if (!provocation.ready(enter(way, *stage.objects, stage.hand), way.acquire->name)) return reset_thread();
    EXPECT_EQ(contract::check_quiescent(), 1U);
    provocation.expect_reported();
    // The checker has forgotten it; the release is right, though it cannot know that, and has to reach the implementation.
    Recorder ignored(Recorder::Mode::collect);
    stage.held = true;
    stage.strike(way);
}

void with_other_saved_level(const char* rule, const Way& way) {
    Provocation provocation(rule);
    Stage stage;
    if (!provocation.ready(initialize(way, *stage.objects), "the set-up")) return reset_thread();
    stage.hand.target = 8;
    if (!provocation.ready(enter(way, *stage.objects, stage.hand), way.acquire->name)) return reset_thread();
    unsigned char saved = stage.hand.irql;
    stage.hand.irql = saved == 1 ? 0 : 1;
    call_legally(*way.release, *stage.objects, stage.hand);
    provocation.expect_reported();
    stage.hand.irql = saved;
    stage.held = true;
    stage.strike(way);
}

void with_level_out_of_order(const char* rule, const Way& way, const Function& function, bool too_low) {
    for (unsigned char level : tried_levels(function, kEveryLevel)) {
        int wrong = too_low ? level - 1 : level + 1;
        if (wrong < 0 || wrong > 15) continue;
        SCOPED_TRACE(testing::Message() << function.name << " at IRQL " << int{level} << " with " << wrong);
        Provocation provocation(rule);
        Stage stage;
        if (!stage.set(provocation, way, function)) return reset_thread();
        Hand wrong_hand = stage.hand;
        wrong_hand.irql = wrong_hand.target = static_cast<unsigned char>(wrong);
        wrong_hand.regions[0] = wrong_hand.regions[1] = 0;
        call_at(function, *stage.objects, wrong_hand, level);
        provocation.expect_reported();
        stage.strike(way);
    }
}

void combined(const char* rule, const Way& first, const Way& second) {
    Provocation provocation(rule);
    Stage stage;
    if (!provocation.ready(initialize(first, *stage.objects), "the set-up")) return reset_thread();
    if (!provocation.ready(enter(first, *stage.objects, stage.hand), first.acquire->name)) return reset_thread();
    if (!provocation.ready(leave(first, *stage.objects, stage.hand), first.release->name)) return reset_thread();
    Hand hand;
    enter(second, *stage.objects, hand);
    provocation.expect_reported();
    tidy(hand);
    stage.strike(first);
}

void enabled_without_disabling(const char* rule, const Function& function) {
    Provocation provocation(rule);
    Stage stage;
    call_legally(function, *stage.objects, stage.hand);
    provocation.expect_reported();
    tidy(stage.hand);
}

void waited_at_dispatch(const char* rule, const Way& way, const Function& function) {
    Provocation provocation(rule);
    Stage stage;
    if (!stage.set(provocation, way, function)) return reset_thread();
    provocation.provoke([&] {
        force_irql(2);
        function.call(*stage.objects, stage.hand);
    });
    force_irql(0);
    stage.strike(way);
}

void called_without_lock(const char* rule, const Callback& callback, const Function& checked) {
    Provocation provocation(rule);
    call_directly(callback, checked, 0);
    provocation.expect_reported();
}

void called_at_forbidden_level(const char* rule, const Callback& callback, const Function& checked, Levels allowed, Levels within) {
    for (unsigned char level : numbers(within)) {
        if ((contract::levels_of(level).bits & allowed.bits) != 0) continue;
        SCOPED_TRACE(testing::Message() << callback.type << " at IRQL " << int{level});
        Provocation provocation(rule);
        call_directly(callback, checked, level);
        provocation.expect_reported();
    }
}

void returned_pending_unannounced(const char* rule, const Callback& callback, std::int64_t status) {
    Provocation provocation(rule);
    // The host may refuse the result as well, after the checker has seen it.
    call_by_host(callback, status);
    provocation.expect_reported();
    reset_thread();
}

}  // namespace ddi::suite
