#include <video.h>

#include <cstring>

#include "conformance/kernel/video/video_port.h"
#include "conformance/tests/peer.h"

namespace ddi::kernel {
namespace {

struct VideoPort : testing::Test {
    VideoPort() { EXPECT_EQ(VideoPortCreateSpinLock(extension, &lock), 0); }
    video_port::Device device{100};
    PVOID extension = device.extension();
    PSPIN_LOCK lock = nullptr;
};

TEST_F(VideoPort, TheExtensionIsTheMiniports) {
    const unsigned char zeroes[100] = {};
    EXPECT_EQ(std::memcmp(extension, zeroes, sizeof zeroes), 0);
    std::memset(extension, 0xFF, 100);
    VideoPortAcquireDeviceLock(extension);
    VideoPortReleaseDeviceLock(extension);
}

TEST_F(VideoPort, SpinLocksComeAndGo) {
    PSPIN_LOCK second = nullptr;
    EXPECT_EQ(VideoPortCreateSpinLock(extension, &second), 0);
    EXPECT_NE(second, lock);
    EXPECT_EQ(device.spin_locks(), 2u);
    const KIRQL old = KeRaiseIrqlToDpcLevel();
    EXPECT_EQ(VideoPortDeleteSpinLock(extension, second), 0);
    KeLowerIrql(old);
    EXPECT_EQ(device.spin_locks(), 1u);
    UCHAR level;
    expect_bug_check(
        BugCode::driver_verifier_detected_violation, [&] { VideoPortAcquireSpinLock(extension, second, &level); },
        verifier::resource_uninitialized);
    expect_bug_check(
        BugCode::driver_verifier_detected_violation, [&] { VideoPortDeleteSpinLock(extension, second); }, verifier::resource_uninitialized);
}

TEST_F(VideoPort, SpinLocksSaveAndRestoreTheLevel) {
    for (KIRQL from : {PASSIVE_LEVEL, APC_LEVEL, DISPATCH_LEVEL}) {
        KIRQL outer;
        KeRaiseIrql(from, &outer);
        UCHAR old = 0xFF;
        VideoPortAcquireSpinLock(extension, lock, &old);
        EXPECT_EQ(old, from);
        EXPECT_EQ(KeGetCurrentIrql(), DISPATCH_LEVEL);
        VideoPortReleaseSpinLock(extension, lock, old);
        EXPECT_EQ(KeGetCurrentIrql(), from);
        KeLowerIrql(outer);
    }
    const KIRQL old = KeRaiseIrqlToDpcLevel();
    VideoPortAcquireSpinLockAtDpcLevel(extension, lock);
    VideoPortReleaseSpinLockFromDpcLevel(extension, lock);
    EXPECT_EQ(KeGetCurrentIrql(), DISPATCH_LEVEL);
    KeLowerIrql(old);
}

TEST_F(VideoPort, Misuse) {
    PKSPIN_LOCK inner = video_port::Device::spin_lock(lock);
    UCHAR level;
    expect_bug_check(
        BugCode::irql_not_dispatch_level, [&] { VideoPortAcquireSpinLockAtDpcLevel(extension, lock); }, PASSIVE_LEVEL, inner);
    expect_bug_check(
        BugCode::irql_not_dispatch_level, [&] { VideoPortReleaseSpinLock(extension, lock, PASSIVE_LEVEL); }, PASSIVE_LEVEL, inner);
    KeRaiseIrqlToDpcLevel();
    expect_bug_check(
        BugCode::spin_lock_not_owned, [&] { VideoPortReleaseSpinLock(extension, lock, PASSIVE_LEVEL); }, inner);
    VideoPortAcquireSpinLock(extension, lock, &level);
    expect_bug_check(
        BugCode::spin_lock_already_owned, [&] { VideoPortDeleteSpinLock(extension, lock); }, inner);
    for (const std::function<void()>& call : {std::function<void()>([&] { VideoPortAcquireDeviceLock(extension); }),
                                              std::function<void()>([&] { VideoPortReleaseDeviceLock(extension); }),
                                              std::function<void()>([&] { VideoPortCreateSpinLock(extension, &lock); })}) {
        KIRQL old;
        KeRaiseIrql(APC_LEVEL, &old);
        expect_bug_check(BugCode::irql_not_less_or_equal, call, extension, APC_LEVEL);
    }
    std::uint64_t foreign[8] = {};
    expect_bug_check(
        BugCode::driver_verifier_detected_violation, [&] { VideoPortAcquireDeviceLock(&foreign[4]); }, verifier::resource_uninitialized);
}

TEST(VideoPortSynchronization, InterlockedCallsReturnWhatTheyMade) {
    KIRQL outer;
    KeRaiseIrql(HIGH_LEVEL, &outer);
    LONG value = -1;
    EXPECT_EQ(VideoPortInterlockedIncrement(&value), 0);
    EXPECT_EQ(VideoPortInterlockedIncrement(&value), 1);
    EXPECT_EQ(VideoPortInterlockedDecrement(&value), 0);
    EXPECT_EQ(VideoPortInterlockedExchange(&value, TRUE), FALSE);
    EXPECT_EQ(VideoPortInterlockedExchange(&value, FALSE), TRUE);
    EXPECT_EQ(value, FALSE);
    KeLowerIrql(outer);
}

struct Synchronization {
    video_port::Device* device;
    KIRQL level = 0xFF;
    bool held = false;
    BOOLEAN result = TRUE;

    static BOOLEAN run(PVOID context) {
        auto& self = *static_cast<Synchronization*>(context);
        self.level = KeGetCurrentIrql();
        self.held = self.device->interrupt() && self.device->interrupt()->held_by_caller();
        return self.result;
    }
    BOOLEAN call(VIDEO_SYNCHRONIZE_PRIORITY priority) { return VideoPortSynchronizeExecution(device->extension(), priority, run, this); }
};

TEST(VideoPortSynchronization, HigherPrioritiesSynchronizeWithTheInterrupt) {
    video_port::Device device(64, 7);
    Synchronization routine{&device};
    EXPECT_TRUE(routine.call(VpLowPriority));
    EXPECT_EQ(routine.level, DISPATCH_LEVEL);
    EXPECT_FALSE(routine.held);
    for (auto priority : {VpMediumPriority, VpHighPriority}) {
        routine.result = priority == VpHighPriority;
        EXPECT_EQ(routine.call(priority), routine.result);
        EXPECT_EQ(routine.level, 7);
        EXPECT_TRUE(routine.held);
        EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
    }
    expect_bug_check(BugCode::irql_not_greater_or_equal, [&] {
        KIRQL old;
        KeRaiseIrql(8, &old);
        routine.call(VpMediumPriority);
    });
}

TEST(VideoPortSynchronization, WithoutAnInterruptAllPrioritiesAreLow) {
    video_port::Device device(64, PASSIVE_LEVEL);
    Synchronization routine{&device};
    for (auto priority : {VpLowPriority, VpMediumPriority, VpHighPriority}) {
        EXPECT_TRUE(routine.call(priority));
        EXPECT_EQ(routine.level, DISPATCH_LEVEL);
        EXPECT_FALSE(routine.held);
    }
}

TEST(VideoPortSynchronization, TheInterruptWaitsForTheRoutine) {
    video_port::Device device(64, 7);
    KIRQL old = device.interrupt()->acquire();
    Signal delivered;
    Peer interrupt([&] { device.deliver([&] { delivered.set(); }); });
    EXPECT_TRUE(observe::await_blocked(interrupt.id(), device.interrupt()->shown()));
    EXPECT_FALSE(delivered.is_set());
    device.interrupt()->release(old);
    interrupt.join();
    EXPECT_TRUE(delivered.is_set());
}

}  // namespace
}  // namespace ddi::kernel
