#include "conformance/kernel/dispatcher/event.h"

#include <ntddk.h>

#include <new>

#include "conformance/kernel/dispatcher/wait.h"
#include "conformance/kernel/irql.h"
#include "conformance/kernel/owned_mutex.h"

using namespace ddi::kernel;

static_assert(sizeof(KEVENT) == sizeof(Dispatcher), "KEVENT is 24 bytes on 64-bit Windows");

namespace {

Dispatcher& event_at(void* object) {
    Dispatcher& event = *static_cast<Dispatcher*>(object);
    if (event.kind != ObjectKind::notification_event && event.kind != ObjectKind::synchronization_event) [[unlikely]]
        bug_check(BugCode::driver_verifier_detected_violation, verifier::resource_uninitialized, object);
    return event;
}

LONG reset(void* object) {
    Dispatcher& event = event_at(object);
    require_at_most(DISPATCH_LEVEL, object);
    return signal_object(event, [](std::int32_t) { return 0; });
}

// Nobody but those who wait already gets anything of a pulse.
LONG pulse(Dispatcher& event) {
    DispatcherScope scope;
    Frozen frozen(event, scope);
    const LONG before = frozen.state();
    frozen.set_state(1);
    frozen.serve();
    frozen.set_state(0);
    return before;
}

}  // namespace

extern "C" {

VOID KeInitializeEvent(PRKEVENT Event, EVENT_TYPE Type, BOOLEAN State) {
    require_aligned(Event);
    new (Event) Dispatcher(Type == NotificationEvent ? ObjectKind::notification_event : ObjectKind::synchronization_event, State ? 1 : 0);
}

LONG KeReadStateEvent(PRKEVENT Event) { return event_at(Event).signal_state(); }

VOID KeClearEvent(PRKEVENT Event) { reset(Event); }

LONG KeResetEvent(PRKEVENT Event) { return reset(Event); }

LONG KeSetEvent(PRKEVENT Event, KPRIORITY, BOOLEAN Wait) {
    Dispatcher& event = event_at(Event);
    const KIRQL irql = current_irql();
    require_at_most(DISPATCH_LEVEL, Event);
    const LONG before = signal_object(event, [](std::int32_t) { return 1; });
    if (Wait) raise_until_wait(this_thread(), irql);
    return before;
}

LONG KePulseEvent(PRKEVENT Event, KPRIORITY, BOOLEAN Wait) {
    Dispatcher& event = event_at(Event);
    const KIRQL irql = current_irql();
    require_at_most(DISPATCH_LEVEL, Event);
    const LONG before = pulse(event);
    if (Wait) raise_until_wait(this_thread(), irql);
    return before;
}

}  // extern "C"
