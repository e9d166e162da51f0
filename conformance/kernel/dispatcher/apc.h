// Asynchronous procedure calls. A driver cannot queue one through a documented function; Windows does, whenever it likes, and that is
// what the documentation of regions, levels and waits is about. Here whoever tests a driver plays Windows' part.
//   special kernel APC   runs at APC_LEVEL, as soon as the thread is below it and in no guarded region
//   normal kernel APC    runs at PASSIVE_LEVEL, in no critical or guarded region, holding no mutex, one at a time
//   user APC             runs when the thread returns to user mode; ends UserMode waits that are alertable
// A thread of the host cannot be interrupted: a running thread gets its APCs when it next lowers its IRQL, leaves a region, waits, or
// releases a mutex; a waiting one at once, and it waits anew afterwards.
#pragma once

#include <functional>
#include <optional>

#include "conformance/kernel/dispatcher/object.h"
#include "conformance/kernel/thread.h"

namespace ddi::kernel {

enum class ApcKind { special_kernel, normal_kernel, user };

/// False: the thread has ended.
bool queue_apc(ThreadId thread, ApcKind kind, std::function<void()> routine);

/// As KeAlertThread: ends an alertable wait of that mode (or of UserMode, by an alert for KernelMode), else is remembered for the next.
/// False: the thread has ended.
bool alert_thread(ThreadId thread, KPROCESSOR_MODE mode);

/// The calling thread goes back to user mode: its user APCs run. Returns how many have run.
int return_to_user_mode();

/// Of a thread that waits, or is about to, at this level: may its first kernel APC run? Under the dispatcher lock.
bool kernel_apc_deliverable(const Thread& thread, KIRQL irql);
/// The status that ends the wait before it has begun: an alert or a user APC is there. Under the dispatcher lock.
std::optional<NTSTATUS> interrupt_wait(Thread& thread, const Waiter& waiter);
/// The thread is about to wait, its processor to be idle: what has had time until then runs.
void run_idle(Thread& thread);
/// Forgets the APCs of a thread that ends.
void discard_apcs(Thread& thread);

}  // namespace ddi::kernel
