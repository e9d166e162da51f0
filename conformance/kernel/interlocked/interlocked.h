// What the interlocked routines have in common: they run at any IRQL, mask interrupts while they hold the caller's spin lock, and
// leave the level as it was. Assumes an initialized lock; a caller that holds it already is a bug check.
#pragma once

#include "conformance/kernel/irql.h"
#include "conformance/kernel/spin_lock.h"

namespace ddi::kernel {

/// Runs the body at HIGH_LEVEL, holding the lock; without a lock, just runs it.
template <class Body>
auto interlocked(PKSPIN_LOCK lock, Body body) {
    if (!lock) return body();
    Thread& thread = this_thread();
    const KIRQL old = thread.irql.get();
    thread.irql.set(HIGH_LEVEL);
    acquire_spin_lock(lock, thread);
    const auto result = body();
    release_spin_lock(lock, thread);
    set_irql(old);
    return result;
}

/// Doubly linked lists under a lock; null where there is no entry to return. A list whose links contradict each other is a bug check.
PLIST_ENTRY insert_head(PLIST_ENTRY head, PLIST_ENTRY entry, PKSPIN_LOCK lock);
PLIST_ENTRY insert_tail(PLIST_ENTRY head, PLIST_ENTRY entry, PKSPIN_LOCK lock);
PLIST_ENTRY remove_head(PLIST_ENTRY head, PKSPIN_LOCK lock);

}  // namespace ddi::kernel
