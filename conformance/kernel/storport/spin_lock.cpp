// StorPort's spin locks, by kind. A lock handle of the miniport remembers the kind and what the release has to restore.
#include <storport.h>

#include "conformance/kernel/irql.h"
#include "conformance/kernel/planted_bug.h"
#include "conformance/kernel/spin_lock.h"
#include "conformance/kernel/storport/adapter.h"

namespace ddi::kernel::storport {
namespace {

struct LockHandle {
    ULONG kind;  // a STOR_SPINLOCK; 0 once released
    KIRQL old_irql;
    union {
        KLOCK_QUEUE_HANDLE queue;
        Adapter* adapter;
    };
};
static_assert(sizeof(LockHandle) == sizeof(STOR_LOCK_HANDLE) && alignof(LockHandle) <= alignof(STOR_LOCK_HANDLE));

LockHandle& handle_at(PSTOR_LOCK_HANDLE handle) { return *reinterpret_cast<LockHandle*>(handle); }

bool has_dpc(STOR_SPINLOCK kind) { return kind == DpcLock || kind == ThreadedDpcLock || kind == DpcLevelLock; }

/// The caller has checked the parameters.
void acquire(Adapter& adapter, STOR_SPINLOCK kind, PVOID context, PSTOR_LOCK_HANDLE storage) {
    LockHandle& handle = handle_at(storage);
    switch (kind) {
        case DpcLock:
            if (planted(Bug::dpc_lock_raises_only)) {
                handle.old_irql = raise_to_dispatch();
                break;
            }
            KeAcquireInStackQueuedSpinLock(lock_of(static_cast<PSTOR_DPC>(context)), &handle.queue);
            break;
        case ThreadedDpcLock:
            KeAcquireInStackQueuedSpinLockForDpc(lock_of(static_cast<PSTOR_DPC>(context)), &handle.queue);
            break;
        case DpcLevelLock:
            KeAcquireInStackQueuedSpinLockAtDpcLevel(lock_of(static_cast<PSTOR_DPC>(context)), &handle.queue);
            break;
        case StartIoLock:
            KeAcquireInStackQueuedSpinLock(adapter.start_io_lock(), &handle.queue);
            break;
        case InterruptLock:
            handle.old_irql = adapter.acquire_interrupt();
            handle.adapter = &adapter;
            break;
    }
    handle.kind = kind;
}

ULONG check(Adapter* adapter, STOR_SPINLOCK kind, PVOID context, PSTOR_LOCK_HANDLE handle) {
    if (!adapter || !handle || kind < DpcLock || kind > DpcLevelLock || (has_dpc(kind) && !context)) return STOR_STATUS_INVALID_PARAMETER;
    const KIRQL irql = current_irql();
    bool possible = irql <= DISPATCH_LEVEL;
    if (kind == InterruptLock) possible = irql <= adapter->interrupt_level();
    if (kind == DpcLevelLock) possible = irql >= DISPATCH_LEVEL;
    return possible ? STOR_STATUS_SUCCESS : STOR_STATUS_INVALID_IRQL;
}

}  // namespace
}  // namespace ddi::kernel::storport

using namespace ddi::kernel;
using namespace ddi::kernel::storport;

extern "C" {

VOID StorPortAcquireSpinLock(PVOID DeviceExtension, STOR_SPINLOCK SpinLock, PVOID LockContext, PSTOR_LOCK_HANDLE LockHandle) {
    Adapter& adapter = Adapter::of(DeviceExtension);
    const bool known = SpinLock == StartIoLock || SpinLock == InterruptLock || (SpinLock == DpcLock && LockContext);
    if (!known) [[unlikely]]
        bug_check(BugCode::driver_verifier_detected_violation, violation::unknown_lock, static_cast<ULONG>(SpinLock), LockContext);
    acquire(adapter, SpinLock, LockContext, LockHandle);
}

ULONG StorPortAcquireSpinLockEx(PVOID HwDeviceExtension, STOR_SPINLOCK SpinLock, PVOID LockContext, PSTOR_LOCK_HANDLE LockHandle) {
    Adapter* adapter = Adapter::find(HwDeviceExtension);
    const ULONG status = check(adapter, SpinLock, LockContext, LockHandle);
    if (status == STOR_STATUS_SUCCESS) acquire(*adapter, SpinLock, LockContext, LockHandle);
    return status;
}

VOID StorPortReleaseSpinLock(PVOID DeviceExtension, PSTOR_LOCK_HANDLE LockHandle) {
    Adapter& adapter = Adapter::of(DeviceExtension);
    storport::LockHandle& handle = handle_at(LockHandle);
    if (planted(Bug::dpc_lock_raises_only) && handle.kind == DpcLock) {
        handle.kind = 0;
        return set_irql(handle.old_irql);
    }
    switch (handle.kind) {
        case DpcLock:
        case StartIoLock:
            KeReleaseInStackQueuedSpinLock(&handle.queue);
            break;
        case ThreadedDpcLock:
            KeReleaseInStackQueuedSpinLockForDpc(&handle.queue);
            break;
        case DpcLevelLock:
            KeReleaseInStackQueuedSpinLockFromDpcLevel(&handle.queue);
            break;
        case InterruptLock:
            if (handle.adapter != &adapter) [[unlikely]]
                bug_check(BugCode::spin_lock_not_owned, &adapter.interrupt_lock());
            adapter.release_interrupt(handle.old_irql);
            break;
        default:
            bug_check(BugCode::driver_verifier_detected_violation, violation::handle_not_held, LockHandle);
    }
    handle.kind = 0;
}

ULONG StorPortAcquireMSISpinLock(PVOID HwDeviceExtension, ULONG MessageId, PULONG OldIrql) {
    if (!HwDeviceExtension) return STOR_STATUS_INVALID_PARAMETER;
    Adapter& adapter = Adapter::of(HwDeviceExtension);
    if (MessageId >= adapter.messages()) return STOR_STATUS_INVALID_PARAMETER;
    const KIRQL old = adapter.message_lock(MessageId).acquire();
    *OldIrql = planted(Bug::msi_lock_saves_new_irql) ? current_irql() : old;
    return STOR_STATUS_SUCCESS;
}

ULONG StorPortReleaseMSISpinLock(PVOID HwDeviceExtension, ULONG MessageId, ULONG OldIrql) {
    if (!HwDeviceExtension) return STOR_STATUS_INVALID_PARAMETER;
    Adapter& adapter = Adapter::of(HwDeviceExtension);
    if (MessageId >= adapter.messages()) return STOR_STATUS_INVALID_PARAMETER;
    adapter.message_lock(MessageId).release(static_cast<KIRQL>(OldIrql));
    return STOR_STATUS_SUCCESS;
}

ULONG StorPortInitializeSpinlock(PVOID HwDeviceExtension, PSTOR_KSPIN_LOCK Lock) {
    Adapter::of(HwDeviceExtension);
    KeInitializeSpinLock(Lock);
    return STOR_STATUS_SUCCESS;
}

// The routine may look at the device extension without the interrupt service routine in its way.
BOOLEAN StorPortSynchronizeAccess(PVOID HwDeviceExtension, PSTOR_SYNCHRONIZED_ACCESS SynchronizedAccessRoutine, PVOID Context) {
    Adapter& adapter = Adapter::of(HwDeviceExtension);
    const KIRQL old = adapter.acquire_interrupt();
    const BOOLEAN result = SynchronizedAccessRoutine(HwDeviceExtension, Context);
    adapter.release_interrupt(old);
    return result;
}

}  // extern "C"
