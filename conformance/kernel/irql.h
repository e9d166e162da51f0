// The simulated interrupt request level: a byte of the thread, read and written inline. Level numbers are the stub header's,
// which knows the architecture. Nothing is masked: a level only decides what a thread may call.
#pragma once

#include <wdm.h>

#include "conformance/kernel/thread.h"

namespace ddi::kernel {

inline KIRQL current_irql() { return thread_storage.irql.get(); }
inline void set_irql(KIRQL level) { thread_storage.irql.set(level); }

/// Raises to DISPATCH_LEVEL for a lock and returns the level before. Above DISPATCH_LEVEL this would lower: a bug check.
inline KIRQL raise_to_dispatch() {
    const KIRQL old = current_irql();
    if (old > DISPATCH_LEVEL) [[unlikely]]
        bug_check(BugCode::irql_not_greater_or_equal, old, DISPATCH_LEVEL);
    set_irql(DISPATCH_LEVEL);
    return old;
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
