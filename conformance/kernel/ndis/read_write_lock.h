// Read/write locks of NDIS, of both interfaces: many readers or one writer, at DISPATCH_LEVEL. Readers count themselves in a slot of
// their processor, so that they do not touch each other's memory; a writer looks at all slots. Both may recurse; neither may become the
// other. Not fair, as documented: a writer gets in when no reader is left, and a waiting writer keeps no reader out.
#pragma once

#include <ndis.h>

#include <atomic>

#include "conformance/kernel/thread.h"

namespace ddi::kernel::ndis {

class ReadWriteLock {
  public:
    static constexpr std::uint32_t live = 0x4B4C574E;  // "NWLK"
    static constexpr std::uint32_t slots = 63;

    /// What the caller's LOCK_STATE keeps of one acquisition: the slot of a reader, or `write`; zero before and after.
    static constexpr std::uint8_t write = 64;

    std::uint8_t acquire_read(Thread& thread);
    std::uint8_t acquire_write(Thread& thread);
    /// The state must be the latest acquisition's of this thread, that is, of this processor.
    void release(Thread& thread, std::uint8_t state);

    /// A bug check unless a lock was initialized here and not freed.
    void require_live() const;
    bool busy() const;
    ThreadId writer() const { return writer_.load(); }
    std::uint32_t readers() const;
    void retire();

  private:
    struct Slot {
        std::atomic<std::uint32_t> count{0};
        std::atomic<ThreadId> reader{0};  // whose `depth` of the readers counted here are
        std::atomic<std::uint32_t> depth{0};
    };

    bool try_write(ThreadId id);
    void leave_slot(Slot& slot);
    bool reads(const Slot& slot, ThreadId id) const { return slot.reader.load(std::memory_order_relaxed) == id; }

    std::uint32_t kind_ = live;
    std::atomic<ThreadId> writer_{0};            // readers that must wait sleep here
    std::atomic<std::uint32_t> write_depth_{0};  // the writer's own
    std::atomic<std::uint32_t> waiting_writers_{0};
    std::atomic<std::uint32_t> waiting_readers_{0};
    std::atomic<std::uint32_t> changes_{0};  // writers that must wait sleep here
    Slot slots_[slots];
};
static_assert(sizeof(ReadWriteLock) <= sizeof(NDIS_RW_LOCK) && alignof(ReadWriteLock) <= alignof(NDIS_RW_LOCK));

}  // namespace ddi::kernel::ndis
