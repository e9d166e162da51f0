#include <ntifs.h>

#include <new>

#include "conformance/kernel/irql.h"
#include "conformance/kernel/mutant.h"
#include "conformance/kernel/owned_mutex.h"
#include "conformance/kernel/planted_bug.h"
#include "conformance/kernel/region.h"

namespace ddi::kernel {
namespace {

static_assert(sizeof(KMUTEX) == 56, "KMUTEX is 56 bytes on 64-bit Windows");

// Only mutants are listed: a thread that ends gives them up. To end with a mutex is a crash on Windows, and a list through
// storage that may be gone by then would make it one here.
void link_owned(Mutant& mutant, Thread& thread) {
    thread.held_mutants.add(+1);
    if (mutant.apc_disable) return;
    mutant.next_owned = thread.owned;
    mutant.owned_link = &thread.owned;
    if (thread.owned) thread.owned->owned_link = &mutant.next_owned;
    thread.owned = &mutant;
}

void unlink_owned(Mutant& mutant, Thread& thread) {
    thread.held_mutants.add(-1);
    if (mutant.apc_disable) return;
    *mutant.owned_link = mutant.next_owned;
    if (mutant.next_owned) mutant.next_owned->owned_link = mutant.owned_link;
}

// Signals the object or, if somebody waits, passes it on. Called with the guard held; the waiter to wake is returned, for after.
const void* pass_on(Mutant& mutant) {
    mutant.owner.store(0, std::memory_order_relaxed);
    mutant.signal_state.store(1, std::memory_order_relaxed);
    MutantWaiter* heir = mutant.first;
    if (!heir) return nullptr;
    mutant.first = heir->next;
    (mutant.first ? mutant.first->previous : mutant.last) = nullptr;
    mutant.signal_state.store(0, std::memory_order_relaxed);
    mutant.owner.store(heir->thread, std::memory_order_relaxed);
    mutant.at_dispatch = false;  // nobody waits at DISPATCH_LEVEL
    heir->status = mutant.abandoned ? STATUS_ABANDONED : STATUS_SUCCESS;
    mutant.abandoned = false;
    const void* watched = &heir->stage;
    // The heir and its storage can be gone right after this.
    return heir->stage.exchange(MutantWaiter::satisfied, std::memory_order_release) == MutantWaiter::asleep ? watched : nullptr;
}

}  // namespace

Mutant& mutant_at(void* object) {
    Mutant& mutant = *static_cast<Mutant*>(object);
    if (mutant.kind != Mutant::mutant_kind) [[unlikely]]
        bug_check(BugCode::driver_verifier_detected_violation, verifier::resource_uninitialized, object);
    return mutant;
}

void initialize_mutant(void* storage, bool initially_owned, bool apc_disable) {
    require_aligned(storage);
    Mutant& mutant = *new (storage) Mutant{};
    mutant.kind = Mutant::mutant_kind;
    mutant.signal_state.store(initially_owned ? 0 : 1, std::memory_order_relaxed);
    mutant.apc_disable = apc_disable;
    if (!initially_owned) return;
    Thread& thread = this_thread();
    mutant.owner.store(thread.id, std::memory_order_relaxed);
    mutant.at_dispatch = current_irql() == DISPATCH_LEVEL;
    link_owned(mutant, thread);
}

LONG release_mutant(Mutant& mutant, bool abandoned, bool wait_follows) {
    Thread& thread = this_thread();
    const KIRQL irql = current_irql();
    require_at_most(DISPATCH_LEVEL, &mutant);
    const void* wake = nullptr;
    LONG previous = 0;
    LONG now = 0;
    bool freed = false;
    bool enable_apcs = false;
    {
        const GateScope scope(mutant.guard);
        const bool mine = mutant.owner.load(std::memory_order_relaxed) == thread.id;
        const bool same_level = mutant.at_dispatch == (irql == DISPATCH_LEVEL);
        const bool accepted = mine ? same_level : planted(Bug::mutex_wrong_owner_accepted);
        if (!accepted && !(abandoned && mine)) raise_status(mutant.abandoned ? STATUS_ABANDONED : STATUS_MUTANT_NOT_OWNED);
        previous = mutant.signal_state.load(std::memory_order_relaxed);
        now = abandoned ? 1 : previous + 1;
        freed = now >= (planted(Bug::mutex_recursion_off_by_one) ? 0 : 1);
        if (freed) {
            if (mine) unlink_owned(mutant, thread);
            enable_apcs = mine && mutant.apc_disable;
            mutant.abandoned = abandoned;
            wake = pass_on(mutant);
        } else {
            mutant.signal_state.store(now, std::memory_order_relaxed);
        }
    }
    if (wake) unpark_one(wake);
    if (enable_apcs && !planted(Bug::mutex_leaves_apcs_enabled)) leave_critical_region(thread);
    if (wait_follows) {
        // No other thread is to run between this call and the wait; the wait restores the level.
        thread.wait_next = true;
        thread.wait_irql = irql;
        set_irql(DISPATCH_LEVEL);
    }
    return planted(Bug::release_mutex_returns_new_state) ? now : previous;
}

void abandon_mutants(Thread& thread) {
    set_irql(PASSIVE_LEVEL);
    while (Mutant* mutant = thread.owned) {
        if (mutant->owner.load(std::memory_order_relaxed) == thread.id) {
            release_mutant(*mutant, true, false);
        } else {
            unlink_owned(*mutant, thread);
        }
    }
}

namespace {

// Takes the mutant if this thread may have it now. Called with the guard held.
bool take(Mutant& mutant, Thread& thread, KIRQL irql, NTSTATUS& status) {
    const LONG state = mutant.signal_state.load(std::memory_order_relaxed);
    if (mutant.owner.load(std::memory_order_relaxed) == thread.id) {
        if (state == INT32_MIN) raise_status(STATUS_MUTANT_LIMIT_EXCEEDED);
        mutant.signal_state.store(state - 1, std::memory_order_relaxed);
        status = STATUS_SUCCESS;
        return true;
    }
    if (state <= 0) return false;
    mutant.signal_state.store(0, std::memory_order_relaxed);
    mutant.owner.store(thread.id, std::memory_order_relaxed);
    mutant.at_dispatch = irql == DISPATCH_LEVEL;
    status = mutant.abandoned ? STATUS_ABANDONED : STATUS_SUCCESS;
    mutant.abandoned = false;
    link_owned(mutant, thread);
    if (mutant.apc_disable && !planted(Bug::mutex_leaves_apcs_enabled)) enter_critical_region(thread);
    return true;
}

void join(Mutant& mutant, MutantWaiter& waiter) {
    waiter.previous = mutant.last;
    (mutant.last ? mutant.last->next : mutant.first) = &waiter;
    mutant.last = &waiter;
}

// Called with the guard held. False: it has been satisfied meanwhile.
bool quit(Mutant& mutant, MutantWaiter& waiter) {
    if (waiter.stage.load(std::memory_order_acquire) == MutantWaiter::satisfied) return false;
    (waiter.previous ? waiter.previous->next : mutant.first) = waiter.next;
    (waiter.next ? waiter.next->previous : mutant.last) = waiter.previous;
    return true;
}

NTSTATUS sleep_until_satisfied(Mutant& mutant, MutantWaiter& waiter, Thread& thread, const Deadline& deadline) {
    const WaitingScope waiting(thread, &mutant);
    Backoff backoff;
    while (waiter.stage.load(std::memory_order_acquire) != MutantWaiter::satisfied) {
        if (backoff.spin()) continue;
        std::uint32_t expected = MutantWaiter::waiting;
        if (!waiter.stage.compare_exchange_strong(expected, MutantWaiter::asleep, std::memory_order_acquire) &&
            expected != MutantWaiter::asleep)
            continue;
        if (park(&waiter.stage, MutantWaiter::asleep, deadline)) continue;
        const GateScope scope(mutant.guard);
        if (quit(mutant, waiter)) return STATUS_TIMEOUT;
    }
    link_owned(mutant, thread);
    if (mutant.apc_disable && !planted(Bug::mutex_leaves_apcs_enabled)) enter_critical_region(thread);
    return waiter.status;
}

}  // namespace

NTSTATUS wait_for_mutant(Mutant& mutant, const LARGE_INTEGER* timeout) {
    Thread& thread = this_thread();
    const bool immediate = timeout && timeout->QuadPart == 0;
    const KIRQL irql = thread.wait_next ? thread.wait_irql : current_irql();
    if (irql > DISPATCH_LEVEL || (irql == DISPATCH_LEVEL && !immediate)) [[unlikely]]
        bug_check(BugCode::driver_verifier_detected_violation, verifier::wait_at_dispatch, irql, &mutant, timeout);
    thread.wait_next = false;
    set_irql(irql);

    MutantWaiter waiter;
    waiter.thread = thread.id;
    {
        const GateScope scope(mutant.guard);
        NTSTATUS status = STATUS_SUCCESS;
        if (take(mutant, thread, irql, status)) return status;
        if (immediate) return STATUS_TIMEOUT;
        join(mutant, waiter);
    }
    return sleep_until_satisfied(mutant, waiter, thread, timeout ? deadline_from_ticks(timeout->QuadPart) : Deadline{});
}

}  // namespace ddi::kernel

using namespace ddi::kernel;

extern "C" {

VOID KeInitializeMutex(PRKMUTEX Mutex, ULONG) { initialize_mutant(Mutex, false, true); }

LONG KeReadStateMutex(PRKMUTEX Mutex) { return mutant_at(Mutex).signal_state.load(std::memory_order_relaxed); }

LONG KeReleaseMutex(PRKMUTEX Mutex, BOOLEAN Wait) { return release_mutant(mutant_at(Mutex), false, Wait != FALSE); }

// Reserved for the system, with a meaning that is well known: a mutex that leaves APCs alone and can be abandoned.
VOID KeInitializeMutant(PRKMUTANT Mutant, BOOLEAN InitialOwner) { initialize_mutant(Mutant, InitialOwner != FALSE, false); }

LONG KeReadStateMutant(PRKMUTANT Mutant) { return mutant_at(Mutant).signal_state.load(std::memory_order_relaxed); }

LONG KeReleaseMutant(PRKMUTANT Mutant, KPRIORITY, BOOLEAN Abandoned, BOOLEAN Wait) {
    return release_mutant(mutant_at(Mutant), Abandoned != FALSE, Wait != FALSE);
}

}  // extern "C"
