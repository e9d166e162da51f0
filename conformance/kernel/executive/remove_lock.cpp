// Remove locks: a count of acquisitions, each with a tag, and a device that is going to be removed. The IO_REMOVE_LOCK holds the count;
// the tags are kept apart, as Driver Verifier keeps them, and forgotten when the storage is initialized anew.
#include <wdm.h>

#include <algorithm>
#include <memory>
#include <mutex>
#include <new>
#include <unordered_map>
#include <vector>

#include "conformance/kernel/executive/executive.h"
#include "conformance/kernel/irql.h"
#include "conformance/kernel/owned_mutex.h"
#include "conformance/kernel/parking.h"
#include "conformance/kernel/planted_bug.h"

namespace {

using namespace ddi::kernel;

using Tags = std::vector<const void*>;

struct RemoveLock {
    static constexpr std::uint32_t lock_kind = 0x4B4C5244;  // "DRLK"
    static constexpr std::uint32_t waiting = 0, drained = 1;

    std::uint32_t kind;
    Gate guard;
    std::atomic<std::uint32_t> count;  // acquisitions not yet released
    std::atomic<std::uint32_t> stage;  // watched by the one who waits
    bool removed;
    bool waited;  // the wait is over: the device is to be deleted
    Tags* tags;
};
static_assert(sizeof(RemoveLock) <= sizeof(IO_REMOVE_LOCK) && alignof(RemoveLock) <= 8);
static_assert(sizeof(IO_REMOVE_LOCK) == 32, "IO_REMOVE_LOCK is 32 bytes on 64-bit Windows");

// Tags of all locks, by address. Never destroyed: a lock may outlive everything else in the process.
Tags& tags_for(const void* lock) {
    static std::mutex& guard = *new std::mutex;
    static auto& all = *new std::unordered_map<const void*, std::unique_ptr<Tags>>;
    const std::lock_guard scope(guard);
    std::unique_ptr<Tags>& tags = all[lock];
    if (tags)
        tags->clear();
    else
        tags = std::make_unique<Tags>();
    return *tags;
}

RemoveLock& lock_at(PIO_REMOVE_LOCK storage) {
    RemoveLock& lock = *reinterpret_cast<RemoveLock*>(storage);
    if (lock.kind != RemoveLock::lock_kind) [[unlikely]]
        bug_check(BugCode::driver_verifier_detected_violation, verifier::resource_uninitialized, storage);
    return lock;
}

// Called with the guard held. Which of several acquisitions with one tag it was does not matter.
void give_back(RemoveLock& lock, const void* tag, std::uint64_t violation) {
    const auto found = std::find(lock.tags->begin(), lock.tags->end(), tag);
    if (found == lock.tags->end()) [[unlikely]]
        bug_check(BugCode::driver_verifier_detected_violation, violation, &lock, tag);
    *found = lock.tags->back();
    lock.tags->pop_back();
    lock.count.fetch_sub(1, std::memory_order_relaxed);
}

}  // namespace

extern "C" {

VOID IoInitializeRemoveLock(PIO_REMOVE_LOCK Lock, ULONG, ULONG, ULONG) {
    require_at_most(PASSIVE_LEVEL, Lock);
    require_aligned(Lock);
    const auto& old = *reinterpret_cast<const RemoveLock*>(Lock);
    if (old.kind == RemoveLock::lock_kind && old.waited) [[unlikely]]
        bug_check(BugCode::driver_verifier_detected_violation, verifier::ours_remove_lock_reinitialized, Lock);
    auto& made = *new (Lock) RemoveLock{};
    made.kind = RemoveLock::lock_kind;
    made.tags = &tags_for(Lock);
}

NTSTATUS IoAcquireRemoveLock(PIO_REMOVE_LOCK RemoveLock, PVOID Tag) {
    require_at_most(DISPATCH_LEVEL, RemoveLock);
    auto& lock = lock_at(RemoveLock);
    const GateScope scope(lock.guard);
    if (lock.removed) return STATUS_DELETE_PENDING;
    lock.tags->push_back(Tag);
    lock.count.fetch_add(1, std::memory_order_relaxed);
    return STATUS_SUCCESS;
}

VOID IoReleaseRemoveLock(PIO_REMOVE_LOCK RemoveLock, PVOID Tag) {
    require_at_most(DISPATCH_LEVEL, RemoveLock);
    auto& lock = lock_at(RemoveLock);
    bool last = false;
    {
        const GateScope scope(lock.guard);
        give_back(lock, Tag, verifier::remove_lock_release_tag);
        last = lock.removed && lock.count.load(std::memory_order_relaxed) == 0;
        if (last) lock.stage.store(lock.drained, std::memory_order_release);
    }
    if (last) unpark_all(&lock.stage);  // only the address: the device can be gone
}

VOID IoReleaseRemoveLockAndWait(PIO_REMOVE_LOCK RemoveLock, PVOID Tag) {
    require_at_most(PASSIVE_LEVEL, RemoveLock);
    auto& lock = lock_at(RemoveLock);
    {
        const GateScope scope(lock.guard);
        give_back(lock, Tag, verifier::remove_lock_release_and_wait_tag);
        lock.removed = true;
        if (lock.count.load(std::memory_order_relaxed) == 0) lock.stage.store(lock.drained, std::memory_order_relaxed);
    }
    if (lock.stage.load(std::memory_order_acquire) != lock.drained && !planted(Bug::remove_lock_wait_returns_early)) {
        const WaitingScope waiting(this_thread(), RemoveLock);
        Backoff backoff;
        while (lock.stage.load(std::memory_order_acquire) != lock.drained) {
            if (!backoff.spin()) park(&lock.stage, lock.waiting);
        }
    }
    // Whoever drained the lock has left it.
    const GateScope scope(lock.guard);
    lock.waited = true;
}

}  // extern "C"

namespace ddi::kernel::observe {

ULONG remove_lock_count(const IO_REMOVE_LOCK* lock) { return reinterpret_cast<const RemoveLock*>(lock)->count.load(); }

}  // namespace ddi::kernel::observe
