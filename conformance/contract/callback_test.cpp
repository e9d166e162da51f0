// Callbacks: locks that the host holds, requests that are left pending.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conformance/contract/call.h"
#include "conformance/contract/contract.h"
#include "conformance/contract/fake_environment.h"

namespace ddi::contract {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr Rule acquire{"acquire", "s", "p.md", 1};
constexpr Rule recursion{"recursion", "s", "p.md", 2};
constexpr Rule held{"held", "s", "p.md", 3};
constexpr Rule pending{"pending", "s", "p.md", 4, "Mark"};

const Object kMutex{"control mutex", "control mutex", 0x1000};

class CallbackTest : public testing::Test {
  protected:
    void SetUp() override {
        forget_everything();
        fake::thread() = {};
    }
    void mark(Key request) {
        Call call("Mark", nullptr);
        call.enter();
        call.leave();
        call.note(request);
    }
    void callback(bool marks, bool returns_pending, Key request) {
        Call call("Close", nullptr);
        call.enter();
        if (marks) mark(request);
        call.leave();
        call.pending(pending, returns_pending, request);
    }
    Recorder recorder_;
};

TEST_F(CallbackTest, TheHostMustHoldTheLock) {
    Call call("Close", nullptr);
    call.held_on_entry(held, kMutex);
    EXPECT_THAT(recorder_.rules(), ElementsAre("held"));
}

TEST_F(CallbackTest, ALockThatAWrapperSawCounts) {
    tracker().add({kMutex, Mode::exclusive, "Acquire", &acquire, nullptr, 0, thread_number(), nullptr, 0});
    Call call("Close", nullptr);
    call.held_on_entry(held, kMutex);
    Call any("Close", nullptr);
    any.held_on_entry(held, {"control mutex", "control mutex"});
    EXPECT_THAT(recorder_.rules(), IsEmpty());
}

TEST_F(CallbackTest, ALockThatOnlyTheHostKnowsIsHeldWhileTheCallbackRuns) {
    fake::thread().host_locks.insert({"control mutex", 0x1000});
    {
        Call call("Close", nullptr);
        call.held_on_entry(held, kMutex);
        EXPECT_THAT(recorder_.rules(), IsEmpty());
        Call inner("Acquire", nullptr);
        inner.recursion_deadlocks(recursion, kMutex);
        EXPECT_THAT(recorder_.rules(), ElementsAre("recursion"));
    }
    EXPECT_THAT(held_locks(), IsEmpty());
}

TEST_F(CallbackTest, PendingNeedsTheMarkOnTheSameRequest) {
    callback(true, true, 7);
    EXPECT_THAT(recorder_.rules(), IsEmpty());
    callback(false, true, 7);  // the mark of the call before is used up
    EXPECT_THAT(recorder_.rules(), ElementsAre("pending"));
    recorder_.clear();
    mark(8);
    callback(false, true, 7);
    EXPECT_THAT(recorder_.rules(), ElementsAre("pending"));
}

TEST_F(CallbackTest, AnythingElseMayBeReturnedWithoutAMark) {
    callback(false, false, 7);
    callback(true, false, 7);
    EXPECT_THAT(recorder_.rules(), IsEmpty());
}

}  // namespace
}  // namespace ddi::contract
