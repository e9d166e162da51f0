#include "conformance/kernel/spin_lock.h"

#include "conformance/kernel/deadlock.h"
#include "conformance/kernel/planted_bug.h"

namespace ddi::kernel {

// A host thread that holds a spin lock can lose its processor, which Windows rules out at DISPATCH_LEVEL. So waiters spin for a
// while only, then sleep.
void acquire_spin_lock_slowly(PKSPIN_LOCK lock, Thread& thread) {
    SpinWord& spin = spin_word(lock);
    std::uint64_t mine = SpinWord::held_by(thread.id);
    if (planted(Bug::spin_lock_no_exclusion)) {
        spin.word.store(mine);
        return;
    }
    std::uint64_t seen = spin.word.load(std::memory_order_relaxed);
    if (SpinWord::owner(seen) == thread.id || (SpinWord::queued(seen) && holds_queued(thread, lock)))
        bug_check(BugCode::spin_lock_already_owned, lock);
    const bool watched = deadlock::watching();
    if (watched) deadlock::about_to_wait(thread, lock, deadlock::Kind::spin_lock, deadlock::Mode::exclusive);

    const WaitingScope waiting(thread, lock);
    Backoff backoff;
    while (true) {
        seen = spin.word.load(std::memory_order_relaxed);
        if (seen == 0) {
            if (spin.word.compare_exchange_weak(seen, mine, std::memory_order_acquire, std::memory_order_relaxed)) break;
            continue;
        }
        if (backoff.spin()) continue;
        if (SpinWord::queued(seen)) {  // somebody combines both kinds on one lock: no room for our sleep mark
            yield_processor();
            continue;
        }
        // Others may sleep as well: from now on, our own release has to look for them.
        mine = SpinWord::held_by(thread.id) | SpinWord::sleepers;
        if ((seen & SpinWord::sleepers) || spin.word.compare_exchange_strong(seen, seen | SpinWord::sleepers, std::memory_order_relaxed))
            park(spin.low(), static_cast<std::uint32_t>(SpinWord::held | SpinWord::sleepers));
    }
    if (watched) deadlock::acquired(thread.id, lock, deadlock::Kind::spin_lock, deadlock::Mode::exclusive);
}

bool try_acquire_spin_lock_watched(PKSPIN_LOCK lock, const Thread& thread) {
    std::uint64_t free = 0;
    if (!deadlock::watching() || !spin_word(lock).word.compare_exchange_strong(free, SpinWord::held_by(thread.id),
                                                                               std::memory_order_acquire, std::memory_order_relaxed))
        return false;
    deadlock::acquired(thread.id, lock, deadlock::Kind::spin_lock, deadlock::Mode::exclusive, true);
    return true;
}

void wake_spin_lock_sleeper(const SpinWord& word) {
    if (deadlock::watching()) deadlock::released(this_thread().id, &word);
    unpark_one(word.low());
}

void spin_lock_not_owned(PKSPIN_LOCK lock, std::uint64_t word) { bug_check(BugCode::spin_lock_not_owned, lock, SpinWord::owner(word)); }

}  // namespace ddi::kernel

using namespace ddi::kernel;

namespace {

// Acquire, then tell the old level: the storage may be one that the lock protects.
KIRQL raise_and_acquire(PKSPIN_LOCK lock) {
    Thread& thread = this_thread();
    const KIRQL old = raise_to_dispatch();
    acquire_spin_lock(lock, thread);
    return old;
}

void acquire_at_dispatch(PKSPIN_LOCK lock) {
    require_dispatch_or_above(lock);
    acquire_spin_lock(lock, this_thread());
}

void release_at_dispatch(PKSPIN_LOCK lock) {
    require_dispatch_or_above(lock);
    release_spin_lock(lock, this_thread());
}

void release_and_lower(PKSPIN_LOCK lock, KIRQL level) {
    require_dispatch(lock);
    require_not_above_current(level);
    release_spin_lock(lock, this_thread());
    set_irql(level);
}

}  // namespace

extern "C" {

VOID KeInitializeSpinLock(PKSPIN_LOCK SpinLock) {
    if (deadlock::watching()) [[unlikely]]
        deadlock::forget(SpinLock);
    spin_word(SpinLock).word.store(0, std::memory_order_relaxed);
}

VOID KeAcquireSpinLock(PKSPIN_LOCK SpinLock, PKIRQL OldIrql) { *OldIrql = raise_and_acquire(SpinLock); }

KIRQL KeAcquireSpinLockRaiseToDpc(PKSPIN_LOCK SpinLock) { return raise_and_acquire(SpinLock); }

VOID KeReleaseSpinLock(PKSPIN_LOCK SpinLock, KIRQL NewIrql) { release_and_lower(SpinLock, NewIrql); }

VOID KeAcquireSpinLockAtDpcLevel(PKSPIN_LOCK SpinLock) { acquire_at_dispatch(SpinLock); }

VOID KeReleaseSpinLockFromDpcLevel(PKSPIN_LOCK SpinLock) { release_at_dispatch(SpinLock); }

VOID KefReleaseSpinLockFromDpcLevel(PKSPIN_LOCK SpinLock) { release_at_dispatch(SpinLock); }

// A threaded DPC runs at PASSIVE_LEVEL or, where threaded DPCs are switched off, at DISPATCH_LEVEL: one pair serves both.
KIRQL KeAcquireSpinLockForDpc(PKSPIN_LOCK SpinLock) { return raise_and_acquire(SpinLock); }

VOID KeReleaseSpinLockForDpc(PKSPIN_LOCK SpinLock, KIRQL OldIrql) { release_and_lower(SpinLock, OldIrql); }

BOOLEAN KeTryToAcquireSpinLockAtDpcLevel(PKSPIN_LOCK SpinLock) {
    require_dispatch_or_above(SpinLock);
    return try_acquire_spin_lock(SpinLock, this_thread()) ? TRUE : FALSE;
}

BOOLEAN KeTestSpinLock(PKSPIN_LOCK SpinLock) { return spin_word(SpinLock).word.load(std::memory_order_relaxed) == 0 ? TRUE : FALSE; }

}  // extern "C"
