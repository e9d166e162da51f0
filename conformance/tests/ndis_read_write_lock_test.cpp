// NDIS read/write locks of both interfaces: who shares, who waits, recursion, levels, and what the same processor must not do.
#include <ndis.h>
#include <wdm.h>

#include <vector>

#include "conformance/kernel/deadlock.h"
#include "conformance/kernel/ndis/adapter.h"
#include "conformance/kernel/ndis/read_write_lock.h"
#include "conformance/tests/peer.h"

namespace ddi::kernel {
namespace {

// The two interfaces as one, so that each test runs on both.
struct Old {
    Old() { NdisInitializeReadWriteLock(&lock); }
    using State = LOCK_STATE;
    void read(State& state) { NdisAcquireReadWriteLock(&lock, FALSE, &state); }
    void write(State& state) { NdisAcquireReadWriteLock(&lock, TRUE, &state); }
    void release(State& state) { NdisReleaseReadWriteLock(&lock, &state); }
    ndis::ReadWriteLock& inside() { return reinterpret_cast<ndis::ReadWriteLock&>(lock); }

    NDIS_RW_LOCK lock;
};

struct New {
    New() : lock(NdisAllocateRWLock(adapter.handle())) {}
    ~New() { NdisFreeRWLock(lock); }
    using State = LOCK_STATE_EX;
    void read(State& state) { NdisAcquireRWLockRead(lock, &state, 0); }
    void write(State& state) { NdisAcquireRWLockWrite(lock, &state, 0); }
    void release(State& state) { NdisReleaseRWLock(lock, &state); }
    ndis::ReadWriteLock& inside() { return reinterpret_cast<ndis::ReadWriteLock&>(*lock); }

    ndis::Adapter adapter;
    PNDIS_RW_LOCK_EX lock;
};

template <class Interface>
struct NdisReadWriteLock : testing::Test, Interface {
    using State = typename Interface::State;
    const void* address() { return &this->inside(); }
};

using Interfaces = testing::Types<Old, New>;
TYPED_TEST_SUITE(NdisReadWriteLock, Interfaces);

TYPED_TEST(NdisReadWriteLock, RaisesToDispatchLevelAndGoesBack) {
    for (KIRQL from : {PASSIVE_LEVEL, APC_LEVEL, DISPATCH_LEVEL}) {
        KIRQL outer;
        KeRaiseIrql(from, &outer);
        typename TestFixture::State state;
        this->read(state);
        EXPECT_EQ(KeGetCurrentIrql(), DISPATCH_LEVEL);
        this->release(state);
        EXPECT_EQ(KeGetCurrentIrql(), from);
        this->write(state);
        EXPECT_EQ(KeGetCurrentIrql(), DISPATCH_LEVEL);
        this->release(state);
        EXPECT_EQ(KeGetCurrentIrql(), from);
        KeLowerIrql(outer);
    }
}

TYPED_TEST(NdisReadWriteLock, ReadersShareAndAWriterWaitsForAllOfThem) {
    typename TestFixture::State mine, theirs;
    this->read(mine);
    Signal read, leave;
    Peer reader([&] {
        this->read(theirs);
        read.set();
        leave.wait();
        this->release(theirs);
    });
    read.wait();
    EXPECT_EQ(this->inside().readers(), 2U);
    Signal written;
    Peer writer([&] {
        typename TestFixture::State state;
        this->write(state);
        EXPECT_EQ(this->inside().readers(), 0U);
        written.set();
        this->release(state);
    });
    EXPECT_TRUE(observe::await_blocked(writer.id(), this->address()));
    leave.set();
    reader.join();
    EXPECT_FALSE(written.is_set());
    this->release(mine);
    writer.join();
    EXPECT_TRUE(written.is_set());
}

TYPED_TEST(NdisReadWriteLock, AWriterKeepsEverybodyOut) {
    typename TestFixture::State mine;
    this->write(mine);
    int inside = 0;
    auto other = [&](bool write) {
        return [&, write] {
            typename TestFixture::State state;
            write ? this->write(state) : this->read(state);
            EXPECT_EQ(inside, 1);
            this->release(state);
        };
    };
    Peer reader(other(false));
    Peer writer(other(true));
    EXPECT_TRUE(observe::await_blocked(reader.id(), this->address()));
    EXPECT_TRUE(observe::await_blocked(writer.id(), this->address()));
    inside = 1;
    this->release(mine);
    reader.join();
    writer.join();
}

TYPED_TEST(NdisReadWriteLock, AReaderRecursesPastAWaitingWriter) {
    typename TestFixture::State first, second;
    this->read(first);
    Peer writer([&] {
        typename TestFixture::State state;
        this->write(state);
        this->release(state);
    });
    EXPECT_TRUE(observe::await_blocked(writer.id(), this->address()));
    this->read(second);
    this->release(second);
    EXPECT_EQ(KeGetCurrentIrql(), DISPATCH_LEVEL);
    EXPECT_EQ(observe::blocked_on(writer.id()), this->address()) << "released only by the last of the releases";
    this->release(first);
    EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
    writer.join();
}

TYPED_TEST(NdisReadWriteLock, AWriterRecurses) {
    typename TestFixture::State first, second;
    this->write(first);
    this->write(second);
    this->release(second);
    EXPECT_EQ(this->inside().writer(), observe::current_thread());
    this->release(first);
    EXPECT_EQ(this->inside().writer(), 0U);
    EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
}

TYPED_TEST(NdisReadWriteLock, AReaderCannotBecomeTheWriter) {
    typename TestFixture::State first, second;
    this->read(first);
    expect_bug_check(
        BugCode::driver_verifier_detected_violation, [&] { this->write(second); }, verifier::deadlock_self, this->address());
    KIRQL old = KeRaiseIrqlToDpcLevel();
    this->release(first);
    KeLowerIrql(old);
    observe::reset_current_thread();
}

TYPED_TEST(NdisReadWriteLock, TheProcessorThatAcquiredReleases) {
    typename TestFixture::State state;
    this->write(state);
    Peer stranger([&] {
        expect_bug_check(
            BugCode::driver_verifier_detected_violation,
            [&] {
                KeRaiseIrqlToDpcLevel();
                this->release(state);
            },
            verifier::released_by_wrong_thread, this->address());
    });
    stranger.join();
    this->release(state);
    this->read(state);
    Peer another([&] {
        expect_bug_check(
            BugCode::driver_verifier_detected_violation,
            [&] {
                KeRaiseIrqlToDpcLevel();
                this->release(state);
            },
            verifier::released_by_wrong_thread, this->address());
    });
    another.join();
    this->release(state);
    expect_bug_check(
        BugCode::driver_verifier_detected_violation,
        [&] {
            KeRaiseIrqlToDpcLevel();
            this->release(state);
        },
        verifier::released_unacquired, this->address());
}

// Each reader adds to a sum that only writers change: with a broken lock some see it half changed.
TYPED_TEST(NdisReadWriteLock, NobodySeesAWriteHalfDone) {
    long low = 0, high = 0;
    bool torn = false;
    auto body = [&](bool writes) {
        return [&, writes] {
            for (int i = 0; i < 2000; ++i) {
                typename TestFixture::State state;
                if (writes && i % 4 == 0) {
                    this->write(state);
                    ++low;
                    ++high;
                } else {
                    this->read(state);
                    if (low != high) torn = true;
                }
                this->release(state);
            }
        };
    };
    Peer first(body(true)), second(body(true)), third(body(false));
    first.join();
    second.join();
    third.join();
    EXPECT_EQ(low, 1000);
    EXPECT_FALSE(torn);
}

TEST(NdisReadWriteLockOld, DprVariantsLeaveTheLevelAlone) {
    Old lock;
    LOCK_STATE state;
    expect_bug_check(BugCode::irql_not_dispatch_level, [&] { NdisDprAcquireReadWriteLock(&lock.lock, TRUE, &state); });
    KIRQL old = KeRaiseIrqlToDpcLevel();
    for (BOOLEAN write : {FALSE, TRUE}) {
        NdisDprAcquireReadWriteLock(&lock.lock, write, &state);
        EXPECT_EQ(lock.inside().writer() != 0, write != FALSE);
        NdisDprReleaseReadWriteLock(&lock.lock, &state);
        EXPECT_EQ(KeGetCurrentIrql(), DISPATCH_LEVEL);
        EXPECT_FALSE(lock.inside().busy());
    }
    KeLowerIrql(old);
}

TEST(NdisReadWriteLockNew, FlagPromisesDispatchLevel) {
    New lock;
    LOCK_STATE_EX state;
    expect_bug_check(BugCode::irql_not_dispatch_level, [&] { NdisAcquireRWLockRead(lock.lock, &state, NDIS_RWL_AT_DISPATCH_LEVEL); });
    KIRQL old = KeRaiseIrqlToDpcLevel();
    NdisAcquireRWLockWrite(lock.lock, &state, NDIS_RWL_AT_DISPATCH_LEVEL);
    NdisReleaseRWLock(lock.lock, &state);
    EXPECT_EQ(KeGetCurrentIrql(), DISPATCH_LEVEL);
    KeLowerIrql(old);
}

TEST(NdisReadWriteLockNew, IsFreedOnceAndNotWhileHeld) {
    LOCK_STATE_EX state;
    PNDIS_RW_LOCK_EX lock = NdisAllocateRWLock(nullptr);
    ASSERT_NE(lock, nullptr);
    NdisAcquireRWLockRead(lock, &state, 0);
    expect_bug_check(
        BugCode::spin_lock_already_owned, [&] { NdisFreeRWLock(lock); }, lock);
    KIRQL old = KeRaiseIrqlToDpcLevel();
    NdisReleaseRWLock(lock, &state);
    KeLowerIrql(old);
    NdisFreeRWLock(lock);
    expect_bug_check(
        BugCode::driver_verifier_detected_violation, [&] { NdisAcquireRWLockRead(lock, &state, 0); }, verifier::resource_uninitialized,
        lock);
    expect_bug_check(
        BugCode::driver_verifier_detected_violation, [&] { NdisFreeRWLock(lock); }, verifier::resource_uninitialized, lock);
}

TEST(NdisReadWriteLockOrder, ACircleIsReportedBeforeItCloses) {
    Old first, second;
    int reports = 0;
    deadlock::Watch watch([&](const deadlock::Report& report) { reports += report.certain; });
    LOCK_STATE mine, theirs, wanted;
    first.read(mine);
    Peer peer([&] {
        LOCK_STATE inner;
        second.write(theirs);
        first.write(inner);
        first.release(inner);
        second.release(theirs);
    });
    EXPECT_TRUE(observe::await_blocked(peer.id(), &first.lock));
    const std::optional<BugCheck> crash = bug_check_of([&] { second.read(wanted); });
    ASSERT_TRUE(crash.has_value());
    EXPECT_EQ(crash->code, BugCode::driver_verifier_detected_violation);
    EXPECT_EQ(crash->parameters[0], verifier::deadlock);
    EXPECT_EQ(reports, 1);
    KIRQL old = KeRaiseIrqlToDpcLevel();
    first.release(mine);
    KeLowerIrql(old);
    peer.join();
    observe::reset_current_thread();
}

}  // namespace
}  // namespace ddi::kernel
