#include "conformance/kernel/interlocked/interlocked.h"

namespace ddi::kernel {
namespace {

// Third kind of damage that KERNEL_SECURITY_CHECK_FAILURE knows: a corrupt list entry.
constexpr int corrupt_list_entry = 3;

void require_consistent(PLIST_ENTRY entry) {
    const bool linked = entry->Flink && entry->Blink && entry->Flink->Blink == entry && entry->Blink->Flink == entry;
    if (!linked) [[unlikely]]
        bug_check(BugCode::kernel_security_check_failure, corrupt_list_entry, entry);
}

void insert_between(PLIST_ENTRY before, PLIST_ENTRY entry, PLIST_ENTRY after) {
    entry->Flink = after;
    entry->Blink = before;
    before->Flink = entry;
    after->Blink = entry;
}

// Variables that others change without our lock, with an interlocked instruction of their own: plain loads and stores would tear.
template <class Value>
Value load(Value* variable) {
    return __atomic_load_n(variable, __ATOMIC_RELAXED);
}

template <class Value>
void store(Value* variable, Value value) {
    __atomic_store_n(variable, value, __ATOMIC_RELAXED);
}

}  // namespace

PLIST_ENTRY insert_head(PLIST_ENTRY head, PLIST_ENTRY entry, PKSPIN_LOCK lock) {
    return interlocked(lock, [&]() -> PLIST_ENTRY {
        require_consistent(head);
        const PLIST_ENTRY first = head->Flink;
        insert_between(head, entry, first);
        return first == head ? nullptr : first;
    });
}

PLIST_ENTRY insert_tail(PLIST_ENTRY head, PLIST_ENTRY entry, PKSPIN_LOCK lock) {
    return interlocked(lock, [&]() -> PLIST_ENTRY {
        require_consistent(head);
        const PLIST_ENTRY last = head->Blink;
        insert_between(last, entry, head);
        return last == head ? nullptr : last;
    });
}

PLIST_ENTRY remove_head(PLIST_ENTRY head, PKSPIN_LOCK lock) {
    return interlocked(lock, [&]() -> PLIST_ENTRY {
        require_consistent(head);
        const PLIST_ENTRY first = head->Flink;
        if (first == head) return nullptr;
        require_consistent(first);
        head->Flink = first->Flink;
        first->Flink->Blink = head;
        return first;
    });
}

}  // namespace ddi::kernel

using namespace ddi::kernel;

extern "C" {

LARGE_INTEGER ExInterlockedAddLargeInteger(PLARGE_INTEGER Addend, LARGE_INTEGER Increment, PKSPIN_LOCK Lock) {
    return interlocked(Lock, [&]() -> LARGE_INTEGER {
        LARGE_INTEGER old;
        old.QuadPart = load(&Addend->QuadPart);
        const auto sum = static_cast<ULONGLONG>(old.QuadPart) + static_cast<ULONGLONG>(Increment.QuadPart);
        store(&Addend->QuadPart, static_cast<LONGLONG>(sum));
        return old;
    });
}

VOID ExInterlockedAddLargeStatistic(PLARGE_INTEGER Addend, ULONG Increment) {
    __atomic_fetch_add(&Addend->QuadPart, static_cast<LONGLONG>(Increment), __ATOMIC_SEQ_CST);
}

ULONG ExInterlockedAddUlong(PULONG Addend, ULONG Increment, PKSPIN_LOCK Lock) {
    return interlocked(Lock, [&]() -> ULONG {
        const ULONG old = load(Addend);
        store(Addend, old + Increment);
        return old;
    });
}

// Every processor we know exchanges eight bytes at once, so that the lock is never needed.
LONGLONG ExInterlockedCompareExchange64(PLONGLONG Destination, PLONGLONG Exchange, PLONGLONG Comperand, PKSPIN_LOCK) {
    LONGLONG seen = *Comperand;
    __atomic_compare_exchange_n(Destination, &seen, *Exchange, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    return seen;
}

PLIST_ENTRY ExInterlockedInsertHeadList(PLIST_ENTRY ListHead, PLIST_ENTRY ListEntry, PKSPIN_LOCK Lock) {
    return insert_head(ListHead, ListEntry, Lock);
}

PLIST_ENTRY ExInterlockedInsertTailList(PLIST_ENTRY ListHead, PLIST_ENTRY ListEntry, PKSPIN_LOCK Lock) {
    return insert_tail(ListHead, ListEntry, Lock);
}

PLIST_ENTRY ExInterlockedRemoveHeadList(PLIST_ENTRY ListHead, PKSPIN_LOCK Lock) { return remove_head(ListHead, Lock); }

PSINGLE_LIST_ENTRY ExInterlockedPushEntryList(PSINGLE_LIST_ENTRY ListHead, PSINGLE_LIST_ENTRY ListEntry, PKSPIN_LOCK Lock) {
    return interlocked(Lock, [&]() -> PSINGLE_LIST_ENTRY {
        const PSINGLE_LIST_ENTRY first = ListHead->Next;
        ListEntry->Next = first;
        ListHead->Next = ListEntry;
        return first;
    });
}

PSINGLE_LIST_ENTRY ExInterlockedPopEntryList(PSINGLE_LIST_ENTRY ListHead, PKSPIN_LOCK Lock) {
    return interlocked(Lock, [&]() -> PSINGLE_LIST_ENTRY {
        const PSINGLE_LIST_ENTRY first = ListHead->Next;
        if (first) ListHead->Next = first->Next;
        return first;
    });
}

}  // extern "C"
