// What the kernel knows about the thread it runs on: IRQL, APC state, what it holds and what it waits for.
// The owner alone writes a Thread, but where said; others read it through observe.h. Everything on a lock's fast path is a plain
// thread-local access; the registry of threads is locked only when a thread is first seen, when it ends and when a test looks at it.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "conformance/kernel/bugcheck.h"

namespace ddi::kernel {

struct Apc;
struct Mutant;
struct ThreadObject;
struct Waiter;

/// A value with one writer and any reader: plain moves on every processor we know.
template <class T>
class Cell {
  public:
    constexpr Cell() = default;
    constexpr explicit Cell(T value) : value_(value) {}
    T get() const { return value_.load(std::memory_order_relaxed); }
    void set(T value) { value_.store(value, std::memory_order_relaxed); }
    void add(int amount) { set(static_cast<T>(get() + amount)); }

  private:
    std::atomic<T> value_{};
};

using ThreadId = std::uint32_t;  // never 0, never used twice

struct Thread {
    Cell<std::uint8_t> irql{0};
    bool wait_next = false;                     // KeReleaseMutex(Wait = TRUE): a wait has to follow
    std::uint8_t wait_irql = 0;                 // ... and it restores this IRQL
    Cell<std::int16_t> kernel_apc_disable{0};   // minus the depth of critical regions, as Windows counts
    Cell<std::int16_t> special_apc_disable{0};  // minus the depth of guarded regions
    ThreadId id = 0;
    /// Zero; not while acquisitions are watched (deadlock.h): then no fast path of a lock may succeed. Whoever watches writes it.
    Cell<std::uint64_t> watch{0};
    std::uint32_t processor = 0;       // the one it runs on: its own, but for a worker that runs another's DPCs
    std::uint32_t home_processor = 0;  // its own
    Cell<std::uint32_t> held_spin_locks{0};
    Cell<std::uint32_t> held_mutexes{0};  // fast and guarded
    Cell<std::uint32_t> held_mutants{0};
    /// Set once this thread stands in the object's queue (if it has one), so that an observer can rely on the order.
    std::atomic<const void*> waiting_on{nullptr};
    Mutant* owned = nullptr;  // the mutants and mutexes this thread holds, latest first

    /// What this thread has to do as soon as its IRQL and its regions allow it; others set these bits.
    static constexpr std::uint32_t pending_dpc = 1, pending_apc = 2, pending_idle_dpc = 4;
    std::atomic<std::uint32_t> pending{0};
    // Guarded by the dispatcher lock.
    Waiter* waiter = nullptr;  // the wait it is in
    Apc* kernel_apcs = nullptr;
    Apc* user_apcs = nullptr;
    bool alerted[2] = {};            // by processor mode
    bool user_apc_pending = false;   // a wait has made way for user APCs
    bool in_normal_apc = false;      // normal kernel APCs do not interrupt each other
    ThreadObject* object = nullptr;  // once somebody has asked for it

    // Queued spin locks have no room for an owner: to tell a recursive acquisition from a busy lock, some that are held are remembered.
    static constexpr std::size_t remembered_queued_locks = 8;
    const void* queued[remembered_queued_locks] = {};

    // Reader-writer spin locks have no room for owners either. The first ones a thread holds are remembered, the others counted.
    struct SharedSpinLock {
        const void* lock;
        bool exclusive;
    };
    static constexpr std::size_t remembered_shared_locks = 8;
    SharedSpinLock shared_locks[remembered_shared_locks] = {};
    std::uint32_t shared_lock_count = 0;
    std::uint32_t forgotten_shared_locks = 0;

    // KeRaiseIrql's not yet undone: what KeLowerIrql may be given.
    struct Raise {
        std::uint8_t from, to;
    };
    static constexpr std::size_t remembered_raises = 16;
    Raise raises[remembered_raises] = {};
    std::uint32_t raise_count = 0;

    Thread* next = nullptr;  // in the registry, guarded by its mutex
    Thread* previous = nullptr;
};

inline constinit thread_local Thread thread_storage{};

void register_thread();

/// The thread that runs this, known to the registry.
inline Thread& this_thread() {
    if (thread_storage.id == 0) [[unlikely]]
        register_thread();
    return thread_storage;
}

/// Says what this thread waits for as long as it lives.
class WaitingScope {
  public:
    WaitingScope(Thread& thread, const void* object) : thread_(thread) { thread_.waiting_on.store(object, std::memory_order_release); }
    ~WaitingScope() { thread_.waiting_on.store(nullptr, std::memory_order_release); }
    WaitingScope(const WaitingScope&) = delete;
    WaitingScope& operator=(const WaitingScope&) = delete;

  private:
    Thread& thread_;
};

/// Calls `look(thread)` with the registry locked, so that the thread cannot end meanwhile. False: no such thread (any more).
bool with_thread(ThreadId id, void (*look)(const Thread&, void*), void* context);
/// The same, for those who change what another thread may change.
bool with_thread(ThreadId id, void (*act)(Thread&, void*), void* context);

/// All threads, with the registry locked; a thread that is not among them yet asks deadlock::active when it comes.
void for_each_thread(void (*act)(Thread&, void*), void* context);

/// dispatcher/apc.cpp: runs the DPCs and kernel APCs that may run now.
void run_pending(Thread& thread);

/// mutex.cpp: gives up what an ending thread still holds.
void abandon_mutants(Thread& thread);

}  // namespace ddi::kernel
