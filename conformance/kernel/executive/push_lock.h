// Push locks in the eight bytes that the caller provides: free is zero. Bit 0: held exclusively, by the thread in the upper half; bit 1:
// threads stand in the queue, which is kept outside, by address; bit 2: deleted. Otherwise the upper half counts those who share the lock.
// The queue is served in order, sharers that stand together at once; a newcomer joins it as soon as there is one.
#pragma once

#include <wdm.h>

#include "conformance/kernel/executive/executive.h"

namespace ddi::kernel::executive {

struct PushWord {
    static constexpr std::uint64_t exclusive = 1, queue = 2, deleted = 4;
    static constexpr std::uint64_t one = std::uint64_t{1} << 32;

    static std::uint64_t held_by(ThreadId id) { return static_cast<std::uint64_t>(id) << 32 | exclusive; }
    static std::uint32_t upper(std::uint64_t word) { return static_cast<std::uint32_t>(word >> 32); }
    static std::uint32_t flags(std::uint64_t word) { return static_cast<std::uint32_t>(word); }

    std::atomic<std::uint64_t> word;
};
static_assert(sizeof(PushWord) == 8 && sizeof(EX_PUSH_LOCK) == 8, "EX_PUSH_LOCK is 8 bytes on 64-bit Windows");

void initialize_push_lock(PEX_PUSH_LOCK lock);
void delete_push_lock(PEX_PUSH_LOCK lock);
void acquire_push_exclusive(PEX_PUSH_LOCK lock);
void acquire_push_shared(PEX_PUSH_LOCK lock);
void release_push_exclusive(PEX_PUSH_LOCK lock);
void release_push_shared(PEX_PUSH_LOCK lock);
/// Whichever way this thread holds it.
void release_push(PEX_PUSH_LOCK lock);

}  // namespace ddi::kernel::executive
