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
    wait_without_object_limit = 17,        // KeWaitForMultipleObjects takes more objects than it has wait blocks for
    dpc_reports_no_insertion = 18,         // KeInsertQueueDpc queues the DPC and says that it did not
    dpc_removed_twice = 19,                // KeRemoveQueueDpc says that it removed what was not queued
    timer_starts_signaled = 20,            // KeInitializeTimer makes a timer that seems to have expired
    conversion_keeps_exclusive = 21,       // ExConvertExclusiveToSharedLite leaves other readers outside
    shared_holds_not_counted = 22,         // a resource forgets that its reader acquired it more than once
    rundown_wait_returns_early = 23,       // ExWaitForRundownProtectionRelease does not wait for the last release
    protection_after_run_down = 24,        // ExAcquireRundownProtection protects an object that is run down
    push_lock_ignores_readers = 25,        // a writer gets a push lock that readers hold
    remove_lock_wait_returns_early = 26,   // IoReleaseRemoveLockAndWait does not wait for the others
    ndis_recursive_read_frees = 27,        // the first release of a recursive reader frees an NDIS read/write lock
    ndis_writer_ignores_readers = 28,      // a writer gets an NDIS read/write lock that readers hold
    dpc_lock_raises_only = 29,             // StorPortAcquireSpinLock raises the IRQL for a DPC's lock and takes nothing
    msi_lock_saves_new_irql = 30,          // StorPortAcquireMSISpinLock stores the level after the call
    wait_lock_leaves_apcs_enabled = 31,    // who holds a WDF wait lock still gets normal kernel APCs
    security_lock_mode_inverted = 32,      // KsAcquireDeviceSecurityLock shares where exclusive access is asked for
    device_mutex_not_taken = 33,           // KsAcquireDevice lets everybody in
};

inline constexpr int planted_bug_count = 33;

consteval bool planted(Bug bug) { return bug != Bug::none && static_cast<int>(bug) == DDI_PLANTED_BUG; }

}  // namespace ddi::kernel
