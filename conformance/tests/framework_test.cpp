// The driver framework's locks: handles, levels, time-outs, APCs, and misuse.
#include "conformance/kernel/framework/framework.h"

#include <wdfinterrupt.h>
#include <wdfsync.h>

#include <functional>
#include <vector>

#include "conformance/kernel/parking.h"
#include "conformance/tests/peer.h"

namespace ddi::kernel {
namespace {

namespace fx = framework;

constexpr KIRQL device_level = 5;

struct Framework : testing::Test {
    Framework() {
        EXPECT_EQ(WdfSpinLockCreate(nullptr, &spin), STATUS_SUCCESS);
        EXPECT_EQ(WdfWaitLockCreate(nullptr, &wait), STATUS_SUCCESS);
    }
    ~Framework() override { fx::remove_all(); }
    WDFOBJECT device = fx::create_device();
    WDFOBJECT passive_device = fx::create_device(WdfExecutionLevelPassive);
    WDFINTERRUPT interrupt = fx::create_interrupt(device, device_level);
    WDFINTERRUPT passive_interrupt = fx::create_interrupt(device, PASSIVE_LEVEL);
    WDFSPINLOCK spin = nullptr;
    WDFWAITLOCK wait = nullptr;
    LONGLONG at_once = 0;
};

TEST_F(Framework, SpinLocksRaiseAndRestore) {
    for (KIRQL from : {PASSIVE_LEVEL, APC_LEVEL, DISPATCH_LEVEL}) {
        KIRQL outer;
        KeRaiseIrql(from, &outer);
        WdfSpinLockAcquire(spin);
        EXPECT_EQ(KeGetCurrentIrql(), DISPATCH_LEVEL);
        EXPECT_EQ(fx::lock_owner(spin), observe::current_thread());
        WdfSpinLockRelease(spin);
        EXPECT_EQ(KeGetCurrentIrql(), from);
        KeLowerIrql(outer);
    }
}

TEST_F(Framework, WaitLocksDisableNormalApcsAndKeepTheLevel) {
    EXPECT_EQ(WdfWaitLockAcquire(wait, nullptr), STATUS_SUCCESS);
    EXPECT_EQ(observe::snapshot().critical_regions, 1);
    EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
    WdfWaitLockRelease(wait);
    EXPECT_EQ(observe::snapshot().critical_regions, 0);
    KIRQL old;
    KeRaiseIrql(APC_LEVEL, &old);
    EXPECT_EQ(WdfWaitLockAcquire(wait, &at_once), STATUS_SUCCESS);
    WdfWaitLockRelease(wait);
    KeLowerIrql(old);
}

TEST_F(Framework, WaitLocksTimeOut) {
    EXPECT_EQ(WdfWaitLockAcquire(wait, nullptr), STATUS_SUCCESS);
    Peer peer([this] {
        LONGLONG past = 1, soon = -10;
        for (PLONGLONG limit : {&at_once, &past, &soon}) {
            EXPECT_EQ(WdfWaitLockAcquire(wait, limit), STATUS_TIMEOUT);
            EXPECT_EQ(observe::snapshot().critical_regions, 0) << "not acquired: nothing disabled";
        }
    });
    if (observe::await_blocked(peer.id(), wait)) observe::advance_time(10);
    peer.join();
    WdfWaitLockRelease(wait);
}

TEST_F(Framework, WaitLocksAreServedInOrder) {
    std::vector<int> order;
    EXPECT_EQ(WdfWaitLockAcquire(wait, nullptr), STATUS_SUCCESS);
    const auto body = [&](int number) {
        EXPECT_EQ(WdfWaitLockAcquire(wait, nullptr), STATUS_SUCCESS);
        order.push_back(number);
        WdfWaitLockRelease(wait);
    };
    Peer first([&] { body(1); });
    ASSERT_TRUE(observe::await_blocked(first.id(), wait));
    Peer second([&] { body(2); });
    ASSERT_TRUE(observe::await_blocked(second.id(), wait));
    WdfWaitLockRelease(wait);
    first.join();
    second.join();
    EXPECT_EQ(order, (std::vector<int>{1, 2}));
}

TEST_F(Framework, ObjectLocksFollowTheExecutionLevel) {
    const WDFOBJECT queue = fx::create_queue(device), passive_queue = fx::create_queue(passive_device);
    for (WDFOBJECT object : {device, queue}) {
        WdfObjectAcquireLock(object);
        EXPECT_EQ(KeGetCurrentIrql(), DISPATCH_LEVEL);
        EXPECT_EQ(fx::lock_owner(object), observe::current_thread());
        WdfObjectReleaseLock(object);
        EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
    }
    for (WDFOBJECT object : {passive_device, passive_queue}) {
        KIRQL old;
        KeRaiseIrql(APC_LEVEL, &old);
        WdfObjectAcquireLock(object);
        EXPECT_EQ(KeGetCurrentIrql(), APC_LEVEL);
        EXPECT_EQ(observe::snapshot().critical_regions, 1);
        WdfObjectReleaseLock(object);
        EXPECT_EQ(observe::snapshot().critical_regions, 0);
        KeLowerIrql(old);
    }
}

TEST_F(Framework, InterruptLocks) {
    WdfInterruptAcquireLock(interrupt);
    EXPECT_EQ(KeGetCurrentIrql(), device_level);
    bool served = false;
    Peer isr([&] { fx::deliver_interrupt(interrupt, [&] { served = true; }); });
    while (observe::blocked_on(isr.id()) == nullptr) yield_processor();
    EXPECT_FALSE(served);
    WdfInterruptReleaseLock(interrupt);
    isr.join();
    EXPECT_TRUE(served);
    EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);

    WdfInterruptAcquireLock(passive_interrupt);
    EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
    Peer([this] { EXPECT_FALSE(WdfInterruptTryToAcquireLock(passive_interrupt)); }).join();
    WdfInterruptReleaseLock(passive_interrupt);
    EXPECT_TRUE(WdfInterruptTryToAcquireLock(passive_interrupt));
    EXPECT_EQ(observe::snapshot().critical_regions, 1);
    WdfInterruptReleaseLock(passive_interrupt);
    EXPECT_EQ(observe::snapshot().critical_regions, 0);
    EXPECT_FALSE(WdfInterruptTryToAcquireLock(interrupt)) << "it has no passive lock";
}

BOOLEAN synchronized(WDFINTERRUPT interrupt, WDFCONTEXT context) {
    EXPECT_EQ(fx::lock_owner(interrupt), observe::current_thread());
    EXPECT_EQ(KeGetCurrentIrql(), *static_cast<KIRQL*>(context));
    return *static_cast<KIRQL*>(context) == device_level;
}

TEST_F(Framework, SynchronizedCallbacksHoldTheLock) {
    KIRQL expected = device_level;
    EXPECT_TRUE(WdfInterruptSynchronize(interrupt, synchronized, &expected));
    expected = PASSIVE_LEVEL;
    EXPECT_FALSE(WdfInterruptSynchronize(passive_interrupt, synchronized, &expected));
    EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
}

TEST_F(Framework, ObjectsGoWithTheirParents) {
    WDF_OBJECT_ATTRIBUTES attributes{};
    attributes.Size = sizeof attributes;
    attributes.ParentObject = device;
    WDFSPINLOCK child = nullptr;
    EXPECT_EQ(WdfSpinLockCreate(&attributes, &child), STATUS_SUCCESS);
    const std::size_t before = fx::live_objects();
    fx::remove(device);
    EXPECT_EQ(fx::live_objects(), before - 4) << "the device, its two interrupts and the lock";
    expect_bug_check(
        BugCode::wdf_violation, [&] { WdfSpinLockAcquire(child); }, fx::violation::invalid_handle, child);
    attributes.Size = 1;
    EXPECT_EQ(WdfWaitLockCreate(&attributes, &wait), STATUS_INFO_LENGTH_MISMATCH);
}

TEST_F(Framework, InvalidHandlesAreBugChecks) {
    const auto made_up = reinterpret_cast<WDFWAITLOCK>(std::uintptr_t{0x1234});
    const std::function<void()> calls[] = {
        [&] { WdfWaitLockAcquire(made_up, nullptr); },
        [&] { WdfWaitLockRelease(reinterpret_cast<WDFWAITLOCK>(spin)); },
        [&] { WdfSpinLockAcquire(nullptr); },
        [&] { WdfObjectAcquireLock(reinterpret_cast<WDFOBJECT>(spin)); },
        [&] { WdfObjectReleaseLock(reinterpret_cast<WDFOBJECT>(interrupt)); },
        [&] { WdfInterruptAcquireLock(reinterpret_cast<WDFINTERRUPT>(device)); },
        [&] { WdfInterruptSynchronize(nullptr, synchronized, nullptr); },
    };
    for (const auto& call : calls) expect_bug_check(BugCode::wdf_violation, call, fx::violation::invalid_handle);
}

TEST_F(Framework, Misuse) {
    WdfSpinLockAcquire(spin);
    expect_bug_check(
        BugCode::wdf_violation, [this] { WdfSpinLockAcquire(spin); }, fx::violation::recursive_lock, spin);
    EXPECT_EQ(WdfWaitLockAcquire(wait, nullptr), STATUS_SUCCESS);
    expect_bug_check(
        BugCode::wdf_violation, [this] { WdfWaitLockAcquire(wait, nullptr); }, fx::violation::recursive_lock, wait);
    Peer([this] {
        expect_bug_check(
            BugCode::driver_verifier_detected_violation, [this] { WdfWaitLockRelease(wait); }, verifier::released_by_wrong_thread, wait);
    }).join();
    KIRQL old;
    KeRaiseIrql(APC_LEVEL, &old);
    expect_bug_check(
        BugCode::irql_not_less_or_equal, [this] { WdfWaitLockAcquire(wait, nullptr); }, wait, APC_LEVEL);
    KeRaiseIrqlToDpcLevel();
    expect_bug_check(
        BugCode::irql_not_less_or_equal, [this] { WdfWaitLockAcquire(wait, &at_once); }, wait, DISPATCH_LEVEL);
    KeRaiseIrqlToDpcLevel();
    expect_bug_check(
        BugCode::irql_not_less_or_equal, [this] { WdfObjectAcquireLock(passive_device); }, passive_device, DISPATCH_LEVEL);
    KeRaiseIrqlToDpcLevel();
    expect_bug_check(
        BugCode::irql_not_less_or_equal, [this] { WdfInterruptAcquireLock(passive_interrupt); }, passive_interrupt, DISPATCH_LEVEL);
    fx::enable_interrupt(interrupt, false);
    expect_bug_check(
        BugCode::wdf_violation, [this] { WdfInterruptAcquireLock(interrupt); }, fx::violation::prohibited, interrupt);
    WDFSPINLOCK own = nullptr;
    EXPECT_EQ(WdfSpinLockCreate(nullptr, &own), STATUS_SUCCESS);
    fx::create_interrupt(device, device_level, own);
    expect_bug_check(
        BugCode::wdf_violation, [&] { WdfSpinLockAcquire(own); }, fx::violation::prohibited, own);
}

}  // namespace
}  // namespace ddi::kernel
