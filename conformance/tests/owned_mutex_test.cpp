// Fast and guarded mutexes: the level and the region an acquisition leaves behind, tries, misuse.
#include <wdm.h>

#include "conformance/tests/peer.h"

namespace ddi::kernel {
namespace {

constexpr BugCode verifier_stop = BugCode::driver_verifier_detected_violation;

struct FastMutex : testing::Test {
    FastMutex() { ExInitializeFastMutex(&mutex); }
    FAST_MUTEX mutex;
};

TEST_F(FastMutex, RunsItsHolderAtApcLevelAndRestores) {
    for (KIRQL from : {PASSIVE_LEVEL, APC_LEVEL}) {
        KIRQL outer;
        KeRaiseIrql(from, &outer);
        ExAcquireFastMutex(&mutex);
        EXPECT_EQ(KeGetCurrentIrql(), APC_LEVEL);
        EXPECT_EQ(observe::fast_mutex_owner(&mutex), observe::current_thread());
        ExReleaseFastMutex(&mutex);
        EXPECT_EQ(KeGetCurrentIrql(), from);
        EXPECT_TRUE(ExTryToAcquireFastMutex(&mutex));
        EXPECT_EQ(KeGetCurrentIrql(), APC_LEVEL);
        ExReleaseFastMutex(&mutex);
        EXPECT_EQ(KeGetCurrentIrql(), from);
        KeLowerIrql(outer);
    }
}

TEST_F(FastMutex, AFailedTryChangesNothing) {
    ExAcquireFastMutex(&mutex);
    Peer([this] {
        EXPECT_FALSE(ExTryToAcquireFastMutex(&mutex));
        EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
    }).join();
    EXPECT_FALSE(ExTryToAcquireFastMutex(&mutex)) << "not even for its holder";
    ExReleaseFastMutex(&mutex);
}

TEST_F(FastMutex, NestedMutexesRestoreTheirOwnLevels) {
    FAST_MUTEX inner;
    ExInitializeFastMutex(&inner);
    ExAcquireFastMutex(&mutex);
    ExAcquireFastMutex(&inner);
    ExReleaseFastMutex(&inner);
    EXPECT_EQ(KeGetCurrentIrql(), APC_LEVEL);
    ExReleaseFastMutex(&mutex);
    EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
}

TEST_F(FastMutex, IsReleasedAtApcLevelWhateverHappenedInBetween) {
    ExAcquireFastMutex(&mutex);
    KIRQL old;
    KeRaiseIrql(DISPATCH_LEVEL, &old);
    EXPECT_THROW(ExReleaseFastMutex(&mutex), BugCheck);
    KeLowerIrql(old);
    ExReleaseFastMutex(&mutex);
    EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
}

TEST_F(FastMutex, UnsafeNeedsApcsOff) {
    expect_bug_check(
        verifier_stop, [this] { ExAcquireFastMutexUnsafe(&mutex); }, verifier::unsafe_acquire_apcs_enabled, PASSIVE_LEVEL, &mutex);
    KeEnterGuardedRegion();
    ExAcquireFastMutexUnsafe(&mutex);
    EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
    ExReleaseFastMutexUnsafe(&mutex);
    KeLeaveGuardedRegion();
    KIRQL old;
    KeRaiseIrql(APC_LEVEL, &old);
    ExAcquireFastMutexUnsafe(&mutex);
    KeLowerIrql(old);
    expect_bug_check(
        verifier_stop, [this] { ExReleaseFastMutexUnsafe(&mutex); }, verifier::unsafe_release_apcs_enabled, PASSIVE_LEVEL, &mutex);
}

TEST_F(FastMutex, Misuse) {
    expect_bug_check(
        verifier_stop, [this] { ExReleaseFastMutex(&mutex); }, verifier::fast_mutex_released_not_at_apc, PASSIVE_LEVEL, &mutex);
    KeRaiseIrqlToDpcLevel();
    expect_bug_check(
        verifier_stop, [this] { ExAcquireFastMutex(&mutex); }, verifier::fast_mutex_acquired_above_apc, DISPATCH_LEVEL, &mutex);
    KeRaiseIrqlToDpcLevel();
    expect_bug_check(
        verifier_stop, [this] { ExTryToAcquireFastMutex(&mutex); }, verifier::fast_mutex_acquired_above_apc, DISPATCH_LEVEL, &mutex);
    KIRQL old;
    KeRaiseIrql(APC_LEVEL, &old);
    expect_bug_check(
        verifier_stop, [this] { ExReleaseFastMutex(&mutex); }, verifier::released_unacquired, &mutex);
    ExAcquireFastMutex(&mutex);
    const ThreadId holder = observe::current_thread();
    Peer([&] {
        KIRQL mine;
        KeRaiseIrql(APC_LEVEL, &mine);
        const ThreadId stranger = observe::current_thread();
        expect_bug_check(
            verifier_stop, [this] { ExReleaseFastMutex(&mutex); }, verifier::released_by_wrong_thread, &mutex, holder, stranger);
    }).join();
    expect_bug_check(
        verifier_stop, [this] { ExAcquireFastMutex(&mutex); }, verifier::deadlock_self, &mutex);
    FAST_MUTEX raw{};
    expect_bug_check(
        verifier_stop, [&] { ExAcquireFastMutex(&raw); }, verifier::resource_uninitialized, &raw);
    alignas(8) unsigned char storage[sizeof(FAST_MUTEX) + 4];
    EXPECT_EQ(raised_status_of([&] { ExInitializeFastMutex(reinterpret_cast<PFAST_MUTEX>(storage + 4)); }),
              static_cast<std::int32_t>(0x80000002));
}

struct GuardedMutex : testing::Test {
    GuardedMutex() { KeInitializeGuardedMutex(&mutex); }
    KGUARDED_MUTEX mutex;
};

TEST_F(GuardedMutex, KeepsItsHolderInAGuardedRegion) {
    for (KIRQL from : {PASSIVE_LEVEL, APC_LEVEL}) {
        KIRQL outer;
        KeRaiseIrql(from, &outer);
        KeAcquireGuardedMutex(&mutex);
        EXPECT_EQ(KeGetCurrentIrql(), from);
        EXPECT_TRUE(KeAreAllApcsDisabled());
        EXPECT_EQ(observe::snapshot().guarded_regions, 1);
        KeReleaseGuardedMutex(&mutex);
        EXPECT_EQ(observe::snapshot().guarded_regions, 0);
        EXPECT_TRUE(KeTryToAcquireGuardedMutex(&mutex));
        EXPECT_EQ(observe::snapshot().guarded_regions, 1);
        KeReleaseGuardedMutex(&mutex);
        KeLowerIrql(outer);
    }
}

TEST_F(GuardedMutex, AFailedTryChangesNothing) {
    KeAcquireGuardedMutex(&mutex);
    Peer([this] {
        EXPECT_FALSE(KeTryToAcquireGuardedMutex(&mutex));
        EXPECT_FALSE(KeAreAllApcsDisabled());
    }).join();
    KeReleaseGuardedMutex(&mutex);
}

TEST_F(GuardedMutex, AWaiterIsAlreadyInTheRegion) {
    KeAcquireGuardedMutex(&mutex);
    Peer peer([this] {
        KeAcquireGuardedMutex(&mutex);
        KeReleaseGuardedMutex(&mutex);
    });
    ASSERT_TRUE(observe::await_blocked(peer.id(), &mutex));
    EXPECT_EQ(observe::snapshot(peer.id())->guarded_regions, 1);
    KeReleaseGuardedMutex(&mutex);
    peer.join();
}

TEST_F(GuardedMutex, UnsafeNeedsAGuardedRegionOrApcLevel) {
    KeEnterCriticalRegion();  // not enough
    expect_bug_check(
        verifier_stop, [this] { KeAcquireGuardedMutexUnsafe(&mutex); }, verifier::unsafe_acquire_apcs_enabled, PASSIVE_LEVEL, &mutex);
    KIRQL old;
    KeRaiseIrql(APC_LEVEL, &old);
    KeAcquireGuardedMutexUnsafe(&mutex);
    EXPECT_EQ(observe::snapshot().guarded_regions, 0);
    KeReleaseGuardedMutexUnsafe(&mutex);
    KeLowerIrql(old);
}

TEST_F(GuardedMutex, Misuse) {
    KeAcquireGuardedMutex(&mutex);
    expect_bug_check(
        verifier_stop, [this] { KeAcquireGuardedMutex(&mutex); }, verifier::deadlock_self, &mutex);
    KeInitializeGuardedMutex(&mutex);
    expect_bug_check(
        verifier_stop, [this] { KeReleaseGuardedMutex(&mutex); }, verifier::released_unacquired, &mutex);
    KeRaiseIrqlToDpcLevel();
    expect_bug_check(
        BugCode::irql_not_less_or_equal, [this] { KeAcquireGuardedMutex(&mutex); }, &mutex, DISPATCH_LEVEL);
    KIRQL old;
    KeRaiseIrql(APC_LEVEL, &old);
    KeAcquireGuardedMutexUnsafe(&mutex);
    expect_bug_check(BugCode::apc_index_mismatch, [this] { KeReleaseGuardedMutex(&mutex); });
    FAST_MUTEX fast;
    ExInitializeFastMutex(&fast);
    expect_bug_check(
        verifier_stop, [&] { KeAcquireGuardedMutex(reinterpret_cast<PKGUARDED_MUTEX>(&fast)); }, verifier::resource_uninitialized);
}

}  // namespace
}  // namespace ddi::kernel
