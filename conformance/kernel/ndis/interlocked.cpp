// The NdisInterlocked routines are names for the executive's, with the lock inside an NDIS spin lock.
#include "conformance/kernel/interlocked/interlocked.h"

#include "conformance/kernel/interlocked/sequenced_list.h"
#include "conformance/kernel/ndis/spin_lock.h"

using namespace ddi::kernel;
using ndis::spin_lock_at;

extern "C" {

VOID NdisInterlockedAddLargeStatistic(PLARGE_INTEGER _Addend, ULONG _Increment) { ExInterlockedAddLargeStatistic(_Addend, _Increment); }

VOID NdisInterlockedAddUlong(PULONG _Addend, ULONG _Increment, PNDIS_SPIN_LOCK _SpinLock) {
    ExInterlockedAddUlong(_Addend, _Increment, &spin_lock_at(_SpinLock).lock);
}

LONG NdisInterlockedIncrement(PLONG Addend) { return __atomic_add_fetch(Addend, 1, __ATOMIC_SEQ_CST); }

LONG NdisInterlockedDecrement(PLONG Addend) { return __atomic_sub_fetch(Addend, 1, __ATOMIC_SEQ_CST); }

PLIST_ENTRY NdisInterlockedInsertHeadList(PLIST_ENTRY _ListHead, PLIST_ENTRY _ListEntry, PNDIS_SPIN_LOCK _SpinLock) {
    return insert_head(_ListHead, _ListEntry, &spin_lock_at(_SpinLock).lock);
}

PLIST_ENTRY NdisInterlockedInsertTailList(PLIST_ENTRY _ListHead, PLIST_ENTRY _ListEntry, PNDIS_SPIN_LOCK _SpinLock) {
    return insert_tail(_ListHead, _ListEntry, &spin_lock_at(_SpinLock).lock);
}

PLIST_ENTRY NdisInterlockedRemoveHeadList(PLIST_ENTRY _ListHead, PNDIS_SPIN_LOCK _SpinLock) {
    return remove_head(_ListHead, &spin_lock_at(_SpinLock).lock);
}

// Sequenced lists need no lock; the pages say that the caller's is taken, and a caller that holds it would hang.
PSINGLE_LIST_ENTRY NdisInterlockedPopEntrySList(PSLIST_HEADER SListHead, PNDIS_SPIN_LOCK Lock) {
    return interlocked(&spin_lock_at(Lock).lock, [&] { return reinterpret_cast<PSINGLE_LIST_ENTRY>(sequenced_list(SListHead).pop()); });
}

PSINGLE_LIST_ENTRY NdisInterlockedPushEntrySList(PSLIST_HEADER SListHead, PSINGLE_LIST_ENTRY SListEntry, PNDIS_SPIN_LOCK Lock) {
    const auto entry = reinterpret_cast<PSLIST_ENTRY>(SListEntry);
    return interlocked(&spin_lock_at(Lock).lock,
                       [&] { return reinterpret_cast<PSINGLE_LIST_ENTRY>(sequenced_list(SListHead).push(entry)); });
}

}  // extern "C"
