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

}  // namespace
}  // namespace ddi::kernel
