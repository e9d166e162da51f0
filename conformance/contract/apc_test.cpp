// APC state: regions, nesting, what is disabled by the IRQL alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conformance/contract/call.h"
#include "conformance/contract/contract.h"
#include "conformance/contract/fake_environment.h"

namespace ddi::contract {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr Rule disable{"disable", "s", "p.md", 1};
constexpr Rule enable{"enable", "s", "p.md", 2};
constexpr Rule required{"required", "s", "p.md", 3};
constexpr Rule release{"release", "s", "p.md", 4};

int& counter(Apcs apcs) { return apcs == Apcs::all ? fake::thread().guarded_regions : fake::thread().critical_regions; }

void enter_region(Apcs apcs, int change = 1) {
    Call call("Enter", nullptr);
    call.enter();
    counter(apcs) += change;
    call.leave();
    call.apcs_disabled(disable, apcs);
}

void leave_region(Apcs apcs, int change = 1) {
    Call call("Leave", nullptr);
    call.enables_apcs(enable, apcs);
    call.enter();
    counter(apcs) -= change;
    call.leave();
    call.apcs_enabled(enable, apcs);
}

class ApcTest : public testing::TestWithParam<Apcs> {
  protected:
    void SetUp() override {
        forget_everything();
        fake::thread() = {};
    }
    Recorder recorder_;
};

INSTANTIATE_TEST_SUITE_P(BothKinds, ApcTest, testing::Values(Apcs::normal, Apcs::all));

TEST_P(ApcTest, NestedRegionsReportNothing) {
    enter_region(GetParam());
    enter_region(GetParam());
    leave_region(GetParam());
    leave_region(GetParam());
    EXPECT_THAT(recorder_.rules(), IsEmpty());
}

TEST_P(ApcTest, AnEnterThatDisablesNothingIsReported) {
    enter_region(GetParam(), 0);
    EXPECT_THAT(recorder_.rules(), ElementsAre("disable"));
}

TEST_P(ApcTest, ALeaveThatEnablesTooEarlyIsReported) {
    enter_region(GetParam());
    enter_region(GetParam());
    leave_region(GetParam(), 2);
    EXPECT_THAT(recorder_.rules(), ElementsAre("enable"));
}

TEST_P(ApcTest, ALastLeaveThatEnablesNothingIsReported) {
    enter_region(GetParam());
    leave_region(GetParam(), 0);
    EXPECT_THAT(recorder_.rules(), ElementsAre("enable"));
}

TEST_P(ApcTest, ALeaveWithoutAnEnterIsReported) {
    leave_region(GetParam());
    EXPECT_THAT(recorder_.rules(), ElementsAre("enable"));
    EXPECT_TRUE(recorder_.violations()[0].before_call);
}

TEST_P(ApcTest, ARegionOfTheHostAroundTheDriversIsNotTheDriversFault) {
    counter(GetParam()) = 1;
    enter_region(GetParam());
    leave_region(GetParam());
    EXPECT_THAT(recorder_.rules(), IsEmpty());
}

TEST_P(ApcTest, ARequirementIsKeptByARegionOrByTheIrql) {
    auto requires_disabled = [&] {
        Call call("F", nullptr);
        call.requires_apcs_disabled(required, GetParam());
        auto rules = recorder_.rules();
        recorder_.clear();
        return rules;
    };
    EXPECT_THAT(requires_disabled(), ElementsAre("required"));
    enter_region(GetParam());
    EXPECT_THAT(requires_disabled(), IsEmpty());
    leave_region(GetParam());
    fake::thread().irql = 1;
    EXPECT_THAT(requires_disabled(), IsEmpty());
}

TEST_F(ApcTest, AGuardedRegionDisablesNormalApcsTooButACriticalRegionNotTheSpecialOnes) {
    enter_region(Apcs::all);
    enter_region(Apcs::normal);
    leave_region(Apcs::normal);  // the guarded region still disables both
    leave_region(Apcs::all);
    EXPECT_THAT(recorder_.rules(), IsEmpty());
    enter_region(Apcs::normal);
    Call call("F", nullptr);
    call.requires_apcs_disabled(required, Apcs::all);
    EXPECT_THAT(recorder_.rules(), ElementsAre("required"));
}

TEST_F(ApcTest, EachThreadHasItsOwnRegions) {
    Call enter("Enter", nullptr);
    enter.enter();
    enter.leave();
    enter.acquired(disable, nullptr, thread_object("critical region"));
    Call leave("Leave", nullptr);
    leave.releases({.release = release}, thread_object("critical region"));
    leave.enter();
    leave.leave();
    EXPECT_THAT(recorder_.rules(), IsEmpty());
    Call again("Leave", nullptr);
    again.releases({.release = release}, thread_object("critical region"));
    EXPECT_THAT(recorder_.rules(), ElementsAre("release"));
}

}  // namespace
}  // namespace ddi::contract
