#include "conformance/kernel/reader_writer_spin_lock.h"

#include "conformance/kernel/deadlock.h"
#include "conformance/kernel/irql.h"
#include "conformance/kernel/parking.h"

namespace ddi::kernel {
namespace {

using Word = ReaderWriterWord;

std::atomic<std::uint32_t>& word_of(PEX_SPIN_LOCK lock) { return reinterpret_cast<Word*>(lock)->word; }

Thread::SharedSpinLock* find(Thread& thread, PEX_SPIN_LOCK lock) {
    for (std::uint32_t i = thread.shared_lock_count; i-- > 0;) {
        if (thread.shared_locks[i].lock == lock) return &thread.shared_locks[i];
    }
    return nullptr;
}

deadlock::Mode mode_of(bool exclusive) { return exclusive ? deadlock::Mode::exclusive : deadlock::Mode::shared; }

void remember(Thread& thread, PEX_SPIN_LOCK lock, bool exclusive) {
    thread.held_spin_locks.add(+1);
    if (thread.shared_lock_count < Thread::remembered_shared_locks)
        thread.shared_locks[thread.shared_lock_count++] = {lock, exclusive};
    else
        ++thread.forgotten_shared_locks;
    if (deadlock::watching()) [[unlikely]]
        deadlock::acquired(thread.id, lock, deadlock::Kind::reader_writer_spin_lock, mode_of(exclusive));
}

void require_not_held(Thread& thread, PEX_SPIN_LOCK lock) {
    if (find(thread, lock)) [[unlikely]]
        bug_check(BugCode::spin_lock_already_owned, lock);
}

// A lock of those that were only counted is believed, as far as the word itself can confirm.
void require_held(Thread& thread, PEX_SPIN_LOCK lock, bool exclusive) {
    const std::uint32_t seen = word_of(lock).load(std::memory_order_relaxed);
    const Thread::SharedSpinLock* mine = find(thread, lock);
    const bool held = mine ? mine->exclusive == exclusive : thread.forgotten_shared_locks > 0;
    const bool plausible = exclusive ? (seen & Word::writer) && !(seen & Word::readers) : (seen & Word::readers) != 0;
    if (!held || !plausible) [[unlikely]]
        bug_check(BugCode::spin_lock_not_owned, lock);
}

void forget(Thread& thread, PEX_SPIN_LOCK lock) {
    if (deadlock::watching()) [[unlikely]]
        deadlock::released(thread.id, lock);
    thread.held_spin_locks.add(-1);
    if (Thread::SharedSpinLock* mine = find(thread, lock))
        *mine = thread.shared_locks[--thread.shared_lock_count];
    else
        --thread.forgotten_shared_locks;
}

// Sleeps while the word is as it was seen. Whoever changes it so that somebody could go on clears the mark and wakes all sleepers.
void sleep_on(std::atomic<std::uint32_t>& word, std::uint32_t seen) {
    const std::uint32_t marked = seen | Word::sleepers;
    if (seen == marked || word.compare_exchange_strong(seen, marked, std::memory_order_relaxed)) park(&word, marked);
}

/// Repeats `attempt(word)` until it is true. Throws if it never could be, as far as a watch for deadlocks knows.
template <class Attempt>
void wait_until(PEX_SPIN_LOCK lock, Thread& thread, bool exclusive, Attempt attempt) {
    std::atomic<std::uint32_t>& word = word_of(lock);
    std::uint32_t seen = word.load(std::memory_order_relaxed);
    if (attempt(word, seen)) [[likely]]
        return;
    if (deadlock::watching()) deadlock::about_to_wait(thread, lock, deadlock::Kind::reader_writer_spin_lock, mode_of(exclusive));
    const WaitingScope waiting(thread, lock);
    Backoff backoff;
    while (true) {
        seen = word.load(std::memory_order_relaxed);
        if (attempt(word, seen)) return;
        if (!backoff.spin()) sleep_on(word, seen);
    }
}

}  // namespace

void acquire_shared(PEX_SPIN_LOCK lock) {
    Thread& thread = this_thread();
    require_not_held(thread, lock);
    wait_until(lock, thread, false, [](std::atomic<std::uint32_t>& word, std::uint32_t& seen) {
        while (!(seen & Word::writer)) {
            if (word.compare_exchange_weak(seen, seen + 1, std::memory_order_acquire, std::memory_order_relaxed)) return true;
        }
        return false;
    });
    remember(thread, lock, false);
}

void acquire_exclusive(PEX_SPIN_LOCK lock) {
    Thread& thread = this_thread();
    require_not_held(thread, lock);
    // Before the bit that stops readers: who then stops is known to stand behind this writer.
    if (deadlock::watching() && word_of(lock).load(std::memory_order_relaxed) != 0) [[unlikely]]
        deadlock::about_to_wait(thread, lock, deadlock::Kind::reader_writer_spin_lock, deadlock::Mode::exclusive);
    wait_until(lock, thread, true, [](std::atomic<std::uint32_t>& word, std::uint32_t& seen) {
        while (!(seen & Word::writer)) {
            if (word.compare_exchange_weak(seen, seen | Word::writer, std::memory_order_acquire, std::memory_order_relaxed)) return true;
        }
        return false;
    });
    // From here on no reader comes in; those that are in leave.
    try {
        wait_until(lock, thread, true, [](std::atomic<std::uint32_t>& word, std::uint32_t&) {
            return (word.load(std::memory_order_acquire) & Word::readers) == 0;
        });
    } catch (...) {
        word_of(lock).fetch_and(~(Word::writer | Word::sleepers), std::memory_order_relaxed);
        unpark_all(&word_of(lock));
        throw;
    }
    remember(thread, lock, true);
}

void release_shared(PEX_SPIN_LOCK lock) {
    Thread& thread = this_thread();
    require_held(thread, lock, false);
    forget(thread, lock);
    std::atomic<std::uint32_t>& word = word_of(lock);
    std::uint32_t seen = word.load(std::memory_order_relaxed);
    bool last = false;
    std::uint32_t left = 0;
    do {  // in one step: the storage may be gone once others can have the lock
        last = (seen & Word::readers) == 1;
        left = last ? (seen - 1) & ~Word::sleepers : seen - 1;
    } while (!word.compare_exchange_weak(seen, left, std::memory_order_release, std::memory_order_relaxed));
    // The last reader lets a writer in. One that is not the last changes nothing for those who sleep.
    if (last && (seen & Word::sleepers)) [[unlikely]]
        unpark_all(&word);
}

void release_exclusive(PEX_SPIN_LOCK lock) {
    Thread& thread = this_thread();
    require_held(thread, lock, true);
    forget(thread, lock);
    std::atomic<std::uint32_t>& word = word_of(lock);
    if (word.exchange(0, std::memory_order_release) & Word::sleepers) [[unlikely]]
        unpark_all(&word);
}

bool try_convert_to_exclusive(PEX_SPIN_LOCK lock) {
    Thread& thread = this_thread();
    require_held(thread, lock, false);
    std::atomic<std::uint32_t>& word = word_of(lock);
    std::uint32_t seen = word.load(std::memory_order_relaxed);
    do {
        if ((seen & Word::writer) || (seen & Word::readers) != 1) return false;
    } while (
        !word.compare_exchange_weak(seen, (seen & Word::sleepers) | Word::writer, std::memory_order_acquire, std::memory_order_relaxed));
    if (Thread::SharedSpinLock* mine = find(thread, lock)) mine->exclusive = true;
    if (deadlock::watching()) [[unlikely]] {
        deadlock::released(thread.id, lock);
        deadlock::acquired(thread.id, lock, deadlock::Kind::reader_writer_spin_lock, deadlock::Mode::exclusive, true);
    }
    return true;
}

namespace observe {

ReaderWriterState reader_writer_state(const EX_SPIN_LOCK* lock) {
    const std::uint32_t word = reinterpret_cast<const Word*>(lock)->word.load(std::memory_order_relaxed);
    return {(word & Word::writer) != 0, word & Word::readers};
}

}  // namespace observe
}  // namespace ddi::kernel

using namespace ddi::kernel;

extern "C" {

KIRQL ExAcquireSpinLockShared(PEX_SPIN_LOCK SpinLock) {
    const KIRQL old = raise_to_dispatch();
    acquire_shared(SpinLock);
    return old;
}

KIRQL ExAcquireSpinLockExclusive(PEX_SPIN_LOCK SpinLock) {
    const KIRQL old = raise_to_dispatch();
    acquire_exclusive(SpinLock);
    return old;
}

VOID ExAcquireSpinLockSharedAtDpcLevel(PEX_SPIN_LOCK SpinLock) {
    require_dispatch_or_above(SpinLock);
    acquire_shared(SpinLock);
}

VOID ExAcquireSpinLockExclusiveAtDpcLevel(PEX_SPIN_LOCK SpinLock) {
    require_dispatch_or_above(SpinLock);
    acquire_exclusive(SpinLock);
}

VOID ExReleaseSpinLockShared(PEX_SPIN_LOCK SpinLock, KIRQL OldIrql) {
    require_dispatch(SpinLock);
    require_not_above_current(OldIrql);
    release_shared(SpinLock);
    set_irql(OldIrql);
}

VOID ExReleaseSpinLockExclusive(PEX_SPIN_LOCK SpinLock, KIRQL OldIrql) {
    require_dispatch(SpinLock);
    require_not_above_current(OldIrql);
    release_exclusive(SpinLock);
    set_irql(OldIrql);
}

VOID ExReleaseSpinLockSharedFromDpcLevel(PEX_SPIN_LOCK SpinLock) {
    require_dispatch_or_above(SpinLock);
    release_shared(SpinLock);
}

VOID ExReleaseSpinLockExclusiveFromDpcLevel(PEX_SPIN_LOCK SpinLock) {
    require_dispatch_or_above(SpinLock);
    release_exclusive(SpinLock);
}

BOOLEAN ExTryConvertSharedSpinLockExclusive(PEX_SPIN_LOCK SpinLock) {
    require_dispatch(SpinLock);
    return try_convert_to_exclusive(SpinLock) ? TRUE : FALSE;
}

}  // extern "C"
