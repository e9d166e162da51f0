#include "conformance/kernel/dispatcher/wait.h"

#include <algorithm>
#include <array>
#include <new>
#include <optional>

#include "conformance/kernel/deadlock.h"
#include "conformance/kernel/dispatcher/apc.h"
#include "conformance/kernel/dispatcher/timed.h"
#include "conformance/kernel/irql.h"
#include "conformance/kernel/mutant.h"
#include "conformance/kernel/planted_bug.h"

namespace ddi::kernel {

const char delayed = 0;

namespace {

bool is_immediate(const LARGE_INTEGER* timeout) { return timeout && timeout->QuadPart == 0; }

// Without the dispatcher lock, as long as nobody waits for the object.
bool take_fast(Dispatcher& object, Thread& thread, KIRQL irql, NTSTATUS& status) {
    status = STATUS_SUCCESS;
    switch (object.kind) {
        case ObjectKind::notification_event:
        case ObjectKind::notification_timer:
        case ObjectKind::thread:
            return object.signal_state() > 0;
        case ObjectKind::synchronization_event:
        case ObjectKind::synchronization_timer:
        case ObjectKind::semaphore: {
            std::uint64_t word = object.word.load(std::memory_order_relaxed);
            while (SignalWord::state(word) > 0 && !(word & SignalWord::slow)) {
                if (object.word.compare_exchange_weak(word, SignalWord::with_state(word, SignalWord::state(word) - 1),
                                                      std::memory_order_acq_rel, std::memory_order_relaxed))
                    return true;
            }
            return false;
        }
        case ObjectKind::mutant:
            return take_mutant_fast(static_cast<Mutant&>(object), thread, irql, status);
    }
    return false;
}

// All objects of a wait, each changed by nobody else.
class FrozenSet {
  public:
    explicit FrozenSet(Waiter& waiter) : waiter_(waiter) {
        for (std::uint32_t i = 0; i < waiter.count; ++i)
            waiter.blocks[i].object->word.fetch_or(SignalWord::slow, std::memory_order_acq_rel);
    }
    ~FrozenSet() {
        for (std::uint32_t i = 0; i < waiter_.count; ++i) Frozen::thaw(*waiter_.blocks[i].object);
    }
    FrozenSet(const FrozenSet&) = delete;
    FrozenSet& operator=(const FrozenSet&) = delete;

    std::optional<NTSTATUS> take() {
        Thread& thread = *waiter_.thread;
        const auto available = [&](const WaitBlock& block) { return available_to(*block.object, thread); };
        WaitBlock* const end = waiter_.blocks + waiter_.count;
        if (!waiter_.all) {
            WaitBlock* found = std::find_if(waiter_.blocks, end, available);
            if (found == end) return std::nullopt;
            const bool abandoned = consume(*found, thread, waiter_.irql);
            return static_cast<NTSTATUS>(found->key) + (abandoned ? STATUS_ABANDONED_WAIT_0 : STATUS_WAIT_0);
        }
        if (!std::all_of(waiter_.blocks, end, available)) return std::nullopt;
        NTSTATUS status = STATUS_SUCCESS;
        for (WaitBlock* block = waiter_.blocks; block != end; ++block) {
            if (consume(*block, thread, waiter_.irql) && status == STATUS_SUCCESS)
                status = STATUS_ABANDONED_WAIT_0 + static_cast<NTSTATUS>(block->key);
        }
        return status;
    }

  private:
    Waiter& waiter_;
};

// The result of the wait if it is over, or need not begin. Otherwise the thread stands in all queues, or has an APC to run first.
std::optional<NTSTATUS> take_or_join(Waiter& waiter, bool immediate, bool& apc_first) {
    Thread& thread = *waiter.thread;
    const DispatcherScope scope;
    apc_first = kernel_apc_deliverable(thread, waiter.irql);
    if (apc_first) return std::nullopt;
    FrozenSet objects(waiter);
    if (waiter.count > 0) {
        if (std::optional<NTSTATUS> status = objects.take()) return status;
    }
    if (std::optional<NTSTATUS> status = interrupt_wait(thread, waiter)) return status;
    if (immediate || (!waiter.limit.endless() && ticks_until(waiter.limit) <= 0)) return waiter.timeout_status;
    waiter.released = false;
    waiter.stage.store(Waiter::waiting, std::memory_order_relaxed);
    for (std::uint32_t i = 0; i < waiter.count; ++i) join(waiter.blocks[i]);
    if (!waiter.limit.endless()) join_timed(waiter);
    thread.waiter = &waiter;
    return std::nullopt;
}

void sleep_until_done(Waiter& waiter, const void* shown) {
    const WaitingScope waiting(*waiter.thread, shown);
    TimeLimit limit = waiter.limit;
    Backoff backoff;
    while (waiter.stage.load(std::memory_order_acquire) != Waiter::done) {
        if (backoff.spin()) continue;
        std::uint32_t stage = Waiter::waiting;
        if (!waiter.stage.compare_exchange_strong(stage, Waiter::asleep) && stage != Waiter::asleep) continue;
        if (ticks_until(limit) > 0) {
            park_until(&waiter.stage, Waiter::asleep, limit);
            continue;
        }
        limit = {};  // whoever was faster wakes us in a moment
        DispatcherScope scope;
        if (!waiter.released) scope.end_wait(waiter, waiter.timeout_status);
    }
}

// A mutant that is owned can be acquired again two thousand million times. Only its owner changes its state.
void require_within_limit(const WaitBlock* blocks, std::uint32_t count, const Thread& thread) {
    for (std::uint32_t i = 0; i < count; ++i) {
        if (blocks[i].object->kind != ObjectKind::mutant) continue;
        const Mutant& mutant = static_cast<const Mutant&>(*blocks[i].object);
        if (mutant.owner.load(std::memory_order_relaxed) == thread.id && mutant.signal_state() == INT32_MIN)
            raise_status(STATUS_MUTANT_LIMIT_EXCEEDED);
    }
}

// Only a wait for one mutex that nothing but the mutex can end makes a deadlock certain.
void watch_wait(const Waiter& waiter, bool immediate) {
    if (waiter.count != 1 || waiter.blocks[0].object->kind != ObjectKind::mutant) return;
    if (immediate || !waiter.limit.endless() || waiter.alertable || waiter.user_mode) return;
    const Mutant& mutant = static_cast<const Mutant&>(*waiter.blocks[0].object);
    if (mutant.owner.load(std::memory_order_relaxed) == waiter.thread->id) return;
    deadlock::about_to_wait(*waiter.thread, &mutant, deadlock::Kind::mutex, deadlock::Mode::exclusive);
}

void watch_result(const Waiter& waiter, bool immediate) {
    for (std::uint32_t i = 0; i < waiter.count; ++i) {
        if (waiter.blocks[i].newly_owned)
            deadlock::acquired(waiter.thread->id, waiter.blocks[i].object, deadlock::Kind::mutex, deadlock::Mode::exclusive, immediate);
    }
    deadlock::gave_up(waiter.thread->id);
}

NTSTATUS wait_slowly(Waiter& waiter, const LARGE_INTEGER* timeout, const void* shown) {
    Thread& thread = *waiter.thread;
    const bool immediate = is_immediate(timeout);
    if (timeout && !immediate) waiter.limit = time_limit(timeout->QuadPart);
    require_within_limit(waiter.blocks, waiter.count, thread);
    for (std::uint32_t i = 0; i < waiter.count; ++i) {
        waiter.blocks[i].waiter = &waiter;
        waiter.blocks[i].key = i;
        waiter.blocks[i].newly_owned = false;
    }
    const bool watched = deadlock::watching();
    if (watched) [[unlikely]]
        watch_wait(waiter, immediate);
    if (!immediate) run_idle(thread);
    std::optional<NTSTATUS> status;
    do {
        if (thread.pending.load(std::memory_order_relaxed) != 0) run_pending(thread);
        bool apc_first = false;
        status = take_or_join(waiter, immediate, apc_first);
        if (status || apc_first) continue;
        sleep_until_done(waiter, shown);
        if (waiter.status != STATUS_KERNEL_APC) status = waiter.status;
    } while (!status);
    for (std::uint32_t i = 0; i < waiter.count; ++i) {
        if (waiter.blocks[i].newly_owned) mutant_acquired(static_cast<Mutant&>(*waiter.blocks[i].object), thread);
    }
    if (watched) [[unlikely]]
        watch_result(waiter, immediate);
    return *status;
}

}  // namespace

KIRQL begin_wait(Thread& thread, const LARGE_INTEGER* timeout, const void* object) {
    const KIRQL irql = thread.wait_next ? thread.wait_irql : current_irql();
    if (irql > DISPATCH_LEVEL || (irql == DISPATCH_LEVEL && !is_immediate(timeout))) [[unlikely]]
        bug_check(BugCode::driver_verifier_detected_violation, verifier::wait_at_dispatch, irql, object, timeout);
    if (thread.wait_next) {
        thread.wait_next = false;
        set_irql(irql);
    }
    return irql;
}

NTSTATUS wait_for(Dispatcher& object, const LARGE_INTEGER* timeout, WaitOptions options, const void* shown) {
    Thread& thread = this_thread();
    const KIRQL irql = begin_wait(thread, timeout, &object);
    NTSTATUS status = STATUS_SUCCESS;
    if ((thread.pending.load(std::memory_order_relaxed) | thread.watch.get()) == 0 && take_fast(object, thread, irql, status))
        return status;
    WaitBlock block{};
    block.object = &object;
    Waiter waiter;
    waiter.thread = &thread;
    waiter.blocks = &block;
    waiter.count = 1;
    waiter.alertable = options.alertable;
    waiter.user_mode = options.user_mode;
    waiter.irql = irql;
    return wait_slowly(waiter, timeout, shown ? shown : &object);
}

NTSTATUS wait_for_several(WaitBlock* blocks, std::uint32_t count, bool all, const LARGE_INTEGER* timeout, WaitOptions options) {
    Thread& thread = this_thread();
    Waiter waiter;
    waiter.irql = begin_wait(thread, timeout, count > 0 ? blocks->object : nullptr);
    waiter.thread = &thread;
    waiter.blocks = blocks;
    waiter.count = count;
    waiter.all = all && count > 0;
    waiter.alertable = options.alertable;
    waiter.user_mode = options.user_mode;
    return wait_slowly(waiter, timeout, count > 0 ? blocks->object : nullptr);
}

NTSTATUS delay(const LARGE_INTEGER& interval, WaitOptions options) {
    Thread& thread = this_thread();
    Waiter waiter;
    waiter.thread = &thread;
    waiter.irql = thread.irql.get();
    waiter.alertable = options.alertable;
    waiter.user_mode = options.user_mode;
    waiter.timeout_status = STATUS_SUCCESS;
    if (interval.QuadPart == 0) yield_processor();
    return wait_slowly(waiter, &interval, &delayed);
}

}  // namespace ddi::kernel

using namespace ddi::kernel;

namespace {

WaitOptions options_of(KPROCESSOR_MODE mode, BOOLEAN alertable) { return {alertable != FALSE, mode == UserMode}; }

}  // namespace

extern "C" {

NTSTATUS KeWaitForSingleObject(PVOID Object, KWAIT_REASON, KPROCESSOR_MODE WaitMode, BOOLEAN Alertable, PLARGE_INTEGER Timeout) {
    return wait_for(dispatcher_at(Object), Timeout, options_of(WaitMode, Alertable));
}

NTSTATUS KeWaitForMultipleObjects(ULONG Count, PVOID* Object, WAIT_TYPE WaitType, KWAIT_REASON, KPROCESSOR_MODE WaitMode, BOOLEAN Alertable,
                                  PLARGE_INTEGER Timeout, PKWAIT_BLOCK WaitBlockArray) {
    const bool too_many = Count > MAXIMUM_WAIT_OBJECTS || (!WaitBlockArray && Count > THREAD_WAIT_OBJECTS);
    if (too_many && planted(Bug::wait_without_object_limit)) return STATUS_SUCCESS;
    if (too_many) [[unlikely]]
        bug_check(BugCode::maximum_wait_objects_exceeded);
    std::array<WaitBlock, THREAD_WAIT_OBJECTS> own{};
    WaitBlock* blocks = own.data();
    if (WaitBlockArray) blocks = reinterpret_cast<WaitBlock*>(WaitBlockArray);
    for (ULONG i = 0; i < Count; ++i) (new (&blocks[i]) WaitBlock{})->object = &dispatcher_at(Object[i]);
    return wait_for_several(blocks, Count, WaitType == WaitAll, Timeout, options_of(WaitMode, Alertable));
}

NTSTATUS KeDelayExecutionThread(KPROCESSOR_MODE WaitMode, BOOLEAN Alertable, PLARGE_INTEGER Interval) {
    require_at_most(APC_LEVEL, Interval);
    return delay(*Interval, options_of(WaitMode, Alertable));
}

// The processor is kept busy: time that a test adds to the clocks ends a stall like any other.
VOID KeStallExecutionProcessor(ULONG MicroSeconds) {
    const std::int64_t end = interrupt_time() + std::int64_t{MicroSeconds} * (ticks_per_millisecond / 1000) + 1;
    while (interrupt_time() < end) cpu_relax();
}

}  // extern "C"
