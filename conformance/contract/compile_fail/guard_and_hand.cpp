// Must not compile: taken by hand while a guard holds it.
#include <wdm.h>

#include <ddi_guards.h>

void guard_and_hand(FAST_MUTEX& mutex) {
    ddi::guard::FastMutex guard(&mutex);
    ExAcquireFastMutex(&mutex);
}
