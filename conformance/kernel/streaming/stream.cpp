#include "conformance/kernel/streaming/stream.h"

#include <algorithm>

#include "conformance/kernel/irql.h"

namespace ddi::kernel::avstream {

template <class Body>
void Queue::change(Body body) {
    std::size_t before = 0, after = 0;
    {
        const GateScope scope(guard_);
        before = count();
        body();
        after = count();
    }
    if (listener_ && (before == 0) != (after == 0)) listener_(after != 0);
}

StreamPointer::StreamPointer(Queue& queue, PKSPIN pin) : queue_(queue) { public_.Pin = pin; }

StreamPointer& StreamPointer::of(PKSSTREAM_POINTER object) {
    StreamPointer& pointer = *reinterpret_cast<StreamPointer*>(object);
    if (pointer.kind_ != live) bug_check(BugCode::driver_verifier_detected_violation, verifier::resource_uninitialized, object);
    return pointer;
}

Queue::Queue(PKSPIN pin, bool input) : input_(input), leading_edge_(*this, pin) {
    KSSTREAM_POINTER& edge = leading_edge_.public_;
    edge.Offset = input_ ? &edge.OffsetIn : &edge.OffsetOut;
}

std::size_t Queue::count() const {
    return static_cast<std::size_t>(
        std::count_if(frames_.begin(), frames_.end(), [](const auto& frame) { return frame->state == Frame::State::waiting; }));
}

std::size_t Queue::waiting() const {
    const GateScope scope(guard_);
    return count();
}

void Queue::point_at_next(StreamPointer& pointer) {
    const auto next = std::find_if(frames_.begin(), frames_.end(), [](const auto& frame) { return frame->state == Frame::State::waiting; });
    pointer.frame_ = next == frames_.end() ? nullptr : next->get();
    pointer.public_.StreamHeader = pointer.frame_ ? &pointer.frame_->header : nullptr;
    KSSTREAM_POINTER_OFFSET& at = offset(pointer);
    at.Data = pointer.frame_ ? pointer.frame_->bytes.data() : nullptr;
    at.Count = at.Remaining = pointer.frame_ ? static_cast<ULONG>(pointer.frame_->bytes.size()) : 0;
}

Frame& Queue::add_frame(std::size_t size) {
    Frame* added = nullptr;
    change([&] {
        added = frames_.emplace_back(std::make_unique<Frame>(size)).get();
        if (!leading_edge_.frame_) point_at_next(leading_edge_);
    });
    return *added;
}

void Queue::cancel(Frame& frame) {
    change([&] {
        if (frame.locks != 0)
            frame.cancel_when_unlocked = true;
        else if (frame.state == Frame::State::waiting)
            frame.state = Frame::State::canceled;
    });
}

NTSTATUS Queue::lock(StreamPointer& pointer) {
    const GateScope scope(guard_);
    if (pointer.locked_) return STATUS_SUCCESS;  // the documentation is silent; the promise of a locked pointer holds
    if (!pointer.frame_) return STATUS_DEVICE_NOT_READY;
    if (pointer.frame_->state != Frame::State::waiting) {
        point_at_next(pointer);  // the canceled frame is gone; another attempt may find the next one
        return STATUS_DEVICE_NOT_READY;
    }
    ++pointer.frame_->locks;
    pointer.locked_ = true;
    return STATUS_SUCCESS;
}

void Queue::require_locked(const StreamPointer& pointer) const {
    if (!pointer.locked_) bug_check(BugCode::driver_verifier_detected_violation, verifier::released_unacquired, &pointer);
}

void Queue::drop_lock(StreamPointer& pointer) {
    pointer.locked_ = false;
    Frame& frame = *pointer.frame_;
    if (--frame.locks == 0 && frame.cancel_when_unlocked && frame.state == Frame::State::waiting) frame.state = Frame::State::canceled;
}

void Queue::advance(StreamPointer& pointer, ULONG in, ULONG out, bool eject) {
    change([&] {
        require_locked(pointer);
        KSSTREAM_POINTER_OFFSET& at = offset(pointer);
        // More than remains is the caller's mistake; what remains is all that there is to use.
        const ULONG used = std::min(input_ ? in : out, at.Remaining);
        at.Data += used;
        at.Remaining -= used;
        release(pointer, eject || at.Remaining == 0);
    });
}

void Queue::unlock(StreamPointer& pointer, bool eject) {
    change([&] {
        require_locked(pointer);
        release(pointer, eject);
    });
}

void Queue::release(StreamPointer& pointer, bool eject) {
    if (eject) pointer.frame_->state = Frame::State::done;
    drop_lock(pointer);
    if (eject) point_at_next(pointer);
}

}  // namespace ddi::kernel::avstream

using namespace ddi::kernel;
using avstream::StreamPointer;

extern "C" {

NTSTATUS KsStreamPointerLock(PKSSTREAM_POINTER StreamPointer) {
    auto& pointer = avstream::StreamPointer::of(StreamPointer);
    require_at_most(DISPATCH_LEVEL, StreamPointer);
    return pointer.queue().lock(pointer);
}

void KsStreamPointerUnlock(PKSSTREAM_POINTER StreamPointer, BOOLEAN Eject) {
    auto& pointer = avstream::StreamPointer::of(StreamPointer);
    require_at_most(DISPATCH_LEVEL, StreamPointer);
    pointer.queue().unlock(pointer, Eject != FALSE);
}

void KsStreamPointerAdvanceOffsetsAndUnlock(PKSSTREAM_POINTER StreamPointer, ULONG InUsed, ULONG OutUsed, BOOLEAN Eject) {
    auto& pointer = avstream::StreamPointer::of(StreamPointer);
    require_at_most(DISPATCH_LEVEL, StreamPointer);
    pointer.queue().advance(pointer, InUsed, OutUsed, Eject != FALSE);
}

}  // extern "C"
