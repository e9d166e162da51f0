#include "conformance/kernel/gpio/controller.h"

#include <new>

#include "conformance/kernel/bugcheck.h"

namespace ddi::kernel::gpio {

Controller::Controller(BANK_ID banks, KIRQL interrupt_level, std::size_t context_size)
    : memory_(std::make_unique<Block[]>((sizeof(Prefix) + context_size) / sizeof(Block) + 1)) {
    static_assert(sizeof(Prefix) % alignof(Block) == 0, "the context is aligned as an allocation is");
    new (memory_.get()) Prefix{this, context_kind};
    for (BANK_ID i = 0; i < banks; ++i) banks_.push_back(std::make_unique<Bank>(interrupt_level));
}

Controller::~Controller() = default;

PVOID Controller::context() { return reinterpret_cast<std::byte*>(memory_.get()) + sizeof(Prefix); }

Controller& Controller::of(PVOID context) {
    if (!context || static_cast<Prefix*>(context)[-1].kind != context_kind) [[unlikely]]
        bug_check(BugCode::driver_verifier_detected_violation, violation::invalid_context, context);
    return *static_cast<Prefix*>(context)[-1].controller;
}

Controller::Bank& Controller::bank_at(BANK_ID bank) {
    if (bank >= banks_.size()) [[unlikely]]
        bug_check(BugCode::driver_verifier_detected_violation, violation::no_such_bank, context(), bank, banks_.size());
    return *banks_[bank];
}

void Controller::acquire(BANK_ID bank) {
    Bank& wanted = bank_at(bank);
    const KIRQL old = wanted.lock.acquire();
    wanted.old_irql = old;
}

void Controller::release(BANK_ID bank) {
    Bank& held = bank_at(bank);
    held.lock.release(held.lock.held_by_caller() ? held.old_irql : PASSIVE_LEVEL);
}

}  // namespace ddi::kernel::gpio

using ddi::kernel::gpio::Controller;

extern "C" {

VOID GPIO_CLX_AcquireInterruptLock(PVOID Context, BANK_ID BankId) { Controller::of(Context).acquire(BankId); }

VOID GPIO_CLX_ReleaseInterruptLock(PVOID Context, BANK_ID BankId) { Controller::of(Context).release(BankId); }

}  // extern "C"
