// Hosts for AVStream objects: a device with its device mutex and its header's security lock, filters with control and processing
// mutexes, pins that share their filter's control mutex. They call the minidriver's create and close callbacks as the callbacks'
// pages say: at PASSIVE_LEVEL, a pin's with the filter control mutex held, a filter's with the device mutex held.
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
#include "conformance/kernel/thread.h"

namespace ddi::kernel::avstream {

// Whether the stub header makes the callback's name a function or a pointer to one, this is the pointer.
using PinIrpRoutine = std::remove_pointer_t<PFNKSPINIRP>*;
using FilterIrpRoutine = NTSTATUS (*)(PKSFILTER, PIRP);

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
    Pin(Filter& filter, PinIrpRoutine create, PinIrpRoutine close);
    Pin(const Pin&) = delete;
    Pin& operator=(const Pin&) = delete;

    PKSPIN object() { return reinterpret_cast<PKSPIN>(&public_); }
    Filter& filter() { return filter_; }
    /// Sends IRP_MJ_CREATE / IRP_MJ_CLOSE. The request is complete unless the callback made it pending; it lives as long as the pin.
    Request& create();
    Request& close();

  private:
    friend struct Lookup;
    PublicPart public_;
    Kind kind_ = Kind::pin;
    Filter& filter_;
    PinIrpRoutine create_routine_;
    PinIrpRoutine close_routine_;
    KMUTEX processing_;
    KMUTEX own_control_;  // used by a planted bug only
    std::vector<std::unique_ptr<Request>> requests_;
};

class Filter {
  public:
    Filter(Device& device, FilterIrpRoutine create, FilterIrpRoutine close);
    Filter(const Filter&) = delete;
    Filter& operator=(const Filter&) = delete;

    PKSFILTER object() { return reinterpret_cast<PKSFILTER>(&public_); }
    Device& device() { return device_; }
    Pin& add_pin(PinIrpRoutine create = nullptr, PinIrpRoutine close = nullptr);
    Request& create();
    Request& close();
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
    static PRKMUTEX processing_of(PKSPIN object);
};

}  // namespace ddi::kernel::avstream
