#include "conformance/kernel/region.h"

#include <ntddk.h>

#include "conformance/kernel/irql.h"
#include "conformance/kernel/planted_bug.h"

using namespace ddi::kernel;

extern "C" {

VOID KeEnterCriticalRegion(void) {
    require_at_most(APC_LEVEL, nullptr);
    enter_critical_region(this_thread());
}

VOID KeLeaveCriticalRegion(void) {
    require_at_most(APC_LEVEL, nullptr);
    Thread& thread = this_thread();
    if (thread.kernel_apc_disable.get() == 0) bug_check(BugCode::apc_index_mismatch, 0, 0, combined_apc_disable(thread));
    if (planted(Bug::critical_region_not_counted)) {
        thread.kernel_apc_disable.set(0);
        return;
    }
    leave_critical_region(thread);
}

VOID KeEnterGuardedRegion(void) {
    require_at_most(APC_LEVEL, nullptr);
    enter_guarded_region(this_thread());
}

VOID KeLeaveGuardedRegion(void) {
    require_at_most(APC_LEVEL, nullptr);
    Thread& thread = this_thread();
    if (!in_guarded_region(thread)) bug_check(BugCode::apc_index_mismatch, 0, 0, combined_apc_disable(thread));
    leave_guarded_region(thread);
}

// Both queries answer at any level: a checker asks them wherever it is called.
BOOLEAN KeAreApcsDisabled(void) { return normal_apcs_disabled(this_thread()) ? TRUE : FALSE; }

BOOLEAN KeAreAllApcsDisabled(void) {
    const bool by_irql = !planted(Bug::all_apcs_ignores_irql) && current_irql() >= APC_LEVEL;
    return by_irql || in_guarded_region(this_thread()) ? TRUE : FALSE;
}

}  // extern "C"
