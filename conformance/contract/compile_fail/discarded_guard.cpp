// Must not compile: a guard without a name releases at once.
#include <wdm.h>

#include <ddi_guards.h>

void discarded_guard(KSPIN_LOCK& lock) { ddi::guard::SpinLock{&lock}; }
