// Timers: both types, relative, absolute and periodic due times, their DPCs. The tests move the clock; one looks at the real one.
#include <wdm.h>

#include <vector>

#include "conformance/kernel/dispatcher/clock.h"
#include "conformance/tests/peer.h"

namespace ddi::kernel {
namespace {

constexpr std::int64_t one_second = ticks_per_second;
constexpr std::int64_t hour = 3600 * one_second;

LARGE_INTEGER ticks(std::int64_t value) {
    LARGE_INTEGER result{};
    result.QuadPart = value;
    return result;
}

VOID count(PKDPC, PVOID context, PVOID, PVOID) {
    EXPECT_EQ(KeGetCurrentIrql(), DISPATCH_LEVEL);
    ++*static_cast<std::atomic<int>*>(context);
}

struct Timers : testing::Test {
    Timers() {
        KeInitializeTimer(&timer);
        KeInitializeDpc(&dpc, count, &expired);
    }
    ~Timers() override { observe::forget_timers(); }
    bool poll(PKTIMER which) const {
        LARGE_INTEGER zero{};
        return KeWaitForSingleObject(which, Executive, KernelMode, FALSE, &zero) == STATUS_SUCCESS;
    }
    KTIMER timer;
    KDPC dpc;
    std::atomic<int> expired{0};
};

TEST_F(Timers, ExpireOnceWithTheirDpc) {
    EXPECT_FALSE(KeReadStateTimer(&timer));
    EXPECT_FALSE(KeSetTimer(&timer, ticks(-hour), &dpc)) << "it was not in the queue";
    EXPECT_FALSE(KeReadStateTimer(&timer));
    EXPECT_GT(observe::timer_due(&timer).value_or(0), hour - 60 * one_second);
    observe::advance_time(hour / 2);
    EXPECT_FALSE(KeReadStateTimer(&timer));
    EXPECT_EQ(expired.load(), 0);
    observe::advance_time(hour / 2);
    EXPECT_TRUE(KeReadStateTimer(&timer));
    KeFlushQueuedDpcs();
    EXPECT_EQ(expired.load(), 1);
    EXPECT_FALSE(observe::timer_due(&timer).has_value());
    EXPECT_FALSE(KeCancelTimer(&timer)) << "it has left the queue";
    EXPECT_TRUE(KeReadStateTimer(&timer)) << "a notification timer remains signaled";
    EXPECT_TRUE(poll(&timer));
    EXPECT_TRUE(poll(&timer));
}

TEST_F(Timers, SettingAgainReplacesTheFirstTime) {
    KeSetTimer(&timer, ticks(-hour), &dpc);
    EXPECT_TRUE(KeSetTimer(&timer, ticks(-3 * hour), nullptr)) << "it was in the queue";
    observe::advance_time(2 * hour);
    EXPECT_FALSE(KeReadStateTimer(&timer));
    observe::advance_time(hour);
    EXPECT_TRUE(KeReadStateTimer(&timer));
    KeFlushQueuedDpcs();
    EXPECT_EQ(expired.load(), 0) << "the DPC went with the first time";
    EXPECT_FALSE(KeSetTimer(&timer, ticks(-hour), nullptr));
    EXPECT_FALSE(KeReadStateTimer(&timer)) << "no longer signaled";
}

TEST_F(Timers, AreForgottenWithTheirStorage) {
    KTIMER other;
    KeInitializeTimer(&other);
    KeSetTimer(&timer, ticks(-hour), &dpc);
    KeSetTimer(&other, ticks(-hour), nullptr);
    observe::forget_timers(&timer, sizeof timer);
    observe::advance_time(hour);
    EXPECT_TRUE(KeReadStateTimer(&other));
    EXPECT_FALSE(KeReadStateTimer(&timer)) << "its storage is not touched";
    KeFlushQueuedDpcs();
    EXPECT_EQ(expired.load(), 0);
}

TEST_F(Timers, AreCancelled) {
    KeSetTimer(&timer, ticks(-hour), &dpc);
    EXPECT_TRUE(KeCancelTimer(&timer));
    EXPECT_FALSE(KeCancelTimer(&timer));
    observe::advance_time(2 * hour);
    KeFlushQueuedDpcs();
    EXPECT_FALSE(KeReadStateTimer(&timer));
    EXPECT_EQ(expired.load(), 0);
}

TEST_F(Timers, PeriodicOnesStayInTheQueue) {
    EXPECT_FALSE(KeSetTimerEx(&timer, ticks(-hour), 60'000, &dpc));
    observe::advance_time(hour);
    KeFlushQueuedDpcs();
    EXPECT_EQ(expired.load(), 1);
    observe::advance_time(60 * one_second);
    KeFlushQueuedDpcs();
    EXPECT_EQ(expired.load(), 2);
    observe::advance_time(180 * one_second);
    KeFlushQueuedDpcs();
    EXPECT_EQ(expired.load(), 5);
    EXPECT_TRUE(KeReadStateTimer(&timer));
    EXPECT_TRUE(KeCancelTimer(&timer));
    observe::advance_time(hour);
    KeFlushQueuedDpcs();
    EXPECT_EQ(expired.load(), 5);
}

TEST_F(Timers, SynchronizationTimersReleaseOneThread) {
    KTIMER baton;
    KeInitializeTimerEx(&baton, SynchronizationTimer);
    KeSetTimer(&baton, ticks(-hour), nullptr);
    const auto wait = [&] { EXPECT_EQ(KeWaitForSingleObject(&baton, Executive, KernelMode, FALSE, nullptr), STATUS_SUCCESS); };
    Peer first(wait), second(wait);
    ASSERT_TRUE(observe::await_blocked(first.id(), &baton));
    ASSERT_TRUE(observe::await_blocked(second.id(), &baton));
    observe::advance_time(hour);
    EXPECT_EQ(observe::waiters(&baton), 1);
    EXPECT_FALSE(KeReadStateTimer(&baton));
    KeSetCoalescableTimer(&baton, ticks(-hour), 0, 100, nullptr);
    observe::advance_time(hour + one_second);
    first.join();
    second.join();
    KeSetTimer(&baton, ticks(-hour), nullptr);
    observe::advance_time(hour);
    EXPECT_TRUE(KeReadStateTimer(&baton));
    EXPECT_TRUE(poll(&baton));
    EXPECT_FALSE(poll(&baton)) << "reset by the wait";
}

TEST_F(Timers, NotificationTimersReleaseAll) {
    const auto wait = [&] { EXPECT_EQ(KeWaitForSingleObject(&timer, Executive, KernelMode, FALSE, nullptr), STATUS_SUCCESS); };
    KeSetTimer(&timer, ticks(-hour), nullptr);
    Peer first(wait), second(wait);
    ASSERT_TRUE(observe::await_blocked(first.id(), &timer));
    ASSERT_TRUE(observe::await_blocked(second.id(), &timer));
    observe::advance_time(hour);
    first.join();
    second.join();
}

TEST_F(Timers, AbsoluteOnesFollowTheSystemTime) {
    KTIMER relative;
    KeInitializeTimer(&relative);
    KeSetTimer(&timer, ticks(system_time() + hour), nullptr);
    KeSetTimer(&relative, ticks(-hour), nullptr);
    observe::change_system_time(hour);
    EXPECT_TRUE(KeReadStateTimer(&timer));
    EXPECT_FALSE(KeReadStateTimer(&relative));
    KeSetTimer(&timer, ticks(system_time() + hour), nullptr);
    observe::change_system_time(-hour);
    observe::advance_time(hour);
    EXPECT_FALSE(KeReadStateTimer(&timer));
    EXPECT_TRUE(KeReadStateTimer(&relative));
    KeSetTimer(&timer, ticks(1), &dpc);
    EXPECT_TRUE(KeReadStateTimer(&timer)) << "a moment in 1601 has passed";
    KeFlushQueuedDpcs();
    EXPECT_EQ(expired.load(), 1);
}

TEST_F(Timers, ExpireByThemselves) {
    const std::int64_t start = interrupt_time();
    KeSetTimer(&timer, ticks(-200'000), &dpc);
    EXPECT_EQ(KeWaitForSingleObject(&timer, Executive, KernelMode, FALSE, nullptr), STATUS_SUCCESS);
    EXPECT_GE(interrupt_time() - start, 200'000);
    KeFlushQueuedDpcs();
    EXPECT_EQ(expired.load(), 1);
}

TEST_F(Timers, TheirDpcsWaitForTheLevelToDrop) {
    KeSetTimer(&timer, ticks(-hour), &dpc);
    const KIRQL old = KeRaiseIrqlToDpcLevel();
    observe::advance_time(hour);
    EXPECT_TRUE(KeReadStateTimer(&timer));
    KeLowerIrql(old);
    KeFlushQueuedDpcs();
    EXPECT_EQ(expired.load(), 1);
}

TEST_F(Timers, NoneAboveDispatchLevel) {
    KIRQL old;
    KeRaiseIrql(DISPATCH_LEVEL + 1, &old);
    expect_bug_check(
        BugCode::irql_not_less_or_equal, [this] { KeSetTimer(&timer, ticks(-hour), nullptr); }, &timer, DISPATCH_LEVEL + 1);
    KEVENT event;
    KeInitializeEvent(&event, NotificationEvent, FALSE);
    expect_bug_check(
        BugCode::driver_verifier_detected_violation, [&] { KeCancelTimer(reinterpret_cast<PKTIMER>(&event)); },
        verifier::resource_uninitialized, &event);
}

}  // namespace
}  // namespace ddi::kernel
