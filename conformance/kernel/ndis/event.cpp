// NDIS events are notification events, and NDIS mutexes mutex objects.
#include <ndis.h>
#include <wdm.h>

#include "conformance/kernel/irql.h"

using namespace ddi::kernel;

namespace {

static_assert(sizeof(NDIS_EVENT) >= sizeof(KEVENT) && alignof(NDIS_EVENT) >= alignof(KEVENT));

PRKEVENT event_in(PNDIS_EVENT event) { return reinterpret_cast<PRKEVENT>(event); }

constexpr LONGLONG ticks_per_millisecond = 10'000;  // of 100 ns

}  // namespace

extern "C" {

VOID NdisInitializeEvent(PNDIS_EVENT Event) { KeInitializeEvent(event_in(Event), NotificationEvent, FALSE); }

VOID NdisSetEvent(PNDIS_EVENT Event) { KeSetEvent(event_in(Event), 0, FALSE); }

VOID NdisResetEvent(PNDIS_EVENT Event) { KeResetEvent(event_in(Event)); }

BOOLEAN NdisWaitEvent(PNDIS_EVENT Event, UINT MsToWait) {
    require_at_most(PASSIVE_LEVEL, Event);
    LARGE_INTEGER timeout;
    timeout.QuadPart = -static_cast<LONGLONG>(MsToWait) * ticks_per_millisecond;
    const NTSTATUS status = KeWaitForSingleObject(Event, Executive, KernelMode, FALSE, MsToWait == 0 ? nullptr : &timeout);
    return status == STATUS_SUCCESS ? TRUE : FALSE;
}

VOID NDIS_INIT_MUTEX(PNDIS_MUTEX _M_) { KeInitializeMutex(_M_, 0); }

// KeReleaseMutex raises a status that nothing in an NDIS driver catches: the bug check that the page promises.
LONG NDIS_RELEASE_MUTEX(PNDIS_MUTEX _M_) {
    require_at_most(PASSIVE_LEVEL, _M_);
    try {
        return KeReleaseMutex(_M_, FALSE);
    } catch (const KernelException& raised) {
        bug_check(BugCode::kmode_exception_not_handled, static_cast<ULONG>(raised.status), _M_);
    }
}

NTSTATUS NDIS_WAIT_FOR_MUTEX(PNDIS_MUTEX _M_) {
    require_at_most(PASSIVE_LEVEL, _M_);
    return KeWaitForSingleObject(_M_, Executive, KernelMode, FALSE, nullptr);
}

}  // extern "C"
