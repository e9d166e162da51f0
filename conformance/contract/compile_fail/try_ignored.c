/* Must not compile: released whether the try succeeded or not. */
#include <wdm.h>

void try_ignored(PFAST_MUTEX mutex);

void try_ignored(PFAST_MUTEX mutex) {
    BOOLEAN taken = ExTryToAcquireFastMutex(mutex);
    (void)taken;
    ExReleaseFastMutex(mutex);
}
