// Must not compile: two owners would release twice.
#include <wdm.h>

#include <ddi_guards.h>

void copied_guard(KSPIN_LOCK& lock) {
    ddi::guard::SpinLock guard(&lock);
    ddi::guard::SpinLock copy = guard;
}
