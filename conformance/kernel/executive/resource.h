// Executive resources (ERESOURCE): reader/writer locks that threads, or owner pointers, own by name and by count. Lives in the caller's
// 104 bytes; waiters bring their own storage; the table of owners moves to the heap when more than three share the resource.
// `guard` protects all but the counts of waiters, which are written under it and may be read without.
#pragma once

#include <wdm.h>

#include "conformance/kernel/executive/executive.h"
#include "conformance/kernel/parking.h"

namespace ddi::kernel::executive {

struct ResourceWaiter {
    static constexpr std::uint32_t waiting = 0, asleep = 1, granted = 2;

    ERESOURCE_THREAD owner = 0;
    std::atomic<std::uint32_t> stage{waiting};
    ResourceWaiter* next = nullptr;
};

/// First come, first served: a ring of which the last one is known.
class ResourceQueue {
  public:
    bool empty() const { return last_ == nullptr; }
    void join(ResourceWaiter& waiter);
    ResourceWaiter& leave_first();

  private:
    ResourceWaiter* last_ = nullptr;
};

struct ResourceOwner {
    ERESOURCE_THREAD id = 0;  // 0: nobody
    std::uint32_t count = 0;
    std::uint32_t reserved = 0;
};

struct ResourceTable;

enum class Access { exclusive, shared, starve_exclusive, wait_for_exclusive };

struct Resource {
    static constexpr std::uint32_t resource_kind = 0x53455244;  // "DRES"; anything else: not initialized, or deleted
    static constexpr std::size_t places = 3;

    std::uint32_t kind;
    Gate guard;
    ResourceQueue exclusive_queue;
    ResourceQueue shared_queue;
    std::atomic<std::uint32_t> exclusive_waiters;
    std::atomic<std::uint32_t> shared_waiters;
    std::uint32_t owners;  // places in use, here and in the table
    bool exclusive;        // then the owner's place is the first one here
    bool boost_disabled;
    ResourceTable* table;
    ResourceOwner place[places];
};
static_assert(sizeof(ERESOURCE) == 104, "ERESOURCE is 104 bytes on 64-bit Windows");
static_assert(sizeof(Resource) <= sizeof(ERESOURCE) && alignof(Resource) <= 8);

/// The resource at this address; a bug check if none was initialized there.
Resource& resource_at(PERESOURCE storage);

/// False: not now, and the caller does not want to wait. The level and the APCs are the caller's to check.
bool acquire_resource(Resource& resource, Access access, bool wait);
void release_resource(Resource& resource, ERESOURCE_THREAD owner);
void convert_to_shared(Resource& resource, ERESOURCE_THREAD me);
/// The owner pointer takes over all acquisitions of the thread.
void transfer(Resource& resource, ERESOURCE_THREAD me, ERESOURCE_THREAD pointer);
ULONG times_held(const Resource& resource, ERESOURCE_THREAD owner);
/// A bug check if anybody owns the resource or waits for it; gives back its memory.
void clear_resource(Resource& resource);

/// What callers have to see to: the level and, as Driver Verifier demands, normal kernel APCs that are off.
void require_acquirable(const void* resource, const Thread& thread);
void require_releasable(const void* resource, const Thread& thread);

}  // namespace ddi::kernel::executive
