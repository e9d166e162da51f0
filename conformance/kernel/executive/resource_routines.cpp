// The documented resource routines: who may call them where, and which variant of acquisition they are.
#include <fltkernel.h>
#include <ntifs.h>

#include <new>

#include "conformance/kernel/deadlock.h"
#include "conformance/kernel/executive/resource.h"
#include "conformance/kernel/irql.h"
#include "conformance/kernel/owned_mutex.h"
#include "conformance/kernel/region.h"

namespace ddi::kernel::executive {
namespace {

void require_normal_apcs_off(const void* resource, const Thread& thread, std::uint64_t violation) {
    if (current_irql() >= APC_LEVEL || normal_apcs_disabled(thread)) [[likely]]
        return;
    bug_check(BugCode::driver_verifier_detected_violation, violation, current_irql(), combined_apc_disable(thread), resource);
}

ERESOURCE_THREAD me(const Thread& thread) { return resource_thread(thread.id); }

BOOLEAN acquire(PERESOURCE storage, Access access, BOOLEAN wait) {
    Resource& resource = resource_at(storage);
    require_acquirable(storage, this_thread());
    return acquire_resource(resource, access, wait != FALSE) ? TRUE : FALSE;
}

void release(PERESOURCE storage, ERESOURCE_THREAD owner) {
    Resource& resource = resource_at(storage);
    require_releasable(storage, this_thread());
    release_resource(resource, owner);
}

Resource& queried(PERESOURCE storage) {
    require_at_most(DISPATCH_LEVEL, storage);
    return resource_at(storage);
}

// Enters the region first: no normal APC comes between.
void enter_region_and_acquire(PERESOURCE storage, Access access) {
    Resource& resource = resource_at(storage);
    require_at_most(APC_LEVEL, storage);
    enter_critical_region(this_thread());
    acquire_resource(resource, access, true);
}

void release_and_leave_region(PERESOURCE storage, KIRQL highest) {
    Resource& resource = resource_at(storage);
    Thread& thread = this_thread();
    require_at_most(highest, storage);
    if (thread.kernel_apc_disable.get() == 0) [[unlikely]]
        bug_check(BugCode::apc_index_mismatch, 0, 0, combined_apc_disable(thread));
    release_resource(resource, me(thread));
    leave_critical_region(thread);
}

constexpr ERESOURCE_THREAD owner_pointer_bits = 3;

}  // namespace

void require_acquirable(const void* resource, const Thread& thread) {
    require_at_most(APC_LEVEL, resource);
    require_normal_apcs_off(resource, thread, verifier::resource_acquired_apcs_enabled);
}

void require_releasable(const void* resource, const Thread& thread) {
    require_at_most(DISPATCH_LEVEL, resource);
    require_normal_apcs_off(resource, thread, verifier::resource_released_apcs_enabled);
}

}  // namespace ddi::kernel::executive

using namespace ddi::kernel;
using namespace ddi::kernel::executive;

extern "C" {

NTSTATUS ExInitializeResourceLite(PERESOURCE Resource) {
    require_at_most(DISPATCH_LEVEL, Resource);
    require_aligned(Resource);
    if (deadlock::watching()) deadlock::forget(Resource);
    auto& made = *new (Resource) executive::Resource{};
    made.kind = executive::Resource::resource_kind;
    return STATUS_SUCCESS;
}

NTSTATUS ExReinitializeResourceLite(PERESOURCE Resource) {
    auto& resource = queried(Resource);
    clear_resource(resource);
    resource.boost_disabled = false;
    return STATUS_SUCCESS;
}

NTSTATUS ExDeleteResourceLite(PERESOURCE Resource) {
    require_at_most(APC_LEVEL, Resource);
    auto& resource = *reinterpret_cast<executive::Resource*>(Resource);
    if (resource.kind != executive::Resource::resource_kind) [[unlikely]]
        bug_check(BugCode::driver_verifier_detected_violation, verifier::resource_deleted_uninitialized, Resource);
    clear_resource(resource);
    resource.kind = 0;
    return STATUS_SUCCESS;
}

BOOLEAN ExAcquireResourceExclusiveLite(PERESOURCE Resource, BOOLEAN Wait) { return acquire(Resource, Access::exclusive, Wait); }
BOOLEAN ExAcquireResourceSharedLite(PERESOURCE Resource, BOOLEAN Wait) { return acquire(Resource, Access::shared, Wait); }
BOOLEAN ExAcquireSharedStarveExclusive(PERESOURCE Resource, BOOLEAN Wait) { return acquire(Resource, Access::starve_exclusive, Wait); }
BOOLEAN ExAcquireSharedWaitForExclusive(PERESOURCE Resource, BOOLEAN Wait) { return acquire(Resource, Access::wait_for_exclusive, Wait); }

VOID ExReleaseResourceLite(PERESOURCE Resource) { release(Resource, me(this_thread())); }

// The owner is whoever the caller says: a thread that is not the current one, or an owner pointer.
VOID ExReleaseResourceForThreadLite(PERESOURCE Resource, ERESOURCE_THREAD ResourceThreadId) { release(Resource, ResourceThreadId); }

VOID ExConvertExclusiveToSharedLite(PERESOURCE Resource) {
    auto& resource = resource_at(Resource);
    require_at_most(APC_LEVEL, Resource);
    convert_to_shared(resource, me(this_thread()));
}

PVOID ExEnterCriticalRegionAndAcquireResourceExclusive(PERESOURCE Resource) {
    enter_region_and_acquire(Resource, Access::exclusive);
    return &this_thread();  // opaque: a caller ignores it
}

VOID ExReleaseResourceAndLeaveCriticalRegion(PERESOURCE Resource) { release_and_leave_region(Resource, APC_LEVEL); }

ULONG ExGetExclusiveWaiterCount(PERESOURCE Resource) { return queried(Resource).exclusive_waiters.load(std::memory_order_relaxed); }
ULONG ExGetSharedWaiterCount(PERESOURCE Resource) { return queried(Resource).shared_waiters.load(std::memory_order_relaxed); }

BOOLEAN ExIsResourceAcquiredExclusiveLite(PERESOURCE Resource) {
    auto& resource = queried(Resource);
    const GateScope scope(resource.guard);
    return resource.exclusive && resource.place[0].id == me(this_thread()) ? TRUE : FALSE;
}

ULONG ExIsResourceAcquiredSharedLite(PERESOURCE Resource) { return times_held(queried(Resource), me(this_thread())); }

// The page of this older routine speaks of the bits of the value that the pointer points to, so the pointer itself is not judged.
VOID ExSetResourceOwnerPointer(PERESOURCE Resource, PVOID OwnerPointer) {
    transfer(queried(Resource), me(this_thread()), reinterpret_cast<ERESOURCE_THREAD>(OwnerPointer));
}

VOID ExSetResourceOwnerPointerEx(PERESOURCE Resource, PVOID OwnerPointer, ULONG) {
    auto& resource = queried(Resource);
    const auto pointer = reinterpret_cast<ERESOURCE_THREAD>(OwnerPointer);
    if ((pointer & owner_pointer_bits) != owner_pointer_bits) [[unlikely]]
        bug_check(BugCode::resource_owner_pointer_invalid, Resource, OwnerPointer);
    transfer(resource, me(this_thread()), pointer);
}

// Priorities are the host's: a flag is all that a boost is here.
VOID ExDisableResourceBoostLite(PERESOURCE Resource) {
    auto& resource = resource_at(Resource);
    const GateScope scope(resource.guard);
    resource.boost_disabled = true;
}

VOID FltAcquireResourceExclusive(PERESOURCE Resource) { enter_region_and_acquire(Resource, Access::exclusive); }
VOID FltAcquireResourceShared(PERESOURCE Resource) { enter_region_and_acquire(Resource, Access::shared); }
VOID FltReleaseResource(PERESOURCE Resource) { release_and_leave_region(Resource, DISPATCH_LEVEL); }

}  // extern "C"

namespace ddi::kernel::observe {

ThreadId resource_owner(const ERESOURCE* resource) {
    auto& seen = *reinterpret_cast<Resource*>(const_cast<ERESOURCE*>(resource));
    const GateScope scope(seen.guard);
    return seen.exclusive ? thread_of(seen.place[0].id) : 0;
}

ULONG resource_exclusive_waiters(const ERESOURCE* resource) {
    return reinterpret_cast<const Resource*>(resource)->exclusive_waiters.load(std::memory_order_relaxed);
}

ULONG resource_shared_waiters(const ERESOURCE* resource) {
    return reinterpret_cast<const Resource*>(resource)->shared_waiters.load(std::memory_order_relaxed);
}

ULONG resource_holds(const ERESOURCE* resource, ERESOURCE_THREAD owner) {
    return times_held(*reinterpret_cast<const Resource*>(resource), owner);
}

}  // namespace ddi::kernel::observe
