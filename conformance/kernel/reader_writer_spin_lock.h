// Reader-writer spin locks in the 32 bits of an EX_SPIN_LOCK; zero is free, as a zeroed one is on Windows. A writer first takes the top
// bit, which keeps new readers out, then waits until the readers are gone: a stream of readers cannot starve it. Not fair among writers.
#pragma once

#include <wdm.h>

#include <atomic>
#include <cstdint>

#include "conformance/kernel/thread.h"

namespace ddi::kernel {

struct ReaderWriterWord {
    static constexpr std::uint32_t writer = 0x80000000;    // holds the lock, or waits for its readers
    static constexpr std::uint32_t sleepers = 0x40000000;  // somebody sleeps until the word changes
    static constexpr std::uint32_t readers = 0x3FFFFFFF;

    std::atomic<std::uint32_t> word;
};
static_assert(sizeof(ReaderWriterWord) == 4 && sizeof(EX_SPIN_LOCK) == 4, "EX_SPIN_LOCK is 32 bits");

/// They leave the IRQL alone. Misuse by a thread that holds the lock already, or does not hold it, is a bug check.
void acquire_shared(PEX_SPIN_LOCK lock);
void acquire_exclusive(PEX_SPIN_LOCK lock);
void release_shared(PEX_SPIN_LOCK lock);
void release_exclusive(PEX_SPIN_LOCK lock);
/// True: the caller was the only reader, no writer waits, and the caller is the writer now.
bool try_convert_to_exclusive(PEX_SPIN_LOCK lock);

namespace observe {

struct ReaderWriterState {
    bool exclusive;  // held by a writer, or wanted by one while readers are in
    std::uint32_t readers;
};
ReaderWriterState reader_writer_state(const EX_SPIN_LOCK* lock);

}  // namespace observe

}  // namespace ddi::kernel
