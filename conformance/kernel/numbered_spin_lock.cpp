// The system's own queued spin locks, by number. Reserved for the system, with a meaning that is well known: each processor has one
// handle a lock (here: each thread, which is its own processor), the level is raised to DISPATCH_LEVEL and given back to the caller.
#include <ntifs.h>

#include "conformance/kernel/irql.h"
#include "conformance/kernel/queued_spin_lock.h"

using namespace ddi::kernel;

namespace {

struct alignas(64) SystemLock {  // a cache line each
    KSPIN_LOCK lock;
};

constinit SystemLock system_locks[LockQueueMaximumLock] = {};
constinit thread_local KLOCK_QUEUE_HANDLE handles[LockQueueMaximumLock] = {};

void require_known(KSPIN_LOCK_QUEUE_NUMBER number) {
    if (static_cast<unsigned>(number) >= LockQueueMaximumLock)
        bug_check(BugCode::driver_verifier_detected_violation, verifier::resource_uninitialized, static_cast<unsigned>(number));
}

}  // namespace

extern "C" {

KIRQL KeAcquireQueuedSpinLock(KSPIN_LOCK_QUEUE_NUMBER Number) {
    require_known(Number);
    const KIRQL old = raise_to_dispatch();
    acquire_queued(&system_locks[Number].lock, &handles[Number], old);
    return old;
}

LOGICAL KeTryToAcquireQueuedSpinLock(KSPIN_LOCK_QUEUE_NUMBER Number, PKIRQL OldIrql) {
    require_known(Number);
    const KIRQL old = raise_to_dispatch();
    if (!try_acquire_queued(&system_locks[Number].lock, &handles[Number], old)) {
        set_irql(old);
        return FALSE;
    }
    *OldIrql = old;
    return TRUE;
}

VOID KeReleaseQueuedSpinLock(KSPIN_LOCK_QUEUE_NUMBER Number, KIRQL OldIrql) {
    require_known(Number);
    require_dispatch(&system_locks[Number]);
    require_not_above_current(OldIrql);
    release_queued(&handles[Number]);
    set_irql(OldIrql);
}

}  // extern "C"
