// What fast mutexes and guarded mutexes have in common: one owner, no recursion, waiters that sleep, no order among them.
// Lives in the 56 bytes that the caller provides. The IRQL and APC side of an acquisition is the two kinds' own business.
#pragma once

#include <wdm.h>

#include <new>

#include "conformance/kernel/parking.h"
#include "conformance/kernel/thread.h"

namespace ddi::kernel {

struct OwnedMutex {
    static constexpr std::uint32_t fast_kind = 0x4658544D;     // "MTXF"
    static constexpr std::uint32_t guarded_kind = 0x4758544D;  // "MTXG"

    std::uint32_t kind;  // anything else: never initialized
    Gate gate;
    std::atomic<ThreadId> owner;
    KIRQL old_irql;  // the holder's level before it came, if the kind raises

    void acquire(Thread& thread);
    bool try_acquire(Thread& thread);
    void release(Thread& thread);
    /// Bug checks that come before anything changes.
    void require_initialized(std::uint32_t expected) const;
    void require_not_owned_by(const Thread& thread) const;
    void require_owned_by(const Thread& thread) const;
};
static_assert(sizeof(OwnedMutex) <= 56 && alignof(OwnedMutex) <= 8);

/// Builds the mutex in the caller's storage; raises STATUS_DATATYPE_MISALIGNMENT if that is not 8-byte aligned.
OwnedMutex& initialize_owned_mutex(void* storage, std::uint32_t kind);

inline OwnedMutex& owned_mutex(void* storage) { return *static_cast<OwnedMutex*>(storage); }

inline constexpr NTSTATUS status_datatype_misalignment = static_cast<NTSTATUS>(0x80000002);
void require_aligned(const void* storage);

}  // namespace ddi::kernel
