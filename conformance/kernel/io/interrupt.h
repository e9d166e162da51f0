// Interrupt objects for drivers under test: what IoConnectInterrupt would have made. A PKINTERRUPT is the address of an Interrupt.
#pragma once

#include <miniport.h>
#include <wdm.h>

#include <functional>

#include "conformance/kernel/io/dirql_lock.h"

namespace ddi::kernel::io {

class Interrupt {
  public:
    /// The synchronization level of the interrupt; PASSIVE_LEVEL for a service routine that runs there.
    explicit Interrupt(KIRQL level, KAFFINITY processors = 1, USHORT group = 0);
    ~Interrupt();

    PKINTERRUPT object() { return reinterpret_cast<PKINTERRUPT>(this); }
    DirqlLock& lock() { return lock_; }
    GROUP_AFFINITY affinity() const { return affinity_; }

    /// The device interrupts: the service routine runs on the calling thread, at the interrupt's level, under its lock.
    void deliver(const std::function<void()>& service_routine);

    /// A bug check if there is no interrupt object at this address (any more).
    static Interrupt& of(PKINTERRUPT object);

  private:
    static constexpr std::uint64_t live = 0x5450525245544E49;  // "INTERRPT"

    std::uint64_t kind_ = live;
    DirqlLock lock_;
    GROUP_AFFINITY affinity_{};
};

}  // namespace ddi::kernel::io
