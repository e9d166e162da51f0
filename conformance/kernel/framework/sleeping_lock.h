// A lock of the framework that threads sleep on, in the order they came, with normal kernel APCs disabled while it is held.
#pragma once

#include <wdm.h>

#include "conformance/kernel/dispatcher/wait.h"
#include "conformance/kernel/thread.h"

namespace ddi::kernel::framework {

class SleepingLock {
  public:
    /// Null: without a time limit. `shown` is what the thread is seen to wait for. STATUS_SUCCESS or STATUS_TIMEOUT.
    NTSTATUS acquire(const void* shown, const LARGE_INTEGER* timeout = nullptr);
    /// A bug check if the caller does not hold it.
    void release(const void* shown);
    /// 0: free.
    ThreadId owner() const { return owner_.load(std::memory_order_relaxed); }

  private:
    KernelEvent free_{KernelEvent::automatic, true};
    std::atomic<ThreadId> owner_{0};
};

}  // namespace ddi::kernel::framework
