// Ordinary spin locks in the eight bytes that the caller provides: free is zero, as a zeroed KSPIN_LOCK is on Windows.
// Bit 0 set: held as an ordinary lock, by the thread in the upper half; bit 1: somebody sleeps on the lower half.
// Bit 0 clear, not zero: the tail of a queue of handles (queued_spin_lock.cpp). Acquire and release do not touch the IRQL.
#pragma once

#include <wdm.h>

#include <atomic>
#include <cstdint>

#include "conformance/kernel/irql.h"
#include "conformance/kernel/parking.h"
#include "conformance/kernel/thread.h"

namespace ddi::kernel {

struct SpinWord {
    static constexpr std::uint64_t held = 1;
    static constexpr std::uint64_t sleepers = 2;

    static std::uint64_t held_by(ThreadId id) { return static_cast<std::uint64_t>(id) << 32 | held; }
    static bool ordinary(std::uint64_t word) { return word & held; }
    static bool queued(std::uint64_t word) { return word != 0 && !(word & held); }
    static ThreadId owner(std::uint64_t word) { return ordinary(word) ? static_cast<ThreadId>(word >> 32) : 0; }

    /// The lower half, which sleepers watch: it changes whenever the lock is released or gets its first sleeper.
    const void* low() const { return &word; }

    std::atomic<std::uint64_t> word;
};
static_assert(sizeof(SpinWord) == 8 && sizeof(KSPIN_LOCK) == 8, "KSPIN_LOCK is 8 bytes on 64-bit Windows");
static_assert(alignof(SpinWord) <= alignof(KSPIN_LOCK));
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the lower half is expected at the lower address");

inline SpinWord& spin_word(PKSPIN_LOCK lock) { return *reinterpret_cast<SpinWord*>(lock); }

void acquire_spin_lock_slowly(PKSPIN_LOCK lock, Thread& thread);
bool try_acquire_spin_lock_watched(PKSPIN_LOCK lock, const Thread& thread);
void wake_spin_lock_sleeper(const SpinWord& word);
[[noreturn]] void spin_lock_not_owned(PKSPIN_LOCK lock, std::uint64_t word);

inline void acquire_spin_lock(PKSPIN_LOCK lock, Thread& thread) {
    std::uint64_t expected = thread.watch.get();  // zero: a free lock
    if (!spin_word(lock).word.compare_exchange_strong(expected, SpinWord::held_by(thread.id), std::memory_order_acquire,
                                                      std::memory_order_relaxed)) [[unlikely]]
        acquire_spin_lock_slowly(lock, thread);
    thread.held_spin_locks.add(+1);
}

inline bool try_acquire_spin_lock(PKSPIN_LOCK lock, Thread& thread) {
    std::uint64_t expected = thread.watch.get();
    if (!spin_word(lock).word.compare_exchange_strong(expected, SpinWord::held_by(thread.id), std::memory_order_acquire,
                                                      std::memory_order_relaxed) &&
        !try_acquire_spin_lock_watched(lock, thread))
        return false;
    thread.held_spin_locks.add(+1);
    return true;
}

inline void require_spin_lock_owned(PKSPIN_LOCK lock, const Thread& thread) {
    const std::uint64_t word = spin_word(lock).word.load(std::memory_order_relaxed);
    if (SpinWord::owner(word) != thread.id) [[unlikely]]
        spin_lock_not_owned(lock, word);
}

inline void release_spin_lock(PKSPIN_LOCK lock, Thread& thread) {
    require_spin_lock_owned(lock, thread);
    thread.held_spin_locks.add(-1);
    if ((spin_word(lock).word.exchange(0, std::memory_order_release) | thread.watch.get()) & SpinWord::sleepers) [[unlikely]]
        wake_spin_lock_sleeper(spin_word(lock));
}

/// queued_spin_lock.cpp: does this thread hold the lock through a queue handle?
bool holds_queued(const Thread& thread, PKSPIN_LOCK lock);

}  // namespace ddi::kernel
