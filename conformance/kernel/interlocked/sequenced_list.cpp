#include "conformance/kernel/interlocked/sequenced_list.h"

#include <new>

#include "conformance/kernel/interlocked/interlocked.h"
#include "conformance/kernel/owned_mutex.h"

namespace ddi::kernel {

PSLIST_ENTRY SequencedList::push(PSLIST_ENTRY entry) {
    const GateScope scope(gate);
    const PSLIST_ENTRY before = first.load(std::memory_order_relaxed);
    entry->Next = before;
    first.store(entry, std::memory_order_release);
    depth.fetch_add(1, std::memory_order_relaxed);
    sequence.fetch_add(1, std::memory_order_relaxed);
    return before;
}

PSLIST_ENTRY SequencedList::pop() {
    const GateScope scope(gate);
    const PSLIST_ENTRY entry = first.load(std::memory_order_relaxed);
    if (!entry) return nullptr;
    first.store(entry->Next, std::memory_order_release);
    depth.fetch_sub(1, std::memory_order_relaxed);
    return entry;
}

PSLIST_ENTRY SequencedList::flush() {
    const GateScope scope(gate);
    depth.store(0, std::memory_order_relaxed);
    return first.exchange(nullptr, std::memory_order_acq_rel);
}

void require_list_alignment(const void* storage) {
    if (reinterpret_cast<std::uintptr_t>(storage) % alignof(SLIST_HEADER) != 0) [[unlikely]]
        raise_status(status_datatype_misalignment);
}

void initialize_sequenced_list(void* header) {
    require_list_alignment(header);
    new (header) SequencedList{};
}

}  // namespace ddi::kernel

using namespace ddi::kernel;

extern "C" {

VOID InitializeSListHead(PSLIST_HEADER SListHead) { initialize_sequenced_list(SListHead); }

PSLIST_ENTRY FirstEntrySList(PSLIST_HEADER SListHead) { return sequenced_list(SListHead).first.load(std::memory_order_acquire); }

USHORT ExQueryDepthSList(PSLIST_HEADER SListHead) {
    require_at_most(DISPATCH_LEVEL, SListHead);
    return sequenced_list(SListHead).depth.load(std::memory_order_relaxed);
}

PSLIST_ENTRY ExInterlockedFlushSList(PSLIST_HEADER ListHead) { return sequenced_list(ListHead).flush(); }

PSLIST_ENTRY ExpInterlockedPopEntrySList(PSLIST_HEADER ListHead) { return sequenced_list(ListHead).pop(); }

PSLIST_ENTRY ExpInterlockedPushEntrySList(PSLIST_HEADER ListHead, PSLIST_ENTRY ListEntry) {
    require_list_alignment(ListEntry);
    return sequenced_list(ListHead).push(ListEntry);
}

// With a lock, atomic also with respect to whoever holds it; the list itself needs none.
PSLIST_ENTRY ExInterlockedPopEntrySList(PSLIST_HEADER ListHead, PKSPIN_LOCK Lock) {
    return interlocked(Lock, [&] { return sequenced_list(ListHead).pop(); });
}

PSLIST_ENTRY ExInterlockedPushEntrySList(PSLIST_HEADER ListHead, PSLIST_ENTRY ListEntry, PKSPIN_LOCK Lock) {
    require_list_alignment(ListEntry);
    return interlocked(Lock, [&] { return sequenced_list(ListHead).push(ListEntry); });
}

}  // extern "C"
