#include "conformance/kernel/ndis/read_write_lock.h"

#include "conformance/kernel/bugcheck.h"
#include "conformance/kernel/deadlock.h"
#include "conformance/kernel/parking.h"
#include "conformance/kernel/planted_bug.h"

namespace ddi::kernel::ndis {
namespace {

// The default memory order throughout: a reader counts itself and then looks for a writer, a writer writes its name and then looks
// for readers. One of the two has to see the other.
[[noreturn]] void violation(std::uint64_t what, const void* lock, ThreadId owner, ThreadId current) {
    bug_check(BugCode::driver_verifier_detected_violation, what, lock, owner, current);
}

}  // namespace

void ReadWriteLock::require_live() const {
    if (kind_ != live) [[unlikely]]
        violation(verifier::resource_uninitialized, this, 0, 0);
}

std::uint32_t ReadWriteLock::readers() const {
    std::uint32_t sum = 0;
    for (const Slot& slot : slots_) sum += slot.count.load();
    return sum;
}

bool ReadWriteLock::busy() const { return writer_.load() != 0 || readers() != 0; }

void ReadWriteLock::retire() {
    if (busy()) bug_check(BugCode::spin_lock_already_owned, this);
    if (deadlock::watching()) deadlock::forget(this);
    kind_ = 0;
}

void ReadWriteLock::leave_slot(Slot& slot) {
    slot.count.fetch_sub(1);
    if (waiting_writers_.load() == 0) return;
    changes_.fetch_add(1);
    unpark_all(&changes_);
}

std::uint8_t ReadWriteLock::acquire_read(Thread& thread) {
    const std::uint32_t index = thread.processor % slots;
    Slot& slot = slots_[index];
    auto enter = [&] {
        slot.count.fetch_add(1);
        const ThreadId writer = writer_.load();
        if (writer == 0 || writer == thread.id) return true;
        leave_slot(slot);
        return false;
    };
    if (!enter()) [[unlikely]] {
        if (deadlock::watching()) deadlock::about_to_wait(thread, this, deadlock::Kind::read_write_lock, deadlock::Mode::shared);
        Backoff backoff;
        while (!enter()) {
            if (backoff.spin()) continue;
            const WaitingScope waiting(thread, this);
            waiting_readers_.fetch_add(1);
            if (const ThreadId writer = writer_.load(); writer != 0) park(&writer_, writer);
            waiting_readers_.fetch_sub(1);
        }
    }
    ThreadId nobody = 0;
    if (reads(slot, thread.id) || slot.reader.compare_exchange_strong(nobody, thread.id))
        slot.depth.fetch_add(1, std::memory_order_relaxed);
    thread.held_spin_locks.add(+1);
    if (deadlock::watching()) [[unlikely]]
        deadlock::acquired(thread.id, this, deadlock::Kind::read_write_lock, deadlock::Mode::shared);
    return static_cast<std::uint8_t>(index + 1);
}

// A writer's name that turns out to be too early goes away again at once: a reader that recurses meanwhile must not wait for it.
bool ReadWriteLock::try_write(ThreadId id) {
    ThreadId nobody = 0;
    if (!writer_.compare_exchange_strong(nobody, id)) return false;
    if (readers() == 0 || planted(Bug::ndis_writer_ignores_readers)) return true;
    writer_.store(0);
    if (waiting_readers_.load() != 0) unpark_all(&writer_);
    return false;
}

std::uint8_t ReadWriteLock::acquire_write(Thread& thread) {
    if (writer_.load() == thread.id) {
        write_depth_.fetch_add(1, std::memory_order_relaxed);
        thread.held_spin_locks.add(+1);
        return write;
    }
    // On Windows this processor would wait for itself.
    if (reads(slots_[thread.processor % slots], thread.id)) [[unlikely]]
        violation(verifier::deadlock_self, this, thread.id, thread.id);
    if (!try_write(thread.id)) [[unlikely]] {
        if (deadlock::watching()) deadlock::about_to_wait(thread, this, deadlock::Kind::read_write_lock, deadlock::Mode::exclusive);
        Backoff backoff;
        const WaitingScope waiting(thread, this);
        waiting_writers_.fetch_add(1);
        while (true) {
            const std::uint32_t seen = changes_.load();
            if (try_write(thread.id)) break;
            if (!backoff.spin()) park(&changes_, seen);
        }
        waiting_writers_.fetch_sub(1);
    }
    write_depth_.store(1, std::memory_order_relaxed);
    thread.held_spin_locks.add(+1);
    if (deadlock::watching()) [[unlikely]]
        deadlock::acquired(thread.id, this, deadlock::Kind::read_write_lock, deadlock::Mode::exclusive);
    return write;
}

void ReadWriteLock::release(Thread& thread, std::uint8_t state) {
    if (state == write) {
        const ThreadId owner = writer_.load();
        if (owner == 0) violation(verifier::released_unacquired, this, 0, thread.id);
        if (owner != thread.id) violation(verifier::released_by_wrong_thread, this, owner, thread.id);
        thread.held_spin_locks.add(-1);
        if (write_depth_.fetch_sub(1, std::memory_order_relaxed) != 1) return;
        if (deadlock::watching()) [[unlikely]]
            deadlock::released(thread.id, this);
        writer_.store(0);
        if (waiting_readers_.load() != 0) unpark_all(&writer_);
        if (waiting_writers_.load() != 0) {
            changes_.fetch_add(1);
            unpark_all(&changes_);
        }
        return;
    }
    if (state == 0 || state > slots) violation(verifier::released_unacquired, this, writer_.load(), thread.id);
    Slot& slot = slots_[state - 1];
    const ThreadId reader = slot.reader.load(std::memory_order_relaxed);
    if (slot.count.load() == 0) violation(verifier::released_unacquired, this, writer_.load(), thread.id);
    if (state - 1 != static_cast<int>(thread.processor % slots)) violation(verifier::released_by_wrong_thread, this, reader, thread.id);
    if (reader == thread.id && slot.depth.fetch_sub(1, std::memory_order_relaxed) == 1) slot.reader.store(0);
    thread.held_spin_locks.add(-1);
    if (planted(Bug::ndis_recursive_read_frees)) slot.count.store(1);
    if (deadlock::watching()) [[unlikely]]
        deadlock::released(thread.id, this);
    leave_slot(slot);
}

}  // namespace ddi::kernel::ndis
