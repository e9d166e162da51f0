#include "conformance/kernel/dispatcher/timer.h"

#include <algorithm>
#include <limits>
#include <new>
#include <set>
#include <thread>

#include "conformance/kernel/dispatcher/timed.h"
#include "conformance/kernel/irql.h"
#include "conformance/kernel/owned_mutex.h"
#include "conformance/kernel/planted_bug.h"

namespace ddi::kernel {
namespace {

struct DueFirst {
    bool operator()(const Timer* a, const Timer* b) const { return a->due != b->due ? a->due < b->due : a->sequence < b->sequence; }
};

// Guarded by the dispatcher lock.
struct TimerQueue {
    std::set<Timer*, DueFirst> relative, absolute;
    std::uint64_t last_sequence = 0;
    bool clock_runs = false;
    std::atomic<std::uint32_t> changes{0};  // the clock thread sleeps on it

    std::set<Timer*, DueFirst>& set_of(const Timer& timer) { return timer.absolute ? absolute : relative; }
    void insert(Timer& timer) {
        timer.sequence = ++last_sequence;
        timer.inserted = true;
        set_of(timer).insert(&timer);
    }
    void remove(Timer& timer) {
        set_of(timer).erase(&timer);
        timer.inserted = false;
    }
    /// Whichever comes first by the clocks as they stand.
    TimeLimit next_due() const {
        TimeLimit next;
        if (!relative.empty()) next = {TimeLimit::Clock::interrupt, (*relative.begin())->due};
        if (absolute.empty()) return next;
        const TimeLimit other{TimeLimit::Clock::system, (*absolute.begin())->due};
        return earlier(next, other);
    }
    Timer* first_due() {
        const TimeLimit next = next_due();
        if (next.endless() || ticks_until(next) > 0) return nullptr;
        return *(next.clock == TimeLimit::Clock::system ? absolute : relative).begin();
    }
    void wake_clock() {
        changes.fetch_add(1);
        unpark_all(&changes);
    }
};

// Never destroyed: the clock thread ends with the process.
TimerQueue& timers() {
    static TimerQueue& instance = *new TimerQueue;
    return instance;
}

void expire(Timer& timer, DispatcherScope& scope, ProcessorsToServe& to_serve) {
    TimerQueue& queue = timers();
    queue.remove(timer);
    if (timer.period != 0) {
        // An absolute due time is one for the first time only. Periods that have passed unnoticed are left out.
        const std::int64_t period = timer.period * ticks_per_millisecond;
        const std::int64_t now = interrupt_time();
        if (timer.absolute) timer.due = now - (system_time() - timer.due);
        timer.absolute = false;
        timer.due += period * std::max<std::int64_t>(1, (now - timer.due) / period + 1);
        queue.insert(timer);
    }
    if (timer.dpc) insert_dpc(*timer.dpc, nullptr, nullptr, to_serve);
    // Last: a thread that waits for the timer may do with it what it likes.
    Frozen frozen(timer, scope);
    frozen.set_state(1);
    frozen.serve();
}

void expire_due(DispatcherScope& scope, ProcessorsToServe& to_serve) {
    while (Timer* timer = timers().first_due()) expire(*timer, scope, to_serve);
}

[[noreturn]] void run_clock() {
    Thread& thread = this_thread();
    while (true) {
        TimeLimit next;
        std::uint32_t seen = 0;
        ProcessorsToServe to_serve;
        thread.irql.set(DISPATCH_LEVEL);
        {
            DispatcherScope scope;
            expire_due(scope, to_serve);
            seen = timers().changes.load();
            next = timers().next_due();
        }
        thread.irql.set(PASSIVE_LEVEL);
        to_serve.serve_in_background();
        park_until(&timers().changes, seen, next);
    }
}

BOOLEAN set_timer(void* object, std::int64_t due_time, std::uint32_t period, void* dpc_object) {
    Timer& timer = timer_at(object);
    Dpc* dpc = dpc_object ? &dpc_at(dpc_object) : nullptr;
    require_at_most(DISPATCH_LEVEL, object);
    ProcessorsToServe to_serve;
    bool was_inserted = false;
    {
        DispatcherScope scope;
        TimerQueue& queue = timers();
        was_inserted = timer.inserted;
        if (was_inserted) queue.remove(timer);
        Frozen(timer, scope).set_state(0);
        const TimeLimit limit = time_limit(due_time);
        timer.absolute = limit.clock == TimeLimit::Clock::system;
        timer.due = limit.due;
        timer.period = period;
        timer.dpc = dpc;
        queue.insert(timer);
        expire_due(scope, to_serve);
        if (!queue.clock_runs) {
            queue.clock_runs = true;
            std::thread(run_clock).detach();
        } else if (timer.inserted && *queue.set_of(timer).begin() == &timer) {
            queue.wake_clock();
        }
    }
    to_serve.serve();
    return was_inserted ? TRUE : FALSE;
}

void initialize_timer(void* storage, TIMER_TYPE type) {
    require_aligned(storage);
    require_at_most(DISPATCH_LEVEL, storage);
    const DispatcherScope scope;
    // Initialized again while it is set: storage that the driver has used for another timer before.
    for (auto* set : {&timers().relative, &timers().absolute}) std::erase_if(*set, [&](const Timer* timer) { return timer == storage; });
    const ObjectKind kind = type == NotificationTimer ? ObjectKind::notification_timer : ObjectKind::synchronization_timer;
    new (storage) Timer{Dispatcher(kind, planted(Bug::timer_starts_signaled) ? 1 : 0), 0, 0, nullptr, 0, false, false};
}

}  // namespace

Timer& timer_at(void* object) {
    Timer& timer = *static_cast<Timer*>(object);
    if (timer.kind != ObjectKind::notification_timer && timer.kind != ObjectKind::synchronization_timer) [[unlikely]]
        bug_check(BugCode::driver_verifier_detected_violation, verifier::resource_uninitialized, object);
    return timer;
}

std::optional<std::int64_t> ticks_until_due(const Timer& timer) {
    const DispatcherScope scope;
    if (!timer.inserted) return std::nullopt;
    return ticks_until({timer.absolute ? TimeLimit::Clock::system : TimeLimit::Clock::interrupt, timer.due});
}

void forget_timers() {
    const DispatcherScope scope;
    timers().relative.clear();
    timers().absolute.clear();
}

void forget_timers(const void* storage, std::size_t size) {
    const auto begin = reinterpret_cast<std::uintptr_t>(storage);
    const DispatcherScope scope;
    for (auto* set : {&timers().relative, &timers().absolute})
        std::erase_if(*set, [&](const Timer* timer) { return reinterpret_cast<std::uintptr_t>(timer) - begin < size; });
}

void advance_clocks(std::int64_t ticks) {
    while (true) {
        ProcessorsToServe to_serve;
        std::int64_t step = ticks;
        {
            DispatcherScope scope;
            const TimeLimit next = earlier(timers().next_due(), next_timed());
            if (!next.endless()) step = std::clamp<std::int64_t>(ticks_until(next), 0, ticks);
            move_clocks(step);
            expire_due(scope, to_serve);
            end_due_waits(scope);
            timers().wake_clock();
        }
        to_serve.serve();
        ticks -= step;
        if (ticks <= 0) return;
    }
}

void change_system_time(std::int64_t ticks) {
    ProcessorsToServe to_serve;
    {
        DispatcherScope scope;
        move_system_time(ticks);
        expire_due(scope, to_serve);
        end_due_waits(scope);
        timers().wake_clock();
    }
    to_serve.serve();
}

}  // namespace ddi::kernel

using namespace ddi::kernel;

extern "C" {

VOID KeInitializeTimer(PKTIMER Timer) { initialize_timer(Timer, NotificationTimer); }

VOID KeInitializeTimerEx(PKTIMER Timer, TIMER_TYPE Type) { initialize_timer(Timer, Type); }

BOOLEAN KeReadStateTimer(PKTIMER Timer) { return timer_at(Timer).signal_state() > 0 ? TRUE : FALSE; }

BOOLEAN KeSetTimer(PKTIMER Timer, LARGE_INTEGER DueTime, PKDPC Dpc) { return set_timer(Timer, DueTime.QuadPart, 0, Dpc); }

BOOLEAN KeSetTimerEx(PKTIMER Timer, LARGE_INTEGER DueTime, LONG Period, PKDPC Dpc) {
    return set_timer(Timer, DueTime.QuadPart, Period > 0 ? static_cast<std::uint32_t>(Period) : 0, Dpc);
}

// Timers that may be late are not: every moment that the caller tolerates is right, the earliest one too.
BOOLEAN KeSetCoalescableTimer(PKTIMER Timer, LARGE_INTEGER DueTime, ULONG Period, ULONG, PKDPC Dpc) {
    return set_timer(Timer, DueTime.QuadPart, Period, Dpc);
}

BOOLEAN KeCancelTimer(PKTIMER unnamedParam1) {
    ddi::kernel::Timer& timer = timer_at(unnamedParam1);
    require_at_most(DISPATCH_LEVEL, unnamedParam1);
    const DispatcherScope scope;
    const bool was_inserted = timer.inserted;
    if (was_inserted) timers().remove(timer);
    return was_inserted ? TRUE : FALSE;
}

}  // extern "C"
