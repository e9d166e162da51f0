// The framework's objects that are locks or have one.
#pragma once

#include <wdm.h>

#include <memory>

#include "conformance/kernel/framework/framework.h"
#include "conformance/kernel/framework/object.h"
#include "conformance/kernel/framework/sleeping_lock.h"
#include "conformance/kernel/io/dirql_lock.h"

namespace ddi::kernel::framework {

/// Raises to DISPATCH_LEVEL and remembers the level before.
class SpinLock : public Object {
  public:
    void acquire();
    /// At DISPATCH_LEVEL.
    void release();
    /// At any level that is not above DISPATCH_LEVEL.
    void release_at_most_dispatch();
    ThreadId owner() const;
    const KSPIN_LOCK* word() const { return &lock_; }

    bool of_interrupt = false;  // in a WDF_INTERRUPT_CONFIG: for the framework only

  private:
    KSPIN_LOCK lock_ = 0;
    KIRQL old_irql_ = PASSIVE_LEVEL;  // the holder's
};

struct WaitLock : Object {
    SleepingLock lock;
};

struct Synchronized : Object {
    explicit Synchronized(bool passive_) : passive(passive_) {}
    const bool passive;
    SpinLock spinning;
    SleepingLock sleeping;
};
struct Device : Synchronized {
    using Synchronized::Synchronized;
};
struct Queue : Synchronized {
    using Synchronized::Synchronized;
};

/// Its lock is at its level; the holder's level before is remembered. A passive-level one disables normal kernel APCs, too.
class Interrupt : public Object {
  public:
    explicit Interrupt(KIRQL level) : lock_(level) {}
    bool passive() const { return lock_.passive(); }
    void acquire();
    bool try_acquire();
    void release();
    ThreadId owner() const { return lock_.passive() ? sleeping_.owner() : lock_.owner(); }
    /// What a thread is seen to wait for.
    const void* shown() const { return lock_.passive() ? handle : lock_.shown(); }

    std::atomic<bool> enabled{true};

  private:
    DirqlLock lock_;
    SleepingLock sleeping_;
    KIRQL old_irql_ = PASSIVE_LEVEL;
};

}  // namespace ddi::kernel::framework
