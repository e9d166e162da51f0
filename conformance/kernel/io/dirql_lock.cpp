#include "conformance/kernel/io/dirql_lock.h"

#include "conformance/kernel/deadlock.h"
#include "conformance/kernel/irql.h"
#include "conformance/kernel/observe.h"
#include "conformance/kernel/spin_lock.h"

namespace ddi::kernel {

ThreadId DirqlLock::owner() const { return passive() ? passive_owner_.load(std::memory_order_relaxed) : observe::spin_lock_owner(&spin_); }

bool DirqlLock::held_by_caller() const { return owner() == this_thread().id; }

void DirqlLock::require_not_held(const Thread& thread) const {
    if (owner() == thread.id) [[unlikely]]
        bug_check(BugCode::spin_lock_already_owned, this);
}

KIRQL DirqlLock::raise() const {
    const KIRQL old = current_irql();
    if (old > level_) [[unlikely]]
        bug_check(BugCode::irql_not_greater_or_equal, old, level_);
    thread_storage.irql.set(level_);
    return old;
}

void DirqlLock::taken(Thread& thread, bool attempt) {
    passive_owner_.store(thread.id, std::memory_order_relaxed);
    thread.held_mutexes.add(+1);
    if (deadlock::watching()) deadlock::acquired(thread.id, this, deadlock::Kind::interrupt_lock, deadlock::Mode::exclusive, attempt);
}

KIRQL DirqlLock::acquire() {
    Thread& thread = this_thread();
    require_not_held(thread);
    const KIRQL old = raise();
    if (!passive()) {
        acquire_spin_lock(&spin_, thread);
        return old;
    }
    const LARGE_INTEGER at_once{};
    if (!deadlock::watching()) {
        free_.wait(this);
    } else if (free_.wait(this, &at_once) != STATUS_SUCCESS) {
        deadlock::about_to_wait(thread, this, deadlock::Kind::interrupt_lock, deadlock::Mode::exclusive);
        free_.wait(this);
    }
    taken(thread, false);
    return old;
}

bool DirqlLock::try_acquire(KIRQL& old) {
    Thread& thread = this_thread();
    require_not_held(thread);
    const KIRQL before = raise();
    if (!passive()) {
        if (!try_acquire_spin_lock(&spin_, thread)) {
            set_irql(before);
            return false;
        }
    } else {
        const LARGE_INTEGER now{};
        if (free_.wait(this, &now) != STATUS_SUCCESS) return false;
        taken(thread, true);
    }
    old = before;
    return true;
}

void DirqlLock::release(KIRQL old) {
    Thread& thread = this_thread();
    if (owner() != thread.id) [[unlikely]]
        bug_check(BugCode::spin_lock_not_owned, this, owner());
    if (current_irql() != level_) [[unlikely]]
        bug_check(BugCode::irql_unexpected_value, current_irql() << 16 | level_ << 8, this);
    require_not_above_current(old);
    if (passive()) {
        if (deadlock::watching()) deadlock::released(thread.id, this);
        passive_owner_.store(0, std::memory_order_relaxed);
        thread.held_mutexes.add(-1);
        free_.set();
        return;
    }
    release_spin_lock(&spin_, thread);
    set_irql(old);
}

}  // namespace ddi::kernel
