// The simulated interrupt request level: a byte of the thread, read and written inline. Level numbers are the stub header's,
// which knows the architecture. Nothing is masked: a level only decides what a thread may call.
#pragma once

#include <wdm.h>

#include "conformance/kernel/thread.h"

namespace ddi::kernel {

inline KIRQL current_irql() { return thread_storage.irql.get(); }
/// Also runs what has waited for a lower level.
inline void set_irql(KIRQL level) {
    Thread& thread = thread_storage;
    thread.irql.set(level);
    if (thread.pending.load(std::memory_order_relaxed) != 0) [[unlikely]]
        run_pending(thread);
}

/// Raises to DISPATCH_LEVEL for a lock and returns the level before. Above DISPATCH_LEVEL this would lower: a bug check.
inline KIRQL raise_to_dispatch() {
    const KIRQL old = current_irql();
    if (old > DISPATCH_LEVEL) [[unlikely]]
        bug_check(BugCode::irql_not_greater_or_equal, old, DISPATCH_LEVEL);
    thread_storage.irql.set(DISPATCH_LEVEL);
    return old;
}

/// A release with Wait = TRUE: no other thread is to run between this call and the wait that follows, which restores the level.
inline void raise_until_wait(Thread& thread, KIRQL level) {
    thread.wait_next = true;
    thread.wait_irql = level;
    thread.irql.set(DISPATCH_LEVEL);
}

/// Below DISPATCH_LEVEL the thread could be preempted with the lock in its hands.
inline void require_dispatch_or_above(const void* lock) {
    if (current_irql() < DISPATCH_LEVEL) [[unlikely]]
        bug_check(BugCode::irql_not_dispatch_level, current_irql(), lock);
}

inline void require_dispatch(const void* lock) {
    if (current_irql() != DISPATCH_LEVEL) [[unlikely]]
        bug_check(BugCode::irql_not_dispatch_level, current_irql(), lock);
}

/// As the bug check is defined: the address that was wanted, the level it was wanted at.
inline void require_at_most(KIRQL highest, const void* object) {
    if (current_irql() > highest) [[unlikely]]
        bug_check(BugCode::irql_not_less_or_equal, object, current_irql());
}

/// The way back after a lock: to the level the caller says it came from, never up.
inline void require_not_above_current(KIRQL level) {
    if (level > current_irql()) [[unlikely]]
        bug_check(BugCode::irql_not_less_or_equal, level, current_irql());
}

}  // namespace ddi::kernel
