// Semaphore objects in the caller's 32 bytes: the signal state is the count.
#include <new>

#include "conformance/kernel/dispatcher/object.h"
#include "conformance/kernel/irql.h"
#include "conformance/kernel/owned_mutex.h"

namespace ddi::kernel {
namespace {

struct Semaphore : Dispatcher {
    std::int32_t limit;
};
static_assert(sizeof(Semaphore) <= sizeof(KSEMAPHORE) && sizeof(KSEMAPHORE) == 32, "KSEMAPHORE is 32 bytes on 64-bit Windows");

Semaphore& semaphore_at(void* object) {
    Semaphore& semaphore = *static_cast<Semaphore*>(object);
    if (semaphore.kind != ObjectKind::semaphore) [[unlikely]]
        bug_check(BugCode::driver_verifier_detected_violation, verifier::resource_uninitialized, object);
    return semaphore;
}

}  // namespace
}  // namespace ddi::kernel

using namespace ddi::kernel;

extern "C" {

VOID KeInitializeSemaphore(PRKSEMAPHORE Semaphore, LONG Count, LONG Limit) {
    require_aligned(Semaphore);
    new (Semaphore) ddi::kernel::Semaphore{Dispatcher(ObjectKind::semaphore, Count), Limit};
}

LONG KeReadStateSemaphore(PRKSEMAPHORE Semaphore) { return semaphore_at(Semaphore).signal_state(); }

LONG KeReleaseSemaphore(PRKSEMAPHORE Semaphore, KPRIORITY, LONG Adjustment, BOOLEAN Wait) {
    ddi::kernel::Semaphore& semaphore = semaphore_at(Semaphore);
    const KIRQL irql = current_irql();
    require_at_most(DISPATCH_LEVEL, Semaphore);
    bool exceeded = false;
    const LONG before = signal_object(semaphore, [&](std::int32_t count) {
        // A negative adjustment, too, is none that the semaphore can have.
        const std::int64_t adjusted = std::int64_t{count} + Adjustment;
        exceeded = adjusted > semaphore.limit || adjusted < count;
        return exceeded ? count : static_cast<std::int32_t>(adjusted);
    });
    if (exceeded) raise_status(STATUS_SEMAPHORE_LIMIT_EXCEEDED);
    if (Wait) raise_until_wait(this_thread(), irql);
    return before;
}

}  // extern "C"
