#include "conformance/kernel/owned_mutex.h"

#include "conformance/kernel/deadlock.h"

namespace ddi::kernel {
namespace {

deadlock::Kind kind_of(const OwnedMutex& mutex) {
    return mutex.kind == OwnedMutex::fast_kind ? deadlock::Kind::fast_mutex : deadlock::Kind::guarded_mutex;
}

void acquire_slowly(OwnedMutex& mutex, Thread& thread) {
    const bool watched = deadlock::watching();
    if (!watched || !mutex.gate.try_enter()) {
        if (watched) deadlock::about_to_wait(thread, &mutex, kind_of(mutex), deadlock::Mode::exclusive);
        const WaitingScope waiting(thread, &mutex);
        mutex.gate.enter_slowly();
    }
    if (watched) deadlock::acquired(thread.id, &mutex, kind_of(mutex), deadlock::Mode::exclusive);
}

bool try_acquire_watched(OwnedMutex& mutex, const Thread& thread) {
    if (!deadlock::watching() || !mutex.gate.try_enter()) return false;
    deadlock::acquired(thread.id, &mutex, kind_of(mutex), deadlock::Mode::exclusive, true);
    return true;
}

}  // namespace

void OwnedMutex::acquire(Thread& thread) {
    if (!gate.try_enter(deadlock::narrow(thread.watch.get()))) acquire_slowly(*this, thread);
    owner.store(thread.id, std::memory_order_relaxed);
    thread.held_mutexes.add(+1);
}

bool OwnedMutex::try_acquire(Thread& thread) {
    if (!gate.try_enter(deadlock::narrow(thread.watch.get())) && !try_acquire_watched(*this, thread)) return false;
    owner.store(thread.id, std::memory_order_relaxed);
    thread.held_mutexes.add(+1);
    return true;
}

void OwnedMutex::release(Thread& thread) {
    owner.store(0, std::memory_order_relaxed);
    thread.held_mutexes.add(-1);
    if (gate.leave(deadlock::narrow(thread.watch.get())) && deadlock::watching()) deadlock::released(thread.id, this);
}

void OwnedMutex::require_initialized(std::uint32_t expected) const {
    if (kind != expected) [[unlikely]]
        bug_check(BugCode::driver_verifier_detected_violation, verifier::resource_uninitialized, this);
}

void OwnedMutex::require_not_owned_by(const Thread& thread) const {
    if (owner.load(std::memory_order_relaxed) == thread.id) [[unlikely]]
        bug_check(BugCode::driver_verifier_detected_violation, verifier::deadlock_self, this);
}

void OwnedMutex::require_owned_by(const Thread& thread) const {
    const ThreadId holder = owner.load(std::memory_order_relaxed);
    if (holder == thread.id) [[likely]]
        return;
    if (holder == 0) bug_check(BugCode::driver_verifier_detected_violation, verifier::released_unacquired, this);
    bug_check(BugCode::driver_verifier_detected_violation, verifier::released_by_wrong_thread, this, holder, thread.id);
}

void require_aligned(const void* storage) {
    if (reinterpret_cast<std::uintptr_t>(storage) % 8 != 0) raise_status(status_datatype_misalignment);
}

OwnedMutex& initialize_owned_mutex(void* storage, std::uint32_t kind) {
    require_aligned(storage);
    if (deadlock::watching()) [[unlikely]]
        deadlock::forget(storage);
    return *new (storage) OwnedMutex{.kind = kind, .gate = {}, .owner = 0, .old_irql = PASSIVE_LEVEL};
}

}  // namespace ddi::kernel
