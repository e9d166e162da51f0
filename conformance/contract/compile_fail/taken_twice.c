/* Must not compile: a thread takes a fast mutex that it holds. */
#include <wdm.h>

void taken_twice(PFAST_MUTEX mutex);

void taken_twice(PFAST_MUTEX mutex) {
    ExAcquireFastMutex(mutex);
    ExAcquireFastMutex(mutex);
    ExReleaseFastMutex(mutex);
}
