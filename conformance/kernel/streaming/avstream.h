// Hosts for AVStream objects: a device with its device mutex and its header's security lock, filters with control and processing
// mutexes, pins that share their filter's control mutex. They call the minidriver's create and close callbacks as the callbacks'
// pages say: at PASSIVE_LEVEL, a pin's with the filter control mutex held, a filter's with the device mutex held. They also run process
// dispatches (processing.h) on the frames at their pins (stream.h), as long as the filter is in the RUN state.
// A KSDEVICE, KSFILTER or KSPIN starts as zeroes; the minidriver may keep its Context there.
#pragma once

#include <ks.h>

#include <atomic>
#include <cstddef>
#include <memory>
#include <type_traits>
#include <vector>

#include "conformance/kernel/parking.h"
#include "conformance/kernel/request.h"
#include "conformance/kernel/streaming/processing.h"
#include "conformance/kernel/streaming/stream.h"
#include "conformance/kernel/thread.h"

namespace ddi::kernel::avstream {

// Whether the stub header makes the callback's name a function or a pointer to one, this is the pointer.
using PinIrpRoutine = std::remove_pointer_t<PFNKSPINIRP>*;
using FilterIrpRoutine = std::remove_pointer_t<PFNKSFILTERIRP>*;
using PinRoutine = std::remove_pointer_t<PFNKSPIN>*;
using PinVoidRoutine = std::remove_pointer_t<PFNKSPINVOID>*;
using FilterProcessRoutine = std::remove_pointer_t<PFNKSFILTERPROCESS>*;
using FilterVoidRoutine = std::remove_pointer_t<PFNKSFILTERVOID>*;

/// A lock for many readers or one writer, as the security lock of a device header is: recursive for the writer, who may also read.
class SecurityLock {
  public:
    void acquire(bool exclusive);
    void require_held_by(const Thread& thread) const;
    void release(Thread& thread);
    bool held() const {
        const GateScope scope(guard_);
        return readers_ != 0 || writer_ != 0;
    }

  private:
    bool enter(bool exclusive, ThreadId thread);

    mutable Gate guard_;
    std::uint32_t readers_ = 0;
    ThreadId writer_ = 0;
    std::uint32_t depth_ = 0;
    std::atomic<std::uint32_t> changes_{0};  // sleepers watch it
};

// The part of every object that the minidriver sees comes first, so that its address finds the host. Larger than any of the
// three structures on Windows (KSPIN: 240 bytes).
struct PublicPart {
    static constexpr std::size_t size = 512;
    alignas(16) std::byte bytes[size] = {};
};

enum class Kind : std::uint32_t { device = 0x4445534B, filter = 0x4C46534B, pin = 0x4E50534B };

class Device;
class Filter;

class Pin {
  public:
    /// `input`: data flows into the filter here.
    Pin(Filter& filter, PinIrpRoutine create, PinIrpRoutine close, bool input);
    Pin(const Pin&) = delete;
    Pin& operator=(const Pin&) = delete;

    PKSPIN object() { return reinterpret_cast<PKSPIN>(&public_); }
    Filter& filter() { return filter_; }
    /// Sends IRP_MJ_CREATE / IRP_MJ_CLOSE. The request is complete unless the callback made it pending; it lives as long as the pin.
    Request& create();
    Request& close();
    /// Connect and Disconnect, and Reset with the filter control mutex held.
    NTSTATUS connect(PinRoutine routine);
    void disconnect(PinVoidRoutine routine);
    void reset(PinVoidRoutine routine);

    Queue& queue() { return queue_; }
    ProcessObject& process() { return process_; }
    void set_process(PinRoutine routine, bool at_dispatch);
    /// The process pin of a dispatch: what it has used is used, and it gets what is there now. False: nothing is, or the filter is stopped.
    bool update(KSPROCESSPIN& process_pin);

  private:
    friend class Filter;
    friend struct Lookup;
    void describe(KSPROCESSPIN& process_pin);
    void use(const KSPROCESSPIN& process_pin);

    PublicPart public_;
    Kind kind_ = Kind::pin;
    Filter& filter_;
    PinIrpRoutine create_routine_;
    PinIrpRoutine close_routine_;
    KMUTEX processing_;
    KMUTEX own_control_;  // used by a planted bug only
    Queue queue_;
    ProcessObject process_;
    std::vector<std::unique_ptr<Request>> requests_;
};

class Filter {
  public:
    Filter(Device& device, FilterIrpRoutine create, FilterIrpRoutine close);
    Filter(const Filter&) = delete;
    Filter& operator=(const Filter&) = delete;

    PKSFILTER object() { return reinterpret_cast<PKSFILTER>(&public_); }
    Device& device() { return device_; }
    Pin& add_pin(PinIrpRoutine create = nullptr, PinIrpRoutine close = nullptr, bool input = true);
    Request& create();
    Request& close();
    /// Reset, with the filter control mutex held. AVStream has no use for what it returns.
    NTSTATUS reset(FilterVoidRoutine routine);

    ProcessObject& process() { return process_; }
    /// Processing of all pins together; each pin is the only one of its kind, in the order in which they were added.
    void set_process(FilterProcessRoutine routine, bool at_dispatch);
    /// One process dispatch.
    NTSTATUS process_frames(FilterProcessRoutine routine);
    /// From STOP to RUN, and back. Attempts to process where there are frames.
    void run();
    void stop();
    bool running() const { return running_.load(); }
    PRKMUTEX control() { return &control_; }
    PRKMUTEX processing() { return &processing_; }

  private:
    friend struct Lookup;
    PublicPart public_;
    Kind kind_ = Kind::filter;
    Device& device_;
    FilterIrpRoutine create_routine_;
    FilterIrpRoutine close_routine_;
    KMUTEX control_;
    KMUTEX processing_;
    std::atomic<bool> running_{false};
    ProcessObject process_;
    std::vector<std::unique_ptr<Pin>> pins_;
    std::vector<std::unique_ptr<Request>> requests_;
};

class Device {
  public:
    Device();
    Device(const Device&) = delete;
    Device& operator=(const Device&) = delete;

    PKSDEVICE object() { return reinterpret_cast<PKSDEVICE>(&public_); }
    /// As KsAllocateDeviceHeader would return it.
    KSDEVICE_HEADER header() { return reinterpret_cast<KSDEVICE_HEADER>(&security_); }
    Filter& add_filter(FilterIrpRoutine create = nullptr, FilterIrpRoutine close = nullptr);
    PRKMUTEX mutex() { return &mutex_; }
    const SecurityLock& security() const { return security_; }

  private:
    friend struct Lookup;
    PublicPart public_;
    Kind kind_ = Kind::device;
    KMUTEX mutex_;
    SecurityLock security_;
    std::vector<std::unique_ptr<Filter>> filters_;
};

/// From what the minidriver holds to the host; a bug check if the object is none of ours.
struct Lookup {
    static Device& device(PKSDEVICE object);
    static Filter& filter(PKSFILTER object);
    static Pin& pin(PKSPIN object);
    /// The mutexes that an object's functions take. `object`: a filter or a pin.
    static PRKMUTEX control_of(PVOID object);
    /// `object`: a device or a filter.
    static PRKMUTEX device_mutex_of(PVOID object);
    static PRKMUTEX processing_of(PKSPIN object);
};

}  // namespace ddi::kernel::avstream
