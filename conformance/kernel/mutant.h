// Mutex objects (KMUTEX) and mutants: one dispatcher object, recursive, owned by a thread, with waiters served in order.
// Lives in the caller's 56 bytes. The owner alone changes what is not atomic. A mutex disables normal kernel APCs while held; a mutant
// does not.
#pragma once

#include <wdm.h>

#include "conformance/kernel/dispatcher/object.h"
#include "conformance/kernel/thread.h"

namespace ddi::kernel {

/// Signal state: 1 free; 0 held once; -1 held twice ...
struct Mutant : Dispatcher {
    std::atomic<ThreadId> owner;
    bool apc_disable;
    bool at_dispatch;    // acquired at DISPATCH_LEVEL: to be released there too
    Mutant* next_owned;  // in the owner's list, which only the owner's thread touches
    Mutant** owned_link;
};
static_assert(sizeof(Mutant) <= 56 && alignof(Mutant) <= 8);

/// The object at this address; a bug check if no mutant was initialized there.
Mutant& mutant_at(void* object);

void initialize_mutant(void* storage, bool initially_owned, bool apc_disable);
LONG release_mutant(Mutant& mutant, bool abandoned, bool wait_follows);
/// As KeWaitForSingleObject, for mutants; null: no time limit.
NTSTATUS wait_for_mutant(Mutant& mutant, const LARGE_INTEGER* timeout);

/// Acquires a mutant that is free, or this thread's own, while nobody waits for it.
bool take_mutant_fast(Mutant& mutant, Thread& thread, KIRQL irql, NTSTATUS& status);
/// Under the dispatcher lock, possibly for another thread. True: it had been abandoned.
bool consume_mutant(Mutant& mutant, WaitBlock& block, const Thread& thread, KIRQL irql);
/// On the thread that a wait has made the owner.
void mutant_acquired(Mutant& mutant, Thread& thread);

}  // namespace ddi::kernel
