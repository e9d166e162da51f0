// A spin lock as a queue of handles, without the IRQL side: the acquisition takes the level to save, the release returns it.
#pragma once

#include <wdm.h>

namespace ddi::kernel {

void acquire_queued(PKSPIN_LOCK lock, PKLOCK_QUEUE_HANDLE handle, KIRQL old);
/// Only if nobody holds the lock or waits for it.
bool try_acquire_queued(PKSPIN_LOCK lock, PKLOCK_QUEUE_HANDLE handle, KIRQL old);
KIRQL release_queued(PKLOCK_QUEUE_HANDLE handle);

}  // namespace ddi::kernel
