// wdfsync.h: spin locks, wait locks and the synchronization locks of devices and queues.
#include <wdfsync.h>

#include "conformance/kernel/framework/locks.h"
#include "conformance/kernel/irql.h"
#include "conformance/kernel/observe.h"
#include "conformance/kernel/spin_lock.h"

namespace ddi::kernel::framework {

void SpinLock::acquire() {
    Thread& thread = this_thread();
    if (owner() == thread.id) [[unlikely]]
        bug_check(BugCode::wdf_violation, violation::recursive_lock, handle, thread.id);
    const KIRQL old = raise_to_dispatch();
    acquire_spin_lock(&lock_, thread);
    old_irql_ = old;
}

void SpinLock::release() {
    require_dispatch(&lock_);
    release_at_most_dispatch();
}

void SpinLock::release_at_most_dispatch() {
    Thread& thread = this_thread();
    require_spin_lock_owned(&lock_, thread);
    const KIRQL old = old_irql_;
    release_spin_lock(&lock_, thread);
    set_irql(old);
}

ThreadId SpinLock::owner() const { return observe::spin_lock_owner(&lock_); }

namespace {

/// A new object for a driver; what it returns is the driver's status.
template <class Type, class WdfHandle>
NTSTATUS create(PWDF_OBJECT_ATTRIBUTES attributes, WdfHandle* result) {
    require_at_most(DISPATCH_LEVEL, result);
    if (!result) [[unlikely]]
        bug_check(BugCode::wdf_violation, violation::required_is_null);
    if (const NTSTATUS status = check_attributes(attributes); status != STATUS_SUCCESS) return status;
    try {
        *result = as<WdfHandle>(add(std::make_unique<Type>(), parent_of(attributes)));
    } catch (const std::bad_alloc&) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    return STATUS_SUCCESS;
}

SpinLock& drivers_spin_lock(WDFSPINLOCK handle) {
    SpinLock& lock = get<SpinLock>(handle);
    if (lock.of_interrupt) [[unlikely]]
        bug_check(BugCode::wdf_violation, violation::prohibited, handle);
    return lock;
}

}  // namespace

ThreadId lock_owner(Handle handle) {
    Object& object = get<Object>(handle);
    if (const auto* spin = dynamic_cast<SpinLock*>(&object)) return spin->owner();
    if (const auto* wait = dynamic_cast<WaitLock*>(&object)) return wait->lock.owner();
    if (const auto* interrupt = dynamic_cast<Interrupt*>(&object)) return interrupt->owner();
    const Synchronized& synchronized = get<Synchronized>(handle);
    return synchronized.passive ? synchronized.sleeping.owner() : synchronized.spinning.owner();
}

WDFOBJECT create_device(WDF_EXECUTION_LEVEL level) {
    return as<WDFOBJECT>(add(std::make_unique<Device>(level == WdfExecutionLevelPassive), nullptr));
}

WDFOBJECT create_queue(WDFOBJECT device, WDF_EXECUTION_LEVEL level) {
    const bool passive = level == WdfExecutionLevelInheritFromParent ? get<Device>(device).passive : level == WdfExecutionLevelPassive;
    return as<WDFOBJECT>(add(std::make_unique<Queue>(passive), device));
}

}  // namespace ddi::kernel::framework

using namespace ddi::kernel;
using namespace ddi::kernel::framework;

extern "C" {

NTSTATUS WdfSpinLockCreate(PWDF_OBJECT_ATTRIBUTES SpinLockAttributes, WDFSPINLOCK* SpinLock) {
    return create<framework::SpinLock>(SpinLockAttributes, SpinLock);
}

VOID WdfSpinLockAcquire(WDFSPINLOCK SpinLock) { drivers_spin_lock(SpinLock).acquire(); }

VOID WdfSpinLockRelease(WDFSPINLOCK SpinLock) { drivers_spin_lock(SpinLock).release(); }

NTSTATUS WdfWaitLockCreate(PWDF_OBJECT_ATTRIBUTES LockAttributes, WDFWAITLOCK* Lock) { return create<WaitLock>(LockAttributes, Lock); }

NTSTATUS WdfWaitLockAcquire(WDFWAITLOCK Lock, PLONGLONG Timeout) {
    WaitLock& wait = get<WaitLock>(Lock);
    require_at_most(Timeout && *Timeout == 0 ? APC_LEVEL : PASSIVE_LEVEL, Lock);
    if (!Timeout) return wait.lock.acquire(Lock);
    LARGE_INTEGER limit;
    limit.QuadPart = *Timeout;
    return wait.lock.acquire(Lock, &limit);
}

VOID WdfWaitLockRelease(WDFWAITLOCK Lock) {
    WaitLock& wait = get<WaitLock>(Lock);
    require_at_most(DISPATCH_LEVEL, Lock);
    wait.lock.release(Lock);
}

VOID WdfObjectAcquireLock(WDFOBJECT Object) {
    Synchronized& object = get<Synchronized>(Object);
    if (!object.passive) {
        object.spinning.acquire();
        return;
    }
    require_at_most(APC_LEVEL, Object);
    object.sleeping.acquire(Object);
}

VOID WdfObjectReleaseLock(WDFOBJECT Object) {
    Synchronized& object = get<Synchronized>(Object);
    require_at_most(DISPATCH_LEVEL, Object);
    if (object.passive) {
        object.sleeping.release(Object);
    } else {
        object.spinning.release_at_most_dispatch();  // its page allows every level up to DISPATCH_LEVEL
    }
}

}  // extern "C"
