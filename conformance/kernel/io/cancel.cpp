#include "conformance/kernel/io/cancel.h"

#include "conformance/kernel/io/system_lock.h"
#include "conformance/kernel/irql.h"
#include "conformance/kernel/observe.h"

// The two members are plain ones of a documented structure; threads meet on them.
namespace ddi::kernel::io {

PDRIVER_CANCEL set_cancel_routine(PIRP irp, PDRIVER_CANCEL routine) {
    return __atomic_exchange_n(&irp->CancelRoutine, routine, __ATOMIC_SEQ_CST);
}

bool is_canceled(PIRP irp) { return __atomic_load_n(&irp->Cancel, __ATOMIC_SEQ_CST) != FALSE; }

bool cancel(PIRP irp) {
    KIRQL old;
    IoAcquireCancelSpinLock(&old);
    __atomic_store_n(&irp->Cancel, static_cast<BOOLEAN>(TRUE), __ATOMIC_SEQ_CST);
    const PDRIVER_CANCEL routine = set_cancel_routine(irp, nullptr);
    if (!routine) {
        IoReleaseCancelSpinLock(old);
        return false;
    }
    irp->CancelIrql = old;
    routine(nullptr, irp);
    // The IRP may be gone by now.
    if (observe::spin_lock_owner(cancel_spin_lock()) == this_thread().id) bug_check(BugCode::spin_lock_already_owned, cancel_spin_lock());
    return true;
}

}  // namespace ddi::kernel::io
