#include "conformance/kernel/observe.h"

#include "conformance/kernel/dispatcher/apc.h"
#include "conformance/kernel/dispatcher/timer.h"
#include "conformance/kernel/dispatcher/wait.h"
#include "conformance/kernel/executive/executive.h"
#include "conformance/kernel/irql.h"
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

// Does the thread stand in the queue of this object, among others?
struct Standing {
    const void* object;
    bool found = false;
};

void look_for_block(const Thread& thread, void* context) {
    Standing& standing = *static_cast<Standing*>(context);
    const DispatcherScope scope;
    const Waiter* waiter = thread.waiter;
    if (!waiter || !thread.waiting_on.load(std::memory_order_acquire)) return;
    for (std::uint32_t i = 0; i < waiter->count; ++i) standing.found = standing.found || waiter->blocks[i].object == standing.object;
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
        Standing standing{object};
        with_thread(thread, look_for_block, &standing);
        if (standing.found) return true;
        yield_processor();
    }
    return false;
}

const void* delay() { return &delayed; }

int waiters(const void* object) {
    const DispatcherScope scope;
    const WaitBlock* first = static_cast<const Dispatcher*>(object)->first;
    int count = 0;
    for (const WaitBlock* block = first; block; block = block->next == first ? nullptr : block->next) ++count;
    return count;
}

std::optional<std::int64_t> timer_due(const KTIMER* timer) { return ticks_until_due(*reinterpret_cast<const Timer*>(timer)); }
bool dpc_queued(const KDPC* dpc) { return kernel::dpc_queued(*reinterpret_cast<const Dpc*>(dpc)); }
void forget_timers() { kernel::forget_timers(); }
void forget_timers(const void* storage, std::size_t size) { kernel::forget_timers(storage, size); }
std::exception_ptr take_background_failure() { return kernel::take_background_failure(); }
void advance_time(std::int64_t ticks) { advance_clocks(ticks); }
void change_system_time(std::int64_t ticks) { kernel::change_system_time(ticks); }

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
    discard_apcs(thread);
    forget_dpcs(thread);
    thread.alerted[KernelMode] = thread.alerted[UserMode] = false;
    thread.user_apc_pending = thread.in_normal_apc = false;
    thread.shared_lock_count = thread.forgotten_shared_locks = 0;
    for (const void*& lock : thread.queued) lock = nullptr;
    executive::forget_push_locks();
}

void force_irql(KIRQL level) {
    Thread& thread = this_thread();
    thread.raise_count = 0;
    set_irql(level);
}

}  // namespace ddi::kernel::observe
