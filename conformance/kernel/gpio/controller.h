// A GPIO controller as its driver sees the class extension: a device context (zeroes) and an interrupt lock for every bank of pins.
#pragma once

#include <gpioclx.h>
#include <wdm.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "conformance/kernel/io/dirql_lock.h"

namespace ddi::kernel::gpio {

/// First parameters (ours) of DRIVER_VERIFIER_DETECTED_VIOLATION for what the documentation calls a bug check without a code.
namespace violation {
inline constexpr std::uint64_t invalid_context = 0x20201;  // context
inline constexpr std::uint64_t no_such_bank = 0x20202;     // context, bank, banks
}  // namespace violation

class Controller {
  public:
    /// PASSIVE_LEVEL: the class extension's interrupt service routine runs there.
    explicit Controller(BANK_ID banks = 4, KIRQL interrupt_level = 6, std::size_t context_size = 128);
    ~Controller();
    Controller(const Controller&) = delete;
    Controller& operator=(const Controller&) = delete;

    /// What the class extension gives to the driver's callbacks.
    PVOID context();
    BANK_ID banks() const { return static_cast<BANK_ID>(banks_.size()); }
    DirqlLock& lock(BANK_ID bank) { return banks_[bank]->lock; }

    void acquire(BANK_ID bank);
    void release(BANK_ID bank);

    /// The controller a context belongs to; a bug check if it is none of ours.
    static Controller& of(PVOID context);

  private:
    struct Bank {
        explicit Bank(KIRQL level) : lock(level) {}
        DirqlLock lock;
        KIRQL old_irql = PASSIVE_LEVEL;  // the holder's
    };
    struct Prefix {  // in front of the context
        Controller* controller;
        std::uint64_t kind;
    };
    static constexpr std::uint64_t context_kind = 0x54584554434F4947;  // "GIOCTEXT"

    struct alignas(16) Block {
        std::byte bytes[16];
    };

    Bank& bank_at(BANK_ID bank);

    std::unique_ptr<Block[]> memory_;
    std::vector<std::unique_ptr<Bank>> banks_;
};

}  // namespace ddi::kernel::gpio
