#include "conformance/suite/sample_driver/driver.h"

void sample_add_device(struct sample_extension* extension) {
    KeInitializeSpinLock(&extension->queue_lock);
    KeInitializeSpinLock(&extension->statistics_lock);
    ExInitializeFastMutex(&extension->settings_mutex);
    KeInitializeGuardedMutex(&extension->table_mutex);
    KeInitializeMutex(&extension->owner_mutex, 0);
    extension->queued = extension->taken = extension->settings = 0;
}

void sample_queue(struct sample_extension* extension, enum sample_mistake mistake) {
    KSPIN_LOCK* lock = mistake == SAMPLE_LOCK_NOT_INITIALIZED ? &extension->forgotten_lock : &extension->queue_lock;
    KIRQL irql;
    KeAcquireSpinLock(lock, &irql);
    ++extension->queued;
    if (mistake == SAMPLE_FAST_MUTEX_UNDER_SPIN_LOCK) ExAcquireFastMutex(&extension->settings_mutex);
    if (mistake == SAMPLE_RELEASE_KEEPS_IRQL) {
        KeReleaseSpinLockFromDpcLevel(lock);
    } else {
        KeReleaseSpinLock(lock, mistake == SAMPLE_WRONG_OLD_IRQL ? APC_LEVEL : irql);
    }
}

void sample_count(struct sample_extension* extension, enum sample_mistake mistake) {
    KLOCK_QUEUE_HANDLE handle;
    KIRQL irql;
    if (mistake == SAMPLE_ORDINARY_AND_QUEUED) {
        KeAcquireSpinLock(&extension->statistics_lock, &irql);
        KeReleaseSpinLock(&extension->statistics_lock, irql);
    }
    KeAcquireInStackQueuedSpinLock(&extension->statistics_lock, &handle);
    ++extension->taken;
    KeReleaseInStackQueuedSpinLock(&handle);
}

void sample_change_settings(struct sample_extension* extension, enum sample_mistake mistake) {
    if (mistake == SAMPLE_UNSAFE_THEN_SAFE_RELEASE) {
        KIRQL irql;
        KeRaiseIrql(APC_LEVEL, &irql);
        ExAcquireFastMutexUnsafe(&extension->settings_mutex);
        ++extension->settings;
        ExReleaseFastMutex(&extension->settings_mutex);
        KeLowerIrql(irql);
        return;
    }
    if (!ExTryToAcquireFastMutex(&extension->settings_mutex)) ExAcquireFastMutex(&extension->settings_mutex);
    ++extension->settings;
    if (mistake == SAMPLE_LOCK_LEFT_HELD) return;
    ExReleaseFastMutex(&extension->settings_mutex);
}

void sample_update_table(struct sample_extension* extension, enum sample_mistake mistake) {
    if (mistake == SAMPLE_UNSAFE_OUTSIDE_REGION) {
        KeAcquireGuardedMutexUnsafe(&extension->table_mutex);
        KeReleaseGuardedMutexUnsafe(&extension->table_mutex);
        return;
    }
    KeAcquireGuardedMutex(&extension->table_mutex);
    if (mistake == SAMPLE_GUARDED_MUTEX_TWICE) KeAcquireGuardedMutex(&extension->table_mutex);
    KeReleaseGuardedMutex(&extension->table_mutex);
    KeEnterGuardedRegion();
    KeAcquireGuardedMutexUnsafe(&extension->table_mutex);
    KeReleaseGuardedMutexUnsafe(&extension->table_mutex);
    KeLeaveGuardedRegion();
}

void sample_own(struct sample_extension* extension) {
    (void)KeWaitForSingleObject(&extension->owner_mutex, Executive, KernelMode, FALSE, NULL);
}

void sample_disown(struct sample_extension* extension) { (void)KeReleaseMutex(&extension->owner_mutex, FALSE); }

void sample_raise(enum sample_mistake mistake) {
    KIRQL first, second;
    KeRaiseIrql(APC_LEVEL, &first);
    KeRaiseIrql(DISPATCH_LEVEL, &second);
    KeLowerIrql(second);
    KeLowerIrql(mistake == SAMPLE_LOWER_TO_HIGHER ? DISPATCH_LEVEL : first);
}

void sample_reset_filter(PKSFILTER filter, PKSPIN pin, enum sample_mistake mistake) {
    if (mistake != SAMPLE_CONTROL_MUTEX_NOT_HELD) KsFilterAcquireControl(filter);
    KsFilterReleaseControl(filter);
    /* A pin's control mutex is its filter's: what is acquired by one name may be released by the other. */
    KsPinAcquireControl(pin);
    KsPinReleaseControl(pin);
}
