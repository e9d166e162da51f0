// IRQLs: sets of levels, entry, effects, saved values.
#include "conformance/contract/irql.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conformance/contract/call.h"
#include "conformance/contract/contract.h"
#include "conformance/contract/fake_environment.h"

namespace ddi::contract {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr Rule entry{"entry", "s", "p.md", 1};
constexpr Rule effect{"effect", "s", "p.md", 2};
constexpr Rule argument{"argument", "s", "p.md", 3, "Raise RaiseToDpc"};

class IrqlTest : public testing::Test {
  protected:
    void SetUp() override {
        forget_everything();
        fake::thread() = {};
    }
    /// A call that enters at `from` and leaves at `to`; `check` looks at it afterwards.
    template <class Check>
    std::vector<std::string> effect_of(unsigned char from, unsigned char to, Check&& check) {
        fake::thread().irql = from;
        Call call("F", nullptr);
        call.enter();
        fake::thread().irql = to;
        call.leave();
        recorder_.clear();
        check(call);
        return recorder_.rules();
    }
    Recorder recorder_;
};

TEST(LevelsTest, SetsArePrintedAsThePagesWriteThem) {
    EXPECT_EQ(to_string(Levels::at(Level::dispatch)), "DISPATCH_LEVEL");
    EXPECT_EQ(to_string(Levels::at_most(Level::apc)), "<= APC_LEVEL");
    EXPECT_EQ(to_string(Levels::at_least(Level::dispatch)), ">= DISPATCH_LEVEL");
    EXPECT_EQ(to_string(Levels::at_most(Level::high)), "any level");
    EXPECT_EQ(to_string(Levels::of({Level::passive, Level::dispatch})), "PASSIVE_LEVEL or DISPATCH_LEVEL");
    EXPECT_EQ(to_string(Levels{}), "no level");
}

TEST(LevelsTest, NumbersOf64BitWindows) {
    EXPECT_EQ(levels_of_x64(2).bits, Levels::at(Level::dispatch).bits);
    EXPECT_EQ(levels_of_x64(7).bits, Levels::at(Level::dirql).bits);
    EXPECT_EQ(levels_of_x64(14).bits, Levels::of({Level::ipi, Level::power}).bits);
    EXPECT_EQ(levels_of_x64(15).bits, Levels::of({Level::profile, Level::high}).bits);
}

TEST_F(IrqlTest, EntryAtEveryLevelAgainstEveryBound) {
    for (unsigned char irql = 0; irql <= 15; ++irql) {
        fake::thread().irql = irql;
        recorder_.clear();
        Call call("F", nullptr);
        call.entry_irql(entry, Levels::at_most(Level::dispatch));
        EXPECT_EQ(recorder_.rules().size(), irql > 2 ? 1U : 0U) << int(irql);
    }
    ASSERT_EQ(recorder_.violations().size(), 1U);
    EXPECT_THAT(recorder_.violations()[0].observed, testing::HasSubstr("(15)"));
    EXPECT_EQ(recorder_.violations()[0].required, "IRQL <= DISPATCH_LEVEL");
}

TEST_F(IrqlTest, ConditionsOnTheEntryLevel) {
    fake::thread().irql = 1;
    Call call("F", nullptr);
    EXPECT_TRUE(call.irql("==", Level::apc));
    EXPECT_TRUE(call.irql("<=", Level::apc));
    EXPECT_TRUE(call.irql("<", Level::dispatch));
    EXPECT_TRUE(call.irql(">", Level::passive));
    EXPECT_TRUE(call.irql("!=", Level::passive));
    EXPECT_FALSE(call.irql(">=", Level::dispatch));
    EXPECT_FALSE(call.irql(">", Level::apc));
    EXPECT_FALSE(call.irql("<", Level::apc));
}

TEST_F(IrqlTest, RaisingEndsAtTheLevelOrStaysAboveIt) {
    auto raised = [](Call& call) { call.raised(effect, Level::dispatch); };
    EXPECT_THAT(effect_of(0, 2, raised), IsEmpty());
    EXPECT_THAT(effect_of(2, 2, raised), IsEmpty());
    EXPECT_THAT(effect_of(5, 5, raised), IsEmpty());
    EXPECT_THAT(effect_of(0, 0, raised), ElementsAre("effect"));
    EXPECT_THAT(effect_of(0, 3, raised), ElementsAre("effect"));
    EXPECT_THAT(effect_of(5, 2, raised), ElementsAre("effect"));
    auto to_argument = [](Call& call) { call.raised(effect, static_cast<unsigned char>(7)); };
    EXPECT_THAT(effect_of(0, 7, to_argument), IsEmpty());
    EXPECT_THAT(effect_of(0, 6, to_argument), ElementsAre("effect"));
}

TEST_F(IrqlTest, SavedRestoredUnchangedAndReturned) {
    EXPECT_THAT(effect_of(1, 2, [](Call& call) { call.saved(effect, 1); }), IsEmpty());
    EXPECT_THAT(effect_of(1, 2, [](Call& call) { call.saved(effect, 2); }), ElementsAre("effect"));
    EXPECT_THAT(effect_of(2, 1, [](Call& call) { call.restored(effect, 1); }), IsEmpty());
    EXPECT_THAT(effect_of(2, 2, [](Call& call) { call.restored(effect, 1); }), ElementsAre("effect"));
    EXPECT_THAT(effect_of(1, 1, [](Call& call) { call.irql_unchanged(effect); }), IsEmpty());
    EXPECT_THAT(effect_of(1, 0, [](Call& call) { call.irql_unchanged(effect); }), ElementsAre("effect"));
    EXPECT_THAT(effect_of(1, 2, [](Call& call) { call.returns_previous_irql(effect, 1); }), IsEmpty());
    EXPECT_THAT(effect_of(1, 2, [](Call& call) { call.returns_previous_irql(effect, 2); }), ElementsAre("effect"));
    EXPECT_THAT(effect_of(1, 1, [](Call& call) { call.returns_current_irql(effect, 1); }), IsEmpty());
    EXPECT_THAT(effect_of(1, 1, [](Call& call) { call.returns_current_irql(effect, 0); }), ElementsAre("effect"));
}

TEST_F(IrqlTest, TheLevelKeptInALockIsRestored) {
    auto acquire_and_release_to = [&](unsigned char level) {
        forget_everything();
        const Object lock{"FAST", "fast mutex", 1};
        effect_of(0, 1, [&](Call& call) { call.acquired(entry, nullptr, lock); });
        fake::thread().irql = 1;
        Call call("Release", nullptr);
        call.releases({.release = entry}, lock);
        call.enter();
        fake::thread().irql = level;
        call.leave();
        call.restored(effect);
        return recorder_.rules();
    };
    EXPECT_THAT(acquire_and_release_to(0), IsEmpty());
    EXPECT_THAT(acquire_and_release_to(1), ElementsAre("effect"));
}

TEST_F(IrqlTest, OnlyTheFirstBrokenEffectIsReported) {
    EXPECT_THAT(effect_of(0, 0,
                          [](Call& call) {
                              call.raised(effect, Level::dispatch);
                              call.saved(argument, 1);
                          }),
                ElementsAre("effect"));
}

TEST_F(IrqlTest, EffectsAreNotCheckedAfterABrokenPrecondition) {
    fake::thread().irql = 15;
    Call call("F", nullptr);
    call.entry_irql(entry, Levels::at_most(Level::dispatch));
    call.enter();
    fake::thread().irql = 0;
    call.leave();
    call.raised(effect, Level::dispatch);
    call.returns(effect, false, "TRUE");
    EXPECT_THAT(recorder_.rules(), ElementsAre("entry"));
}

TEST_F(IrqlTest, AnArgumentIsComparedWithTheCurrentLevel) {
    fake::thread().irql = 2;
    Call low("Raise", nullptr);
    low.argument_irql(argument, 1, ">=");
    EXPECT_THAT(recorder_.rules(), ElementsAre("argument"));
    recorder_.clear();
    Call high("Raise", nullptr);
    high.argument_irql(argument, 2, ">=");
    high.argument_irql(argument, 1, "<=");
    high.argument_irql(argument, 2, "==");
    EXPECT_THAT(recorder_.rules(), IsEmpty());
}

TEST_F(IrqlTest, LoweringTakesALevelThatARaiseSaved) {
    auto raise = [&](const char* name, unsigned char to) {
        Call call(name, nullptr);
        call.enter();
        fake::thread().irql = to;
        call.leave();
        call.gives_irql_back();
    };
    auto lower = [&](unsigned char to) {
        Call call("Lower", nullptr);
        call.argument_raised(argument, to);
        call.enter();
        fake::thread().irql = to;
        call.leave();
        call.lowers(to);
    };
    raise("Raise", 1);
    raise("RaiseToDpc", 2);
    lower(1);
    lower(0);
    EXPECT_THAT(recorder_.rules(), IsEmpty());
    lower(0);  // nothing is saved any more
    EXPECT_THAT(recorder_.rules(), ElementsAre("argument"));
    recorder_.clear();
    raise("Raise", 1);
    raise("RaiseToDpc", 2);
    lower(0);  // over both
    EXPECT_THAT(recorder_.rules(), IsEmpty());
    lower(1);
    EXPECT_THAT(recorder_.rules(), ElementsAre("argument"));
    recorder_.clear();
    raise("SomethingElse", 2);
    lower(1);
    EXPECT_THAT(recorder_.rules(), ElementsAre("argument"));
}

TEST_F(IrqlTest, WaitingAtDispatchLevelIsReported) {
    fake::thread().irql = 1;
    Call low("Wait", nullptr);
    low.waits(entry);
    EXPECT_THAT(recorder_.rules(), IsEmpty());
    fake::thread().irql = 2;
    Call high("Wait", nullptr);
    high.waits(entry);
    EXPECT_THAT(recorder_.rules(), ElementsAre("entry"));
}

}  // namespace
}  // namespace ddi::contract
