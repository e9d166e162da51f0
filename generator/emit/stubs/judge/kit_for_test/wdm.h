// What another kit's header might look like: for the test of compare_irql.py. The last level is not the documented one.
_IRQL_requires_max_(DISPATCH_LEVEL) _Requires_lock_held_(*SpinLock) NTKERNELAPI VOID
    KeReleaseSpinLock(_Inout_ PKSPIN_LOCK SpinLock, _In_ _IRQL_restores_ KIRQL NewIrql);

_When_(Wait, _IRQL_requires_max_(PASSIVE_LEVEL)) _IRQL_requires_max_(APC_LEVEL) NTKERNELAPI VOID KeEnterCriticalRegion(VOID);

__drv_maxIRQL(PASSIVE_LEVEL) NTKERNELAPI BOOLEAN NTAPI ExAcquireResourceSharedLite(PERESOURCE Resource, BOOLEAN Wait);
