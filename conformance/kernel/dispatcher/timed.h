// The threads whose waits have a time limit: they sleep by the host's clock, and somebody has to tell them when a test moves ours.
// All under the dispatcher lock.
#pragma once

#include "conformance/kernel/dispatcher/object.h"

namespace ddi::kernel {

void join_timed(Waiter& waiter);
/// Does nothing for a waiter that is not in the list.
void leave_timed(Waiter& waiter);
/// When the first of them is due.
TimeLimit next_timed();
/// After a clock has moved: ends the waits that are due, and lets the others look at the clock again.
void end_due_waits(DispatcherScope& scope);

}  // namespace ddi::kernel
