// Small, realistic bugs that a test-only build of the kernel can contain, so that the generated tests can prove that they notice them.
// Only the kernel's own sources include this: nothing inline that others compile may depend on it.
// DDI_PLANTED_BUG is the bug's number; it is absent from the real kernel, where every planted() is a constant false and costs nothing.
#pragma once

#ifndef DDI_PLANTED_BUG
#define DDI_PLANTED_BUG 0
#endif

namespace ddi::kernel {

enum class Bug {
    none = 0,
    fast_mutex_irql_not_restored = 1,      // ExReleaseFastMutex leaves the caller at APC_LEVEL
    mutex_wrong_owner_accepted = 2,        // KeReleaseMutex lets a stranger release
    mutex_recursion_off_by_one = 3,        // the last but one release already frees the mutex
    spin_lock_no_exclusion = 4,            // an acquired spin lock does not keep others out
    try_acquire_blocks = 5,                // ExTryToAcquireFastMutex waits for the mutex
    guarded_region_not_left = 6,           // KeReleaseGuardedMutex stays in the guarded region
    queued_saved_irql_wrong = 7,           // a queued spin lock's handle remembers DISPATCH_LEVEL
    queued_fifo_broken = 8,                // a queued spin lock lets late arrivals overtake the queue
    mutex_leaves_apcs_enabled = 9,         // a thread that holds a mutex still gets normal kernel APCs
    lower_irql_to_wrong_level = 10,        // KeLowerIrql always ends at PASSIVE_LEVEL
    all_apcs_ignores_irql = 11,            // KeAreAllApcsDisabled looks at guarded regions only
    close_without_control_mutex = 12,      // the pin's close callback runs without the filter control mutex
    release_mutex_returns_new_state = 13,  // KeReleaseMutex returns the state after the call
    video_release_keeps_dispatch = 14,     // VideoPortReleaseSpinLock does not restore the IRQL
    critical_region_not_counted = 15,      // one KeLeaveCriticalRegion undoes every KeEnterCriticalRegion
    pin_control_is_own_mutex = 16,         // KsPinAcquireControl takes a mutex of the pin, not its filter's
};

inline constexpr int planted_bug_count = 16;

consteval bool planted(Bug bug) { return bug != Bug::none && static_cast<int>(bug) == DDI_PLANTED_BUG; }

}  // namespace ddi::kernel
