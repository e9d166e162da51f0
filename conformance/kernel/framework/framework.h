// What a driver of the framework gets from the framework: devices, queues and interrupt objects with the locks that belong to them.
// Drivers make spin locks and wait locks themselves.
#pragma once

#include <wdfobject.h>
#include <wdftypes.h>
#include <wdm.h>

#include <functional>

#include "conformance/kernel/framework/object.h"
#include "conformance/kernel/thread.h"

namespace ddi::kernel::framework {

/// Device and queue handles are passed as WDFOBJECT here: no function of this set takes them as anything else.
/// A device without a parent, or a queue below a device. Its synchronization lock is a spin lock unless callbacks run at PASSIVE_LEVEL.
WDFOBJECT create_device(WDF_EXECUTION_LEVEL level = WdfExecutionLevelDispatch);
WDFOBJECT create_queue(WDFOBJECT device, WDF_EXECUTION_LEVEL level = WdfExecutionLevelInheritFromParent);

/// PASSIVE_LEVEL: a passive-level interrupt. `lock` is the SpinLock of WDF_INTERRUPT_CONFIG, which the driver may not acquire itself
/// from now on; null: the framework's own.
WDFINTERRUPT create_interrupt(WDFOBJECT device, KIRQL level, WDFSPINLOCK lock = nullptr);
/// Between EvtInterruptEnable and EvtInterruptDisable; an interrupt begins enabled.
void enable_interrupt(WDFINTERRUPT interrupt, bool enabled);
/// The device interrupts: the callback runs on the calling thread as EvtInterruptIsr does.
void deliver_interrupt(WDFINTERRUPT interrupt, const std::function<void()>& isr);

/// Who holds the lock of the object (device, queue, interrupt, spin lock, wait lock); 0: free.
ThreadId lock_owner(Handle handle);

}  // namespace ddi::kernel::framework
