// Dispatcher objects: everything that a thread can wait for begins with this header, in storage of 24 bytes or more that the caller
// provides. As long as nobody waits, an object changes by compare-and-swap on one word. While somebody does, its word says `slow`, and
// it changes under the dispatcher lock alone, which guards all wait lists. A wait for all of several objects is atomic for that reason.
#pragma once

#include <wdm.h>

#include <atomic>
#include <cstdint>

#include "conformance/kernel/dispatcher/clock.h"
#include "conformance/kernel/parking.h"
#include "conformance/kernel/thread.h"

namespace ddi::kernel {

/// The values are unlikely in memory that was never initialized.
enum class ObjectKind : std::uint32_t {
    notification_event = 0x4F534401,
    synchronization_event,
    semaphore,
    notification_timer,
    synchronization_timer,
    mutant,
    thread,
};

/// What the word of an object says: its signal state in the lower half, marks in the upper.
struct SignalWord {
    static constexpr std::uint64_t slow = std::uint64_t{1} << 32;       // to be changed under the dispatcher lock only
    static constexpr std::uint64_t abandoned = std::uint64_t{1} << 33;  // mutants: the last owner ended without releasing

    static std::int32_t state(std::uint64_t word) { return static_cast<std::int32_t>(static_cast<std::uint32_t>(word)); }
    static std::uint64_t with_state(std::uint64_t word, std::int32_t state) {
        return (word & ~std::uint64_t{0xFFFFFFFF}) | static_cast<std::uint32_t>(state);
    }
};

struct WaitBlock;

struct Dispatcher {
    ObjectKind kind;
    std::atomic<std::uint64_t> word;
    WaitBlock* first;  // who waits, in order: a ring through WaitBlock::next

    Dispatcher(ObjectKind kind_, std::int32_t state) : kind(kind_), word(SignalWord::with_state(0, state)), first(nullptr) {}
    std::int32_t signal_state() const { return SignalWord::state(word.load(std::memory_order_acquire)); }
};
static_assert(sizeof(Dispatcher) == 24 && alignof(Dispatcher) == 8, "KEVENT, the smallest of them, is 24 bytes on 64-bit Windows");

/// One place in the wait list of one object.
struct WaitBlock {
    Dispatcher* object;
    struct Waiter* waiter;
    WaitBlock* next;
    WaitBlock* previous;
    std::uint32_t key;  // the object's index in the wait
    bool newly_owned;   // a mutant that this wait made the thread's own
};
static_assert(sizeof(WaitBlock) <= sizeof(KWAIT_BLOCK) && alignof(WaitBlock) <= alignof(KWAIT_BLOCK));

/// A thread in a wait; lives on its stack. All but `stage` is guarded by the dispatcher lock.
struct Waiter {
    static constexpr std::uint32_t waiting = 0, asleep = 1, done = 2;

    Thread* thread = nullptr;
    WaitBlock* blocks = nullptr;
    std::uint32_t count = 0;
    bool all = false;
    bool alertable = false;
    bool user_mode = false;
    bool released = false;  // somebody has ended the wait: `status` is its result
    KIRQL irql = PASSIVE_LEVEL;
    NTSTATUS status = 0;
    NTSTATUS timeout_status = STATUS_TIMEOUT;
    Waiter* next_released = nullptr;
    TimeLimit limit;
    Waiter* next_timed = nullptr;  // in the list of those with a time limit
    Waiter* previous_timed = nullptr;
    std::atomic<std::uint32_t> stage{waiting};
};

/// Holds the dispatcher lock, and wakes the threads whose waits have ended once it has left the lock.
class DispatcherScope {
  public:
    DispatcherScope();
    ~DispatcherScope();
    DispatcherScope(const DispatcherScope&) = delete;
    DispatcherScope& operator=(const DispatcherScope&) = delete;

    /// Takes the waiter out of all lists and ends its wait.
    void end_wait(Waiter& waiter, NTSTATUS status);

  private:
    Waiter* released_ = nullptr;
    Waiter** last_ = &released_;
};

/// While it lives, under the dispatcher lock, nobody else changes the object.
class Frozen {
  public:
    Frozen(Dispatcher& object, DispatcherScope& scope) : object_(object), scope_(scope) {
        object.word.fetch_or(SignalWord::slow, std::memory_order_acq_rel);
    }
    ~Frozen() { thaw(object_); }
    Frozen(const Frozen&) = delete;
    Frozen& operator=(const Frozen&) = delete;

    std::int32_t state() const { return object_.signal_state(); }
    void set_state(std::int32_t state) { set_word(SignalWord::with_state(word(), state)); }
    std::uint64_t word() const { return object_.word.load(std::memory_order_relaxed); }
    void set_word(std::uint64_t word) { object_.word.store(word, std::memory_order_release); }
    /// Gives the object to those who wait, in order, as long as it is signaled.
    void serve();

    /// Lets the object change without the lock again, if nobody waits for it.
    static void thaw(Dispatcher& object);

  private:
    Dispatcher& object_;
    DispatcherScope& scope_;
};

/// The object at this address; a bug check if none was initialized there.
Dispatcher& dispatcher_at(void* object);

/// Can the thread have the object now? The object is frozen, or has waiters.
bool available_to(const Dispatcher& object, const Thread& thread);

/// What a satisfied wait does to an object. True: it was an abandoned mutant.
bool consume(WaitBlock& block, Thread& thread, KIRQL irql);

/// The list of those who wait for the object. Under the dispatcher lock.
void join(WaitBlock& block);
void quit(WaitBlock& block);

/// Changes the state if nobody waits; false: take the dispatcher lock. `change` returns the new word for the old one.
template <class Change>
bool change_fast(Dispatcher& object, std::uint64_t& old, Change change) {
    old = object.word.load(std::memory_order_relaxed);
    do {
        if (old & SignalWord::slow) return false;
    } while (!object.word.compare_exchange_weak(old, change(old), std::memory_order_acq_rel, std::memory_order_relaxed));
    return true;
}

/// Ends the waits that the object's new state satisfies; returns the state before. `signal` returns the new state for the old one.
template <class Signal>
std::int32_t signal_object(Dispatcher& object, Signal signal) {
    std::uint64_t old = 0;
    if (change_fast(object, old, [&](std::uint64_t word) { return SignalWord::with_state(word, signal(SignalWord::state(word))); }))
        return SignalWord::state(old);
    DispatcherScope scope;
    Frozen frozen(object, scope);
    const std::int32_t before = frozen.state();
    frozen.set_state(signal(before));
    frozen.serve();
    return before;
}

}  // namespace ddi::kernel
