#include "conformance/kernel/io/interrupt.h"

#include "conformance/kernel/irql.h"

namespace ddi::kernel::io {

Interrupt::Interrupt(KIRQL level, KAFFINITY processors, USHORT group) : lock_(level) {
    affinity_.Mask = processors;
    affinity_.Group = group;
}

Interrupt::~Interrupt() { kind_ = 0; }

Interrupt& Interrupt::of(PKINTERRUPT object) {
    Interrupt& interrupt = *reinterpret_cast<Interrupt*>(object);
    if (!object || interrupt.kind_ != live) [[unlikely]]
        bug_check(BugCode::driver_verifier_detected_violation, interrupt_violation::not_connected, object);
    return interrupt;
}

void Interrupt::deliver(const std::function<void()>& service_routine) {
    const KIRQL old = lock_.acquire();
    service_routine();
    lock_.release(old);
}

}  // namespace ddi::kernel::io

using namespace ddi::kernel;
using io::Interrupt;

namespace {

DirqlLock& spin_lock_of(PKINTERRUPT object) {
    DirqlLock& lock = Interrupt::of(object).lock();
    if (lock.passive()) [[unlikely]]
        bug_check(BugCode::driver_verifier_detected_violation, interrupt_violation::passive_level, object);
    return lock;
}

}  // namespace

extern "C" {

KIRQL KeAcquireInterruptSpinLock(PKINTERRUPT Interrupt) { return spin_lock_of(Interrupt).acquire(); }

VOID KeReleaseInterruptSpinLock(PKINTERRUPT Interrupt, KIRQL OldIrql) { spin_lock_of(Interrupt).release(OldIrql); }

// A routine that does not come back at its level, or gives the lock away, is caught by the release.
BOOLEAN KeSynchronizeExecution(PKINTERRUPT Interrupt, PKSYNCHRONIZE_ROUTINE SynchronizeRoutine, PVOID SynchronizeContext) {
    DirqlLock& lock = io::Interrupt::of(Interrupt).lock();
    const KIRQL old = lock.acquire();
    const BOOLEAN result = SynchronizeRoutine(SynchronizeContext);
    lock.release(old);
    return result;
}

NTSTATUS IoGetAffinityInterrupt(PKINTERRUPT InterruptObject, PGROUP_AFFINITY GroupAffinity) {
    *GroupAffinity = Interrupt::of(InterruptObject).affinity();
    return STATUS_SUCCESS;
}

}  // extern "C"
