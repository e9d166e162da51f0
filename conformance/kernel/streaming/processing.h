// The process object of a pin or a filter: its process control gate, and the dispatches that an attempt leads to. A dispatch captures an
// input of the gate, so that there is one at a time; at PASSIVE_LEVEL it also holds the processing mutex.
#pragma once

#include <ks.h>

#include <atomic>
#include <exception>
#include <functional>

#include "conformance/kernel/parking.h"

namespace ddi::kernel::avstream {

class ProcessObject {
  public:
    explicit ProcessObject(PRKMUTEX mutex);
    /// Waits for work items that are still to run.
    ~ProcessObject();
    ProcessObject(const ProcessObject&) = delete;
    ProcessObject& operator=(const ProcessObject&) = delete;

    /// The routine may run at DISPATCH_LEVEL if `at_dispatch` (KS…_FLAG_DISPATCH_LEVEL_PROCESSING).
    void set_routine(std::function<NTSTATUS()> routine, bool at_dispatch);
    bool has_routine() const { return static_cast<bool>(routine_); }
    /// An AND gate; the host adds its inputs.
    PKSGATE gate() { return &gate_; }
    void attempt(bool asynchronous);
    /// Returns when no work item is under way, and throws what the latest that failed has thrown.
    void await_work();

  private:
    void process();
    NTSTATUS dispatch();
    void work();

    KSGATE gate_{};
    PRKMUTEX mutex_;
    std::function<NTSTATUS()> routine_;
    bool at_dispatch_ = false;
    std::atomic<std::uint32_t> work_items_{0};
    Gate failure_guard_;
    std::exception_ptr failure_;
};

}  // namespace ddi::kernel::avstream
