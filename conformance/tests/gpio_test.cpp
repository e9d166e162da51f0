// The GPIO class extension's interrupt locks, one a bank.
#include <gpioclx.h>

#include "conformance/kernel/gpio/controller.h"
#include "conformance/tests/peer.h"

namespace ddi::kernel {
namespace {

struct Gpio : testing::Test {
    gpio::Controller controller{3, 6};
    gpio::Controller passive{2, PASSIVE_LEVEL};
    PVOID context = controller.context();
};

TEST_F(Gpio, BanksAreIndependent) {
    GPIO_CLX_AcquireInterruptLock(context, 2);
    EXPECT_EQ(KeGetCurrentIrql(), 6);
    GPIO_CLX_AcquireInterruptLock(context, 0);
    GPIO_CLX_ReleaseInterruptLock(context, 0);
    EXPECT_EQ(KeGetCurrentIrql(), 6);
    EXPECT_TRUE(controller.lock(2).held_by_caller());
    GPIO_CLX_ReleaseInterruptLock(context, 2);
    EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
}

TEST_F(Gpio, KeepOthersOutOfTheBank) {
    for (gpio::Controller* one : {&controller, &passive}) {
        GPIO_CLX_AcquireInterruptLock(one->context(), 1);
        EXPECT_EQ(KeGetCurrentIrql(), one->lock(1).level());
        Peer isr([&] {
            GPIO_CLX_AcquireInterruptLock(one->context(), 1);
            GPIO_CLX_ReleaseInterruptLock(one->context(), 1);
        });
        ASSERT_TRUE(observe::await_blocked(isr.id(), one->lock(1).shown()));
        GPIO_CLX_ReleaseInterruptLock(one->context(), 1);
        isr.join();
        EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
    }
}

TEST_F(Gpio, Misuse) {
    for (gpio::Controller* one : {&controller, &passive}) {
        GPIO_CLX_AcquireInterruptLock(one->context(), 0);
        expect_bug_check(BugCode::spin_lock_already_owned, [&] { GPIO_CLX_AcquireInterruptLock(one->context(), 0); });
        expect_bug_check(BugCode::spin_lock_not_owned, [&] { GPIO_CLX_ReleaseInterruptLock(one->context(), 1); });
    }
    std::uint64_t foreign[8] = {};
    for (PVOID wrong : {PVOID{nullptr}, PVOID{&foreign[4]}}) {
        expect_bug_check(
            BugCode::driver_verifier_detected_violation, [&] { GPIO_CLX_AcquireInterruptLock(wrong, 0); }, gpio::violation::invalid_context,
            wrong);
        expect_bug_check(
            BugCode::driver_verifier_detected_violation, [&] { GPIO_CLX_ReleaseInterruptLock(wrong, 0); }, gpio::violation::invalid_context,
            wrong);
    }
    expect_bug_check(
        BugCode::driver_verifier_detected_violation, [this] { GPIO_CLX_AcquireInterruptLock(context, 3); }, gpio::violation::no_such_bank,
        context, 3, 3);
}

}  // namespace
}  // namespace ddi::kernel
