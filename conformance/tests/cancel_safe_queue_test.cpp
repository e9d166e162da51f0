// Cancel-safe queues: what a driver's routines are called for and in which order, and that a canceled IRP has one owner.
#include <wdm.h>

#include <memory>
#include <string>
#include <vector>

#include "conformance/kernel/io/cancel.h"
#include "conformance/kernel/io/system_lock.h"
#include "conformance/kernel/request.h"
#include "conformance/tests/peer.h"

namespace ddi::kernel {
namespace {

// A driver with one queue: IRPs in a vector, a spin lock, and a record of its routines' calls.
struct Driver {
    IO_CSQ csq;  // first: the routines find the driver through it
    KSPIN_LOCK lock;
    std::vector<PIRP> queue;
    std::vector<PIRP> canceled;
    std::string calls;
    NTSTATUS insert_status = STATUS_SUCCESS;
    PVOID insert_context = nullptr;

    explicit Driver(bool extended = false) {
        KeInitializeSpinLock(&lock);
        const NTSTATUS status = extended ? IoCsqInitializeEx(&csq, insert_ex, remove, peek, acquire, release, complete)
                                         : IoCsqInitialize(&csq, insert, remove, peek, acquire, release, complete);
        EXPECT_EQ(status, STATUS_SUCCESS);
    }
    static Driver& of(PIO_CSQ csq) { return *reinterpret_cast<Driver*>(csq); }

    static void insert(PIO_CSQ csq, PIRP irp) {
        Driver& self = of(csq);
        EXPECT_EQ(observe::spin_lock_owner(&self.lock), observe::current_thread());
        self.calls += 'I';
        self.queue.push_back(irp);
    }
    static NTSTATUS insert_ex(PIO_CSQ csq, PIRP irp, PVOID context) {
        of(csq).insert_context = context;
        if (NT_SUCCESS(of(csq).insert_status)) insert(csq, irp);
        return of(csq).insert_status;
    }
    static void remove(PIO_CSQ csq, PIRP irp) {
        Driver& self = of(csq);
        EXPECT_EQ(observe::spin_lock_owner(&self.lock), observe::current_thread());
        self.calls += 'R';
        EXPECT_EQ(std::erase(self.queue, irp), 1u);
    }
    static PIRP peek(PIO_CSQ csq, PIRP after, PVOID context) {
        Driver& self = of(csq);
        self.calls += 'P';
        bool found = after == nullptr;
        for (PIRP irp : self.queue) {
            if (found && (!context || irp->UserBuffer == context)) return irp;
            if (irp == after) found = true;
        }
        return nullptr;
    }
    static void acquire(PIO_CSQ csq, PKIRQL irql) {
        KeAcquireSpinLock(&of(csq).lock, irql);
        of(csq).calls += '(';
    }
    static void release(PIO_CSQ csq, KIRQL irql) {
        of(csq).calls += ')';
        KeReleaseSpinLock(&of(csq).lock, irql);
    }
    static void complete(PIO_CSQ csq, PIRP irp) {
        {
            KIRQL old;  // the system calls this routine without the queue's lock
            KeAcquireSpinLock(&of(csq).lock, &old);
            of(csq).calls += 'C';
            of(csq).canceled.push_back(irp);
            KeReleaseSpinLock(&of(csq).lock, old);
        }
        irp->IoStatus.Status = STATUS_CANCELLED;
        Request::of(irp).complete_pending();
    }
};

std::unique_ptr<Request> request() { return std::make_unique<Request>(Request::Operation::create); }

TEST(CancelSafeQueue, InsertsMarksPendingAndRemovesInOrder) {
    Driver driver;
    auto first = request(), second = request();
    IO_CSQ_IRP_CONTEXT context;
    IoCsqInsertIrp(&driver.csq, first->irp(), &context);
    EXPECT_EQ(driver.calls, "(I)");
    EXPECT_TRUE(first->irp()->PendingReturned);
    EXPECT_EQ(IoCsqInsertIrpEx(&driver.csq, second->irp(), nullptr, &context), STATUS_SUCCESS) << "the context is ignored";
    driver.calls.clear();
    EXPECT_EQ(IoCsqRemoveNextIrp(&driver.csq, nullptr), first->irp());
    EXPECT_EQ(driver.calls, "(PR)");
    EXPECT_EQ(IoCsqRemoveIrp(&driver.csq, &context), nullptr) << "it is not in the queue any more";
    EXPECT_EQ(IoCsqRemoveNextIrp(&driver.csq, nullptr), second->irp());
    EXPECT_EQ(IoCsqRemoveNextIrp(&driver.csq, nullptr), nullptr);
    EXPECT_FALSE(io::cancel(second->irp())) << "a removed IRP has no cancel routine";
}

TEST(CancelSafeQueue, RemovesByContextAndByCriterion) {
    Driver driver;
    std::vector<std::unique_ptr<Request>> requests;
    std::vector<IO_CSQ_IRP_CONTEXT> contexts(3);
    int marks[3];
    for (int i = 0; i < 3; ++i) {
        requests.push_back(request());
        requests.back()->irp()->UserBuffer = &marks[i];
        IoCsqInsertIrp(&driver.csq, requests.back()->irp(), &contexts[static_cast<std::size_t>(i)]);
    }
    EXPECT_EQ(IoCsqRemoveNextIrp(&driver.csq, &marks[1]), requests[1]->irp());
    driver.calls.clear();
    EXPECT_EQ(IoCsqRemoveIrp(&driver.csq, &contexts[2]), requests[2]->irp());
    EXPECT_EQ(driver.calls, "(R)");
    EXPECT_EQ(IoCsqRemoveIrp(&driver.csq, &contexts[2]), nullptr);
    EXPECT_EQ(driver.queue, (std::vector<PIRP>{requests[0]->irp()}));
}

TEST(CancelSafeQueue, ACanceledIrpIsRemovedAndCompletedByTheSystem) {
    Driver driver;
    auto irp = request();
    IO_CSQ_IRP_CONTEXT context;
    IoCsqInsertIrp(&driver.csq, irp->irp(), &context);
    driver.calls.clear();
    EXPECT_TRUE(io::cancel(irp->irp()));
    EXPECT_EQ(driver.calls, "(R)C");
    EXPECT_EQ(irp->status(), STATUS_CANCELLED);
    EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
    EXPECT_EQ(IoCsqRemoveIrp(&driver.csq, &context), nullptr);
    EXPECT_EQ(IoCsqRemoveNextIrp(&driver.csq, nullptr), nullptr);
}

TEST(CancelSafeQueue, AnIrpThatWasCanceledBeforeIsNotInserted) {
    Driver driver;
    auto irp = request();
    EXPECT_FALSE(io::cancel(irp->irp())) << "nothing to call yet";
    IoCsqInsertIrp(&driver.csq, irp->irp(), nullptr);
    EXPECT_EQ(driver.calls, "()C");
    EXPECT_TRUE(driver.queue.empty());
    EXPECT_TRUE(irp->completed());
}

TEST(CancelSafeQueue, AnIrpThatIsBeingCanceledIsNotGivenOut) {
    Driver driver;
    auto canceled = request(), other = request();
    IO_CSQ_IRP_CONTEXT context;
    IoCsqInsertIrp(&driver.csq, canceled->irp(), &context);
    IoCsqInsertIrp(&driver.csq, other->irp(), nullptr);
    // The canceler has taken the routine and waits for the queue's lock.
    KIRQL old;
    KeAcquireSpinLock(&driver.lock, &old);
    Peer canceler([&] { EXPECT_TRUE(io::cancel(canceled->irp())); });
    ASSERT_TRUE(observe::await_blocked(canceler.id(), &driver.lock));
    Peer remover([&] {
        EXPECT_EQ(IoCsqRemoveNextIrp(&driver.csq, nullptr), other->irp());
        EXPECT_EQ(IoCsqRemoveIrp(&driver.csq, &context), nullptr);
    });
    ASSERT_TRUE(observe::await_blocked(remover.id(), &driver.lock));
    KeReleaseSpinLock(&driver.lock, old);
    canceler.join();
    remover.join();
    EXPECT_EQ(driver.canceled, (std::vector<PIRP>{canceled->irp()}));
}

TEST(CancelSafeQueue, TheExtendedInsertRoutineMayRefuse) {
    Driver driver(true);
    auto irp = request();
    int context;
    driver.insert_status = STATUS_DEVICE_NOT_READY;
    EXPECT_EQ(IoCsqInsertIrpEx(&driver.csq, irp->irp(), nullptr, &context), STATUS_DEVICE_NOT_READY);
    EXPECT_EQ(driver.insert_context, &context);
    EXPECT_FALSE(irp->irp()->PendingReturned);
    EXPECT_FALSE(io::cancel(irp->irp()));
    irp->irp()->Cancel = FALSE;
    driver.insert_status = STATUS_SUCCESS;
    EXPECT_EQ(IoCsqInsertIrpEx(&driver.csq, irp->irp(), nullptr, nullptr), STATUS_SUCCESS);
    EXPECT_EQ(IoCsqRemoveNextIrp(&driver.csq, nullptr), irp->irp());
}

// Threads insert, remove and cancel the same IRPs: each ends canceled or removed, once.
TEST(CancelSafeQueue, EveryIrpLeavesOnce) {
    constexpr std::size_t count = 200;
    Driver driver;
    std::vector<std::unique_ptr<Request>> requests;
    for (std::size_t i = 0; i < count; ++i) requests.push_back(request());
    std::vector<PIRP> removed;
    Signal done;
    Peer inserter([&] {
        for (const auto& one : requests) IoCsqInsertIrp(&driver.csq, one->irp(), nullptr);
        done.set();
    });
    Peer canceler([&] {
        for (const auto& one : requests) io::cancel(one->irp());
    });
    Peer remover([&] {
        while (true) {
            const bool last = done.is_set();
            if (PIRP irp = IoCsqRemoveNextIrp(&driver.csq, nullptr))
                removed.push_back(irp);
            else if (last)
                break;
        }
    });
    inserter.join();
    canceler.join();
    remover.join();
    EXPECT_TRUE(driver.queue.empty());
    EXPECT_EQ(removed.size() + driver.canceled.size(), count);
    EXPECT_EQ(observe::spin_lock_owner(io::cancel_spin_lock()), 0u);
}

TEST(CancelSafeQueue, Misuse) {
    IO_CSQ nothing{};
    auto irp = request();
    expect_bug_check(
        BugCode::driver_verifier_detected_violation, [&] { IoCsqInsertIrp(&nothing, irp->irp(), nullptr); },
        verifier::resource_uninitialized, &nothing);
    Driver driver;
    KIRQL old;
    KeRaiseIrql(DISPATCH_LEVEL + 1, &old);
    expect_bug_check(
        BugCode::irql_not_less_or_equal, [&] { IoCsqRemoveNextIrp(&driver.csq, nullptr); }, &driver.csq, DISPATCH_LEVEL + 1);
    EXPECT_EQ(driver.calls, "");
}

}  // namespace
}  // namespace ddi::kernel
