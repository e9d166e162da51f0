// Reader-writer spin locks: who keeps whom out, that writers go first, conversion, levels and misuse.
#include "conformance/kernel/reader_writer_spin_lock.h"

#include <wdm.h>

#include <functional>
#include <memory>
#include <vector>

#include "conformance/kernel/parking.h"
#include "conformance/tests/peer.h"

namespace ddi::kernel {
namespace {

struct ReaderWriter : testing::Test {
    EX_SPIN_LOCK lock = 0;
    observe::ReaderWriterState state() const { return observe::reader_writer_state(&lock); }
};

TEST_F(ReaderWriter, SavesAndRestoresEveryLevel) {
    for (KIRQL from : {PASSIVE_LEVEL, APC_LEVEL, DISPATCH_LEVEL}) {
        KIRQL outer;
        KeRaiseIrql(from, &outer);
        KIRQL old = ExAcquireSpinLockShared(&lock);
        EXPECT_EQ(old, from);
        EXPECT_EQ(KeGetCurrentIrql(), DISPATCH_LEVEL);
        ExReleaseSpinLockShared(&lock, old);
        EXPECT_EQ(KeGetCurrentIrql(), from);
        old = ExAcquireSpinLockExclusive(&lock);
        EXPECT_EQ(old, from);
        EXPECT_EQ(KeGetCurrentIrql(), DISPATCH_LEVEL);
        ExReleaseSpinLockExclusive(&lock, old);
        EXPECT_EQ(KeGetCurrentIrql(), from);
        KeLowerIrql(outer);
    }
    for (int level : {DISPATCH_LEVEL, DISPATCH_LEVEL + 3}) {
        KIRQL outer;
        KeRaiseIrql(static_cast<KIRQL>(level), &outer);
        ExAcquireSpinLockSharedAtDpcLevel(&lock);
        ExReleaseSpinLockSharedFromDpcLevel(&lock);
        ExAcquireSpinLockExclusiveAtDpcLevel(&lock);
        EXPECT_EQ(KeGetCurrentIrql(), level);
        ExReleaseSpinLockExclusiveFromDpcLevel(&lock);
        EXPECT_EQ(KeGetCurrentIrql(), level);
        KeLowerIrql(outer);
    }
    EXPECT_EQ(lock, 0);
}

TEST_F(ReaderWriter, ReadersShareAndKeepAWriterOut) {
    const KIRQL old = ExAcquireSpinLockShared(&lock);
    Peer([this] {
        const KIRQL mine = ExAcquireSpinLockShared(&lock);
        EXPECT_EQ(state().readers, 2u);
        ExReleaseSpinLockShared(&lock, mine);
    }).join();
    bool written = false;
    Peer writer([&] {
        const KIRQL mine = ExAcquireSpinLockExclusive(&lock);
        written = true;
        ExReleaseSpinLockExclusive(&lock, mine);
    });
    ASSERT_TRUE(observe::await_blocked(writer.id(), &lock));
    EXPECT_FALSE(written);
    ExReleaseSpinLockShared(&lock, old);
    writer.join();
    EXPECT_TRUE(written);
}

TEST_F(ReaderWriter, AWaitingWriterGoesBeforeNewReaders) {
    std::vector<int> order;
    const KIRQL old = ExAcquireSpinLockShared(&lock);
    Peer writer([&] {
        const KIRQL mine = ExAcquireSpinLockExclusive(&lock);
        order.push_back(1);
        ExReleaseSpinLockExclusive(&lock, mine);
    });
    ASSERT_TRUE(observe::await_blocked(writer.id(), &lock));
    while (!state().exclusive) yield_processor();
    Peer reader([&] {
        const KIRQL mine = ExAcquireSpinLockShared(&lock);
        order.push_back(2);
        ExReleaseSpinLockShared(&lock, mine);
    });
    ASSERT_TRUE(observe::await_blocked(reader.id(), &lock)) << "although only a reader is in";
    ExReleaseSpinLockShared(&lock, old);
    writer.join();
    reader.join();
    EXPECT_EQ(order, (std::vector<int>{1, 2}));
}

TEST_F(ReaderWriter, OnlyTheLastReaderConverts) {
    const KIRQL old = ExAcquireSpinLockShared(&lock);
    Signal in, go;
    Peer other([&] {
        const KIRQL mine = ExAcquireSpinLockShared(&lock);
        in.set();
        go.wait();
        ExReleaseSpinLockShared(&lock, mine);
    });
    in.wait();
    EXPECT_FALSE(ExTryConvertSharedSpinLockExclusive(&lock));
    EXPECT_EQ(state().readers, 2u) << "a failed conversion changes nothing";
    go.set();
    other.join();
    EXPECT_TRUE(ExTryConvertSharedSpinLockExclusive(&lock));
    EXPECT_TRUE(state().exclusive);
    Peer reader([this] {
        const KIRQL mine = ExAcquireSpinLockShared(&lock);
        ExReleaseSpinLockShared(&lock, mine);
    });
    ASSERT_TRUE(observe::await_blocked(reader.id(), &lock));
    ExReleaseSpinLockExclusive(&lock, old);
    reader.join();
    EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
}

TEST_F(ReaderWriter, AConversionLosesAgainstAWaitingWriter) {
    const KIRQL old = ExAcquireSpinLockShared(&lock);
    Peer writer([this] {
        const KIRQL mine = ExAcquireSpinLockExclusive(&lock);
        ExReleaseSpinLockExclusive(&lock, mine);
    });
    ASSERT_TRUE(observe::await_blocked(writer.id(), &lock));
    while (!state().exclusive) yield_processor();
    EXPECT_FALSE(ExTryConvertSharedSpinLockExclusive(&lock));
    ExReleaseSpinLockShared(&lock, old);
    writer.join();
}

TEST_F(ReaderWriter, ManyThreadsNeverMeetAWriter) {
    constexpr int rounds = 300;
    long value = 0;
    std::vector<std::unique_ptr<Peer>> peers;
    for (int i = 0; i < 4; ++i)
        peers.push_back(std::make_unique<Peer>([&, i] {
            for (int round = 0; round < rounds; ++round) {
                if ((round + i) % 3 != 0) {
                    const KIRQL old = ExAcquireSpinLockExclusive(&lock);
                    ++value;
                    ExReleaseSpinLockExclusive(&lock, old);
                } else {
                    const KIRQL old = ExAcquireSpinLockShared(&lock);
                    EXPECT_GE(value, 0);
                    ExReleaseSpinLockShared(&lock, old);
                }
            }
        }));
    for (const auto& peer : peers) peer->join();
    EXPECT_EQ(value, 4 * rounds * 2 / 3);
    EXPECT_EQ(lock, 0);
}

TEST_F(ReaderWriter, RecursionIsABugCheck) {
    const std::function<void()> second[] = {[this] { ExAcquireSpinLockShared(&lock); }, [this] { ExAcquireSpinLockExclusive(&lock); }};
    for (const bool exclusive : {false, true}) {
        for (const auto& again : second) {
            lock = 0;
            exclusive ? ExAcquireSpinLockExclusive(&lock) : ExAcquireSpinLockShared(&lock);
            expect_bug_check(BugCode::spin_lock_already_owned, again, &lock);
        }
    }
}

TEST_F(ReaderWriter, ReleasesOfOthersAndOfTheOtherKindAreBugChecks) {
    KeRaiseIrqlToDpcLevel();
    expect_bug_check(
        BugCode::spin_lock_not_owned, [this] { ExReleaseSpinLockShared(&lock, PASSIVE_LEVEL); }, &lock);
    ExAcquireSpinLockShared(&lock);
    expect_bug_check(
        BugCode::spin_lock_not_owned, [this] { ExReleaseSpinLockExclusive(&lock, PASSIVE_LEVEL); }, &lock);
    lock = 0;
    ExAcquireSpinLockExclusive(&lock);
    expect_bug_check(
        BugCode::spin_lock_not_owned, [this] { ExTryConvertSharedSpinLockExclusive(&lock); }, &lock);
    lock = 0;
    const KIRQL old = ExAcquireSpinLockExclusive(&lock);
    Peer([this] {
        const KIRQL mine = KeRaiseIrqlToDpcLevel();
        expect_bug_check(
            BugCode::spin_lock_not_owned, [this] { ExReleaseSpinLockExclusiveFromDpcLevel(&lock); }, &lock);
        (void)mine;
    }).join();
    ExReleaseSpinLockExclusive(&lock, old);
}

TEST_F(ReaderWriter, WrongLevelsAreBugChecks) {
    expect_bug_check(
        BugCode::irql_not_dispatch_level, [this] { ExAcquireSpinLockSharedAtDpcLevel(&lock); }, PASSIVE_LEVEL, &lock);
    expect_bug_check(
        BugCode::irql_not_dispatch_level, [this] { ExAcquireSpinLockExclusiveAtDpcLevel(&lock); }, PASSIVE_LEVEL, &lock);
    KIRQL old;
    KeRaiseIrql(DISPATCH_LEVEL + 1, &old);
    expect_bug_check(
        BugCode::irql_not_greater_or_equal, [this] { ExAcquireSpinLockShared(&lock); }, DISPATCH_LEVEL + 1, DISPATCH_LEVEL);
    EXPECT_EQ(lock, 0);
}

TEST_F(ReaderWriter, MoreLocksThanAreRemembered) {
    std::vector<EX_SPIN_LOCK> locks(Thread::remembered_shared_locks + 3, 0);
    const KIRQL old = KeRaiseIrqlToDpcLevel();
    for (EX_SPIN_LOCK& one : locks) ExAcquireSpinLockSharedAtDpcLevel(&one);
    for (EX_SPIN_LOCK& one : locks) ExReleaseSpinLockSharedFromDpcLevel(&one);
    EXPECT_EQ(observe::snapshot().spin_locks, 0u);
    expect_bug_check(
        BugCode::spin_lock_not_owned, [&] { ExReleaseSpinLockSharedFromDpcLevel(&locks[0]); }, &locks[0]);
    (void)old;
}

}  // namespace
}  // namespace ddi::kernel
