// The lock functions of ks.h, on the hosts of avstream.h. The mutexes are mutex objects: recursive, and their holder gets no
// normal kernel APCs, which is the critical region that KsReleaseDevice's page says it exits.
#include <ks.h>

#include "conformance/kernel/irql.h"
#include "conformance/kernel/mutant.h"
#include "conformance/kernel/planted_bug.h"
#include "conformance/kernel/region.h"
#include "conformance/kernel/streaming/avstream.h"

using namespace ddi::kernel;
using avstream::Lookup;

namespace {

void acquire(PRKMUTEX mutex, const void* object) {
    require_at_most(PASSIVE_LEVEL, object);
    wait_for_mutant(mutant_at(mutex), nullptr);
}

void release(PRKMUTEX mutex, const void* object) {
    require_at_most(PASSIVE_LEVEL, object);
    release_mutant(mutant_at(mutex), false, false);
}

avstream::SecurityLock& security_lock(KSDEVICE_HEADER header) { return *reinterpret_cast<avstream::SecurityLock*>(header); }

}  // namespace

extern "C" {

void KsAcquireControl(PVOID Object) { acquire(Lookup::control_of(Object), Object); }
void KsReleaseControl(PVOID Object) { release(Lookup::control_of(Object), Object); }

void KsFilterAcquireControl(PKSFILTER Filter) { KsAcquireControl(Filter); }
void KsFilterReleaseControl(PKSFILTER Filter) { KsReleaseControl(Filter); }
void KsPinAcquireControl(PKSPIN Pin) { KsAcquireControl(Pin); }
void KsPinReleaseControl(PKSPIN Pin) { KsReleaseControl(Pin); }

void KsFilterAcquireProcessingMutex(PKSFILTER Filter) { acquire(Lookup::filter(Filter).processing(), Filter); }
void KsFilterReleaseProcessingMutex(PKSFILTER Filter) { release(Lookup::filter(Filter).processing(), Filter); }
void KsPinAcquireProcessingMutex(PKSPIN Pin) { acquire(Lookup::processing_of(Pin), Pin); }
void KsPinReleaseProcessingMutex(PKSPIN Pin) { release(Lookup::processing_of(Pin), Pin); }

void KsAcquireDevice(PKSDEVICE Device) {
    if (!planted(Bug::device_mutex_not_taken)) acquire(Lookup::device(Device).mutex(), Device);
}
void KsReleaseDevice(PKSDEVICE Device) {
    if (!planted(Bug::device_mutex_not_taken)) release(Lookup::device(Device).mutex(), Device);
}

// Held in a critical region, as an executive resource has to be.
VOID KsAcquireDeviceSecurityLock(KSDEVICE_HEADER Header, BOOLEAN Exclusive) {
    require_at_most(APC_LEVEL, reinterpret_cast<const void*>(Header));
    enter_critical_region(this_thread());
    security_lock(Header).acquire((Exclusive != FALSE) != planted(Bug::security_lock_mode_inverted));
}

VOID KsReleaseDeviceSecurityLock(KSDEVICE_HEADER Header) {
    Thread& thread = this_thread();
    security_lock(Header).require_held_by(thread);
    // Readers have no names; but a thread outside all critical regions cannot be one.
    if (thread.kernel_apc_disable.get() == 0) bug_check(BugCode::apc_index_mismatch, 0, 0, combined_apc_disable(thread));
    security_lock(Header).release(thread);
    leave_critical_region(thread);
}

PKSFILTER KsPinGetParentFilter(PKSPIN Pin) {
    require_at_most(PASSIVE_LEVEL, Pin);
    return Lookup::pin(Pin).filter().object();
}

void KsCompletePendingRequest(PIRP Irp) {
    require_at_most(DISPATCH_LEVEL, Irp);
    Request::of(Irp).complete_pending();
}

}  // extern "C"
