// Who holds which lock, who waits for which, and in which order locks are taken: finds deadlocks instead of hanging, and orders of
// acquisition that could end in one. Off unless a Watch lives.
//
// Off, it costs nothing where no thread has to wait: Thread::watch is mixed into the word that a lock's fast path compares anyway, and
// while a Watch lives its bits make each of these comparisons fail, so that every acquisition and release takes the slow path. There, one
// branch asks watching(). (Reader-writer locks, whose words know no owner, ask on the fast path: a load of one word that nobody writes.)
// Locks that were acquired before the watch began are not known to it.
//
// Every lock that threads own reports itself: spin locks of all kinds, fast and guarded mutexes, mutex objects, resources, push locks,
// the framework's, interrupts' and KS' own locks. Run-down protection and remove locks have no owners.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "conformance/kernel/thread.h"

namespace ddi::kernel::deadlock {

enum class Kind {
    spin_lock,
    queued_spin_lock,
    fast_mutex,
    guarded_mutex,
    mutex,
    resource,
    push_lock,
    read_write_lock,
    reader_writer_spin_lock,
    framework_lock,
    interrupt_lock,
    security_lock
};
enum class Mode { exclusive, shared };

struct Lock {
    const void* address = nullptr;
    Kind kind = Kind::spin_lock;
    Mode mode = Mode::exclusive;
    std::string name;  // what name_lock said, or the address
};

struct Stack {
    ThreadId thread = 0;
    std::vector<Lock> held;  // in the order of acquisition
    std::optional<Lock> wanted;
};

struct Report {
    bool certain = false;  // these threads wait for each other; otherwise: these acquisitions could have met so
    std::vector<Stack> stacks;
    std::string text;
};

/// Watches all threads as long as it lives; there can be one at a time. A certain deadlock is reported on the thread that would close the
/// circle, before it waits; then the call ends in DRIVER_VERIFIER_DETECTED_VIOLATION (0x1001, the lock), or (0x1000, the lock) if the
/// thread alone is the circle. A potential one is reported once, and the call goes on. The callback must not use the kernel's locks.
class Watch {
  public:
    explicit Watch(std::function<void(const Report&)> callback);
    ~Watch();
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;
};

/// What reports call the lock, until it is initialized anew or the watch ends.
void name_lock(const void* lock, std::string name);

/// What every Thread::watch is meanwhile. As part of a lock's word: no state that any lock has; bit 1, which says in some that threads
/// sleep, is set, and bit 0, by which spin locks tell their kinds apart, is clear.
inline constexpr std::uint64_t watch_word = ~std::uint64_t{1};
inline std::atomic<std::uint64_t> active{0};
inline bool watching() { return active.load(std::memory_order_relaxed) != 0; }
inline std::uint32_t narrow(std::uint64_t watch) { return static_cast<std::uint32_t>(watch); }

// For the locks, while watching. Only about_to_wait throws.

/// The thread cannot have the lock now. `others_may_release`: somebody else may give up what this thread holds, so that a circle through it
/// is not certain.
void about_to_wait(const Thread& thread, const void* lock, Kind kind, Mode mode, bool others_may_release = false);
/// An attempt never waits, so it says nothing about the order of locks.
void acquired(ThreadId thread, const void* lock, Kind kind, Mode mode, bool attempt = false);
void released(ThreadId thread, const void* lock);
/// All of the thread's acquisitions of this lock have become somebody else's, or shared ones.
void forget_hold(ThreadId thread, const void* lock);
void now_shared(ThreadId thread, const void* lock);
/// The wait ended without the lock.
void gave_up(ThreadId thread);
/// The storage is a new lock, or none any more.
void forget(const void* lock);

}  // namespace ddi::kernel::deadlock
