// Must compile without a word: the right use of locks, by hand and through guards.
#include <wdm.h>

#include <ddi_guards.h>

struct Extension {
    KSPIN_LOCK lock;
    FAST_MUTEX mutex;
};

void right_use(Extension& extension);

namespace {

void by_hand(Extension& extension) {
    KIRQL old;
    KeAcquireSpinLock(&extension.lock, &old);
    KeReleaseSpinLock(&extension.lock, old);
    if (ExTryToAcquireFastMutex(&extension.mutex)) ExReleaseFastMutex(&extension.mutex);
}

void by_guards(Extension& extension) {
    { ddi::guard::SpinLock guard(&extension.lock); }
    { ddi::guard::InStackQueuedSpinLock guard(&extension.lock); }
    ddi::guard::FastMutex guard(&extension.mutex);
}

}  // namespace

void right_use(Extension& extension) {
    by_hand(extension);
    by_guards(extension);
}
