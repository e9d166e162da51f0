#include <ntifs.h>

#include <new>

#include "conformance/kernel/deadlock.h"
#include "conformance/kernel/dispatcher/wait.h"
#include "conformance/kernel/irql.h"
#include "conformance/kernel/mutant.h"
#include "conformance/kernel/owned_mutex.h"
#include "conformance/kernel/planted_bug.h"
#include "conformance/kernel/region.h"

namespace ddi::kernel {
namespace {

static_assert(sizeof(KMUTEX) == 56, "KMUTEX is 56 bytes on 64-bit Windows");

void link_owned(Mutant& mutant, Thread& thread) {
    thread.held_mutants.add(+1);
    mutant.next_owned = thread.owned;
    mutant.owned_link = &thread.owned;
    if (thread.owned) thread.owned->owned_link = &mutant.next_owned;
    thread.owned = &mutant;
}

void unlink_owned(Mutant& mutant, Thread& thread) {
    thread.held_mutants.add(-1);
    *mutant.owned_link = mutant.next_owned;
    if (mutant.next_owned) mutant.next_owned->owned_link = mutant.owned_link;
}

[[noreturn]] void not_owned(const Mutant& mutant) {
    const bool abandoned = mutant.word.load(std::memory_order_relaxed) & SignalWord::abandoned;
    raise_status(abandoned ? STATUS_ABANDONED : STATUS_MUTANT_NOT_OWNED);
}

// The new word of a mutant that nobody owns any more.
std::uint64_t free_word(std::uint64_t old, bool abandoned) {
    const std::uint64_t free = SignalWord::with_state(old, 1);
    return abandoned ? free | SignalWord::abandoned : free & ~SignalWord::abandoned;
}

void set_free(Mutant& mutant, bool abandoned) {
    mutant.owner.store(0, std::memory_order_relaxed);
    std::uint64_t old = 0;
    if (change_fast(mutant, old, [&](std::uint64_t word) { return free_word(word, abandoned); })) return;
    DispatcherScope scope;
    Frozen frozen(mutant, scope);
    frozen.set_word(free_word(frozen.word(), abandoned));
    frozen.serve();
}

void set_state(Mutant& mutant, LONG state) {
    std::uint64_t old = 0;
    if (change_fast(mutant, old, [&](std::uint64_t word) { return SignalWord::with_state(word, state); })) return;
    DispatcherScope scope;
    Frozen(mutant, scope).set_state(state);
}

}  // namespace

Mutant& mutant_at(void* object) {
    Mutant& mutant = *static_cast<Mutant*>(object);
    if (mutant.kind != ObjectKind::mutant) [[unlikely]]
        bug_check(BugCode::driver_verifier_detected_violation, verifier::resource_uninitialized, object);
    return mutant;
}

void initialize_mutant(void* storage, bool initially_owned, bool apc_disable) {
    require_aligned(storage);
    if (deadlock::watching()) [[unlikely]]
        deadlock::forget(storage);
    Mutant& mutant =
        *new (storage) Mutant{Dispatcher(ObjectKind::mutant, initially_owned ? 0 : 1), 0, apc_disable, false, nullptr, nullptr};
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
    const bool mine = mutant.owner.load(std::memory_order_relaxed) == thread.id;
    const bool same_level = mine && mutant.at_dispatch == (irql == DISPATCH_LEVEL);
    const bool accepted = mine ? same_level || abandoned : planted(Bug::mutex_wrong_owner_accepted);
    if ((static_cast<std::uint64_t>(!accepted) | thread.watch.get()) != 0) [[unlikely]] {
        if (!accepted) not_owned(mutant);
        if (deadlock::watching() && (abandoned || mutant.signal_state() == 0)) deadlock::released(thread.id, &mutant);
    }

    const LONG previous = mutant.signal_state();
    const LONG now = abandoned ? 1 : previous + 1;
    bool enable_apcs = false;
    if (now >= (planted(Bug::mutex_recursion_off_by_one) ? 0 : 1)) {
        if (mine) unlink_owned(mutant, thread);
        enable_apcs = mine && mutant.apc_disable;
        set_free(mutant, abandoned);
    } else {
        set_state(mutant, now);
    }
    if (enable_apcs && !planted(Bug::mutex_leaves_apcs_enabled)) leave_critical_region(thread);
    if (wait_follows) raise_until_wait(thread, irql);
    return planted(Bug::release_mutex_returns_new_state) ? now : previous;
}

void abandon_mutants(Thread& thread) {
    thread.irql.set(PASSIVE_LEVEL);
    while (Mutant* mutant = thread.owned) {
        if (mutant->owner.load(std::memory_order_relaxed) == thread.id) {
            release_mutant(*mutant, true, false);
        } else {
            unlink_owned(*mutant, thread);
        }
    }
}

bool take_mutant_fast(Mutant& mutant, Thread& thread, KIRQL irql, NTSTATUS& status) {
    std::uint64_t word = mutant.word.load(std::memory_order_relaxed);
    if (mutant.owner.load(std::memory_order_relaxed) == thread.id) {
        if (SignalWord::state(word) == INT32_MIN) raise_status(STATUS_MUTANT_LIMIT_EXCEEDED);
        return change_fast(mutant, word, [](std::uint64_t old) { return SignalWord::with_state(old, SignalWord::state(old) - 1); });
    }
    do {
        if (SignalWord::state(word) <= 0 || (word & SignalWord::slow)) return false;
    } while (!mutant.word.compare_exchange_weak(word, 0, std::memory_order_acq_rel, std::memory_order_relaxed));
    mutant.owner.store(thread.id, std::memory_order_relaxed);
    mutant.at_dispatch = irql == DISPATCH_LEVEL;
    status = word & SignalWord::abandoned ? STATUS_ABANDONED : STATUS_SUCCESS;
    mutant_acquired(mutant, thread);
    return true;
}

bool consume_mutant(Mutant& mutant, WaitBlock& block, const Thread& thread, KIRQL irql) {
    const std::uint64_t word = mutant.word.load(std::memory_order_relaxed);
    mutant.word.store(SignalWord::with_state(word, SignalWord::state(word) - 1) & ~SignalWord::abandoned, std::memory_order_relaxed);
    if (mutant.owner.load(std::memory_order_relaxed) == thread.id) return false;
    mutant.owner.store(thread.id, std::memory_order_relaxed);
    mutant.at_dispatch = irql == DISPATCH_LEVEL;
    block.newly_owned = true;
    return word & SignalWord::abandoned;
}

void mutant_acquired(Mutant& mutant, Thread& thread) {
    link_owned(mutant, thread);
    if (mutant.apc_disable && !planted(Bug::mutex_leaves_apcs_enabled)) enter_critical_region(thread);
}

NTSTATUS wait_for_mutant(Mutant& mutant, const LARGE_INTEGER* timeout) { return wait_for(mutant, timeout); }

}  // namespace ddi::kernel

using namespace ddi::kernel;

extern "C" {

VOID KeInitializeMutex(PRKMUTEX Mutex, ULONG) { initialize_mutant(Mutex, false, true); }

LONG KeReadStateMutex(PRKMUTEX Mutex) { return mutant_at(Mutex).signal_state(); }

LONG KeReleaseMutex(PRKMUTEX Mutex, BOOLEAN Wait) { return release_mutant(mutant_at(Mutex), false, Wait != FALSE); }

// Reserved for the system, with a meaning that is well known: a mutex that leaves APCs alone and can be abandoned.
VOID KeInitializeMutant(PRKMUTANT Mutant, BOOLEAN InitialOwner) { initialize_mutant(Mutant, InitialOwner != FALSE, false); }

LONG KeReadStateMutant(PRKMUTANT Mutant) { return mutant_at(Mutant).signal_state(); }

LONG KeReleaseMutant(PRKMUTANT Mutant, KPRIORITY, BOOLEAN Abandoned, BOOLEAN Wait) {
    return release_mutant(mutant_at(Mutant), Abandoned != FALSE, Wait != FALSE);
}

}  // extern "C"
