// What a test may see of the kernel from outside, so that it never has to sleep to be sure: who stands where, at which level, who
// holds what. All but the last two functions only read.
#pragma once

#include <wdm.h>

#include <cstddef>
#include <exception>
#include <optional>

#include "conformance/kernel/bugcheck.h"
#include "conformance/kernel/thread.h"

namespace ddi::kernel::observe {

/// The calling thread's identity, for the functions below.
ThreadId current_thread();

struct Snapshot {
    KIRQL irql;
    const void* waiting_on;  // lock, dispatcher object or IRP; null: not blocked. Once set, the thread stands in the object's queue
    int critical_regions;
    int guarded_regions;
    std::uint32_t spin_locks, mutexes, mutants;  // held
    std::uint32_t held() const { return spin_locks + mutexes + mutants; }
};

/// No value: the thread has ended.
std::optional<Snapshot> snapshot(ThreadId thread);
inline Snapshot snapshot() { return *snapshot(current_thread()); }

/// The object the thread is blocked on, the first one of several; null if it is not, or has ended.
const void* blocked_on(ThreadId thread);
/// Yields until the thread is blocked on the object, or on several of which it is one. False: it ended first.
bool await_blocked(ThreadId thread, const void* object);
/// As an object to be blocked on: KeDelayExecutionThread.
const void* delay();
/// How many waits there are for a dispatcher object.
int waiters(const void* object);

/// 0: free (or held as a queued lock: see spin_lock_busy).
ThreadId spin_lock_owner(const KSPIN_LOCK* lock);
bool spin_lock_busy(const KSPIN_LOCK* lock);
ThreadId fast_mutex_owner(const FAST_MUTEX* mutex);
ThreadId guarded_mutex_owner(const KGUARDED_MUTEX* mutex);
ThreadId mutex_owner(const KMUTEX* mutex);

/// How long until the timer expires, in units of 100 ns; no value: it is not set.
std::optional<std::int64_t> timer_due(const KTIMER* timer);
bool dpc_queued(const KDPC* dpc);
/// Cancels all timers of all threads: those that a test has left behind must not expire in the next one.
void forget_timers();
/// Those in this storage, which is about to be freed.
void forget_timers(const void* storage, std::size_t size);
/// What a DPC on a thread of the kernel's own ended with, a bug check for instance; told once.
std::exception_ptr take_background_failure();

/// Lets the clocks run forward at once, by units of 100 ns. Whatever becomes due on the way expires in order, as seen from the calling
/// thread's processor: the DPCs without another target have run when this returns, unless the thread is at DISPATCH_LEVEL.
void advance_time(std::int64_t ticks);
/// Sets the system time forward or back, as an administrator could; relative time limits do not notice.
void change_system_time(std::int64_t ticks);

/// After a bug check nothing runs on Windows. A test does: this puts the thread back to PASSIVE_LEVEL, outside all regions,
/// holding nothing. Locks it held stay held; their storage is not touched.
void reset_current_thread();

/// Puts the calling thread at a level, whatever it was at, as an interrupt or a dispatcher would: KeLowerIrql's rule that it undoes
/// the latest KeRaiseIrql starts anew from here.
void force_irql(KIRQL level);

}  // namespace ddi::kernel::observe
