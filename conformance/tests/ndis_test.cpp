// What the NDIS spin locks, events, mutexes, lists and interrupts do: levels kept in the lock, time limits in milliseconds, misuse.
#include <ndis.h>
#include <wdm.h>

#include <array>
#include <vector>

#include "conformance/kernel/ndis/adapter.h"
#include "conformance/tests/peer.h"

namespace ddi::kernel {
namespace {

struct NdisSpinLock : testing::Test {
    NdisSpinLock() { NdisAllocateSpinLock(&lock); }
    NDIS_SPIN_LOCK lock;
};

TEST_F(NdisSpinLock, KeepsTheOldLevelItself) {
    for (KIRQL from : {PASSIVE_LEVEL, APC_LEVEL, DISPATCH_LEVEL}) {
        KIRQL outer;
        KeRaiseIrql(from, &outer);
        NdisAcquireSpinLock(&lock);
        EXPECT_EQ(KeGetCurrentIrql(), DISPATCH_LEVEL);
        NdisReleaseSpinLock(&lock);
        EXPECT_EQ(KeGetCurrentIrql(), from);
        KeLowerIrql(outer);
    }
}

TEST_F(NdisSpinLock, DprVariantsStayAtDispatchLevel) {
    KIRQL outer = KeRaiseIrqlToDpcLevel();
    NdisDprAcquireSpinLock(&lock);
    EXPECT_EQ(KeGetCurrentIrql(), DISPATCH_LEVEL);
    EXPECT_EQ(observe::snapshot().spin_locks, 1U);
    NdisDprReleaseSpinLock(&lock);
    EXPECT_EQ(KeGetCurrentIrql(), DISPATCH_LEVEL);
    KeLowerIrql(outer);
}

TEST_F(NdisSpinLock, LocksOutOfOrderLeadToTheLevelsThatThePageWarnsOf) {
    NDIS_SPIN_LOCK other;
    NdisAllocateSpinLock(&other);
    NdisAcquireSpinLock(&lock);
    NdisAcquireSpinLock(&other);
    NdisReleaseSpinLock(&lock);
    EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL) << "still holding the other lock";
    expect_bug_check(BugCode::irql_not_dispatch_level, [&] { NdisReleaseSpinLock(&other); });
}

TEST_F(NdisSpinLock, KeepsOthersOut) {
    NdisAcquireSpinLock(&lock);
    Signal released;
    Peer peer([&] {
        NdisAcquireSpinLock(&lock);
        EXPECT_TRUE(released.is_set());
        NdisReleaseSpinLock(&lock);
    });
    EXPECT_TRUE(observe::await_blocked(peer.id(), &lock));
    released.set();
    NdisReleaseSpinLock(&lock);
    peer.join();
}

TEST_F(NdisSpinLock, MisuseIsNoticed) {
    expect_bug_check(
        BugCode::irql_not_dispatch_level, [&] { NdisDprAcquireSpinLock(&lock); }, PASSIVE_LEVEL, &lock);
    expect_bug_check(BugCode::spin_lock_already_owned, [&] {
        NdisAcquireSpinLock(&lock);
        NdisAcquireSpinLock(&lock);
    });
    NdisAllocateSpinLock(&lock);
    expect_bug_check(BugCode::spin_lock_not_owned, [&] {
        KeRaiseIrqlToDpcLevel();
        NdisReleaseSpinLock(&lock);
    });
    NdisFreeSpinLock(&lock);
    expect_bug_check(
        BugCode::driver_verifier_detected_violation, [&] { NdisAcquireSpinLock(&lock); }, verifier::resource_uninitialized, &lock);
    NdisAllocateSpinLock(&lock);
    NdisAcquireSpinLock(&lock);
    NdisReleaseSpinLock(&lock);
}

struct NdisEvent : testing::Test {
    NdisEvent() { NdisInitializeEvent(&event); }
    NDIS_EVENT event;
};

TEST_F(NdisEvent, StaysSetUntilReset) {
    EXPECT_FALSE(NdisWaitEvent(&event, 1));
    NdisSetEvent(&event);
    EXPECT_TRUE(NdisWaitEvent(&event, 0));
    EXPECT_TRUE(NdisWaitEvent(&event, 1));
    NdisResetEvent(&event);
    EXPECT_FALSE(NdisWaitEvent(&event, 1));
}

TEST_F(NdisEvent, WakesAllWhoWaitWithoutLimit) {
    std::array<BOOLEAN, 2> results{};
    Peer first([&] { results[0] = NdisWaitEvent(&event, 0); });
    Peer second([&] { results[1] = NdisWaitEvent(&event, 0); });
    EXPECT_TRUE(observe::await_blocked(first.id(), &event));
    EXPECT_TRUE(observe::await_blocked(second.id(), &event));
    KIRQL old = KeRaiseIrqlToDpcLevel();
    NdisSetEvent(&event);
    KeLowerIrql(old);
    first.join();
    second.join();
    EXPECT_EQ(results, (std::array<BOOLEAN, 2>{TRUE, TRUE}));
}

TEST_F(NdisEvent, TimeRunsInMilliseconds) {
    BOOLEAN result = TRUE;
    Peer peer([&] { result = NdisWaitEvent(&event, 3'600'000); });
    EXPECT_TRUE(observe::await_blocked(peer.id(), &event));
    observe::advance_time(LONGLONG{3'599'000} * 10'000);
    EXPECT_EQ(observe::blocked_on(peer.id()), &event);
    observe::advance_time(LONGLONG{1'000} * 10'000);
    peer.join();
    EXPECT_FALSE(result);
}

TEST_F(NdisEvent, NobodyWaitsAboveThePassiveLevel) {
    NdisSetEvent(&event);
    expect_bug_check(BugCode::irql_not_less_or_equal, [&] {
        KIRQL old;
        KeRaiseIrql(APC_LEVEL, &old);
        NdisWaitEvent(&event, 1);
    });
}

TEST(NdisMutex, IsRecursiveAndTellsWhenItIsFree) {
    NDIS_MUTEX mutex;
    NDIS_INIT_MUTEX(&mutex);
    EXPECT_EQ(NDIS_WAIT_FOR_MUTEX(&mutex), STATUS_SUCCESS);
    EXPECT_EQ(NDIS_WAIT_FOR_MUTEX(&mutex), STATUS_SUCCESS);
    EXPECT_NE(NDIS_RELEASE_MUTEX(&mutex), 0);
    EXPECT_EQ(observe::mutex_owner(&mutex), observe::current_thread());
    EXPECT_EQ(NDIS_RELEASE_MUTEX(&mutex), 0);
    EXPECT_EQ(observe::mutex_owner(&mutex), 0U);
}

TEST(NdisMutex, IsReleasedByItsHolderOnly) {
    NDIS_MUTEX mutex;
    NDIS_INIT_MUTEX(&mutex);
    const auto status = static_cast<std::uint32_t>(STATUS_MUTANT_NOT_OWNED);
    expect_bug_check(
        BugCode::kmode_exception_not_handled, [&] { NDIS_RELEASE_MUTEX(&mutex); }, status, &mutex);
    EXPECT_EQ(NDIS_WAIT_FOR_MUTEX(&mutex), STATUS_SUCCESS);
    Peer stranger([&] {
        expect_bug_check(
            BugCode::kmode_exception_not_handled, [&] { NDIS_RELEASE_MUTEX(&mutex); }, status, &mutex);
    });
    stranger.join();
    EXPECT_EQ(NDIS_RELEASE_MUTEX(&mutex), 0);
}

TEST(NdisInterlocked, CountsAtEveryLevel) {
    KIRQL outer;
    KeRaiseIrql(HIGH_LEVEL, &outer);
    LARGE_INTEGER statistic;
    statistic.QuadPart = 0xFFFFFFFF;
    NdisInterlockedAddLargeStatistic(&statistic, 2);
    EXPECT_EQ(statistic.QuadPart, 0x100000001);
    LONG count = 41;
    EXPECT_EQ(NdisInterlockedIncrement(&count), 42);
    EXPECT_EQ(NdisInterlockedDecrement(&count), 41);
    NDIS_SPIN_LOCK lock;
    NdisAllocateSpinLock(&lock);
    ULONG sum = 40;
    NdisInterlockedAddUlong(&sum, 2, &lock);
    EXPECT_EQ(sum, 42U);
    EXPECT_EQ(KeGetCurrentIrql(), HIGH_LEVEL);
    KeLowerIrql(outer);
}

TEST(NdisInterlocked, KeepsListsInOrder) {
    LIST_ENTRY head = {&head, &head};
    std::array<LIST_ENTRY, 3> entries;
    NDIS_SPIN_LOCK lock;
    NdisAllocateSpinLock(&lock);
    EXPECT_EQ(NdisInterlockedRemoveHeadList(&head, &lock), nullptr);
    EXPECT_EQ(NdisInterlockedInsertTailList(&head, &entries[1], &lock), nullptr);
    EXPECT_EQ(NdisInterlockedInsertTailList(&head, &entries[2], &lock), &entries[1]);
    EXPECT_EQ(NdisInterlockedInsertHeadList(&head, &entries[0], &lock), &entries[1]);
    for (LIST_ENTRY& entry : entries) EXPECT_EQ(NdisInterlockedRemoveHeadList(&head, &lock), &entry);
    EXPECT_EQ(NdisInterlockedRemoveHeadList(&head, &lock), nullptr);
    EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
}

TEST(NdisInterlocked, SequencedListTakesTheLockThatTheCallerMustNotHold) {
    SLIST_HEADER head{};
    alignas(16) std::array<SLIST_ENTRY, 2> entries;
    auto entry = [&](int i) { return reinterpret_cast<PSINGLE_LIST_ENTRY>(&entries[i]); };
    NDIS_SPIN_LOCK lock;
    NdisAllocateSpinLock(&lock);
    EXPECT_EQ(NdisInterlockedPushEntrySList(&head, entry(0), &lock), nullptr);
    EXPECT_EQ(NdisInterlockedPushEntrySList(&head, entry(1), &lock), entry(0));
    EXPECT_EQ(NdisInterlockedPopEntrySList(&head, &lock), entry(1));
    NdisAcquireSpinLock(&lock);
    Peer peer([&] { EXPECT_EQ(NdisInterlockedPopEntrySList(&head, &lock), entry(0)); });
    EXPECT_TRUE(observe::await_blocked(peer.id(), &lock));
    NdisReleaseSpinLock(&lock);
    peer.join();
    expect_bug_check(BugCode::spin_lock_already_owned, [&] {
        NdisAcquireSpinLock(&lock);
        NdisInterlockedPopEntrySList(&head, &lock);
    });
}

struct Synchronized {
    ndis::Adapter* adapter = nullptr;
    ULONG message = 0;
    KIRQL level = 0;
    bool held = false;
    BOOLEAN result = TRUE;

    static BOOLEAN run(NDIS_HANDLE context) {
        auto& self = *static_cast<Synchronized*>(context);
        self.level = KeGetCurrentIrql();
        self.held = self.adapter->lock(self.message).held_by_caller();
        return self.result;
    }
    BOOLEAN call() { return NdisMSynchronizeWithInterruptEx(adapter->interrupt(), message, reinterpret_cast<PVOID>(run), this); }
};

TEST(NdisInterrupt, RunsTheFunctionAtTheMessagesLevelWithItsLock) {
    ndis::Adapter adapter({5, 7});
    for (ULONG message : {0U, 1U}) {
        Synchronized function{&adapter, message};
        EXPECT_TRUE(function.call());
        EXPECT_EQ(function.level, message == 0 ? 5 : 7);
        EXPECT_TRUE(function.held);
        EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
        EXPECT_FALSE(adapter.lock(message).held_by_caller());
        function.result = FALSE;
        EXPECT_FALSE(function.call());
    }
    Synchronized none{&adapter, 2};
    expect_bug_check(BugCode::driver_verifier_detected_violation, [&] { none.call(); });
}

TEST(NdisInterrupt, IgnoresTheMessageOfALineBasedOne) {
    ndis::Adapter adapter({6});
    Synchronized function{&adapter, 17};
    EXPECT_TRUE(function.call());
    EXPECT_EQ(function.level, 6);
}

TEST(NdisInterrupt, ServiceRoutineWaitsForTheFunction) {
    ndis::Adapter adapter({6});
    Signal delivered;
    std::optional<Peer> peer;
    struct Context {
        ndis::Adapter& adapter;
        Signal& delivered;
        std::optional<Peer>& peer;
    } context{adapter, delivered, peer};
    auto function = [](NDIS_HANDLE opaque) -> BOOLEAN {
        auto& [device, done, other] = *static_cast<Context*>(opaque);
        other.emplace([&device = device, &done = done] { device.deliver(0, [&] { done.set(); }); });
        EXPECT_TRUE(observe::await_blocked(other->id(), device.lock(0).shown()));
        EXPECT_FALSE(done.is_set());
        return TRUE;
    };
    BOOLEAN (*routine)(NDIS_HANDLE) = function;
    EXPECT_TRUE(NdisMSynchronizeWithInterruptEx(adapter.interrupt(), 0, reinterpret_cast<PVOID>(routine), &context));
    peer->join();
    EXPECT_TRUE(delivered.is_set());
}

TEST(NdisInterrupt, CallersAboveDirqlAreRefused) {
    ndis::Adapter adapter({6});
    Synchronized function{&adapter};
    expect_bug_check(BugCode::irql_not_greater_or_equal, [&] {
        KIRQL old;
        KeRaiseIrql(7, &old);
        function.call();
    });
}

}  // namespace
}  // namespace ddi::kernel
