// What the rest of the kernel and its tests may ask of executive objects: resources, push locks, run-down protection, remove locks.
// Codes of bug checks follow Microsoft's pages on them; numbers of our own lie outside the range of theirs.
#pragma once

#include <wdm.h>

#include "conformance/kernel/thread.h"

namespace ddi::kernel {

/// First parameters of DRIVER_VERIFIER_DETECTED_VIOLATION that only executive objects need.
namespace verifier {
inline constexpr std::uint64_t resource_acquired_apcs_enabled = 0x37;     // current IRQL, APC disable count, resource
inline constexpr std::uint64_t resource_released_apcs_enabled = 0x38;     // the same
inline constexpr std::uint64_t resource_deleted_uninitialized = 0xD1;     // resource
inline constexpr std::uint64_t remove_lock_release_tag = 0xD5;            // lock, tag: nobody acquired the lock with this tag
inline constexpr std::uint64_t remove_lock_release_and_wait_tag = 0xD6;   // the same
inline constexpr std::uint64_t ours_destroyed_in_use = 0x10001;           // object: deleted or reinitialized while held or waited for
inline constexpr std::uint64_t ours_not_run_down = 0x10002;               // object, its count: the old object is not run down
inline constexpr std::uint64_t ours_remove_lock_reinitialized = 0x10003;  // lock: initialized again after it was waited for
inline constexpr std::uint64_t ours_storage_too_small = 0x10004;          // object, size
}  // namespace verifier

namespace executive {

/// The value of ExGetCurrentResourceThread: by it a resource knows its owner. Its two lowest bits are clear.
inline ERESOURCE_THREAD resource_thread(ThreadId thread) { return static_cast<ERESOURCE_THREAD>(thread) << 4; }
/// 0 for an owner pointer.
inline ThreadId thread_of(ERESOURCE_THREAD owner) { return (owner & 3) == 0 ? static_cast<ThreadId>(owner >> 4) : 0; }

/// What this thread remembers of the push locks that it holds is forgotten.
void forget_push_locks();

}  // namespace executive

namespace observe {

/// The exclusive owner; 0: free, owned as shared, or owned by an owner pointer.
ThreadId resource_owner(const ERESOURCE* resource);
ULONG resource_exclusive_waiters(const ERESOURCE* resource);
ULONG resource_shared_waiters(const ERESOURCE* resource);
/// How often this owner (a thread's value, or an owner pointer) has the resource.
ULONG resource_holds(const ERESOURCE* resource, ERESOURCE_THREAD owner);

/// The exclusive owner; 0: free or owned as shared.
ThreadId push_lock_owner(const EX_PUSH_LOCK* lock);
ULONG push_lock_sharers(const EX_PUSH_LOCK* lock);

ULONG64 rundown_count(const EX_RUNDOWN_REF* reference);
bool is_run_down(const EX_RUNDOWN_REF* reference);

ULONG remove_lock_count(const IO_REMOVE_LOCK* lock);

}  // namespace observe
}  // namespace ddi::kernel
