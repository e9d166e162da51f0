// Events that drivers share by name: made by the first who asks for one, signaled, and gone with the last handle.
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "conformance/kernel/dispatcher/event.h"
#include "conformance/kernel/dispatcher/object.h"
#include "conformance/kernel/irql.h"

namespace ddi::kernel {
namespace {

struct NamedEvent {
    explicit NamedEvent(ObjectKind kind) : event(kind, 1) {}
    Dispatcher event;
};

struct Directory {
    std::mutex mutex;
    std::map<std::u16string, std::weak_ptr<NamedEvent>> names;
    std::map<HANDLE, std::shared_ptr<NamedEvent>> handles;
    std::uintptr_t last_handle = 0x80000000;  // kernel handles have the highest bit of their lower half set
};

// Never destroyed: a thread may still wait for one of its events while the process ends.
Directory& directory() {
    static Directory& instance = *new Directory;
    return instance;
}

PKEVENT open_or_create(PUNICODE_STRING name, PHANDLE handle, ObjectKind kind) {
    require_at_most(PASSIVE_LEVEL, name);
    if (!name || !name->Buffer || name->Length == 0 || name->Length % sizeof(WCHAR) != 0) return nullptr;
    const std::u16string text(reinterpret_cast<const char16_t*>(name->Buffer), name->Length / sizeof(WCHAR));
    Directory& all = directory();
    const std::lock_guard lock(all.mutex);
    std::shared_ptr<NamedEvent> event = all.names[text].lock();
    if (event && event->event.kind != kind) return nullptr;  // the name belongs to an event of the other type
    if (!event) all.names[text] = event = std::make_shared<NamedEvent>(kind);
    all.last_handle += 4;
    *handle = reinterpret_cast<HANDLE>(all.last_handle);
    return reinterpret_cast<PKEVENT>(&all.handles.emplace(*handle, std::move(event)).first->second->event);
}

}  // namespace

bool close_event_handle(HANDLE handle) {
    Directory& all = directory();
    const std::lock_guard lock(all.mutex);
    return all.handles.erase(handle) > 0;
}

}  // namespace ddi::kernel

using namespace ddi::kernel;

extern "C" {

PKEVENT IoCreateNotificationEvent(PUNICODE_STRING EventName, PHANDLE EventHandle) {
    return open_or_create(EventName, EventHandle, ObjectKind::notification_event);
}

PKEVENT IoCreateSynchronizationEvent(PUNICODE_STRING EventName, PHANDLE EventHandle) {
    return open_or_create(EventName, EventHandle, ObjectKind::synchronization_event);
}

}  // extern "C"
