#include "conformance/kernel/observe.h"

#include "conformance/kernel/mutant.h"
#include "conformance/kernel/owned_mutex.h"
#include "conformance/kernel/parking.h"
#include "conformance/kernel/spin_lock.h"

namespace ddi::kernel::observe {
namespace {

void take_snapshot(const Thread& thread, void* context) {
    *static_cast<Snapshot*>(context) = {
        .irql = thread.irql.get(),
        .waiting_on = thread.waiting_on.load(std::memory_order_acquire),
        .critical_regions = -thread.kernel_apc_disable.get(),
        .guarded_regions = -thread.special_apc_disable.get(),
        .spin_locks = thread.held_spin_locks.get(),
        .mutexes = thread.held_mutexes.get(),
        .mutants = thread.held_mutants.get(),
    };
}

std::uint64_t word_of(const KSPIN_LOCK* lock) { return reinterpret_cast<const SpinWord*>(lock)->word.load(std::memory_order_relaxed); }

}  // namespace

ThreadId current_thread() { return this_thread().id; }

std::optional<Snapshot> snapshot(ThreadId thread) {
    Snapshot result{};
    if (!with_thread(thread, take_snapshot, &result)) return std::nullopt;
    return result;
}

const void* blocked_on(ThreadId thread) {
    const std::optional<Snapshot> seen = snapshot(thread);
    return seen ? seen->waiting_on : nullptr;
}

bool await_blocked(ThreadId thread, const void* object) {
    while (const std::optional<Snapshot> seen = snapshot(thread)) {
        if (seen->waiting_on == object) return true;
        yield_processor();
    }
    return false;
}

ThreadId spin_lock_owner(const KSPIN_LOCK* lock) { return SpinWord::owner(word_of(lock)); }
bool spin_lock_busy(const KSPIN_LOCK* lock) { return word_of(lock) != 0; }
ThreadId fast_mutex_owner(const FAST_MUTEX* mutex) { return reinterpret_cast<const OwnedMutex*>(mutex)->owner.load(); }
ThreadId guarded_mutex_owner(const KGUARDED_MUTEX* mutex) { return reinterpret_cast<const OwnedMutex*>(mutex)->owner.load(); }
ThreadId mutex_owner(const KMUTEX* mutex) { return reinterpret_cast<const Mutant*>(mutex)->owner.load(); }

void reset_current_thread() {
    Thread& thread = this_thread();
    thread.irql.set(PASSIVE_LEVEL);
    thread.wait_next = false;
    thread.kernel_apc_disable.set(0);
    thread.special_apc_disable.set(0);
    thread.held_spin_locks.set(0);
    thread.held_mutexes.set(0);
    thread.held_mutants.set(0);
    thread.waiting_on.store(nullptr);
    thread.owned = nullptr;
    thread.raise_count = 0;
    for (const void*& lock : thread.queued) lock = nullptr;
}

void force_irql(KIRQL level) {
    Thread& thread = this_thread();
    thread.irql.set(level);
    thread.raise_count = 0;
}

}  // namespace ddi::kernel::observe
