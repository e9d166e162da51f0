// A host for one StorPort adapter: the miniport's device extension (zeroes), the StartIo lock, the interrupt lock and one lock for every
// message-signaled interrupt.
//   order: DPC or StartIo first, Interrupt last. An acquisition in the wrong order would lower the IRQL: a bug check.
//   with messages, whoever takes the interrupt lock takes the locks of all messages, by ascending number.
#pragma once

#include <storport.h>
#include <wdm.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "conformance/kernel/io/dirql_lock.h"

namespace ddi::kernel::storport {

/// First parameters (ours) of DRIVER_VERIFIER_DETECTED_VIOLATION for what the routines without a status cannot report.
namespace violation {
inline constexpr std::uint64_t no_adapter = 0x20101;       // extension: none that StorPort has made
inline constexpr std::uint64_t unknown_lock = 0x20102;     // kind of lock, DPC
inline constexpr std::uint64_t handle_not_held = 0x20103;  // handle: no acquisition has filled it, or it was released
}  // namespace violation

class Adapter {
  public:
    explicit Adapter(std::size_t extension_size = 256, std::uint32_t messages = 4, KIRQL interrupt_level = 5);
    ~Adapter();
    Adapter(const Adapter&) = delete;
    Adapter& operator=(const Adapter&) = delete;

    /// What the miniport calls HwDeviceExtension.
    PVOID extension();
    std::uint32_t messages() const { return static_cast<std::uint32_t>(message_locks_.size()); }
    KIRQL interrupt_level() const { return interrupt_.level(); }
    PKSPIN_LOCK start_io_lock() { return &start_io_; }
    /// What a thread is seen to wait for.
    DirqlLock& interrupt_lock() { return message_locks_.empty() ? interrupt_ : *message_locks_.front(); }
    DirqlLock& message_lock(std::uint32_t message) { return *message_locks_[message]; }

    /// Holds off every interrupt of the adapter.
    KIRQL acquire_interrupt();
    void release_interrupt(KIRQL old);

    /// The adapter an extension belongs to; null if it is none of ours.
    static Adapter* find(PVOID extension);
    /// The same; a bug check.
    static Adapter& of(PVOID extension);

  private:
    struct Prefix {  // in front of the extension
        Adapter* adapter;
        std::uint64_t kind;
    };
    static constexpr std::uint64_t extension_kind = 0x4E54584554524F50;  // "PORTEXTN"

    struct alignas(16) Block {
        std::byte bytes[16];
    };

    std::unique_ptr<Block[]> memory_;
    KSPIN_LOCK start_io_ = 0;
    DirqlLock interrupt_;
    std::vector<std::unique_ptr<DirqlLock>> message_locks_;
};

/// As StorPortInitializeDpc does: a DPC object whose lock is free.
void initialize_dpc(PSTOR_DPC dpc);
/// The spin lock in a DPC object.
PKSPIN_LOCK lock_of(PSTOR_DPC dpc);

}  // namespace ddi::kernel::storport
