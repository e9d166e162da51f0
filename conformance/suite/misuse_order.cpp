// Misuse that shows in what came before or comes after a call, and in where its arguments are.
#include <gtest/gtest.h>

#include "conformance/contract/contract.h"
#include "conformance/suite/misuse.h"
#include "conformance/suite/provocation.h"

namespace ddi::suite {

void is_reported(const char* rule, const Way& way, const Function& function) {
    Provocation provocation(rule);
    Stage stage;
    if (!stage.set(provocation, way, function)) return reset_thread();
    Hand used = stage.hand;
    used.regions[0] = used.regions[1] = 0;
    call_legally(function, *stage.objects, used);
    provocation.expect_reported();
    leave_regions(used);
    stage.strike(way);
}

void in_pageable_memory(const char* rule, const Way& way, const Function& function, Address address, Levels within) {
    Provocation provocation(rule);
    Stage stage;
    if (!stage.set(provocation, way, function)) return reset_thread();
    const void* place = address(*stage.objects, stage.hand);
    // A handle is where the hand is, so the hand itself is used; a copy would be in other memory.
    auto call = [&] {
        auto levels = tried_levels(function, within);
        if (within.bits == kEveryLevel.bits) return call_legally(function, *stage.objects, stage.hand);
        if (levels.empty()) return Outcome{Outcome::Kind::other, 0, "at no such level"};
        return call_at(function, *stage.objects, stage.hand, levels.front());
    };
    ddi_contract_set_pageable(place, 1, 1);
    call();
    ddi_contract_set_pageable(place, 1, 0);
    provocation.expect_reported();
    stage.strike(way);
}

void misaligned(const char* rule, const Way& way, const Function& function, const char* slot) {
    Provocation provocation(rule);
    Stage stage;
    stage.objects->misalign(slot);
    if (!stage.set(provocation, way, function)) return reset_thread();
    call_legally(function, *stage.objects, stage.hand);
    provocation.expect_reported();
    stage.strike(way);
}

void with_other_argument(const char* rule, const Way& way) {
    Provocation provocation(rule);
    Stage stage;
    if (!stage.begin(provocation, way, true)) return reset_thread();
    ++stage.hand.agreement;
    call_legally(*way.release, *stage.objects, stage.hand);
    provocation.expect_reported();
    --stage.hand.agreement;
    stage.strike(way);
}

void while_held(const char* rule, const Way& held, const Function& function) {
    Provocation provocation(rule);
    Stage stage;
    if (!provocation.ready(prepare(function, *stage.objects), "the set-up")) return reset_thread();
    if (!stage.begin(provocation, held, true)) return reset_thread();
    Hand hand;
    call_legally(function, *stage.objects, hand);
    provocation.expect_reported();
    leave_regions(hand);
    stage.strike(held);
}

void at_other_level(const char* rule, const Way& way) {
    Provocation provocation(rule);
    Stage stage;
    if (!stage.begin(provocation, way, true)) return reset_thread();
    unsigned char level = current_irql();
    for (unsigned char other : tried_levels(*way.release, kEveryLevel)) {
        if (other == level || way.release->levels.bits == 0) continue;
        call_at(*way.release, *stage.objects, stage.hand, other);
        provocation.expect_reported();
        force_irql(level);
        stage.strike(way);
        return;
    }
    ADD_FAILURE() << way.release->name << " cannot be called at another level than " << int{level};
    stage.strike(way);
}

void not_followed(const char* rule, const Way& way, const Function& function, const Function* instead) {
    Provocation provocation(rule);
    Stage stage;
    if (!stage.set(provocation, way, function)) return reset_thread();
    if (instead != nullptr && !provocation.ready(prepare(*instead, *stage.objects), "the set-up")) return reset_thread();
    if (!provocation.ready(call_legally(function, *stage.objects, stage.hand), function.name)) return reset_thread();
    stage.held = false;
    if (instead != nullptr) {
        Hand hand;
        call_legally(*instead, *stage.objects, hand);
        provocation.expect_reported();
        leave_regions(hand);
    } else {
        contract::check_quiescent();
        provocation.expect_reported();
    }
    contract::Recorder ignored(contract::Recorder::Mode::collect);
    stage.strike(way);
}

void used_afterwards(const char* rule, const Way& way, const Function& function, const Function& other) {
    Provocation provocation(rule);
    Stage stage;
    if (!stage.set(provocation, way, function)) return reset_thread();
    if (!provocation.ready(prepare(other, *stage.objects), "the set-up")) return reset_thread();
    if (!provocation.ready(call_legally(function, *stage.objects, stage.hand), function.name)) return reset_thread();
    Hand hand;
    call_legally(other, *stage.objects, hand);
    provocation.expect_reported();
    tidy(hand);
    tidy(stage.hand);
    tidy(stage.owner);
}

void out_of_order(const char* rule, const Way& later, const Way& earlier) {
    Provocation provocation(rule);
    Stage stage;
    if (!stage.begin(provocation, later, true)) return reset_thread();
    if (!provocation.ready(suite::initialize(earlier, *stage.objects), "the set-up")) return reset_thread();
    Hand hand;
    call_legally(*earlier.acquire, *stage.objects, hand);
    provocation.expect_reported();
    leave_regions(hand);
    stage.strike(later);
}

}  // namespace ddi::suite
