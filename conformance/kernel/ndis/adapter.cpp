#include "conformance/kernel/ndis/adapter.h"

#include "conformance/kernel/bugcheck.h"

namespace ddi::kernel::ndis {

Adapter::Adapter(std::vector<KIRQL> levels) : interrupt_{interrupt_kind, this} {
    for (const KIRQL level : levels) messages_.push_back(std::make_unique<DirqlLock>(level));
}

Adapter::~Adapter() {
    kind_ = 0;
    interrupt_.kind = 0;
}

DirqlLock& Adapter::lock(ULONG message) {
    if (messages_.size() == 1) return *messages_.front();
    if (message >= messages_.size())
        bug_check(BugCode::driver_verifier_detected_violation, interrupt_violation::not_connected, &interrupt_, message);
    return *messages_[message];
}

void Adapter::deliver(ULONG message, const std::function<void()>& service_routine) {
    DirqlLock& held = lock(message);
    const KIRQL old = held.acquire();
    service_routine();
    held.release(old);
}

Adapter& Adapter::of_interrupt(NDIS_HANDLE handle) {
    const auto* interrupt = static_cast<const InterruptHandle*>(handle);
    if (!handle || interrupt->kind != interrupt_kind)
        bug_check(BugCode::driver_verifier_detected_violation, interrupt_violation::not_connected, handle);
    return *interrupt->adapter;
}

void require_handle(NDIS_HANDLE handle) {
    if (*static_cast<const std::uint64_t*>(handle) != Adapter::adapter_kind)
        bug_check(BugCode::driver_verifier_detected_violation, verifier::resource_uninitialized, handle);
}

}  // namespace ddi::kernel::ndis

using namespace ddi::kernel;

extern "C" {

// A function that does not come back at its level, or gives the lock away, is caught by the release.
BOOLEAN NdisMSynchronizeWithInterruptEx(NDIS_HANDLE NdisInterruptHandle, ULONG MessageId, PVOID SynchronizeFunction,
                                        PVOID SynchronizeContext) {
    DirqlLock& lock = ndis::Adapter::of_interrupt(NdisInterruptHandle).lock(MessageId);
    const auto function = reinterpret_cast<BOOLEAN (*)(NDIS_HANDLE)>(SynchronizeFunction);  // MINIPORT_SYNCHRONIZE_INTERRUPT
    const KIRQL old = lock.acquire();
    const BOOLEAN result = function(SynchronizeContext);
    lock.release(old);
    return result;
}

}  // extern "C"
