// A host for one video port device: the miniport's device extension (zeroes, of the size the miniport asked for), the device lock, the
// interrupt and the spin locks that the miniport creates. A deleted spin lock stays allocated until the device goes, so that its use is
// noticed.
#pragma once

#include <video.h>
#include <wdm.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "conformance/kernel/io/dirql_lock.h"
#include "conformance/kernel/parking.h"

namespace ddi::kernel::video_port {

struct SpinLock {
    static constexpr std::uint64_t live = 0x4B434F4C4E495053;  // "SPINLOCK"

    KSPIN_LOCK lock;
    std::uint64_t kind;  // live, or 0 once deleted
};

class Device {
  public:
    /// `interrupt`: the DIRQL of the adapter's interrupt; PASSIVE_LEVEL: the miniport has no interrupt service routine.
    explicit Device(std::size_t extension_size = 256, KIRQL interrupt = DDI_DIRQL_MIN);
    ~Device();
    Device(const Device&) = delete;
    Device& operator=(const Device&) = delete;

    /// What the miniport calls HwDeviceExtension.
    PVOID extension();
    PRKMUTEX lock() { return &lock_; }
    /// What HwVidInterrupt runs under; null: there is none.
    DirqlLock* interrupt() { return interrupt_.passive() ? nullptr : &interrupt_; }
    /// The adapter interrupts: the routine (HwVidInterrupt) runs on the calling thread, at DIRQL, holding the lock.
    void deliver(const std::function<void()>& service_routine);
    /// Spin locks created and not deleted.
    std::size_t spin_locks() const;
    /// The lock behind a miniport's handle, to look at.
    static PKSPIN_LOCK spin_lock(PSPIN_LOCK handle) { return &reinterpret_cast<SpinLock*>(handle)->lock; }

    /// The device an extension belongs to; a bug check if it is none of ours.
    static Device& of(PVOID extension);
    PSPIN_LOCK create_spin_lock();
    void delete_spin_lock(PSPIN_LOCK handle);
    /// The live lock behind a handle; a bug check if it has been deleted or never was one.
    static PKSPIN_LOCK live_lock(PSPIN_LOCK handle);

  private:
    struct Prefix {  // in front of the extension
        Device* device;
        std::uint64_t kind;
    };
    static constexpr std::uint64_t extension_kind = 0x4E45545845445648;  // "HVDEXTEN"

    struct alignas(16) Block {  // no padding that value-initialization could leave alone
        std::byte bytes[16];
    };

    std::unique_ptr<Block[]> memory_;
    KMUTEX lock_;
    DirqlLock interrupt_;
    mutable Gate guard_;
    std::vector<std::unique_ptr<SpinLock>> spin_locks_;
};

}  // namespace ddi::kernel::video_port
