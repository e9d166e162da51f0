#include "conformance/kernel/dispatcher/object.h"

#include "conformance/kernel/dispatcher/timed.h"
#include "conformance/kernel/mutant.h"

namespace ddi::kernel {
namespace {

constinit Gate dispatcher_gate;

bool all_available(const Waiter& waiter) {
    for (std::uint32_t i = 0; i < waiter.count; ++i) {
        if (!available_to(*waiter.blocks[i].object, *waiter.thread)) return false;
    }
    return true;
}

NTSTATUS consume_all(const Waiter& waiter) {
    NTSTATUS status = STATUS_SUCCESS;
    for (std::uint32_t i = 0; i < waiter.count; ++i) {
        WaitBlock& block = waiter.blocks[i];
        if (consume(block, *waiter.thread, waiter.irql) && status == STATUS_SUCCESS)
            status = STATUS_ABANDONED_WAIT_0 + static_cast<NTSTATUS>(block.key);
    }
    return status;
}

}  // namespace

DispatcherScope::DispatcherScope() { dispatcher_gate.enter(); }

DispatcherScope::~DispatcherScope() {
    dispatcher_gate.leave();
    while (Waiter* waiter = released_) {
        released_ = waiter->next_released;
        const void* watched = &waiter->stage;
        // The waiter and its storage can be gone right after this.
        if (waiter->stage.exchange(Waiter::done, std::memory_order_release) == Waiter::asleep) unpark_one(watched);
    }
}

void DispatcherScope::end_wait(Waiter& waiter, NTSTATUS status) {
    for (std::uint32_t i = 0; i < waiter.count; ++i) quit(waiter.blocks[i]);
    for (std::uint32_t i = 0; i < waiter.count; ++i) Frozen::thaw(*waiter.blocks[i].object);
    leave_timed(waiter);
    waiter.thread->waiter = nullptr;
    waiter.status = status;
    waiter.released = true;
    waiter.next_released = nullptr;
    *last_ = &waiter;
    last_ = &waiter.next_released;
}

void Frozen::serve() {
    WaitBlock* block = object_.first;
    while (block && state() > 0) {
        // Whoever comes after the last one is served by another call. end_wait takes this block, and maybe others of the same wait,
        // out of the list, so that the walk starts anew after each satisfied wait: those before it cannot be satisfied, still.
        Waiter& waiter = *block->waiter;
        if (!waiter.all) {
            const bool abandoned = consume(*block, *waiter.thread, waiter.irql);
            scope_.end_wait(waiter, static_cast<NTSTATUS>(block->key) + (abandoned ? STATUS_ABANDONED_WAIT_0 : STATUS_WAIT_0));
        } else if (all_available(waiter)) {
            scope_.end_wait(waiter, consume_all(waiter));
        } else {
            block = block->next == object_.first ? nullptr : block->next;
            continue;
        }
        object_.word.fetch_or(SignalWord::slow, std::memory_order_relaxed);  // end_wait may have let go of it
        block = object_.first;
    }
}

void Frozen::thaw(Dispatcher& object) {
    if (!object.first) object.word.fetch_and(~SignalWord::slow, std::memory_order_release);
}

Dispatcher& dispatcher_at(void* object) {
    Dispatcher& found = *static_cast<Dispatcher*>(object);
    if (found.kind < ObjectKind::notification_event || found.kind > ObjectKind::thread) [[unlikely]]
        bug_check(BugCode::driver_verifier_detected_violation, verifier::resource_uninitialized, object);
    return found;
}

bool available_to(const Dispatcher& object, const Thread& thread) {
    if (object.signal_state() > 0) return true;
    return object.kind == ObjectKind::mutant && static_cast<const Mutant&>(object).owner.load(std::memory_order_relaxed) == thread.id;
}

bool consume(WaitBlock& block, Thread& thread, KIRQL irql) {
    Dispatcher& object = *block.object;
    const std::uint64_t word = object.word.load(std::memory_order_relaxed);
    switch (object.kind) {
        case ObjectKind::notification_event:
        case ObjectKind::notification_timer:
        case ObjectKind::thread:
            return false;
        case ObjectKind::synchronization_event:
        case ObjectKind::synchronization_timer:
            object.word.store(SignalWord::with_state(word, 0), std::memory_order_relaxed);
            return false;
        case ObjectKind::semaphore:
            object.word.store(SignalWord::with_state(word, SignalWord::state(word) - 1), std::memory_order_relaxed);
            return false;
        case ObjectKind::mutant:
            return consume_mutant(static_cast<Mutant&>(object), block, thread, irql);
    }
    return false;
}

void join(WaitBlock& block) {
    WaitBlock*& first = block.object->first;
    if (!first) {
        first = block.next = block.previous = &block;
        return;
    }
    block.next = first;
    block.previous = first->previous;
    block.previous->next = &block;
    first->previous = &block;
}

void quit(WaitBlock& block) {
    WaitBlock*& first = block.object->first;
    if (block.next == &block) {
        first = nullptr;
        return;
    }
    block.previous->next = block.next;
    block.next->previous = block.previous;
    if (first == &block) first = block.next;
}

}  // namespace ddi::kernel
