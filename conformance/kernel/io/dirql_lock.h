// What an interrupt service routine runs under: a spin lock at the interrupt's DIRQL or, for a routine at PASSIVE_LEVEL, a lock that
// threads sleep on. Interrupt objects of WDM, the framework, StorPort and GPIO have one each.
#pragma once

#include <wdm.h>

#include <cstdint>

#include "conformance/kernel/dispatcher/wait.h"
#include "conformance/kernel/thread.h"

namespace ddi::kernel {

/// First parameters (ours) of DRIVER_VERIFIER_DETECTED_VIOLATION for misuse that the documentation calls fatal without a code.
namespace interrupt_violation {
inline constexpr std::uint64_t passive_level = 0x20001;  // interrupt: it has no spin lock
inline constexpr std::uint64_t not_connected = 0x20002;  // interrupt: no interrupt object there, or not enabled
}  // namespace interrupt_violation

class DirqlLock {
  public:
    /// PASSIVE_LEVEL: no spin lock.
    explicit DirqlLock(KIRQL level) : level_(level) {}
    DirqlLock(const DirqlLock&) = delete;
    DirqlLock& operator=(const DirqlLock&) = delete;

    KIRQL level() const { return level_; }
    bool passive() const { return level_ == PASSIVE_LEVEL; }

    /// Raises to the level, never lowers; returns the level before.
    KIRQL acquire();
    bool try_acquire(KIRQL& old);
    /// The caller must be at the lock's level and hold it.
    void release(KIRQL old);

    bool held_by_caller() const;
    /// 0: free.
    ThreadId owner() const;
    /// What a thread that waits is seen to wait for.
    const void* shown() const { return passive() ? static_cast<const void*>(this) : &spin_; }

  private:
    void require_not_held(const Thread& thread) const;
    KIRQL raise() const;
    void taken(Thread& thread, bool attempt);  // the passive one

    const KIRQL level_;
    KSPIN_LOCK spin_ = 0;
    KernelEvent free_{KernelEvent::automatic, true};
    std::atomic<ThreadId> passive_owner_{0};
};

}  // namespace ddi::kernel
