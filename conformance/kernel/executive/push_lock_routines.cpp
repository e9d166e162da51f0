// The documented push lock routines. The Ex ones expect normal kernel APCs to be off, the Flt ones enter a critical region themselves.
#include <fltkernel.h>
#include <ntifs.h>

#include "conformance/kernel/executive/push_lock.h"
#include "conformance/kernel/executive/resource.h"
#include "conformance/kernel/irql.h"
#include "conformance/kernel/region.h"

namespace {

using namespace ddi::kernel;
using namespace ddi::kernel::executive;

// An allocated lock is known by its mark.
struct AutoExpandLock {
    static constexpr std::uint32_t mark_value = 0x4C505845;  // "EXPL"

    std::uint32_t mark = mark_value;
    EX_PUSH_LOCK lock = 0;
};

template <class Acquire>
void in_region(PEX_PUSH_LOCK lock, Acquire acquire) {
    require_at_most(APC_LEVEL, lock);
    Thread& thread = this_thread();
    enter_critical_region(thread);
    try {
        acquire(lock);
    } catch (...) {  // a misuse: the caller is where it was
        leave_critical_region(thread);
        throw;
    }
}

void release_and_leave(PEX_PUSH_LOCK lock) {
    require_at_most(APC_LEVEL, lock);
    Thread& thread = this_thread();
    if (thread.kernel_apc_disable.get() == 0) [[unlikely]]
        bug_check(BugCode::apc_index_mismatch, 0, 0, combined_apc_disable(thread));
    release_push(lock);
    leave_critical_region(thread);
}

}  // namespace

extern "C" {

VOID ExInitializePushLock(PEX_PUSH_LOCK PushLock) { initialize_push_lock(PushLock); }

// Push locks have no numbers of their own in bug checks: those of resources serve.
VOID ExAcquirePushLockExclusive(PEX_PUSH_LOCK Lock) {
    require_acquirable(Lock, this_thread());
    acquire_push_exclusive(Lock);
}

VOID ExAcquirePushLockShared(PEX_PUSH_LOCK Lock) {
    require_acquirable(Lock, this_thread());
    acquire_push_shared(Lock);
}

VOID ExReleasePushLockExclusive(PEX_PUSH_LOCK Lock) {
    require_at_most(APC_LEVEL, Lock);
    release_push_exclusive(Lock);
}

VOID ExReleasePushLockShared(PEX_PUSH_LOCK Lock) {
    require_at_most(APC_LEVEL, Lock);
    release_push_shared(Lock);
}

VOID FltInitializePushLock(PEX_PUSH_LOCK PushLock) {
    require_at_most(APC_LEVEL, PushLock);
    initialize_push_lock(PushLock);
}

VOID FltDeletePushLock(PEX_PUSH_LOCK PushLock) {
    require_at_most(APC_LEVEL, PushLock);
    delete_push_lock(PushLock);
}

VOID FltAcquirePushLockExclusive(PEX_PUSH_LOCK PushLock) { in_region(PushLock, acquire_push_exclusive); }
VOID FltAcquirePushLockShared(PEX_PUSH_LOCK PushLock) { in_region(PushLock, acquire_push_shared); }
VOID FltReleasePushLock(PEX_PUSH_LOCK PushLock) { release_and_leave(PushLock); }

// The flags are about priorities only, and those are the host's.
VOID FltAcquirePushLockExclusiveEx(PEX_PUSH_LOCK PushLock, ULONG) { in_region(PushLock, acquire_push_exclusive); }
VOID FltAcquirePushLockSharedEx(PEX_PUSH_LOCK PushLock, ULONG) { in_region(PushLock, acquire_push_shared); }
VOID FltReleasePushLockEx(PEX_PUSH_LOCK PushLock, ULONG) { release_and_leave(PushLock); }

PVOID FsRtlAllocateAePushLock(POOL_TYPE, ULONG) {
    require_at_most(APC_LEVEL, nullptr);
    return new AutoExpandLock;
}

VOID FsRtlFreeAePushLock(PVOID AePushLock) {
    require_at_most(APC_LEVEL, AePushLock);
    auto* lock = static_cast<AutoExpandLock*>(AePushLock);
    if (lock->mark != AutoExpandLock::mark_value) [[unlikely]]
        bug_check(BugCode::driver_verifier_detected_violation, verifier::resource_uninitialized, AePushLock);
    delete_push_lock(&lock->lock);
    lock->mark = 0;
    delete lock;
}

}  // extern "C"
