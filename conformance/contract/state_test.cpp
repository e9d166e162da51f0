// Holds that a call needs or must not find, conversions, shared holders; memory and arguments; what is certain about an object's state.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <thread>

#include "conformance/contract/call.h"
#include "conformance/contract/contract.h"
#include "conformance/contract/fake_environment.h"

namespace ddi::contract {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr Rule acquire_rule{"acquire", "s", "p.md", 1};
constexpr Rule release_rule{"release", "s", "p.md", 2};
constexpr Rule needs{"requires-held", "s", "p.md", 3};
constexpr Rule not_held_rule{"not-held-on-entry", "s", "p.md", 4};
constexpr Rule convert_rule{"convert", "s", "p.md", 5};
constexpr Rule processor{"same-processor", "s", "p.md", 6};
constexpr Rule level{"same-irql", "s", "p.md", 7};
constexpr Rule resident_rule{"resident", "s", "p.md", 8};
constexpr Rule aligned_rule{"aligned", "s", "p.md", 9};
constexpr Rule count_rule{"returns-value", "s", "p.md", 10};
constexpr Rule value_rule{"argument-value", "s", "p.md", 11};

const Object kLock{"RESOURCE", "resource", 0x1000};

class StateTest : public testing::Test {
  protected:
    void SetUp() override {
        forget_everything();
        fake::thread() = {};
        initialize();
    }
    void initialize() {
        Call call("Initialize", nullptr);
        call.enter();
        call.leave();
        call.initialized(kLock);
    }
    template <class Before>
    void before(Before&& check) {
        Call call("Function", nullptr);
        check(call);
        call.enter();
        call.leave();
    }
    template <class After>
    void after(After&& check) {
        Call call("Function", nullptr);
        call.touches(kLock);
        call.enter();
        call.leave();
        check(call);
    }
    void acquire(Mode mode) {
        after([&](Call& c) { c.acquired(acquire_rule, nullptr, kLock, mode); });
    }
    void release(ReleaseRules rules = {.release = release_rule}) {
        before([&](Call& c) { c.releases(rules, kLock); });
    }
    void convert(Mode from, Mode to) {
        Call call("Convert", nullptr);
        call.converts(convert_rule, kLock, from, to);
        call.enter();
        call.leave();
        call.converted(convert_rule, kLock, to);
    }
    bool knows(const char* state) {
        Call call("Ask", nullptr);
        return call.state_is(kLock, state) && call.undisturbed(kLock);
    }
    template <class Body>
    void elsewhere(Body&& body) {
        std::thread(body).join();
    }
    Recorder recorder_;
};

TEST_F(StateTest, ANeededHoldIsTheCallersOwnAndOfTheMode) {
    auto need = [&](std::optional<Mode> mode) { before([&](Call& c) { c.requires_held(needs, kLock, mode); }); };
    acquire(Mode::shared);
    need({});
    need(Mode::shared);
    EXPECT_THAT(recorder_.rules(), IsEmpty());
    need(Mode::exclusive);
    EXPECT_THAT(recorder_.rules(), ElementsAre("requires-held"));
    recorder_.clear();
    elsewhere([&] { need({}); });
    EXPECT_THAT(recorder_.rules(), ElementsAre("requires-held"));
}

TEST_F(StateTest, WhatTheFunctionTakesItselfIsNotHeldByTheCaller) {
    auto call = [&] { before([&](Call& c) { c.not_held(not_held_rule, kLock); }); };
    acquire(Mode::exclusive);
    elsewhere(call);
    EXPECT_THAT(recorder_.rules(), IsEmpty());
    call();
    EXPECT_THAT(recorder_.rules(), ElementsAre("not-held-on-entry"));
}

TEST_F(StateTest, AConvertedHoldEndsWithTheReleaseOfItsNewMode) {
    constexpr Rule shared_only{"release-with", "s", "p.md", 12, "ReleaseShared"};
    constexpr Rule exclusive_only{"releases", "s", "p.md", 13, "AcquireExclusive"};
    const ReleaseRules exclusive{.release = release_rule, .releases = &exclusive_only, .mode = Mode::exclusive};
    auto share = [&] { after([&](Call& c) { c.acquired(acquire_rule, &shared_only, kLock, Mode::shared); }); };
    share();
    convert(Mode::shared, Mode::exclusive);
    release(exclusive);
    EXPECT_THAT(recorder_.rules(), IsEmpty());
    share();
    release(exclusive);
    EXPECT_THAT(recorder_.rules(), ElementsAre("releases"));
}

TEST_F(StateTest, WhatIsMadeAnewStillBelongsToItsFirstInitializer) {
    constexpr Rule by{"requires-initialized", "s", "p.md", 14, "Initialize"};
    {
        Call call("Reinitialize", nullptr);
        call.enter();
        call.leave();
        call.initialized_anew(kLock);
    }
    before([&](Call& c) { c.requires_initialized(by, kLock); });
    EXPECT_THAT(recorder_.rules(), IsEmpty());
    const Object other{"RESOURCE", "resource", 0x2000};
    {
        Call call("Reinitialize", nullptr);
        call.enter();
        call.leave();
        call.initialized_anew(other);
    }
    before([&](Call& c) { c.requires_initialized(by, other); });
    EXPECT_THAT(recorder_.rules(), ElementsAre("requires-initialized"));
}

TEST_F(StateTest, AConversionChangesAllHoldsOfTheCaller) {
    acquire(Mode::exclusive);
    acquire(Mode::shared);  // the owner's shared acquisitions count
    convert(Mode::exclusive, Mode::shared);
    elsewhere([&] { acquire(Mode::shared); });
    EXPECT_THAT(recorder_.rules(), IsEmpty());
    convert(Mode::exclusive, Mode::shared);  // only held shared now
    EXPECT_THAT(recorder_.rules(), ElementsAre("convert"));
}

TEST_F(StateTest, AnUpgradeBesideAnotherHolderIsTheImplementationsFault) {
    acquire(Mode::shared);
    convert(Mode::shared, Mode::exclusive);
    EXPECT_THAT(recorder_.rules(), IsEmpty());
    convert(Mode::exclusive, Mode::shared);
    elsewhere([&] { acquire(Mode::shared); });
    convert(Mode::shared, Mode::exclusive);
    ASSERT_THAT(recorder_.rules(), ElementsAre("convert"));
    EXPECT_FALSE(recorder_.violations()[0].before_call);
}

TEST_F(StateTest, ReadersExcludeOnlyWriters) {
    acquire(Mode::shared);
    elsewhere([&] { acquire(Mode::shared); });
    EXPECT_THAT(recorder_.rules(), IsEmpty());
    elsewhere([&] { acquire(Mode::exclusive); });
    EXPECT_THAT(recorder_.rules(), ElementsAre("acquire"));
}

TEST_F(StateTest, AThreadEndsItsOwnHoldAmongSeveral) {
    acquire(Mode::shared);
    elsewhere([&] {
        acquire(Mode::shared);
        release();
        EXPECT_THAT(held_locks(), IsEmpty());
    });
    EXPECT_EQ(held_locks().size(), 1U);
}

TEST_F(StateTest, AfterAReleaseForSomeThreadNobodyKnowsWhoHoldsIt) {
    acquire(Mode::shared);
    elsewhere([&] {
        acquire(Mode::shared);
        release({.release = release_rule, .for_thread = true});
        release();
        EXPECT_THAT(held_locks(), IsEmpty());
    });
    before([&](Call& c) { c.requires_held(needs, kLock); });
    release();
    release();
    EXPECT_THAT(recorder_.rules(), IsEmpty());
    initialize();
    release();
    EXPECT_THAT(recorder_.rules(), ElementsAre("release"));
}

TEST_F(StateTest, OfOneHolderTheReleaseForAThreadIsClear) {
    acquire(Mode::exclusive);
    elsewhere([&] { release({.release = release_rule, .for_thread = true}); });
    EXPECT_THAT(held_locks(), IsEmpty());
    elsewhere([&] { release({.release = release_rule, .for_thread = true}); });
    EXPECT_THAT(recorder_.rules(), ElementsAre("release"));
}

TEST_F(StateTest, ALostLockIsLeftAloneUntilItsNextLife) {
    after([&](Call& c) { c.loses(kLock); });
    acquire(Mode::exclusive);
    release();
    release();
    EXPECT_THAT(recorder_.rules(), IsEmpty());
}

TEST_F(StateTest, TheProcessorAndTheLevelOfTheAcquisition) {
    acquire(Mode::exclusive);
    fake::thread().processor = 1;
    release({.release = release_rule, .same_processor = &processor});
    EXPECT_THAT(recorder_.rules(), ElementsAre("same-processor"));
    recorder_.clear();
    acquire(Mode::exclusive);
    release({.release = release_rule, .same_processor = &processor, .same_irql = &level});
    EXPECT_THAT(recorder_.rules(), IsEmpty());
    acquire(Mode::exclusive);
    fake::thread().irql = 2;
    release({.release = release_rule, .same_irql = &level});
    EXPECT_THAT(recorder_.rules(), ElementsAre("same-irql"));
}

TEST_F(StateTest, MemoryIsNonpagedUnlessSomebodySaysSo) {
    static char memory[64];
    auto call = [&](const void* address) { before([&](Call& c) { c.resident(resident_rule, key(address)); }); };
    call(memory);
    ddi_contract_set_pageable(memory, sizeof memory, 1);
    ddi_contract_set_pageable(memory + 16, 16, 0);
    call(memory + 16);
    call(memory + 31);
    call(memory + 64);
    call(nullptr);
    EXPECT_THAT(recorder_.rules(), IsEmpty());
    call(memory + 15);
    call(memory + 32);
    ddi_contract_set_pageable(memory, sizeof memory, 0);
    call(memory);
    EXPECT_THAT(recorder_.rules(), ElementsAre("resident", "resident"));
}

TEST_F(StateTest, AddressesAndValuesOfArguments) {
    before([&](Call& c) { c.aligned(aligned_rule, 0x1010, 16); });
    before([&](Call& c) { c.argument(value_rule, true, "Count > 0"); });
    EXPECT_THAT(recorder_.rules(), IsEmpty());
    before([&](Call& c) { c.aligned(aligned_rule, 0x1008, 16); });
    before([&](Call& c) { c.argument(value_rule, false, "Count > 0"); });
    EXPECT_THAT(recorder_.rules(), ElementsAre("aligned", "argument-value"));
}

TEST_F(StateTest, AHoldCountIsCheckedForObjectsSeenFromTheirBeginning) {
    auto ask = [&](const Object& object, std::uint64_t count) { after([&](Call& c) { c.returns_hold_count(count_rule, object, count); }); };
    ask(kLock, 0);
    acquire(Mode::exclusive);
    acquire(Mode::shared);
    elsewhere([&] { ask(kLock, 0); });
    ask(kLock, 2);
    ask({"RESOURCE", "resource", 0x9000}, 5);
    EXPECT_THAT(recorder_.rules(), IsEmpty());
    ask(kLock, 1);
    EXPECT_THAT(recorder_.rules(), ElementsAre("returns-value"));
}

TEST_F(StateTest, OnlyTheOneThreadThatUsesAnObjectIsSureOfItsState) {
    auto set = [&] { after([&](Call& c) { c.sets_state(kLock, "signaled"); }); };
    EXPECT_FALSE(knows("signaled"));
    set();
    EXPECT_TRUE(knows("signaled"));
    after([&](Call& c) { c.sets_state(kLock, "not-signaled"); });
    EXPECT_FALSE(knows("signaled"));
    set();
    after([](Call&) {});  // may have changed it
    EXPECT_FALSE(knows("signaled"));
    set();
    before([&](Call& c) { c.touches(kLock, Use::asks); });
    EXPECT_TRUE(knows("signaled"));
    elsewhere([&] { before([&](Call& c) { c.touches(kLock, Use::asks); }); });
    EXPECT_FALSE(knows("signaled"));
    set();
    EXPECT_FALSE(knows("signaled"));  // from now on nobody is
    initialize();
    set();
    EXPECT_TRUE(knows("signaled"));
    before([&](Call& c) { c.touches(kLock, Use::keeps); });
    set();
    EXPECT_FALSE(knows("signaled"));
}

TEST_F(StateTest, FreeIsCertainForTheOnlyUserAndFreedAfterTheLastRelease) {
    auto is_free = [&] { return Call("Ask", nullptr).is_free(kLock); };
    EXPECT_TRUE(is_free());
    acquire(Mode::exclusive);
    acquire(Mode::exclusive);
    EXPECT_FALSE(is_free());
    for (bool last : {false, true}) {
        Call call("Release", nullptr);
        call.releases({.release = release_rule}, kLock);
        call.enter();
        call.leave();
        EXPECT_EQ(call.freed(kLock), last);
    }
    EXPECT_TRUE(is_free());
    elsewhere([&] { acquire(Mode::exclusive); });
    EXPECT_FALSE(is_free());
}

TEST_F(StateTest, RegionsAreThoseThatTheThreadEntered) {
    EXPECT_FALSE(Call("Ask", nullptr).in_region("critical region"));
    after([&](Call& c) { c.acquired(acquire_rule, nullptr, thread_object("critical region")); });
    EXPECT_TRUE(Call("Ask", nullptr).in_region("critical region"));
    elsewhere([] { EXPECT_FALSE(Call("Ask", nullptr).in_region("critical region")); });
}

TEST_F(StateTest, AWaitForSeveralTakesTheLocksAmongThem) {
    long event = 0;
    const void* objects[] = {&event, reinterpret_cast<const void*>(kLock.key)};
    auto wait = [&](bool all, std::size_t index) {
        bool took = false;
        after([&](Call& c) {
            c.acquired_among(acquire_rule, nullptr, {"RESOURCE", "resource"}, objects, 2, all, index);
            took = c.took_lock();
        });
        return took;
    };
    EXPECT_FALSE(wait(false, 0));  // the event
    EXPECT_TRUE(wait(false, 1));
    EXPECT_TRUE(wait(true, 0));
    EXPECT_EQ(held_locks().size(), 2U);
}

}  // namespace
}  // namespace ddi::contract
