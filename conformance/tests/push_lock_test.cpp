// Push locks: sharing and excluding, the queue, regions of the Flt routines, misuse.
#include <fltkernel.h>
#include <ntifs.h>

#include <array>
#include <memory>

#include "conformance/kernel/executive/executive.h"
#include "conformance/tests/peer.h"

namespace ddi::kernel {
namespace {

constexpr BugCode verifier_stop = BugCode::driver_verifier_detected_violation;

struct PushLock : testing::Test {
    PushLock() { FltInitializePushLock(&lock); }
    EX_PUSH_LOCK lock;
};

/// A thread that acquires the push lock, says so, and keeps it until told to release.
class PushHolder {
  public:
    PushHolder(EX_PUSH_LOCK& lock, bool exclusive)
        : peer_([this, &lock, exclusive] {
              (exclusive ? FltAcquirePushLockExclusive : FltAcquirePushLockShared)(&lock);
              acquired.set();
              enough.wait();
              FltReleasePushLock(&lock);
          }) {}
    ~PushHolder() { enough.set(); }
    ThreadId id() const { return peer_.id(); }
    bool blocked(const EX_PUSH_LOCK& lock) const { return observe::await_blocked(id(), &lock); }

    Signal acquired;
    Signal enough;

  private:
    Peer peer_;
};

TEST_F(PushLock, ExExpectsTheRegionThatFltEnters) {
    KeEnterCriticalRegion();
    ExAcquirePushLockExclusive(&lock);
    EXPECT_EQ(observe::push_lock_owner(&lock), observe::current_thread());
    ExReleasePushLockExclusive(&lock);
    ExAcquirePushLockShared(&lock);
    ExAcquirePushLockShared(&lock);
    EXPECT_EQ(observe::push_lock_sharers(&lock), 2U) << "a sharer may share again";
    ExReleasePushLockShared(&lock);
    ExReleasePushLockShared(&lock);
    KeLeaveCriticalRegion();
    for (auto acquire : {FltAcquirePushLockExclusive, FltAcquirePushLockShared}) {
        acquire(&lock);
        EXPECT_EQ(observe::snapshot().critical_regions, 1);
        FltReleasePushLock(&lock);
        EXPECT_EQ(observe::snapshot().critical_regions, 0);
    }
    for (auto acquire : {FltAcquirePushLockExclusiveEx, FltAcquirePushLockSharedEx}) {
        acquire(&lock, 0);
        EXPECT_EQ(observe::snapshot().critical_regions, 1);
        FltReleasePushLockEx(&lock, 0);
        EXPECT_EQ(observe::snapshot().critical_regions, 0);
    }
    FltDeletePushLock(&lock);
}

TEST_F(PushLock, AWaiterForExclusiveAccessKeepsNewSharersOut) {
    PushHolder reader(lock, false);
    reader.acquired.wait();
    PushHolder writer(lock, true);
    ASSERT_TRUE(writer.blocked(lock));
    PushHolder late(lock, false);
    ASSERT_TRUE(late.blocked(lock));
    EXPECT_EQ(observe::push_lock_sharers(&lock), 1U);
    reader.enough.set();
    writer.acquired.wait();
    EXPECT_EQ(observe::push_lock_owner(&lock), writer.id());
    EXPECT_FALSE(late.acquired.is_set());
    writer.enough.set();
    late.acquired.wait();
}

TEST_F(PushLock, SharersThatWaitTogetherComeTogether) {
    PushHolder writer(lock, true);
    writer.acquired.wait();
    PushHolder first(lock, false);
    ASSERT_TRUE(first.blocked(lock));
    PushHolder second(lock, false);
    ASSERT_TRUE(second.blocked(lock));
    PushHolder last(lock, true);
    ASSERT_TRUE(last.blocked(lock));
    writer.enough.set();
    first.acquired.wait();
    second.acquired.wait();
    EXPECT_FALSE(last.acquired.is_set());
    first.enough.set();
    second.enough.set();
    last.acquired.wait();
}

TEST_F(PushLock, LocksDoNotShareTheirQueues) {
    std::array<EX_PUSH_LOCK, 80> many;  // more than there are queues
    for (EX_PUSH_LOCK& one : many) ExInitializePushLock(&one);
    PushHolder holder(many[3], true);
    holder.acquired.wait();
    PushHolder waiter(many[3], true);
    ASSERT_TRUE(waiter.blocked(many[3]));
    PushHolder neighbour(many[67], true);
    neighbour.acquired.wait();
    PushHolder other(many[67], false);
    ASSERT_TRUE(other.blocked(many[67]));
    neighbour.enough.set();
    other.acquired.wait();
    EXPECT_FALSE(waiter.acquired.is_set());
    holder.enough.set();
    waiter.acquired.wait();
}

TEST_F(PushLock, Misuse) {
    expect_bug_check(
        verifier_stop, [this] { ExAcquirePushLockExclusive(&lock); }, verifier::resource_acquired_apcs_enabled, PASSIVE_LEVEL, 0, &lock);
    FltAcquirePushLockExclusive(&lock);
    for (auto again : {FltAcquirePushLockExclusive, FltAcquirePushLockShared})
        expect_bug_check(
            verifier_stop, [&] { again(&lock); }, verifier::deadlock_self, &lock);
    const ThreadId owner = observe::current_thread();
    Peer([&] {
        KeEnterCriticalRegion();
        expect_bug_check(
            verifier_stop, [this] { ExReleasePushLockExclusive(&lock); }, verifier::released_by_wrong_thread, &lock, owner);
    }).join();
    expect_bug_check(
        verifier_stop, [this] { ExReleasePushLockShared(&lock); }, verifier::released_unacquired, &lock);
    expect_bug_check(
        verifier_stop, [this] { FltDeletePushLock(&lock); }, verifier::ours_destroyed_in_use, &lock);
    ExReleasePushLockExclusive(&lock);
    FltAcquirePushLockShared(&lock);
    Peer([&] {
        KeEnterCriticalRegion();
        expect_bug_check(
            verifier_stop, [this] { ExReleasePushLockShared(&lock); }, verifier::released_by_wrong_thread, &lock);
    }).join();
    EXPECT_EQ(observe::push_lock_sharers(&lock), 1U);
    expect_bug_check(
        verifier_stop, [this] { FltAcquirePushLockExclusive(&lock); }, verifier::deadlock_self, &lock);
    FltInitializePushLock(&lock);
    expect_bug_check(BugCode::apc_index_mismatch, [this] { FltReleasePushLock(&lock); });
    KeEnterCriticalRegion();
    expect_bug_check(
        verifier_stop, [this] { ExReleasePushLockExclusive(&lock); }, verifier::released_unacquired, &lock);
    FltDeletePushLock(&lock);
    expect_bug_check(
        verifier_stop, [this] { FltAcquirePushLockShared(&lock); }, verifier::resource_uninitialized, &lock);
    KeRaiseIrqlToDpcLevel();
    expect_bug_check(
        BugCode::irql_not_less_or_equal, [this] { FltInitializePushLock(&lock); }, &lock, DISPATCH_LEVEL);
}

TEST_F(PushLock, AutoExpandLocksAreAllocatedAndFreed) {
    PVOID made = FsRtlAllocateAePushLock(NonPagedPoolNx, 0x31676154);
    ASSERT_NE(made, nullptr);
    FsRtlFreeAePushLock(made);
    alignas(8) unsigned char raw[16] = {};
    expect_bug_check(
        verifier_stop, [&] { FsRtlFreeAePushLock(raw); }, verifier::resource_uninitialized, &raw);
}

TEST_F(PushLock, KeepsItsPromiseUnderLoad) {
    int value = 0;
    std::array<std::unique_ptr<Peer>, 4> threads;
    for (std::size_t i = 0; i < threads.size(); ++i) {
        threads[i] = std::make_unique<Peer>([this, &value, i] {
            for (int round = 0; round < 400; ++round) {
                if ((round + static_cast<int>(i)) % 4 == 0) {
                    FltAcquirePushLockExclusive(&lock);
                    ++value;
                } else {
                    FltAcquirePushLockShared(&lock);
                    EXPECT_GE(value, 0);
                }
                FltReleasePushLock(&lock);
            }
        });
    }
    for (auto& thread : threads) thread->join();
    EXPECT_EQ(value, 400);
    FltDeletePushLock(&lock);
}

}  // namespace
}  // namespace ddi::kernel
