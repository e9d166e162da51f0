# The suite against kernels with one planted bug each (planted_bug.h): the tests that must notice it, as a pattern of their names.
# The tests are those of ddi_suite_bare, compiled once. Bug 8 (late arrivals overtake the queue of a
# queued spin lock) is not here: no page promises an order, so no generated test may demand one.
set(planted_bugs
  "1|wdm_fast_mutex.*ExReleaseFastMutex_irql_restore"
  "2|wdm_mutex.*KeReleaseMutex_owner"
  "3|wdm_mutex.*KeReleaseMutex_recursion"
  "4|wdm_spin_lock.*KeAcquireSpinLock_acquire"
  "5|wdm_fast_mutex.*ExTryToAcquireFastMutex_acquire"
  "6|wdm_guarded_mutex.*KeAcquireGuardedMutex_apc_disable"
  "7|wdm_queued_spin_lock.*KeReleaseInStackQueuedSpinLock_irql_restore"
  "9|wdm_mutex.*KeWaitForSingleObject_apc_disable"
  "10|wdm_routines.*KeLowerIrql_irql_restore"
  "11|wdm_routines.*KeAreAllApcsDisabled_returns_TRUE_irql"
  "12|ks_callbacks.*PFNKSPINIRP_held_on_entry"
  "13|wdm_mutex.*KeReleaseMutex_returns_0"
  "14|video_spin_lock.*VideoPortReleaseSpinLock_irql_restore"
  "15|wdm_critical_region.*KeEnterCriticalRegion_recursion"
  "16|ks_filter_control_mutex.*KsPinAcquireControl_same_object"
  "17|wdm_mutex.*KeWaitForMultipleObjects_bug_check_0xC_Count_above"
  "18|wdm_dpc.*KeInsertQueueDpc_returns_TRUE"
  "19|wdm_dpc.*KeRemoveQueueDpc_returns_FALSE"
  "20|wdm_timer.*KeInitializeTimer_sets_state_not_signaled"
  "21|wdm_resource.*ExConvertExclusiveToSharedLite_convert"
  "22|wdm_resource.*ExIsResourceAcquiredSharedLite_returns_value_hold_count"
  "23|wdm_run_down_protection.*ExWaitForRundownProtectionRelease_waits"
  "24|wdm_run_down_protection.*ExAcquireRundownProtection_returns_FALSE"
  "25|fltkernel_push_lock.*FltAcquirePushLockShared_acquire"
  "26|wdm_remove_lock.*IoReleaseRemoveLockAndWait_waits"
  "27|ndis_read_write_lock.*NdisAcquireRWLockRead_recursion"
  "28|ndis_read_write_lock.*NdisAcquireRWLockRead_acquire"
  "29|storport_spin_lock.*StorPortAcquireSpinLock_acquire"
  "30|storport_msi_spin_lock.*StorPortAcquireMSISpinLock_irql_save"
  "31|wdfsync_wait_lock.*WdfWaitLockAcquire_apc_disable"
  "32|ks_security_lock.*KsAcquireDeviceSecurityLock_acquire_Exclusive_TRUE"
  "33|ks_device_mutex.*KsAcquireDevice_acquire")
foreach(entry IN LISTS planted_bugs)
  string(REGEX MATCH "^[0-9]+" number "${entry}")
  string(REGEX REPLACE "^[0-9]+\\|" "" noticed "${entry}")
  ddi_kernel_with_bug(ddi_kernel_bug_${number} ${number})
  ddi_conformance_program(ddi_suite_bug_${number} bare ddi_kernel_bug_${number})
  # Only the tests that must notice it: with a broken lock, others wait for what never comes. The pattern is a filter as well.
  add_test(NAME suite.bug.${number} COMMAND ddi_suite_bug_${number} --gtest_brief=1 --gtest_filter=${noticed}*)
  set_tests_properties(suite.bug.${number} PROPERTIES PASS_REGULAR_EXPRESSION "FAILED  . ${noticed}" TIMEOUT 300)
endforeach()
