// In-stack queued spin locks: an MCS queue of the callers' handles, first come, first served. The lock's word points to the last
// handle; each handle's owner watches a word of its own. A handle belongs to one acquisition, from its call to the release's return.
#include "conformance/kernel/queued_spin_lock.h"

#include "conformance/kernel/deadlock.h"
#include "conformance/kernel/planted_bug.h"
#include "conformance/kernel/spin_lock.h"

namespace ddi::kernel {
namespace {

struct Handle {
    // `turn`: two flags and, above them, the handle's thread.
    static constexpr std::uint32_t waiting = 0, asleep = 1, granted = 2;

    std::atomic<Handle*> next;
    PKSPIN_LOCK lock;  // null: not in a queue
    std::uint8_t old_irql;
    std::uint8_t reserved[3];
    std::atomic<std::uint32_t> turn;

    bool is_granted() const { return turn.load(std::memory_order_acquire) & granted; }
};
static_assert(sizeof(Handle) == 24 && sizeof(KLOCK_QUEUE_HANDLE) == 24, "KLOCK_QUEUE_HANDLE is 24 bytes on 64-bit Windows");
static_assert(alignof(Handle) <= alignof(KLOCK_QUEUE_HANDLE));

Handle& handle_of(PKLOCK_QUEUE_HANDLE handle) { return *reinterpret_cast<Handle*>(handle); }
std::uint64_t as_word(const Handle& handle) { return reinterpret_cast<std::uintptr_t>(&handle); }
std::uint32_t turn_of(const Thread& thread, std::uint32_t stage) { return thread.id << 2 | stage; }

void remember(Thread& thread, PKSPIN_LOCK lock) {
    for (const void*& place : thread.queued) {
        if (place) continue;
        place = lock;
        return;
    }
}

void forget(Thread& thread, PKSPIN_LOCK lock) {
    for (const void*& place : thread.queued) {
        if (place != lock) continue;
        place = nullptr;
        return;
    }
}

// Makes `mine` the last of the queue. Returns the one before it, or null if the lock was free and now is ours.
Handle* join_queue(SpinWord& spin, Handle& mine, Thread& thread, PKSPIN_LOCK lock) {
    Backoff backoff;
    std::uint64_t last = spin.word.load(std::memory_order_relaxed);
    while (true) {
        if (SpinWord::ordinary(last)) [[unlikely]] {  // somebody combines both kinds on one lock
            if (SpinWord::owner(last) == thread.id) bug_check(BugCode::spin_lock_already_owned, lock);
            const WaitingScope waiting(thread, lock);
            if (!backoff.spin()) yield_processor();
            last = spin.word.load(std::memory_order_relaxed);
            continue;
        }
        if (spin.word.compare_exchange_weak(last, as_word(mine), std::memory_order_acq_rel, std::memory_order_relaxed))
            return reinterpret_cast<Handle*>(static_cast<std::uintptr_t>(last));
    }
}

// The planted fault: instead of queueing, everybody races for the free lock.
void barge(SpinWord& spin, Handle& mine, Thread& thread, PKSPIN_LOCK lock) {
    const WaitingScope waiting(thread, lock);
    std::uint64_t expected = 0;
    while (!spin.word.compare_exchange_weak(expected, as_word(mine), std::memory_order_acquire, std::memory_order_relaxed)) {
        expected = 0;
        yield_processor();
    }
}

void await_turn(Handle& mine, Handle& before, Thread& thread, PKSPIN_LOCK lock) {
    before.next.store(&mine, std::memory_order_release);
    const WaitingScope waiting(thread, lock);
    Backoff backoff;
    while (!mine.is_granted()) {
        if (backoff.spin()) continue;
        std::uint32_t expected = turn_of(thread, Handle::waiting);
        const std::uint32_t sleeping = turn_of(thread, Handle::asleep);
        if (mine.turn.compare_exchange_strong(expected, sleeping, std::memory_order_acquire) || expected == sleeping)
            park(&mine.turn, sleeping);
    }
}

Handle& prepare(PKLOCK_QUEUE_HANDLE caller_handle, const Thread& thread, PKSPIN_LOCK lock) {
    Handle& mine = handle_of(caller_handle);
    mine.next.store(nullptr, std::memory_order_relaxed);
    mine.lock = lock;
    mine.turn.store(turn_of(thread, Handle::waiting), std::memory_order_relaxed);
    return mine;
}

void acquired(Handle& mine, Thread& thread, KIRQL old) {
    mine.turn.store(turn_of(thread, Handle::granted), std::memory_order_relaxed);
    mine.old_irql = planted(Bug::queued_saved_irql_wrong) ? static_cast<std::uint8_t>(DISPATCH_LEVEL) : old;
    remember(thread, mine.lock);
    thread.held_spin_locks.add(+1);
}

Handle* successor(const Handle& mine) {
    Backoff backoff;
    Handle* next = nullptr;
    while (!(next = mine.next.load(std::memory_order_acquire))) {
        if (!backoff.spin()) yield_processor();  // it has joined the queue and is about to tell us
    }
    return next;
}

void require_owned(const Handle& mine, const Thread& thread) {
    const std::uint32_t difference = mine.turn.load(std::memory_order_relaxed) ^ turn_of(thread, Handle::granted);
    if (mine.lock && (difference | thread.watch.get()) == 0) [[likely]]
        return;
    if (!mine.lock || difference != 0) bug_check(BugCode::spin_lock_not_owned, mine.lock, &mine);
    if (deadlock::watching()) deadlock::released(thread.id, mine.lock);
}

void join_and_wait(SpinWord& spin, Handle& mine, Thread& thread, PKSPIN_LOCK lock) {
    if (planted(Bug::queued_fifo_broken)) {
        barge(spin, mine, thread, lock);
    } else if (Handle* before = join_queue(spin, mine, thread, lock)) {
        await_turn(mine, *before, thread, lock);
    }
}

// Somebody has the lock, or acquisitions are watched.
void acquire_slowly(PKSPIN_LOCK lock, PKLOCK_QUEUE_HANDLE handle, KIRQL old, Thread& thread) {
    SpinWord& spin = spin_word(lock);
    const std::uint64_t word = spin.word.load(std::memory_order_relaxed);
    if (SpinWord::queued(word) && holds_queued(thread, lock)) bug_check(BugCode::spin_lock_already_owned, lock);
    const bool watched = deadlock::watching();
    if (watched) deadlock::about_to_wait(thread, lock, deadlock::Kind::queued_spin_lock, deadlock::Mode::exclusive);
    Handle& mine = prepare(handle, thread, lock);
    join_and_wait(spin, mine, thread, lock);
    acquired(mine, thread, old);
    if (watched) deadlock::acquired(thread.id, lock, deadlock::Kind::queued_spin_lock, deadlock::Mode::exclusive);
}

}  // namespace

void acquire_queued(PKSPIN_LOCK lock, PKLOCK_QUEUE_HANDLE handle, KIRQL old) {
    Thread& thread = this_thread();
    SpinWord& spin = spin_word(lock);
    if (SpinWord::queued(spin.word.load(std::memory_order_relaxed) | thread.watch.get())) [[unlikely]]
        return acquire_slowly(lock, handle, old, thread);
    Handle& mine = prepare(handle, thread, lock);
    join_and_wait(spin, mine, thread, lock);
    acquired(mine, thread, old);
}

bool try_acquire_queued(PKSPIN_LOCK lock, PKLOCK_QUEUE_HANDLE handle, KIRQL old) {
    // Looked at first: the handle may be the one that holds the lock.
    std::uint64_t free = spin_word(lock).word.load(std::memory_order_relaxed);
    if (free != 0) return false;
    Thread& thread = this_thread();
    Handle& mine = prepare(handle, thread, lock);
    if (!spin_word(lock).word.compare_exchange_strong(free, as_word(mine), std::memory_order_acq_rel, std::memory_order_relaxed)) {
        mine.lock = nullptr;
        return false;
    }
    acquired(mine, thread, old);
    if (deadlock::watching()) [[unlikely]]
        deadlock::acquired(thread.id, lock, deadlock::Kind::queued_spin_lock, deadlock::Mode::exclusive, true);
    return true;
}

KIRQL release_queued(PKLOCK_QUEUE_HANDLE handle) {
    Handle& mine = handle_of(handle);
    Thread& thread = this_thread();
    require_owned(mine, thread);
    forget(thread, mine.lock);
    thread.held_spin_locks.add(-1);
    SpinWord& spin = spin_word(mine.lock);
    mine.lock = nullptr;
    std::uint64_t last = as_word(mine);
    if (mine.next.load(std::memory_order_relaxed) == nullptr &&
        spin.word.compare_exchange_strong(last, 0, std::memory_order_release, std::memory_order_relaxed))
        return mine.old_irql;
    Handle* next = successor(mine);
    const void* watched = &next->turn;
    const std::uint32_t before = next->turn.fetch_or(Handle::granted, std::memory_order_release);
    // `next` may be gone already: its owner can run, release and return.
    if (before & Handle::asleep) unpark_one(watched);
    return mine.old_irql;
}

bool holds_queued(const Thread& thread, PKSPIN_LOCK lock) {
    for (const void* place : thread.queued) {
        if (place == lock) return true;
    }
    return false;
}

}  // namespace ddi::kernel

using namespace ddi::kernel;

extern "C" {

VOID KeAcquireInStackQueuedSpinLock(PKSPIN_LOCK SpinLock, PKLOCK_QUEUE_HANDLE LockHandle) {
    acquire_queued(SpinLock, LockHandle, raise_to_dispatch());
}

VOID KeReleaseInStackQueuedSpinLock(PKLOCK_QUEUE_HANDLE LockHandle) {
    require_dispatch(LockHandle);
    set_irql(release_queued(LockHandle));
}

VOID KeAcquireInStackQueuedSpinLockAtDpcLevel(PKSPIN_LOCK SpinLock, PKLOCK_QUEUE_HANDLE LockHandle) {
    require_dispatch_or_above(SpinLock);
    acquire_queued(SpinLock, LockHandle, current_irql());
}

VOID KeReleaseInStackQueuedSpinLockFromDpcLevel(PKLOCK_QUEUE_HANDLE LockHandle) {
    require_dispatch_or_above(LockHandle);
    release_queued(LockHandle);
}

VOID KeAcquireInStackQueuedSpinLockForDpc(PKSPIN_LOCK SpinLock, PKLOCK_QUEUE_HANDLE LockHandle) {
    acquire_queued(SpinLock, LockHandle, raise_to_dispatch());
}

VOID KeReleaseInStackQueuedSpinLockForDpc(PKLOCK_QUEUE_HANDLE LockHandle) {
    require_dispatch(LockHandle);
    set_irql(release_queued(LockHandle));
}

}  // extern "C"
