// An I/O request that a host object sends to a driver's dispatch routine: the IRP the driver sees and how far the request has come.
// A routine completes it by returning a status, or returns STATUS_PENDING after IoMarkIrpPending and completes it later with
// KsCompletePendingRequest, on any thread, perhaps before the routine has returned. The storage is the host's until then.
#pragma once

#include <wdm.h>

#include <atomic>
#include <cstdint>

namespace ddi::kernel {

class Request {
  public:
    /// What an IRP's Flags say it was made for, as on Windows.
    enum class Operation : ULONG { create = 0x80, close = 0x400 };

    explicit Request(Operation operation);
    Request(const Request&) = delete;
    Request& operator=(const Request&) = delete;

    PIRP irp() { return &irp_; }
    bool completed() const { return state_.load(std::memory_order_acquire) & complete_bit; }
    /// Blocks until completed; observe::blocked_on says the IRP.
    void await_completion();
    /// The final status; only once completed.
    NTSTATUS status() const { return status_; }

    /// The dispatch routine has returned this status. Checks it against what the routine did with the IRP (a bug check if it
    /// does not fit) and completes the request unless it is pending.
    void dispatched(NTSTATUS returned);

    /// The request an IRP belongs to; a bug check if no host made this IRP.
    static Request& of(PIRP irp);
    /// KsCompletePendingRequest.
    void complete_pending();

  private:
    static constexpr std::uint32_t complete_bit = 1;
    void finish(NTSTATUS status);

    IRP irp_{};  // first: an IRP's address is its request's
    std::atomic<std::uint32_t> state_{0};
    NTSTATUS status_ = 0;
};

}  // namespace ddi::kernel
