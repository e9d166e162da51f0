#include "conformance/kernel/video/video_port.h"

#include <algorithm>
#include <new>

#include "conformance/kernel/irql.h"
#include "conformance/kernel/mutant.h"
#include "conformance/kernel/planted_bug.h"
#include "conformance/kernel/spin_lock.h"

namespace ddi::kernel::video_port {

Device::Device(std::size_t extension_size, KIRQL interrupt)
    : memory_(std::make_unique<Block[]>((sizeof(Prefix) + extension_size) / sizeof(Block) + 1)), interrupt_(interrupt) {
    static_assert(sizeof(Prefix) % alignof(Block) == 0, "the extension is aligned as an allocation is");
    new (memory_.get()) Prefix{this, extension_kind};
    KeInitializeMutex(&lock_, 0);
}

Device::~Device() = default;

void Device::deliver(const std::function<void()>& service_routine) {
    const KIRQL old = interrupt_.acquire();
    service_routine();
    interrupt_.release(old);
}

PVOID Device::extension() { return reinterpret_cast<std::byte*>(memory_.get()) + sizeof(Prefix); }

std::size_t Device::spin_locks() const {
    const GateScope scope(guard_);
    return static_cast<std::size_t>(
        std::count_if(spin_locks_.begin(), spin_locks_.end(), [](const auto& lock) { return lock->kind == SpinLock::live; }));
}

Device& Device::of(PVOID extension) {
    const Prefix& prefix = static_cast<Prefix*>(extension)[-1];
    if (prefix.kind != extension_kind) bug_check(BugCode::driver_verifier_detected_violation, verifier::resource_uninitialized, extension);
    return *prefix.device;
}

PSPIN_LOCK Device::create_spin_lock() {
    auto created = std::make_unique<SpinLock>(SpinLock{0, SpinLock::live});
    KeInitializeSpinLock(&created->lock);
    const GateScope scope(guard_);
    return reinterpret_cast<PSPIN_LOCK>(spin_locks_.emplace_back(std::move(created)).get());
}

PKSPIN_LOCK Device::live_lock(PSPIN_LOCK handle) {
    SpinLock& lock = *reinterpret_cast<SpinLock*>(handle);
    if (lock.kind != SpinLock::live) bug_check(BugCode::driver_verifier_detected_violation, verifier::resource_uninitialized, &lock);
    return &lock.lock;
}

void Device::delete_spin_lock(PSPIN_LOCK handle) {
    const PKSPIN_LOCK lock = live_lock(handle);
    if (!KeTestSpinLock(lock)) bug_check(BugCode::spin_lock_already_owned, lock);
    const GateScope scope(guard_);
    reinterpret_cast<SpinLock*>(handle)->kind = 0;
}

}  // namespace ddi::kernel::video_port

using namespace ddi::kernel;
using video_port::Device;

extern "C" {

VOID VideoPortAcquireDeviceLock(PVOID HwDeviceExtension) {
    Device& device = Device::of(HwDeviceExtension);
    require_at_most(PASSIVE_LEVEL, HwDeviceExtension);
    wait_for_mutant(mutant_at(device.lock()), nullptr);
}

VOID VideoPortReleaseDeviceLock(PVOID HwDeviceExtension) {
    Device& device = Device::of(HwDeviceExtension);
    require_at_most(PASSIVE_LEVEL, HwDeviceExtension);
    release_mutant(mutant_at(device.lock()), false, false);
}

VP_STATUS VideoPortCreateSpinLock(PVOID HwDeviceExtension, PSPIN_LOCK* SpinLock) {
    Device& device = Device::of(HwDeviceExtension);
    require_at_most(PASSIVE_LEVEL, HwDeviceExtension);
    try {
        *SpinLock = device.create_spin_lock();
    } catch (const std::bad_alloc&) {
        return ERROR_NOT_ENOUGH_MEMORY;
    }
    return NO_ERROR;
}

VP_STATUS VideoPortDeleteSpinLock(PVOID HwDeviceExtension, PSPIN_LOCK SpinLock) {
    Device& device = Device::of(HwDeviceExtension);
    require_at_most(DISPATCH_LEVEL, HwDeviceExtension);
    device.delete_spin_lock(SpinLock);
    return NO_ERROR;
}

VOID VideoPortAcquireSpinLock(PVOID HwDeviceExtension, PSPIN_LOCK SpinLock, PUCHAR OldIrql) {
    Device::of(HwDeviceExtension);
    KeAcquireSpinLock(Device::live_lock(SpinLock), OldIrql);
}

VOID VideoPortAcquireSpinLockAtDpcLevel(PVOID HwDeviceExtension, PSPIN_LOCK SpinLock) {
    Device::of(HwDeviceExtension);
    KeAcquireSpinLockAtDpcLevel(Device::live_lock(SpinLock));
}

VOID VideoPortReleaseSpinLock(PVOID HwDeviceExtension, PSPIN_LOCK SpinLock, UCHAR NewIrql) {
    Device::of(HwDeviceExtension);
    KeReleaseSpinLock(Device::live_lock(SpinLock),
                      planted(Bug::video_release_keeps_dispatch) ? static_cast<UCHAR>(DISPATCH_LEVEL) : NewIrql);
}

VOID VideoPortReleaseSpinLockFromDpcLevel(PVOID HwDeviceExtension, PSPIN_LOCK SpinLock) {
    Device::of(HwDeviceExtension);
    KeReleaseSpinLockFromDpcLevel(Device::live_lock(SpinLock));
}

LONG VideoPortInterlockedIncrement(PLONG Addend) { return __atomic_add_fetch(Addend, 1, __ATOMIC_SEQ_CST); }

LONG VideoPortInterlockedDecrement(PLONG Addend) { return __atomic_sub_fetch(Addend, 1, __ATOMIC_SEQ_CST); }

LONG VideoPortInterlockedExchange(PLONG Target, LONG Value) { return __atomic_exchange_n(Target, Value, __ATOMIC_SEQ_CST); }

BOOLEAN VideoPortSynchronizeExecution(PVOID HwDeviceExtension, VIDEO_SYNCHRONIZE_PRIORITY Priority,
                                      PMINIPORT_SYNCHRONIZE_ROUTINE SynchronizeRoutine, PVOID Context) {
    DirqlLock* const interrupt = Device::of(HwDeviceExtension).interrupt();
    if (Priority != VpLowPriority && interrupt) {
        const KIRQL old = interrupt->acquire();
        const BOOLEAN result = SynchronizeRoutine(Context);
        interrupt->release(old);
        return result;
    }
    // The highest level that masks no interrupt; a caller above it stays there.
    require_at_most(interrupt ? interrupt->level() : DDI_DIRQL_MAX, HwDeviceExtension);
    const KIRQL old = current_irql();
    const KIRQL raised = std::max<KIRQL>(old, DISPATCH_LEVEL);
    thread_storage.irql.set(raised);
    const BOOLEAN result = SynchronizeRoutine(Context);
    if (current_irql() != raised) bug_check(BugCode::irql_unexpected_value, current_irql() << 16 | raised << 8, HwDeviceExtension);
    set_irql(old);
    return result;
}

}  // extern "C"
