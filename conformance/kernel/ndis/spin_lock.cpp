#include "conformance/kernel/ndis/spin_lock.h"

#include <new>

using namespace ddi::kernel;
using ndis::spin_lock_at;

extern "C" {

VOID NdisAllocateSpinLock(PNDIS_SPIN_LOCK SpinLock) { new (SpinLock) ndis::SpinLock{0, PASSIVE_LEVEL, ndis::SpinLock::live}; }

VOID NdisFreeSpinLock(PNDIS_SPIN_LOCK SpinLock) {
    ndis::SpinLock& lock = spin_lock_at(SpinLock);
    if (!KeTestSpinLock(&lock.lock)) bug_check(BugCode::spin_lock_already_owned, SpinLock);
    lock.kind = 0;
}

VOID NdisAcquireSpinLock(PNDIS_SPIN_LOCK _SpinLock) {
    ndis::SpinLock& lock = spin_lock_at(_SpinLock);
    const KIRQL old = raise_to_dispatch();
    acquire_spin_lock(&lock.lock, this_thread());
    lock.old_irql = old;
}

// A lock that NdisDprAcquireSpinLock took, or locks that are not released in reverse order, lead to the level that stands in the lock.
VOID NdisReleaseSpinLock(PNDIS_SPIN_LOCK _SpinLock) {
    ndis::SpinLock& lock = spin_lock_at(_SpinLock);
    Thread& thread = this_thread();
    require_dispatch(_SpinLock);
    require_spin_lock_owned(&lock.lock, thread);
    const KIRQL old = lock.old_irql;
    release_spin_lock(&lock.lock, thread);
    set_irql(old);
}

VOID NdisDprAcquireSpinLock(PNDIS_SPIN_LOCK _SpinLock) {
    ndis::SpinLock& lock = spin_lock_at(_SpinLock);
    require_dispatch(_SpinLock);
    acquire_spin_lock(&lock.lock, this_thread());
}

VOID NdisDprReleaseSpinLock(PNDIS_SPIN_LOCK _SpinLock) {
    ndis::SpinLock& lock = spin_lock_at(_SpinLock);
    require_dispatch(_SpinLock);
    release_spin_lock(&lock.lock, this_thread());
}

}  // extern "C"
