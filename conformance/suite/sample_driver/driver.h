/* A small driver as a driver's author writes it: documented functions only, no trace of ddigen. driver.c is compiled with the checking
   wrappers before the stubs on its include path, and without an edit. */
#ifndef DDI_SAMPLE_DRIVER_H
#define DDI_SAMPLE_DRIVER_H

#include <ks.h>
#include <wdm.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What the driver does wrong; 0: nothing. */
enum sample_mistake {
    SAMPLE_NO_MISTAKE,
    SAMPLE_FAST_MUTEX_UNDER_SPIN_LOCK, /* waits for a fast mutex while it holds a spin lock */
    SAMPLE_RELEASE_KEEPS_IRQL,         /* gives a lock that raised the IRQL back without restoring it */
    SAMPLE_WRONG_OLD_IRQL,             /* passes an IRQL of its own to KeReleaseSpinLock */
    SAMPLE_LOCK_NOT_INITIALIZED,       /* acquires a spin lock that nobody initialized */
    SAMPLE_GUARDED_MUTEX_TWICE,        /* acquires a guarded mutex that it holds */
    SAMPLE_UNSAFE_THEN_SAFE_RELEASE,   /* acquires a fast mutex by the unsafe routine, releases it by the other */
    SAMPLE_STRANGER_RELEASES_MUTEX,    /* releases a mutex that another thread holds */
    SAMPLE_ORDINARY_AND_QUEUED,        /* uses one lock as an ordinary and as a queued spin lock */
    SAMPLE_LOWER_TO_HIGHER,            /* passes KeLowerIrql a level that no raise returned */
    SAMPLE_LOCK_LEFT_HELD,             /* returns with a fast mutex held */
    SAMPLE_UNSAFE_OUTSIDE_REGION,      /* acquires a guarded mutex by the unsafe routine outside a guarded region */
    SAMPLE_CONTROL_MUTEX_NOT_HELD,     /* releases a control mutex that it does not hold */
    SAMPLE_MISTAKES
};

struct sample_extension {
    KSPIN_LOCK queue_lock;
    KSPIN_LOCK statistics_lock;
    KSPIN_LOCK forgotten_lock; /* never initialized */
    FAST_MUTEX settings_mutex;
    KGUARDED_MUTEX table_mutex;
    KMUTEX owner_mutex;
    ULONG queued, taken, settings;
};

void sample_add_device(struct sample_extension* extension);
void sample_queue(struct sample_extension* extension, enum sample_mistake mistake);
void sample_count(struct sample_extension* extension, enum sample_mistake mistake);
void sample_change_settings(struct sample_extension* extension, enum sample_mistake mistake);
void sample_update_table(struct sample_extension* extension, enum sample_mistake mistake);
/* Runs on two threads: the holder takes the mutex, the other one must not release it. */
void sample_own(struct sample_extension* extension);
void sample_disown(struct sample_extension* extension);
void sample_raise(enum sample_mistake mistake);
void sample_reset_filter(PKSFILTER filter, PKSPIN pin, enum sample_mistake mistake);

#ifdef __cplusplus
}
#endif
#endif
