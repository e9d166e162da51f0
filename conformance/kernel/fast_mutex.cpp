// Fast mutexes: the holder runs at APC_LEVEL and its level before is kept in the mutex. The unsafe pair leaves the IRQL alone and
// relies on the caller to have APCs off, by APC_LEVEL or by a critical or guarded region.
#include "conformance/kernel/irql.h"
#include "conformance/kernel/owned_mutex.h"
#include "conformance/kernel/planted_bug.h"
#include "conformance/kernel/region.h"

using namespace ddi::kernel;

static_assert(sizeof(FAST_MUTEX) == 56, "FAST_MUTEX is 56 bytes on 64-bit Windows");

namespace {

OwnedMutex& fast(PFAST_MUTEX mutex) {
    OwnedMutex& owned = owned_mutex(mutex);
    owned.require_initialized(OwnedMutex::fast_kind);
    return owned;
}

void require_fast_mutex_level(const void* mutex) {
    if (current_irql() > APC_LEVEL) [[unlikely]]
        bug_check(BugCode::driver_verifier_detected_violation, verifier::fast_mutex_acquired_above_apc, current_irql(), mutex);
}

void require_apcs_off(const Thread& thread, const void* mutex, std::uint64_t violation) {
    if (current_irql() == APC_LEVEL || (current_irql() == PASSIVE_LEVEL && normal_apcs_disabled(thread))) [[likely]]
        return;
    bug_check(BugCode::driver_verifier_detected_violation, violation, current_irql(), mutex);
}

}  // namespace

extern "C" {

VOID ExInitializeFastMutex(PFAST_MUTEX FastMutex) { initialize_owned_mutex(FastMutex, OwnedMutex::fast_kind); }

VOID ExAcquireFastMutex(PFAST_MUTEX FastMutex) {
    OwnedMutex& mutex = fast(FastMutex);
    Thread& thread = this_thread();
    require_fast_mutex_level(FastMutex);
    mutex.require_not_owned_by(thread);
    const KIRQL old = current_irql();
    set_irql(APC_LEVEL);
    mutex.acquire(thread);
    mutex.old_irql = old;
}

BOOLEAN ExTryToAcquireFastMutex(PFAST_MUTEX FastMutex) {
    OwnedMutex& mutex = fast(FastMutex);
    Thread& thread = this_thread();
    require_fast_mutex_level(FastMutex);
    if (planted(Bug::try_acquire_blocks)) {
        mutex.acquire(thread);
    } else if (!mutex.try_acquire(thread)) {
        return FALSE;
    }
    mutex.old_irql = current_irql();
    set_irql(APC_LEVEL);
    return TRUE;
}

VOID ExReleaseFastMutex(PFAST_MUTEX FastMutex) {
    OwnedMutex& mutex = fast(FastMutex);
    Thread& thread = this_thread();
    if (current_irql() != APC_LEVEL) [[unlikely]]
        bug_check(BugCode::driver_verifier_detected_violation, verifier::fast_mutex_released_not_at_apc, current_irql(), FastMutex);
    mutex.require_owned_by(thread);
    const KIRQL old = mutex.old_irql;
    mutex.release(thread);
    if (!planted(Bug::fast_mutex_irql_not_restored)) set_irql(old);
}

VOID ExAcquireFastMutexUnsafe(PFAST_MUTEX FastMutex) {
    OwnedMutex& mutex = fast(FastMutex);
    Thread& thread = this_thread();
    require_apcs_off(thread, FastMutex, verifier::unsafe_acquire_apcs_enabled);
    mutex.require_not_owned_by(thread);
    mutex.acquire(thread);
    mutex.old_irql = current_irql();  // so that the wrong kind of release does no further harm
}

VOID ExReleaseFastMutexUnsafe(PFAST_MUTEX FastMutex) {
    OwnedMutex& mutex = fast(FastMutex);
    Thread& thread = this_thread();
    require_apcs_off(thread, FastMutex, verifier::unsafe_release_apcs_enabled);
    mutex.require_owned_by(thread);
    mutex.release(thread);
}

}  // extern "C"
