// What the ordinary and the queued spin locks do beyond excluding each other: levels, tries, order, and misuse.
#include <ntifs.h>

#include <functional>
#include <memory>
#include <vector>

#include "conformance/tests/peer.h"

namespace ddi::kernel {
namespace {

struct SpinLock : testing::Test {
    SpinLock() { KeInitializeSpinLock(&lock); }
    KSPIN_LOCK lock = 0xDEADBEEF;
    KIRQL old = 0xFF;
};

TEST_F(SpinLock, SavesAndRestoresEveryLevel) {
    for (KIRQL from : {PASSIVE_LEVEL, APC_LEVEL, DISPATCH_LEVEL}) {
        KIRQL outer;
        KeRaiseIrql(from, &outer);
        KeAcquireSpinLock(&lock, &old);
        EXPECT_EQ(old, from);
        EXPECT_EQ(KeGetCurrentIrql(), DISPATCH_LEVEL);
        KeReleaseSpinLock(&lock, old);
        EXPECT_EQ(KeGetCurrentIrql(), from);
        old = KeAcquireSpinLockRaiseToDpc(&lock);
        EXPECT_EQ(old, from);
        KeReleaseSpinLock(&lock, old);
        old = KeAcquireSpinLockForDpc(&lock);
        EXPECT_EQ(old, from);
        EXPECT_EQ(KeGetCurrentIrql(), DISPATCH_LEVEL);
        KeReleaseSpinLockForDpc(&lock, old);
        EXPECT_EQ(KeGetCurrentIrql(), from);
        KLOCK_QUEUE_HANDLE handle;
        KeAcquireInStackQueuedSpinLock(&lock, &handle);
        EXPECT_EQ(KeGetCurrentIrql(), DISPATCH_LEVEL);
        KeReleaseInStackQueuedSpinLock(&handle);
        EXPECT_EQ(KeGetCurrentIrql(), from);
        KeAcquireInStackQueuedSpinLockForDpc(&lock, &handle);
        EXPECT_EQ(KeGetCurrentIrql(), DISPATCH_LEVEL);
        KeReleaseInStackQueuedSpinLockForDpc(&handle);
        EXPECT_EQ(KeGetCurrentIrql(), from);
        KeLowerIrql(outer);
    }
}

TEST_F(SpinLock, AtDpcLevelLeavesTheLevelAlone) {
    for (int level : {DISPATCH_LEVEL, DISPATCH_LEVEL + 3, HIGH_LEVEL}) {
        KIRQL outer;
        KeRaiseIrql(static_cast<KIRQL>(level), &outer);
        KeAcquireSpinLockAtDpcLevel(&lock);
        EXPECT_EQ(KeGetCurrentIrql(), level);
        KeReleaseSpinLockFromDpcLevel(&lock);
        EXPECT_EQ(KeGetCurrentIrql(), level);
        KLOCK_QUEUE_HANDLE handle;
        KeAcquireInStackQueuedSpinLockAtDpcLevel(&lock, &handle);
        EXPECT_EQ(KeGetCurrentIrql(), level);
        KeReleaseInStackQueuedSpinLockFromDpcLevel(&handle);
        EXPECT_EQ(KeGetCurrentIrql(), level);
        KeLowerIrql(outer);
    }
}

TEST_F(SpinLock, TryAndTestTellWhetherItIsHeld) {
    EXPECT_TRUE(KeTestSpinLock(&lock));
    const KIRQL outer = KeRaiseIrqlToDpcLevel();
    EXPECT_TRUE(KeTryToAcquireSpinLockAtDpcLevel(&lock));
    EXPECT_FALSE(KeTestSpinLock(&lock));
    EXPECT_FALSE(KeTryToAcquireSpinLockAtDpcLevel(&lock)) << "not even for its holder, and without a bug check";
    EXPECT_EQ(observe::spin_lock_owner(&lock), observe::current_thread());
    Peer([this] {
        EXPECT_FALSE(KeTestSpinLock(&lock));
        const KIRQL mine = KeRaiseIrqlToDpcLevel();
        EXPECT_FALSE(KeTryToAcquireSpinLockAtDpcLevel(&lock));
        KeLowerIrql(mine);
    }).join();
    KeReleaseSpinLock(&lock, outer);  // as the page of the try function says
    EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
    EXPECT_TRUE(KeTestSpinLock(&lock));
    KLOCK_QUEUE_HANDLE handle;
    KeAcquireInStackQueuedSpinLock(&lock, &handle);
    EXPECT_FALSE(KeTestSpinLock(&lock));
    KeReleaseInStackQueuedSpinLock(&handle);
    EXPECT_TRUE(KeTestSpinLock(&lock));
}

TEST_F(SpinLock, WritesTheOldLevelOnlyOnceTheLockIsHeld) {
    KeAcquireSpinLock(&lock, &old);
    KIRQL theirs = 0x7F;
    Peer peer([&] {
        KeAcquireSpinLock(&lock, &theirs);
        KeReleaseSpinLock(&lock, PASSIVE_LEVEL);
    });
    ASSERT_TRUE(observe::await_blocked(peer.id(), &lock));
    EXPECT_EQ(observe::snapshot(peer.id())->irql, DISPATCH_LEVEL) << "waits at the raised level";
    EXPECT_EQ(theirs, 0x7F);
    KeReleaseSpinLock(&lock, old);
    peer.join();
    EXPECT_EQ(theirs, PASSIVE_LEVEL);
}

TEST_F(SpinLock, QueuedLocksAreServedInOrder) {
    constexpr int waiters = 7;
    std::vector<int> order;
    std::vector<std::unique_ptr<Peer>> peers;
    KLOCK_QUEUE_HANDLE handle;
    KeAcquireInStackQueuedSpinLock(&lock, &handle);
    for (int i = 0; i < waiters; ++i) {
        peers.push_back(std::make_unique<Peer>([&, i] {
            KLOCK_QUEUE_HANDLE mine;
            KeAcquireInStackQueuedSpinLock(&lock, &mine);
            order.push_back(i);
            KeReleaseInStackQueuedSpinLock(&mine);
        }));
        ASSERT_TRUE(observe::await_blocked(peers.back()->id(), &lock));
    }
    KeReleaseInStackQueuedSpinLock(&handle);
    for (auto& peer : peers) peer->join();
    EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3, 4, 5, 6}));
}

TEST_F(SpinLock, BothKindsOnOneLockStillExclude) {
    long counter = 0;
    std::vector<std::unique_ptr<Peer>> peers;
    for (int i = 0; i < 6; ++i) {
        peers.push_back(std::make_unique<Peer>([&, i] {
            for (int round = 0; round < 1000; ++round) {
                KIRQL mine;
                KLOCK_QUEUE_HANDLE handle;
                if (i % 2)
                    KeAcquireSpinLock(&lock, &mine);
                else
                    KeAcquireInStackQueuedSpinLock(&lock, &handle);
                ++counter;
                if (i % 2)
                    KeReleaseSpinLock(&lock, mine);
                else
                    KeReleaseInStackQueuedSpinLock(&handle);
            }
        }));
    }
    for (auto& peer : peers) peer->join();
    EXPECT_EQ(counter, 6000);
}

TEST_F(SpinLock, HeldInAnyOrderAndNumber) {
    std::vector<KSPIN_LOCK> locks(20);
    std::vector<KLOCK_QUEUE_HANDLE> handles(20);
    KLOCK_QUEUE_HANDLE first;
    KeAcquireInStackQueuedSpinLock(&lock, &first);
    for (std::size_t i = 0; i < locks.size(); ++i) {
        KeInitializeSpinLock(&locks[i]);
        KeAcquireInStackQueuedSpinLockAtDpcLevel(&locks[i], &handles[i]);
    }
    EXPECT_EQ(observe::snapshot().spin_locks, 21u);
    for (std::size_t i = 0; i < locks.size(); ++i) KeReleaseInStackQueuedSpinLockFromDpcLevel(&handles[i]);
    KeReleaseInStackQueuedSpinLock(&first);
    for (std::size_t i = 0; i < locks.size(); ++i) {
        KeAcquireInStackQueuedSpinLock(&locks[i], &handles[i]);
        KeReleaseInStackQueuedSpinLock(&handles[i]);
    }
    EXPECT_EQ(observe::snapshot().held(), 0u);
}

TEST(NumberedSpinLocks, HaveAHandleForEveryThread) {
    const KIRQL old = KeAcquireQueuedSpinLock(LockQueueIoCancelLock);
    EXPECT_EQ(old, PASSIVE_LEVEL);
    EXPECT_EQ(KeGetCurrentIrql(), DISPATCH_LEVEL);
    KIRQL other = 0x7F;
    EXPECT_TRUE(KeTryToAcquireQueuedSpinLock(LockQueueMasterLock, &other));
    EXPECT_EQ(other, DISPATCH_LEVEL);
    EXPECT_FALSE(KeTryToAcquireQueuedSpinLock(LockQueueIoCancelLock, &other)) << "not even for its holder";
    Peer([] {
        KIRQL level = 0x7F;
        EXPECT_FALSE(KeTryToAcquireQueuedSpinLock(LockQueueIoCancelLock, &level));
        EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
        expect_bug_check(BugCode::spin_lock_not_owned, [] {
            KeRaiseIrqlToDpcLevel();
            KeReleaseQueuedSpinLock(LockQueueIoCancelLock, PASSIVE_LEVEL);
        });
    }).join();
    KeReleaseQueuedSpinLock(LockQueueMasterLock, DISPATCH_LEVEL);
    KeReleaseQueuedSpinLock(LockQueueIoCancelLock, old);
    EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
    expect_bug_check(BugCode::driver_verifier_detected_violation, [] { KeAcquireQueuedSpinLock(LockQueueMaximumLock); });
}

// Misuse. Every row ends in the bug check with this code and the lock as its first parameter (or the level, for code 8 and 9).
TEST_F(SpinLock, TakenAgainByItsHolder) {
    KLOCK_QUEUE_HANDLE handle, other;
    const std::function<void()> acquisitions[] = {
        [&] { KeAcquireSpinLock(&lock, &old); },
        [&] { KeAcquireSpinLockRaiseToDpc(&lock); },
        [&] { KeAcquireSpinLockForDpc(&lock); },
        [&] {
            KeRaiseIrqlToDpcLevel();
            KeAcquireSpinLockAtDpcLevel(&lock);
        },
        [&] { KeAcquireInStackQueuedSpinLock(&lock, &handle); },
        [&] { KeAcquireInStackQueuedSpinLockForDpc(&lock, &handle); },
        [&] {
            KeRaiseIrqlToDpcLevel();
            KeAcquireInStackQueuedSpinLockAtDpcLevel(&lock, &handle);
        },
    };
    for (const auto& first : acquisitions) {
        for (const std::function<void()>& second : {std::function<void()>([&] { KeAcquireSpinLock(&lock, &old); }),
                                                    std::function<void()>([&] { KeAcquireInStackQueuedSpinLock(&lock, &other); })}) {
            KeInitializeSpinLock(&lock);
            first();
            expect_bug_check(BugCode::spin_lock_already_owned, second, &lock);
        }
    }
    KeInitializeSpinLock(&lock);
}

TEST_F(SpinLock, ReleasedByWhoDoesNotHoldIt) {
    expect_bug_check(
        BugCode::spin_lock_not_owned,
        [&] {
            KeRaiseIrqlToDpcLevel();
            KeReleaseSpinLock(&lock, PASSIVE_LEVEL);
        },
        &lock);
    KeAcquireSpinLock(&lock, &old);
    Peer([this] {
        expect_bug_check(
            BugCode::spin_lock_not_owned,
            [this] {
                KeRaiseIrqlToDpcLevel();
                KeReleaseSpinLockFromDpcLevel(&lock);
            },
            &lock);
    }).join();
    KeReleaseSpinLock(&lock, old);
    KLOCK_QUEUE_HANDLE handle;
    KeAcquireInStackQueuedSpinLock(&lock, &handle);
    Peer([&] {
        expect_bug_check(
            BugCode::spin_lock_not_owned,
            [&] {
                KeRaiseIrqlToDpcLevel();
                KeReleaseInStackQueuedSpinLock(&handle);
            },
            &lock);
    }).join();
    expect_bug_check(
        BugCode::spin_lock_not_owned, [&] { KeReleaseSpinLock(&lock, PASSIVE_LEVEL); }, &lock);
    KeInitializeSpinLock(&lock);
    KeAcquireInStackQueuedSpinLock(&lock, &handle);
    KeReleaseInStackQueuedSpinLock(&handle);
    expect_bug_check(BugCode::spin_lock_not_owned, [&] {
        KeRaiseIrqlToDpcLevel();
        KeReleaseInStackQueuedSpinLock(&handle);
    });
}

TEST_F(SpinLock, CalledAtTheWrongLevel) {
    KLOCK_QUEUE_HANDLE handle;
    for (const std::function<void()>& call : {std::function<void()>([&] { KeAcquireSpinLockAtDpcLevel(&lock); }),
                                              std::function<void()>([&] { KeTryToAcquireSpinLockAtDpcLevel(&lock); }),
                                              std::function<void()>([&] { KeAcquireInStackQueuedSpinLockAtDpcLevel(&lock, &handle); })}) {
        KeRaiseIrql(APC_LEVEL, &old);
        expect_bug_check(BugCode::irql_not_dispatch_level, call, APC_LEVEL, &lock);
    }
    for (const std::function<void()>& call :
         {std::function<void()>([&] { KeAcquireSpinLock(&lock, &old); }), std::function<void()>([&] { KeAcquireSpinLockForDpc(&lock); }),
          std::function<void()>([&] { KeAcquireInStackQueuedSpinLock(&lock, &handle); })}) {
        KeRaiseIrql(HIGH_LEVEL, &old);
        expect_bug_check(BugCode::irql_not_greater_or_equal, call, HIGH_LEVEL, DISPATCH_LEVEL);
    }
    KeAcquireSpinLock(&lock, &old);
    KeLowerIrql(PASSIVE_LEVEL);
    expect_bug_check(
        BugCode::irql_not_dispatch_level, [&] { KeReleaseSpinLock(&lock, old); }, PASSIVE_LEVEL, &lock);
    KeInitializeSpinLock(&lock);
    KeAcquireSpinLock(&lock, &old);
    expect_bug_check(
        BugCode::irql_not_less_or_equal, [&] { KeReleaseSpinLock(&lock, HIGH_LEVEL); }, HIGH_LEVEL, DISPATCH_LEVEL);
    EXPECT_TRUE(observe::spin_lock_busy(&lock)) << "a bug check comes before any change";
}

}  // namespace
}  // namespace ddi::kernel
