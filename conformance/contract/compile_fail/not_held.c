/* Must not compile: one lock is acquired, another one released. */
#include <wdm.h>

void not_held(PKSPIN_LOCK first, PKSPIN_LOCK second);

void not_held(PKSPIN_LOCK first, PKSPIN_LOCK second) {
    KIRQL old;
    KeAcquireSpinLock(first, &old);
    KeReleaseSpinLock(second, old);
    KeReleaseSpinLock(first, old);
}
