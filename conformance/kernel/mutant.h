// Mutex objects (KMUTEX) and mutants: one dispatcher object, recursive, owned by a thread, with waiters served in order.
// Lives in the caller's 56 bytes; waiters bring their own storage. `guard` protects all but `owner` and `signal_state`, which are
// written under it and may be read without. A mutex disables normal kernel APCs while held; a mutant does not.
#pragma once

#include <wdm.h>

#include "conformance/kernel/parking.h"
#include "conformance/kernel/thread.h"

namespace ddi::kernel {

struct MutantWaiter {
    static constexpr std::uint32_t waiting = 0, asleep = 1, satisfied = 2;

    ThreadId thread = 0;
    std::atomic<std::uint32_t> stage{waiting};
    NTSTATUS status = 0;  // what the wait returns once satisfied
    MutantWaiter* next = nullptr;
    MutantWaiter* previous = nullptr;
};

struct Mutant {
    static constexpr std::uint32_t mutant_kind = 0x54554D44;  // "DMUT"

    std::uint32_t kind;
    Gate guard;
    std::atomic<std::int32_t> signal_state;  // 1 signaled; 0 held once; -1 held twice ...
    std::atomic<ThreadId> owner;
    MutantWaiter* first;
    MutantWaiter* last;
    Mutant* next_owned;  // mutants only: in the owner's list, which only the owner's thread touches
    Mutant** owned_link;
    bool abandoned;
    bool apc_disable;
    bool at_dispatch;  // acquired at DISPATCH_LEVEL: to be released there too
};
static_assert(sizeof(Mutant) <= 56 && alignof(Mutant) <= 8);

/// The object at this address; a bug check if no mutant was initialized there.
Mutant& mutant_at(void* object);

void initialize_mutant(void* storage, bool initially_owned, bool apc_disable);
LONG release_mutant(Mutant& mutant, bool abandoned, bool wait_follows);
/// As KeWaitForSingleObject, for mutants; null: no time limit.
NTSTATUS wait_for_mutant(Mutant& mutant, const LARGE_INTEGER* timeout);

}  // namespace ddi::kernel
