// KeWaitForSingleObject. Mutexes and mutants are the only dispatcher objects so far; every object starts with its kind.
#include "conformance/kernel/mutant.h"

using namespace ddi::kernel;

extern "C" {

// No alerts and no user APCs exist here, so Alertable and WaitMode never end a wait early.
NTSTATUS KeWaitForSingleObject(PVOID Object, KWAIT_REASON, KPROCESSOR_MODE, BOOLEAN, PLARGE_INTEGER Timeout) {
    return wait_for_mutant(mutant_at(Object), Timeout);
}

}  // extern "C"
