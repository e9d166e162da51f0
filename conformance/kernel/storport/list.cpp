// StorPort's lists: the kernel's, with the result through a pointer and a status for pointers that are missing.
#include <storport.h>

#include "conformance/kernel/interlocked/interlocked.h"
#include "conformance/kernel/interlocked/sequenced_list.h"
#include "conformance/kernel/storport/adapter.h"

using namespace ddi::kernel;
using storport::Adapter;

namespace {

static_assert(sizeof(STOR_LIST_ENTRY) == sizeof(LIST_ENTRY) && sizeof(STOR_KSPIN_LOCK) == sizeof(KSPIN_LOCK));
static_assert(sizeof(STOR_SLIST_HEADER) == sizeof(SLIST_HEADER) && sizeof(STOR_SLIST_ENTRY) == sizeof(SLIST_ENTRY));

PLIST_ENTRY entry(PSTOR_LIST_ENTRY stor) { return reinterpret_cast<PLIST_ENTRY>(stor); }
PSTOR_LIST_ENTRY stor(PLIST_ENTRY entry) { return reinterpret_cast<PSTOR_LIST_ENTRY>(entry); }
PSTOR_SLIST_ENTRY stor(PSLIST_ENTRY entry) { return reinterpret_cast<PSTOR_SLIST_ENTRY>(entry); }

/// Runs the operation if every pointer is there.
template <class Operation, class... Pointers>
ULONG with(PVOID extension, Operation operation, Pointers... pointers) {
    Adapter::of(extension);
    if ((... || (pointers == nullptr))) return STOR_STATUS_INVALID_PARAMETER;
    operation();
    return STOR_STATUS_SUCCESS;
}

}  // namespace

extern "C" {

ULONG StorPortInterlockedInsertHeadList(PVOID HwDeviceExtension, PSTOR_LIST_ENTRY ListHead, PSTOR_LIST_ENTRY ListEntry,
                                        PSTOR_LIST_ENTRY* Result, PSTOR_KSPIN_LOCK Lock) {
    const auto insert = [&] { *Result = stor(insert_head(entry(ListHead), entry(ListEntry), Lock)); };
    return with(HwDeviceExtension, insert, ListHead, ListEntry, Result, Lock);
}

ULONG StorPortInterlockedInsertTailList(PVOID HwDeviceExtension, PSTOR_LIST_ENTRY ListHead, PSTOR_LIST_ENTRY ListEntry,
                                        PSTOR_LIST_ENTRY* Result, PSTOR_KSPIN_LOCK Lock) {
    // Its page calls the result the first entry, where ExInterlockedInsertTailList returns the last one.
    const auto insert = [&] {
        *Result = interlocked(Lock, [&]() -> PSTOR_LIST_ENTRY {
            const PSTOR_LIST_ENTRY first = ListHead->Flink;
            insert_tail(entry(ListHead), entry(ListEntry), nullptr);
            return first == ListHead ? nullptr : first;
        });
    };
    return with(HwDeviceExtension, insert, ListHead, ListEntry, Result, Lock);
}

ULONG StorPortInterlockedRemoveHeadList(PVOID HwDeviceExtension, PSTOR_LIST_ENTRY ListHead, PSTOR_LIST_ENTRY* Result,
                                        PSTOR_KSPIN_LOCK Lock) {
    const auto remove = [&] { *Result = stor(remove_head(entry(ListHead), Lock)); };
    return with(HwDeviceExtension, remove, ListHead, Result, Lock);
}

ULONG StorPortInterlockedFlushSList(PVOID HwDeviceExtension, PSTOR_SLIST_HEADER SListHead, PSTOR_SLIST_ENTRY* Result) {
    require_at_most(DISPATCH_LEVEL, SListHead);
    const auto flush = [&] { *Result = stor(sequenced_list(SListHead).flush()); };
    return with(HwDeviceExtension, flush, SListHead, Result);
}

ULONG StorPortInterlockedPopEntrySList(PVOID HwDeviceExtension, PSTOR_SLIST_HEADER SListHead, PSTOR_SLIST_ENTRY* Result) {
    require_at_most(DISPATCH_LEVEL, SListHead);
    const auto pop = [&] { *Result = stor(sequenced_list(SListHead).pop()); };
    return with(HwDeviceExtension, pop, SListHead, Result);
}

ULONG StorPortInterlockedPushEntrySList(PVOID HwDeviceExtension, PSTOR_SLIST_HEADER SListHead, PSTOR_SLIST_ENTRY SListEntry,
                                        PSTOR_SLIST_ENTRY* Result) {
    require_at_most(DISPATCH_LEVEL, SListHead);
    require_list_alignment(SListEntry);
    const auto push = [&] { *Result = stor(sequenced_list(SListHead).push(reinterpret_cast<PSLIST_ENTRY>(SListEntry))); };
    return with(HwDeviceExtension, push, SListHead, SListEntry, Result);
}

}  // extern "C"
