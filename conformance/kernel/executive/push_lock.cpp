#include "conformance/kernel/executive/push_lock.h"

#include "conformance/kernel/deadlock.h"
#include "conformance/kernel/owned_mutex.h"
#include "conformance/kernel/parking.h"
#include "conformance/kernel/planted_bug.h"

namespace ddi::kernel::executive {
namespace {

PushWord& word_of(const EX_PUSH_LOCK* lock) { return *reinterpret_cast<PushWord*>(const_cast<EX_PUSH_LOCK*>(lock)); }

struct PushWaiter {
    static constexpr std::uint32_t waiting = 0, asleep = 1, granted = 2;

    const EX_PUSH_LOCK* lock = nullptr;
    ThreadId thread = 0;
    bool exclusive = false;
    std::atomic<std::uint32_t> stage{waiting};
    PushWaiter* next = nullptr;
};

// The lock's eight bytes have no room for a queue: waiters of all locks stand in these, by the lock's address.
struct Bucket {
    Gate gate;
    PushWaiter* first = nullptr;
    PushWaiter** end = &first;
};

Bucket& bucket_of(const EX_PUSH_LOCK* lock) {
    static Bucket buckets[64];
    return buckets[(reinterpret_cast<std::uintptr_t>(lock) >> 3) % 64];
}

// A shared hold leaves no name in the lock: the thread itself remembers some.
struct Shares {
    struct Place {
        const EX_PUSH_LOCK* lock;
        std::uint32_t count;
    };
    Place place[8];
    std::uint32_t unnamed;  // did not fit
};
constinit thread_local Shares shares{};

Shares::Place* share_of(const EX_PUSH_LOCK* lock) {
    for (Shares::Place& place : shares.place)
        if (place.lock == lock) return &place;
    return nullptr;
}

void remember(const EX_PUSH_LOCK* lock) {
    Shares::Place* mine = share_of(lock);
    if (!mine && (mine = share_of(nullptr))) *mine = {lock, 0};
    ++(mine ? mine->count : shares.unnamed);
}

void forget(const EX_PUSH_LOCK* lock, const Thread& thread) {
    if (Shares::Place* mine = share_of(lock)) {
        if (--mine->count == 0) mine->lock = nullptr;
    } else if (shares.unnamed != 0) {
        --shares.unnamed;
    } else {
        bug_check(BugCode::driver_verifier_detected_violation, verifier::released_by_wrong_thread, lock, 0, thread.id);
    }
}

void require_valid(const EX_PUSH_LOCK* lock, std::uint64_t word) {
    if ((PushWord::flags(word) & ~std::uint32_t{PushWord::exclusive | PushWord::queue}) != 0) [[unlikely]]
        bug_check(BugCode::driver_verifier_detected_violation, verifier::resource_uninitialized, lock);
}

// Both kinds of a second acquisition hang on Windows; an exclusive one by a sharer does, too.
void require_no_deadlock(const EX_PUSH_LOCK* lock, std::uint64_t word, const Thread& thread, bool exclusive) {
    const bool mine = (word & PushWord::exclusive) != 0 ? PushWord::upper(word) == thread.id : exclusive && share_of(lock) != nullptr;
    if (mine) [[unlikely]]
        bug_check(BugCode::driver_verifier_detected_violation, verifier::deadlock_self, lock);
}

// Not the plain state of a lock that threads share.
void examine_shared(const EX_PUSH_LOCK* lock, std::uint64_t word, const Thread& thread) {
    require_valid(lock, word);
    if (deadlock::watching() && share_of(lock) != nullptr) deadlock::released(thread.id, lock);
}

// The state that makes room for nobody, or only for those who stand before us.
bool open_to(std::uint64_t word, bool exclusive) {
    return exclusive && !planted(Bug::push_lock_ignores_readers) ? word == 0 : PushWord::flags(word) == 0;
}

bool try_take(PushWord& push, std::uint64_t& word, const Thread& thread, bool exclusive) {
    return push.word.compare_exchange_weak(word, exclusive ? PushWord::held_by(thread.id) : word + PushWord::one, std::memory_order_acquire,
                                           std::memory_order_relaxed);
}

// False: taken instead.
bool join(const EX_PUSH_LOCK* lock, PushWord& push, PushWaiter& waiter, const Thread& thread) {
    Bucket& bucket = bucket_of(lock);
    const GateScope scope(bucket.gate);
    std::uint64_t word = push.word.load(std::memory_order_relaxed);
    while (true) {
        if (open_to(word, waiter.exclusive)) {
            if (try_take(push, word, thread, waiter.exclusive)) return false;
        } else if ((word & PushWord::queue) != 0 ||
                   push.word.compare_exchange_weak(word, word | PushWord::queue, std::memory_order_relaxed)) {
            break;
        }
    }
    *bucket.end = &waiter;
    bucket.end = &waiter.next;
    return true;
}

void acquire_slowly(const EX_PUSH_LOCK* lock, Thread& thread, bool exclusive) {
    PushWord& push = word_of(lock);
    std::uint64_t word = push.word.load(std::memory_order_relaxed);
    require_valid(lock, word);
    require_no_deadlock(lock, word, thread, exclusive);
    const auto mode = exclusive ? deadlock::Mode::exclusive : deadlock::Mode::shared;
    const bool watched = deadlock::watching();
    const auto taken = [&] {
        if (watched) deadlock::acquired(thread.id, lock, deadlock::Kind::push_lock, mode);
    };
    while (watched && open_to(word, exclusive))
        if (try_take(push, word, thread, exclusive)) return taken();
    if (watched) deadlock::about_to_wait(thread, lock, deadlock::Kind::push_lock, mode);
    Backoff backoff;
    while ((word & PushWord::queue) == 0 && backoff.spin()) {
        word = push.word.load(std::memory_order_relaxed);
        if (open_to(word, exclusive) && try_take(push, word, thread, exclusive)) return taken();
    }
    PushWaiter waiter;
    waiter.lock = lock;
    waiter.thread = thread.id;
    waiter.exclusive = exclusive;
    if (!join(lock, push, waiter, thread)) return taken();
    const WaitingScope waiting(thread, lock);
    Backoff again;
    while (waiter.stage.load(std::memory_order_acquire) != PushWaiter::granted) {
        if (again.spin()) continue;
        std::uint32_t expected = PushWaiter::waiting;
        if (waiter.stage.compare_exchange_strong(expected, PushWaiter::asleep, std::memory_order_acquire) || expected == PushWaiter::asleep)
            park(&waiter.stage, PushWaiter::asleep);
    }
}

// The last holder leaves and somebody waits: the first in the queue comes in and, if it shares, those who share right behind it.
void hand_over(const EX_PUSH_LOCK* lock, PushWord& push) {
    Bucket& bucket = bucket_of(lock);
    const GateScope scope(bucket.gate);
    PushWaiter* granted = nullptr;
    PushWaiter** granted_end = &granted;
    std::uint64_t word = 0;
    for (PushWaiter** link = &bucket.first; PushWaiter* waiter = *link;) {
        const bool ours = waiter->lock == lock;
        const bool fits = ours && (word & PushWord::queue) == 0 && (word == 0 || (!(word & PushWord::exclusive) && !waiter->exclusive));
        if (!fits) {
            if (ours) word |= PushWord::queue;
            link = &waiter->next;
            continue;
        }
        word = waiter->exclusive ? PushWord::held_by(waiter->thread) : word + PushWord::one;
        *link = waiter->next;
        if (bucket.end == &waiter->next) bucket.end = link;
        waiter->next = nullptr;
        *granted_end = waiter;
        granted_end = &waiter->next;
    }
    push.word.store(word, std::memory_order_release);
    while (granted) {
        PushWaiter* const waiter = granted;
        granted = waiter->next;
        // For the waiter: it is no longer blocked, even if it does not run yet.
        if (deadlock::watching())
            deadlock::acquired(waiter->thread, lock, deadlock::Kind::push_lock,
                               waiter->exclusive ? deadlock::Mode::exclusive : deadlock::Mode::shared);
        const void* watched = &waiter->stage;
        // The waiter and its storage can be gone right after this.
        if (waiter->stage.exchange(PushWaiter::granted, std::memory_order_release) == PushWaiter::asleep) unpark_one(watched);
    }
}

}  // namespace

void forget_push_locks() { shares = {}; }

void initialize_push_lock(PEX_PUSH_LOCK lock) {
    require_aligned(lock);
    if (deadlock::watching()) deadlock::forget(lock);
    word_of(lock).word.store(0, std::memory_order_relaxed);
}

void delete_push_lock(PEX_PUSH_LOCK lock) {
    if (deadlock::watching()) deadlock::forget(lock);
    std::uint64_t word = 0;
    if (word_of(lock).word.compare_exchange_strong(word, PushWord::deleted, std::memory_order_relaxed)) return;
    require_valid(lock, word);
    bug_check(BugCode::driver_verifier_detected_violation, verifier::ours_destroyed_in_use, lock);
}

void acquire_push_exclusive(PEX_PUSH_LOCK lock) {
    Thread& thread = this_thread();
    std::uint64_t free = thread.watch.get();  // zero: a free lock's word
    if (!word_of(lock).word.compare_exchange_strong(free, PushWord::held_by(thread.id), std::memory_order_acquire,
                                                    std::memory_order_relaxed)) [[unlikely]]
        acquire_slowly(lock, thread, true);
}

void acquire_push_shared(PEX_PUSH_LOCK lock) {
    Thread& thread = this_thread();
    PushWord& push = word_of(lock);
    std::uint64_t word = push.word.load(std::memory_order_relaxed);
    while (true) {
        if (!open_to(word | thread.watch.get(), false)) [[unlikely]] {
            acquire_slowly(lock, thread, false);
            break;
        }
        if (try_take(push, word, thread, false)) break;
    }
    remember(lock);
}

void release_push_exclusive(PEX_PUSH_LOCK lock) {
    const Thread& thread = this_thread();
    PushWord& push = word_of(lock);
    std::uint64_t word = PushWord::held_by(thread.id) ^ thread.watch.get();
    if (push.word.compare_exchange_strong(word, 0, std::memory_order_release, std::memory_order_relaxed)) [[likely]]
        return;
    require_valid(lock, word);
    if ((word & PushWord::exclusive) == 0) bug_check(BugCode::driver_verifier_detected_violation, verifier::released_unacquired, lock);
    if (PushWord::upper(word) != thread.id)
        bug_check(BugCode::driver_verifier_detected_violation, verifier::released_by_wrong_thread, lock, PushWord::upper(word), thread.id);
    if (deadlock::watching()) deadlock::released(thread.id, lock);
    hand_over(lock, push);
}

void release_push_shared(PEX_PUSH_LOCK lock) {
    PushWord& push = word_of(lock);
    // Acquire: who hands the lock over does so for the sharers before it as well.
    std::uint64_t word = push.word.load(std::memory_order_acquire);
    const Thread& thread = this_thread();
    if (!open_to((word & ~PushWord::queue) | thread.watch.get(), false)) [[unlikely]]
        examine_shared(lock, word, thread);
    if ((word & PushWord::exclusive) != 0 || PushWord::upper(word) == 0) [[unlikely]]
        bug_check(BugCode::driver_verifier_detected_violation, verifier::released_unacquired, lock);
    forget(lock, thread);
    do {
        // The last one with others in the queue: nobody but us can change the word now.
        if (PushWord::upper(word) == 1 && (word & PushWord::queue) != 0) return hand_over(lock, push);
    } while (!push.word.compare_exchange_weak(word, word - PushWord::one, std::memory_order_release, std::memory_order_acquire));
}

void release_push(PEX_PUSH_LOCK lock) {
    if ((word_of(lock).word.load(std::memory_order_relaxed) & PushWord::exclusive) != 0)
        release_push_exclusive(lock);
    else
        release_push_shared(lock);
}

}  // namespace ddi::kernel::executive

namespace ddi::kernel::observe {

namespace {
std::uint64_t word_at(const EX_PUSH_LOCK* lock) { return executive::word_of(lock).word.load(std::memory_order_relaxed); }
}  // namespace

ThreadId push_lock_owner(const EX_PUSH_LOCK* lock) {
    const std::uint64_t word = word_at(lock);
    return (word & executive::PushWord::exclusive) != 0 ? executive::PushWord::upper(word) : 0;
}

ULONG push_lock_sharers(const EX_PUSH_LOCK* lock) {
    const std::uint64_t word = word_at(lock);
    return (word & executive::PushWord::exclusive) != 0 ? 0 : executive::PushWord::upper(word);
}

}  // namespace ddi::kernel::observe
