// Interrupt objects and their locks; the cancel and VPB spin locks.
#include "conformance/kernel/io/interrupt.h"

#include <ntifs.h>

#include "conformance/kernel/io/system_lock.h"
#include "conformance/tests/peer.h"

namespace ddi::kernel {
namespace {

constexpr KIRQL device_level = 7;

struct InterruptObject : testing::Test {
    io::Interrupt device{device_level, 6, 1};
    io::Interrupt passive{PASSIVE_LEVEL};
    PKINTERRUPT object = device.object();
};

TEST_F(InterruptObject, ItsSpinLockRaisesToItsLevel) {
    for (int from : {PASSIVE_LEVEL, DISPATCH_LEVEL, 5, int{device_level}}) {
        KIRQL outer;
        KeRaiseIrql(static_cast<KIRQL>(from), &outer);
        const KIRQL old = KeAcquireInterruptSpinLock(object);
        EXPECT_EQ(old, from);
        EXPECT_EQ(KeGetCurrentIrql(), device_level);
        EXPECT_TRUE(device.lock().held_by_caller());
        KeReleaseInterruptSpinLock(object, old);
        EXPECT_EQ(KeGetCurrentIrql(), from);
        KeLowerIrql(outer);
    }
}

struct Synchronized {
    io::Interrupt* interrupt;
    KIRQL level = 0xFF;
    bool held = false;
    BOOLEAN result = TRUE;

    static BOOLEAN run(PVOID context) {
        auto& self = *static_cast<Synchronized*>(context);
        self.level = KeGetCurrentIrql();
        self.held = self.interrupt->lock().held_by_caller();
        return self.result;
    }
};

TEST_F(InterruptObject, SynchronizedRoutinesRunAtItsLevelUnderItsLock) {
    for (io::Interrupt* interrupt : {&device, &passive}) {
        for (BOOLEAN result : {TRUE, FALSE}) {
            Synchronized seen{.interrupt = interrupt, .result = result};
            EXPECT_EQ(KeSynchronizeExecution(interrupt->object(), Synchronized::run, &seen), result);
            EXPECT_EQ(seen.level, interrupt->lock().level());
            EXPECT_TRUE(seen.held);
            EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
            EXPECT_EQ(interrupt->lock().owner(), 0u);
        }
    }
}

TEST_F(InterruptObject, TheServiceRoutineWaitsForTheLock) {
    for (io::Interrupt* interrupt : {&device, &passive}) {
        bool served = false;
        const KIRQL old = interrupt->lock().acquire();
        Peer isr([&] { interrupt->deliver([&] { served = true; }); });
        ASSERT_TRUE(observe::await_blocked(isr.id(), interrupt->lock().shown()));
        EXPECT_FALSE(served);
        interrupt->lock().release(old);
        isr.join();
        EXPECT_TRUE(served);
    }
}

TEST_F(InterruptObject, TellsItsAffinity) {
    GROUP_AFFINITY affinity{};
    EXPECT_EQ(IoGetAffinityInterrupt(object, &affinity), STATUS_SUCCESS);
    EXPECT_EQ(affinity.Mask, 6u);
    EXPECT_EQ(affinity.Group, 1);
}

TEST_F(InterruptObject, Misuse) {
    KIRQL old;
    KeRaiseIrql(device_level + 1, &old);
    expect_bug_check(
        BugCode::irql_not_greater_or_equal, [this] { KeAcquireInterruptSpinLock(object); }, device_level + 1, device_level);
    expect_bug_check(
        BugCode::driver_verifier_detected_violation, [this] { KeAcquireInterruptSpinLock(passive.object()); },
        interrupt_violation::passive_level, passive.object());
    KeRaiseIrqlToDpcLevel();
    expect_bug_check(BugCode::irql_not_greater_or_equal, [this] { KeSynchronizeExecution(passive.object(), Synchronized::run, nullptr); });
    expect_bug_check(BugCode::spin_lock_not_owned, [this] { KeReleaseInterruptSpinLock(object, PASSIVE_LEVEL); });
    std::uint64_t nothing[8] = {};
    expect_bug_check(
        BugCode::driver_verifier_detected_violation, [&] { KeAcquireInterruptSpinLock(reinterpret_cast<PKINTERRUPT>(nothing)); },
        interrupt_violation::not_connected);
    old = KeAcquireInterruptSpinLock(object);
    KIRQL higher;
    KeRaiseIrql(device_level + 1, &higher);
    expect_bug_check(
        BugCode::irql_unexpected_value, [&] { KeReleaseInterruptSpinLock(object, old); }, (device_level + 1) << 16 | device_level << 8);
    EXPECT_EQ(device.lock().owner(), observe::current_thread()) << "the lock was not given away";
}

TEST_F(InterruptObject, AcquiringAgainIsABugCheck) {
    KeAcquireInterruptSpinLock(object);
    expect_bug_check(BugCode::spin_lock_already_owned, [this] { KeAcquireInterruptSpinLock(object); });
}

TEST(SystemSpinLocks, CancelAndVpbAreTwoLocks) {
    KIRQL cancel = 0xFF, vpb = 0xFF;
    IoAcquireCancelSpinLock(&cancel);
    EXPECT_EQ(cancel, PASSIVE_LEVEL);
    EXPECT_EQ(KeGetCurrentIrql(), DISPATCH_LEVEL);
    IoAcquireVpbSpinLock(&vpb);
    EXPECT_EQ(vpb, DISPATCH_LEVEL);
    EXPECT_EQ(observe::spin_lock_owner(io::cancel_spin_lock()), observe::current_thread());
    EXPECT_EQ(observe::spin_lock_owner(io::vpb_spin_lock()), observe::current_thread());
    IoReleaseVpbSpinLock(vpb);
    IoReleaseCancelSpinLock(cancel);
    EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
}

TEST(SystemSpinLocks, KeepOthersOut) {
    KIRQL old;
    IoAcquireCancelSpinLock(&old);
    Peer peer([] {
        KIRQL mine;
        IoAcquireCancelSpinLock(&mine);
        IoReleaseCancelSpinLock(mine);
    });
    ASSERT_TRUE(observe::await_blocked(peer.id(), io::cancel_spin_lock()));
    IoReleaseCancelSpinLock(old);
    peer.join();
    KeRaiseIrqlToDpcLevel();
    expect_bug_check(
        BugCode::spin_lock_not_owned, [] { IoReleaseVpbSpinLock(PASSIVE_LEVEL); }, io::vpb_spin_lock());
}

}  // namespace
}  // namespace ddi::kernel
