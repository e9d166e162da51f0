// wdfinterrupt.h: the lock of a framework interrupt object.
#include <wdfinterrupt.h>

#include "conformance/kernel/framework/locks.h"
#include "conformance/kernel/irql.h"

namespace ddi::kernel::framework {

void Interrupt::acquire() {
    if (passive()) {
        require_at_most(PASSIVE_LEVEL, handle);
        sleeping_.acquire(handle);
        return;
    }
    const KIRQL old = lock_.acquire();
    old_irql_ = old;
}

bool Interrupt::try_acquire() {
    const LARGE_INTEGER now{};
    return passive() && sleeping_.acquire(handle, &now) == STATUS_SUCCESS;
}

void Interrupt::release() {
    if (passive()) {
        require_at_most(PASSIVE_LEVEL, handle);
        sleeping_.release(handle);
        return;
    }
    lock_.release(old_irql_);
}

namespace {

Interrupt& enabled_interrupt(WDFINTERRUPT handle) {
    Interrupt& interrupt = get<Interrupt>(handle);
    if (!interrupt.enabled.load(std::memory_order_relaxed)) [[unlikely]]
        bug_check(BugCode::wdf_violation, violation::prohibited, handle);
    return interrupt;
}

}  // namespace

WDFINTERRUPT create_interrupt(WDFOBJECT device, KIRQL level, WDFSPINLOCK lock) {
    if (lock) get<SpinLock>(lock).of_interrupt = true;
    return as<WDFINTERRUPT>(add(std::make_unique<Interrupt>(level), device));
}

void enable_interrupt(WDFINTERRUPT interrupt, bool enabled) { get<Interrupt>(interrupt).enabled.store(enabled, std::memory_order_relaxed); }

void deliver_interrupt(WDFINTERRUPT handle, const std::function<void()>& isr) {
    Interrupt& interrupt = enabled_interrupt(handle);
    interrupt.acquire();
    isr();
    interrupt.release();
}

}  // namespace ddi::kernel::framework

using namespace ddi::kernel;
using framework::enabled_interrupt;

extern "C" {

VOID WdfInterruptAcquireLock(WDFINTERRUPT Interrupt) { enabled_interrupt(Interrupt).acquire(); }

VOID WdfInterruptReleaseLock(WDFINTERRUPT Interrupt) { enabled_interrupt(Interrupt).release(); }

// Only a passive-level interrupt has the lock that this tries to get.
BOOLEAN WdfInterruptTryToAcquireLock(WDFINTERRUPT Interrupt) {
    framework::Interrupt& interrupt = enabled_interrupt(Interrupt);
    require_at_most(PASSIVE_LEVEL, Interrupt);
    return interrupt.try_acquire() ? TRUE : FALSE;
}

BOOLEAN WdfInterruptSynchronize(WDFINTERRUPT Interrupt, PFN_WDF_INTERRUPT_SYNCHRONIZE Callback, WDFCONTEXT Context) {
    framework::Interrupt& interrupt = enabled_interrupt(Interrupt);
    require_at_most(interrupt.passive() ? PASSIVE_LEVEL : DISPATCH_LEVEL, Interrupt);
    interrupt.acquire();
    const BOOLEAN result = Callback(Interrupt, Context);
    interrupt.release();
    return result;
}

}  // extern "C"
