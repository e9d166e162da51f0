#include "conformance/kernel/executive/resource.h"

#include <vector>

#include "conformance/kernel/deadlock.h"
#include "conformance/kernel/planted_bug.h"

namespace ddi::kernel::executive {

struct ResourceTable {
    std::vector<ResourceOwner> owners;
};

void ResourceQueue::join(ResourceWaiter& waiter) {
    waiter.next = last_ ? last_->next : &waiter;
    if (last_) last_->next = &waiter;
    last_ = &waiter;
}

ResourceWaiter& ResourceQueue::leave_first() {
    ResourceWaiter& first = *last_->next;
    if (&first == last_)
        last_ = nullptr;
    else
        last_->next = first.next;
    return first;
}

namespace {

// All below are called with the guard held.

ResourceOwner* find(Resource& resource, ERESOURCE_THREAD id) {
    for (ResourceOwner& place : resource.place)
        if (place.id == id) return &place;
    if (resource.table)
        for (ResourceOwner& place : resource.table->owners)
            if (place.id == id) return &place;
    return nullptr;
}

// One more acquisition by this owner.
void hold(Resource& resource, ERESOURCE_THREAD id) {
    if (ResourceOwner* mine = find(resource, id)) {
        if (!planted(Bug::shared_holds_not_counted) || resource.exclusive) ++mine->count;
        return;
    }
    ResourceOwner* free = find(resource, 0);
    if (!free) {
        if (!resource.table) resource.table = new ResourceTable;
        free = &resource.table->owners.emplace_back();
    }
    *free = {.id = id, .count = 1};
    ++resource.owners;
}

bool owned_exclusively_by(const Resource& resource, ERESOURCE_THREAD id) { return resource.exclusive && resource.place[0].id == id; }

bool take(Resource& resource, ERESOURCE_THREAD me, Access access) {
    const bool free = resource.owners == 0;
    if (access == Access::exclusive) {
        if (!free && !owned_exclusively_by(resource, me)) return false;
        resource.exclusive = true;
    } else if (resource.exclusive) {
        // The exclusive owner's shared acquisitions count like its exclusive ones.
        if (!owned_exclusively_by(resource, me)) return false;
    } else if (!free && access != Access::starve_exclusive && resource.exclusive_waiters.load(std::memory_order_relaxed) != 0) {
        // Who has shared access gets it again; only ExAcquireSharedWaitForExclusive lets the waiters pass all the same.
        if (access == Access::wait_for_exclusive || !find(resource, me)) return false;
    }
    hold(resource, me);
    return true;
}

deadlock::Mode mode_of(Access access) { return access == Access::exclusive ? deadlock::Mode::exclusive : deadlock::Mode::shared; }

void grant(Resource& resource, ResourceWaiter& waiter, Access access) {
    hold(resource, waiter.owner);
    // For the waiter: it is no longer blocked, even if it does not run yet.
    if (deadlock::watching()) deadlock::acquired(thread_of(waiter.owner), &resource, deadlock::Kind::resource, mode_of(access));
    const void* watched = &waiter.stage;
    // The waiter and its storage can be gone right after this.
    if (waiter.stage.exchange(ResourceWaiter::granted, std::memory_order_release) == ResourceWaiter::asleep) unpark_one(watched);
}

void grant_all_shared(Resource& resource) {
    while (!resource.shared_queue.empty()) {
        resource.shared_waiters.fetch_sub(1, std::memory_order_relaxed);
        grant(resource, resource.shared_queue.leave_first(), Access::shared);
    }
}

void grant_one_exclusive(Resource& resource) {
    resource.exclusive = true;
    resource.exclusive_waiters.fetch_sub(1, std::memory_order_relaxed);
    grant(resource, resource.exclusive_queue.leave_first(), Access::exclusive);
}

// After an exclusive owner, all who wait for shared access come in together; after the last shared one, the first exclusive waiter.
void hand_over(Resource& resource, bool was_exclusive) {
    const bool exclusive_next = !resource.exclusive_queue.empty() && !(was_exclusive && !resource.shared_queue.empty());
    if (exclusive_next)
        grant_one_exclusive(resource);
    else
        grant_all_shared(resource);
}

[[noreturn]] void not_owned(const Resource& resource, ERESOURCE_THREAD owner) {
    bug_check(BugCode::resource_not_owned, &resource, owner, resource.table);
}

void wait_until_granted(Resource& resource, ResourceWaiter& waiter, Thread& thread) {
    const WaitingScope waiting(thread, &resource);
    Backoff backoff;
    while (waiter.stage.load(std::memory_order_acquire) != ResourceWaiter::granted) {
        if (backoff.spin()) continue;
        std::uint32_t expected = ResourceWaiter::waiting;
        if (waiter.stage.compare_exchange_strong(expected, ResourceWaiter::asleep, std::memory_order_acquire) ||
            expected == ResourceWaiter::asleep)
            park(&waiter.stage, ResourceWaiter::asleep);
    }
}

}  // namespace

Resource& resource_at(PERESOURCE storage) {
    Resource& resource = *reinterpret_cast<Resource*>(storage);
    if (resource.kind != Resource::resource_kind) [[unlikely]]
        bug_check(BugCode::driver_verifier_detected_violation, verifier::resource_uninitialized, storage);
    return resource;
}

namespace {

// Whether the caller finds the guard taken, or is watched, decides once which of the two it runs: the plain one asks nothing more.
struct Plain {
    static constexpr bool watched = false;
};
struct Watched {
    bool watched = deadlock::watching();
};

template <class Path>
bool acquire_guarded(Resource& resource, Thread& thread, Access access, bool wait, Path path) {
    const ERESOURCE_THREAD me = resource_thread(thread.id);
    ResourceWaiter waiter;
    waiter.owner = me;
    bool taken = take(resource, me, access);
    if (!taken && wait && path.watched) {
        resource.guard.leave();
        // Another thread can release for this one, and who waits for exclusive waiters to pass counts on it.
        deadlock::about_to_wait(thread, &resource, deadlock::Kind::resource, mode_of(access), access == Access::wait_for_exclusive);
        resource.guard.enter();
        taken = take(resource, me, access);
    }
    if (!taken && wait) {
        const bool exclusive = access == Access::exclusive;
        (exclusive ? resource.exclusive_queue : resource.shared_queue).join(waiter);
        (exclusive ? resource.exclusive_waiters : resource.shared_waiters).fetch_add(1, std::memory_order_relaxed);
    }
    resource.guard.leave();
    if (taken && path.watched) deadlock::acquired(thread.id, &resource, deadlock::Kind::resource, mode_of(access), !wait);
    if (taken || !wait) return taken;
    wait_until_granted(resource, waiter, thread);
    return true;
}

template <class Path>
void release_guarded(Resource& resource, ERESOURCE_THREAD owner, Path path) {
    ResourceOwner* held = owner != 0 ? find(resource, owner) : nullptr;
    if (!held) [[unlikely]] {
        resource.guard.leave();
        not_owned(resource, owner);
    }
    if (path.watched) deadlock::released(thread_of(owner), &resource);
    if (--held->count == 0) {
        held->id = 0;
        if (--resource.owners == 0) {
            const bool was_exclusive = resource.exclusive;
            resource.exclusive = false;
            hand_over(resource, was_exclusive);
        }
    }
    resource.guard.leave();
}

}  // namespace

bool acquire_resource(Resource& resource, Access access, bool wait) {
    Thread& thread = this_thread();
    if (resource.guard.try_enter(deadlock::narrow(thread.watch.get()))) [[likely]]
        return acquire_guarded(resource, thread, access, wait, Plain{});
    resource.guard.enter();
    return acquire_guarded(resource, thread, access, wait, Watched{});
}

void release_resource(Resource& resource, ERESOURCE_THREAD owner) {
    if (resource.guard.try_enter(deadlock::narrow(this_thread().watch.get()))) [[likely]]
        return release_guarded(resource, owner, Plain{});
    resource.guard.enter();
    release_guarded(resource, owner, Watched{});
}

void convert_to_shared(Resource& resource, ERESOURCE_THREAD me) {
    const GateScope scope(resource.guard);
    if (!owned_exclusively_by(resource, me)) [[unlikely]]
        not_owned(resource, me);
    if (planted(Bug::conversion_keeps_exclusive)) return;
    resource.exclusive = false;
    if (deadlock::watching()) deadlock::now_shared(thread_of(me), &resource);
    grant_all_shared(resource);
}

void transfer(Resource& resource, ERESOURCE_THREAD me, ERESOURCE_THREAD pointer) {
    const GateScope scope(resource.guard);
    ResourceOwner* mine = find(resource, me);
    if (!mine) [[unlikely]]
        not_owned(resource, me);
    if (deadlock::watching()) deadlock::forget_hold(thread_of(me), &resource);
    ResourceOwner* theirs = find(resource, pointer);
    if (!theirs) {
        mine->id = pointer;
        return;
    }
    theirs->count += mine->count;
    *mine = {};
    --resource.owners;
}

ULONG times_held(const Resource& resource, ERESOURCE_THREAD owner) {
    Resource& guarded = const_cast<Resource&>(resource);
    const GateScope scope(guarded.guard);
    const ResourceOwner* held = find(guarded, owner);
    return held ? held->count : 0;
}

void clear_resource(Resource& resource) {
    const GateScope scope(resource.guard);
    if (resource.owners != 0 || !resource.exclusive_queue.empty() || !resource.shared_queue.empty()) [[unlikely]]
        bug_check(BugCode::driver_verifier_detected_violation, verifier::ours_destroyed_in_use, &resource);
    if (deadlock::watching()) deadlock::forget(&resource);
    delete resource.table;
    resource.table = nullptr;
}

}  // namespace ddi::kernel::executive
