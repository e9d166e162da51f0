// Waits for dispatcher objects: what KeWaitForSingleObject is made of, and what other lock families block with.
//
//   KernelEvent free{KernelEvent::automatic};    inside an object of any kind, or on a waiter's stack
//   status = free.wait(lock, timeout);           observe.h says that the thread waits for `lock`; null: no time limit
//   free.set();                                  from any thread, at any level up to DISPATCH_LEVEL; may outlive nobody: the waiter
//                                                may destroy the event as soon as its wait returns
#pragma once

#include <wdm.h>

#include "conformance/kernel/dispatcher/object.h"
#include "conformance/kernel/thread.h"

namespace ddi::kernel {

struct WaitOptions {
    bool alertable = false;
    bool user_mode = false;
};

/// As KeWaitForSingleObject. `shown` is what observe.h tells that the thread waits for; null: the object.
NTSTATUS wait_for(Dispatcher& object, const LARGE_INTEGER* timeout, WaitOptions options = {}, const void* shown = nullptr);

/// As KeWaitForMultipleObjects, with the objects in the first members of the caller's blocks.
NTSTATUS wait_for_several(WaitBlock* blocks, std::uint32_t count, bool all, const LARGE_INTEGER* timeout, WaitOptions options = {});

/// As KeDelayExecutionThread. `delayed` is what the thread is seen to wait for.
NTSTATUS delay(const LARGE_INTEGER& interval, WaitOptions options = {});
extern const char delayed;

/// An event for use inside the kernel.
class KernelEvent : public Dispatcher {
  public:
    enum Type { manual, automatic };  // does the wait that it ends reset it?
    explicit KernelEvent(Type type, bool is_set = false)
        : Dispatcher(type == manual ? ObjectKind::notification_event : ObjectKind::synchronization_event, is_set ? 1 : 0) {}
    KernelEvent(const KernelEvent&) = delete;
    KernelEvent& operator=(const KernelEvent&) = delete;

    void set() {
        signal_object(*this, [](std::int32_t) { return 1; });
    }
    void clear() {
        signal_object(*this, [](std::int32_t) { return 0; });
    }
    bool is_set() const { return signal_state() > 0; }
    NTSTATUS wait(const void* shown, const LARGE_INTEGER* timeout = nullptr) { return wait_for(*this, timeout, {}, shown); }
};

/// The level of the wait that begins here: it ends the state that a release with Wait = TRUE left behind. A bug check at DISPATCH_LEVEL
/// if the wait could block, and above it.
KIRQL begin_wait(Thread& thread, const LARGE_INTEGER* timeout, const void* object);

}  // namespace ddi::kernel
