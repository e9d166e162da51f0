#include "conformance/kernel/dispatcher/timed.h"

namespace ddi::kernel {
namespace {

Waiter* first_timed = nullptr;

}  // namespace

void join_timed(Waiter& waiter) {
    waiter.next_timed = first_timed;
    if (first_timed) first_timed->previous_timed = &waiter;
    first_timed = &waiter;
}

void leave_timed(Waiter& waiter) {
    if (waiter.previous_timed)
        waiter.previous_timed->next_timed = waiter.next_timed;
    else if (first_timed == &waiter)
        first_timed = waiter.next_timed;
    if (waiter.next_timed) waiter.next_timed->previous_timed = waiter.previous_timed;
    waiter.next_timed = waiter.previous_timed = nullptr;
}

TimeLimit next_timed() {
    TimeLimit next;
    for (const Waiter* waiter = first_timed; waiter; waiter = waiter->next_timed) next = earlier(next, waiter->limit);
    return next;
}

void end_due_waits(DispatcherScope& scope) {
    Waiter* waiter = first_timed;
    while (waiter) {
        Waiter* next = waiter->next_timed;
        if (ticks_until(waiter->limit) <= 0)
            scope.end_wait(*waiter, waiter->timeout_status);
        else if (std::uint32_t asleep = Waiter::asleep; waiter->stage.compare_exchange_strong(asleep, Waiter::waiting))
            unpark_one(&waiter->stage);  // it looks at the clock before it sleeps again
        waiter = next;
    }
}

}  // namespace ddi::kernel
