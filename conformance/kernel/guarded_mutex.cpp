// Guarded mutexes: the holder is in a guarded region, which acquisition enters before it waits. The IRQL does not change.
// The unsafe pair expects to be called in a guarded region or at APC_LEVEL.
#include "conformance/kernel/irql.h"
#include "conformance/kernel/owned_mutex.h"
#include "conformance/kernel/planted_bug.h"
#include "conformance/kernel/region.h"

using namespace ddi::kernel;

static_assert(sizeof(KGUARDED_MUTEX) == 56, "KGUARDED_MUTEX is 56 bytes on 64-bit Windows");

namespace {

OwnedMutex& guarded(PKGUARDED_MUTEX mutex) {
    OwnedMutex& owned = owned_mutex(mutex);
    owned.require_initialized(OwnedMutex::guarded_kind);
    return owned;
}

void require_unguarded_allowed(const Thread& thread, const void* mutex, std::uint64_t violation) {
    if (current_irql() == APC_LEVEL || (current_irql() == PASSIVE_LEVEL && in_guarded_region(thread))) [[likely]]
        return;
    bug_check(BugCode::driver_verifier_detected_violation, violation, current_irql(), mutex);
}

}  // namespace

extern "C" {

VOID KeInitializeGuardedMutex(PKGUARDED_MUTEX Mutex) { initialize_owned_mutex(Mutex, OwnedMutex::guarded_kind); }

VOID KeAcquireGuardedMutex(PKGUARDED_MUTEX Mutex) {
    OwnedMutex& mutex = guarded(Mutex);
    Thread& thread = this_thread();
    require_at_most(APC_LEVEL, Mutex);
    mutex.require_not_owned_by(thread);
    enter_guarded_region(thread);
    mutex.acquire(thread);
}

BOOLEAN KeTryToAcquireGuardedMutex(PKGUARDED_MUTEX Mutex) {
    OwnedMutex& mutex = guarded(Mutex);
    Thread& thread = this_thread();
    require_at_most(APC_LEVEL, Mutex);
    enter_guarded_region(thread);
    if (mutex.try_acquire(thread)) return TRUE;
    leave_guarded_region(thread);
    return FALSE;
}

VOID KeReleaseGuardedMutex(PKGUARDED_MUTEX Mutex) {
    OwnedMutex& mutex = guarded(Mutex);
    Thread& thread = this_thread();
    require_at_most(APC_LEVEL, Mutex);
    mutex.require_owned_by(thread);
    // Out of all guarded regions: the mutex was acquired by the unsafe function, or the region left too often.
    if (!in_guarded_region(thread)) [[unlikely]]
        bug_check(BugCode::apc_index_mismatch, 0, 0, combined_apc_disable(thread));
    mutex.release(thread);
    if (!planted(Bug::guarded_region_not_left)) leave_guarded_region(thread);
}

VOID KeAcquireGuardedMutexUnsafe(PKGUARDED_MUTEX Mutex) {
    OwnedMutex& mutex = guarded(Mutex);
    Thread& thread = this_thread();
    require_unguarded_allowed(thread, Mutex, verifier::unsafe_acquire_apcs_enabled);
    mutex.require_not_owned_by(thread);
    mutex.acquire(thread);
}

VOID KeReleaseGuardedMutexUnsafe(PKGUARDED_MUTEX Mutex) {
    OwnedMutex& mutex = guarded(Mutex);
    Thread& thread = this_thread();
    require_unguarded_allowed(thread, Mutex, verifier::unsafe_release_apcs_enabled);
    mutex.require_owned_by(thread);
    mutex.release(thread);
}

}  // extern "C"
