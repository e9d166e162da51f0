/* Must not compile: a spin lock is not released on one path. */
#include <wdm.h>

int still_held(PKSPIN_LOCK lock, int early);

int still_held(PKSPIN_LOCK lock, int early) {
    KIRQL old;
    KeAcquireSpinLock(lock, &old);
    if (early) return 1;
    KeReleaseSpinLock(lock, old);
    return 0;
}
