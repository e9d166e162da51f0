// A host for one network adapter: the handle that NDIS gives a driver at registration, and its interrupts: one line-based interrupt or
// several message-signaled ones, each with a DIRQL and the spin lock that NDIS allocates for it.
#pragma once

#include <ndis.h>

#include <functional>
#include <memory>
#include <vector>

#include "conformance/kernel/io/dirql_lock.h"

namespace ddi::kernel::ndis {

class Adapter {
  public:
    /// `levels`: the DIRQL of each message; one element: a line-based interrupt, for which the message id is ignored.
    explicit Adapter(std::vector<KIRQL> levels = {DDI_DIRQL_MIN});
    ~Adapter();
    Adapter(const Adapter&) = delete;
    Adapter& operator=(const Adapter&) = delete;

    /// As NdisMRegisterMiniportDriver or MiniportInitializeEx would give it.
    NDIS_HANDLE handle() { return static_cast<NDIS_HANDLE>(&kind_); }
    /// As NdisMRegisterInterruptEx would give it.
    NDIS_HANDLE interrupt() { return static_cast<NDIS_HANDLE>(&interrupt_); }
    /// What a message's service routine runs under.
    DirqlLock& lock(ULONG message);
    /// The device interrupts: the routine (MiniportInterrupt) runs on the calling thread, at DIRQL, holding the message's lock.
    void deliver(ULONG message, const std::function<void()>& service_routine);

    /// A bug check if the handle is none of an interrupt's.
    static Adapter& of_interrupt(NDIS_HANDLE handle);

  private:
    friend void require_handle(NDIS_HANDLE handle);
    static constexpr std::uint64_t adapter_kind = 0x5245545041444E41;    // "ANDAPTER"
    static constexpr std::uint64_t interrupt_kind = 0x5450525245544E49;  // "INTERRPT"

    struct InterruptHandle {
        std::uint64_t kind;
        Adapter* adapter;
    };
    std::uint64_t kind_ = adapter_kind;
    InterruptHandle interrupt_;
    std::vector<std::unique_ptr<DirqlLock>> messages_;
};

/// A bug check unless an adapter of ours has this handle.
void require_handle(NDIS_HANDLE handle);

}  // namespace ddi::kernel::ndis
