// Sequenced singly linked lists in the sixteen bytes of an SLIST_HEADER; zeroes are an empty list. Any thread may push, pop and flush
// at any IRQL. A pop has to read the first entry's link, which another thread may own by then: Windows takes the fault, C++ does not,
// so a gate that is held for a few instructions stands where Windows has a wide compare-and-exchange.
#pragma once

#include <wdm.h>

#include <atomic>

#include "conformance/kernel/parking.h"

namespace ddi::kernel {

struct SequencedList {
    Gate gate;
    std::atomic<USHORT> depth;
    std::atomic<USHORT> sequence;  // changes with every push, as Windows' does
    std::atomic<PSLIST_ENTRY> first;

    PSLIST_ENTRY push(PSLIST_ENTRY entry);
    PSLIST_ENTRY pop();
    PSLIST_ENTRY flush();
};
static_assert(sizeof(SequencedList) == 16 && sizeof(SLIST_HEADER) == 16, "SLIST_HEADER is 16 bytes on 64-bit Windows");
static_assert(alignof(SequencedList) <= alignof(SLIST_HEADER));
static_assert(sizeof(SLIST_ENTRY) == 16 && alignof(SLIST_ENTRY) == 16, "SLIST_ENTRY is 16 bytes on 64-bit Windows");

inline SequencedList& sequenced_list(void* header) { return *static_cast<SequencedList*>(header); }

/// Raises STATUS_DATATYPE_MISALIGNMENT unless header and entries begin at a multiple of sixteen.
void require_list_alignment(const void* storage);
void initialize_sequenced_list(void* header);

}  // namespace ddi::kernel
