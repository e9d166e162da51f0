#include "conformance/kernel/framework/sleeping_lock.h"

#include "conformance/kernel/deadlock.h"
#include "conformance/kernel/framework/object.h"
#include "conformance/kernel/planted_bug.h"
#include "conformance/kernel/region.h"

namespace ddi::kernel::framework {

NTSTATUS SleepingLock::acquire(const void* shown, const LARGE_INTEGER* timeout) {
    Thread& thread = this_thread();
    if (!timeout && owner() == thread.id) [[unlikely]]
        bug_check(BugCode::wdf_violation, violation::recursive_lock, shown, thread.id);
    if (!planted(Bug::wait_lock_leaves_apcs_enabled)) enter_critical_region(thread);
    const LARGE_INTEGER at_once{};
    NTSTATUS status = STATUS_TIMEOUT;
    const bool watched = deadlock::watching() && !timeout;
    if (watched && (status = free_.wait(shown, &at_once)) == STATUS_TIMEOUT) {
        try {
            deadlock::about_to_wait(thread, shown, deadlock::Kind::framework_lock, deadlock::Mode::exclusive);
        } catch (...) {
            if (!planted(Bug::wait_lock_leaves_apcs_enabled)) leave_critical_region(thread);
            throw;
        }
    }
    if (status == STATUS_TIMEOUT) status = free_.wait(shown, timeout);
    if (status != STATUS_SUCCESS) {
        if (!planted(Bug::wait_lock_leaves_apcs_enabled)) leave_critical_region(thread);
        return status;
    }
    owner_.store(thread.id, std::memory_order_relaxed);
    thread.held_mutexes.add(+1);
    // An attempt with a time limit ends by itself, so it says nothing about the order of locks.
    if (deadlock::watching())
        deadlock::acquired(thread.id, shown, deadlock::Kind::framework_lock, deadlock::Mode::exclusive, timeout != nullptr);
    return status;
}

void SleepingLock::release(const void* shown) {
    Thread& thread = this_thread();
    const ThreadId holder = owner();
    if (holder == 0) [[unlikely]]
        bug_check(BugCode::driver_verifier_detected_violation, verifier::released_unacquired, shown);
    if (holder != thread.id) [[unlikely]]
        bug_check(BugCode::driver_verifier_detected_violation, verifier::released_by_wrong_thread, shown, holder, thread.id);
    if (deadlock::watching()) deadlock::released(thread.id, shown);
    owner_.store(0, std::memory_order_relaxed);
    thread.held_mutexes.add(-1);
    free_.set();
    if (!planted(Bug::wait_lock_leaves_apcs_enabled)) leave_critical_region(thread);
}

}  // namespace ddi::kernel::framework
