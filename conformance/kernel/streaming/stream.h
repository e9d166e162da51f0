// The frames that wait at a pin, and the stream pointers into them: a small model of AVStream's queue. A frame is a buffer; the leading
// edge points to the first one that is not done. While a stream pointer is locked its frame cannot be canceled; a cancellation takes
// effect when the last lock goes. Every function may be called up to DISPATCH_LEVEL, on any thread.
#pragma once

#include <ks.h>

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "conformance/kernel/parking.h"

namespace ddi::kernel::avstream {

class Queue;

struct Frame {
    explicit Frame(std::size_t size) : bytes(size) {}
    std::vector<UCHAR> bytes;
    KSSTREAM_HEADER header{};
    std::uint32_t locks = 0;
    enum class State { waiting, done, canceled } state = State::waiting;
    bool cancel_when_unlocked = false;
};

class StreamPointer {
  public:
    explicit StreamPointer(Queue& queue, PKSPIN pin);
    StreamPointer(const StreamPointer&) = delete;
    StreamPointer& operator=(const StreamPointer&) = delete;

    PKSSTREAM_POINTER object() { return &public_; }
    bool locked() const { return locked_; }
    Queue& queue() { return queue_; }

    /// The stream pointer that the minidriver holds; a bug check if it is none of ours.
    static StreamPointer& of(PKSSTREAM_POINTER object);

  private:
    friend class Queue;
    static constexpr std::uint32_t live = 0x5054534B;  // "KSTP"

    KSSTREAM_POINTER public_{};  // first: its address finds the rest
    std::uint32_t kind_ = live;
    bool locked_ = false;
    Frame* frame_ = nullptr;
    Queue& queue_;
};

class Queue {
  public:
    /// `input`: frames are read, and OffsetIn counts; else OffsetOut does.
    Queue(PKSPIN pin, bool input);
    Queue(const Queue&) = delete;
    Queue& operator=(const Queue&) = delete;

    /// A frame arrives. It lives as long as the queue.
    Frame& add_frame(std::size_t size);
    /// The client cancels the frame.
    void cancel(Frame& frame);
    StreamPointer& leading_edge() { return leading_edge_; }
    /// Frames that are neither done nor canceled.
    std::size_t waiting() const;
    /// Called whenever the queue gets its first frame (true) or loses its last (false), with nothing locked.
    void on_change(std::function<void(bool)> listener) { listener_ = std::move(listener); }

    NTSTATUS lock(StreamPointer& pointer);
    /// `in` and `out` bytes were used. The pointer moves to the next frame if none remain, or if `eject`.
    void advance(StreamPointer& pointer, ULONG in, ULONG out, bool eject);
    void unlock(StreamPointer& pointer, bool eject);

  private:
    /// Runs the body with the guard held, and then tells the listener; whatever the listener throws comes out.
    template <class Body>
    void change(Body body);
    std::size_t count() const;
    void point_at_next(StreamPointer& pointer);
    void drop_lock(StreamPointer& pointer);
    void release(StreamPointer& pointer, bool eject);
    KSSTREAM_POINTER_OFFSET& offset(StreamPointer& pointer) const { return *pointer.public_.Offset; }
    void require_locked(const StreamPointer& pointer) const;

    const bool input_;
    mutable Gate guard_;
    std::deque<std::unique_ptr<Frame>> frames_;
    StreamPointer leading_edge_;
    std::function<void(bool)> listener_;
};

}  // namespace ddi::kernel::avstream
