// AVStream hosts: which mutex is whose, how the minidriver's callbacks are called, how a request stays pending.
#include <ks.h>

#include "conformance/kernel/streaming/avstream.h"
#include "conformance/tests/peer.h"

namespace ddi::kernel {
namespace {

constexpr auto io_stop = BugCode::driver_verifier_iomanager_violation;
constexpr NTSTATUS some_error = static_cast<NTSTATUS>(0xC0000001);

struct AVStream : testing::Test {
    avstream::Device device;
    avstream::Filter& filter = device.add_filter();
    avstream::Pin& pin = filter.add_pin();
};

TEST_F(AVStream, APinsControlMutexIsItsFilters) {
    EXPECT_EQ(KsPinGetParentFilter(pin.object()), filter.object());
    avstream::Pin& sibling = filter.add_pin();
    avstream::Filter& stranger = device.add_filter();
    KsPinAcquireControl(pin.object());
    EXPECT_EQ(observe::mutex_owner(filter.control()), observe::current_thread());
    Peer free([&] {
        KsFilterAcquireControl(stranger.object());
        KsFilterReleaseControl(stranger.object());
    });
    free.join();
    Peer blocked([&] {
        KsAcquireControl(sibling.object());
        KsReleaseControl(sibling.object());
    });
    ASSERT_TRUE(observe::await_blocked(blocked.id(), filter.control()));
    KsReleaseControl(filter.object());
    blocked.join();
}

TEST_F(AVStream, ProcessingControlAndDeviceMutexesAreDifferent) {
    KsPinAcquireControl(pin.object());
    KsPinAcquireProcessingMutex(pin.object());
    KsFilterAcquireProcessingMutex(filter.object());
    KsAcquireDevice(device.object());
    EXPECT_EQ(observe::snapshot().mutants, 4u);
    EXPECT_EQ(observe::snapshot().critical_regions, 4);
    KsReleaseDevice(device.object());
    KsFilterReleaseProcessingMutex(filter.object());
    KsPinReleaseProcessingMutex(pin.object());
    KsPinReleaseControl(pin.object());
    EXPECT_EQ(observe::snapshot().critical_regions, 0);
}

TEST_F(AVStream, TheSecurityLockIsSharedOrExclusive) {
    const KSDEVICE_HEADER header = device.header();
    KsAcquireDeviceSecurityLock(header, FALSE);
    Peer reader([&] {
        KsAcquireDeviceSecurityLock(header, FALSE);
        KsReleaseDeviceSecurityLock(header);
    });
    reader.join();
    Peer writer([&] {
        KsAcquireDeviceSecurityLock(header, TRUE);
        KsReleaseDeviceSecurityLock(header);
    });
    ASSERT_TRUE(observe::await_blocked(writer.id(), &device.security()));
    KsReleaseDeviceSecurityLock(header);
    writer.join();
    KsAcquireDeviceSecurityLock(header, TRUE);
    KsAcquireDeviceSecurityLock(header, FALSE);
    KsReleaseDeviceSecurityLock(header);
    Peer late([&] {
        KsAcquireDeviceSecurityLock(header, FALSE);
        KsReleaseDeviceSecurityLock(header);
    });
    ASSERT_TRUE(observe::await_blocked(late.id(), &device.security()));
    KsReleaseDeviceSecurityLock(header);
    late.join();
    EXPECT_FALSE(device.security().held());
    expect_bug_check(
        BugCode::driver_verifier_detected_violation, [&] { KsReleaseDeviceSecurityLock(header); }, verifier::released_unacquired);
    KsAcquireDeviceSecurityLock(header, TRUE);
    Peer([&] {
        expect_bug_check(
            BugCode::driver_verifier_detected_violation, [&] { KsReleaseDeviceSecurityLock(header); }, verifier::released_by_wrong_thread);
    }).join();
    KsReleaseDeviceSecurityLock(header);
    KsAcquireDeviceSecurityLock(header, FALSE);
    Peer([&] { expect_bug_check(BugCode::apc_index_mismatch, [&] { KsReleaseDeviceSecurityLock(header); }); }).join();
    KsReleaseDeviceSecurityLock(header);
    KeRaiseIrqlToDpcLevel();
    expect_bug_check(BugCode::irql_not_less_or_equal, [&] { KsAcquireDeviceSecurityLock(header, TRUE); });
}

TEST_F(AVStream, EverythingElseIsForPassiveLevel) {
    const std::function<void()> calls[] = {
        [&] { KsAcquireControl(pin.object()); },
        [&] { KsReleaseControl(pin.object()); },
        [&] { KsFilterAcquireControl(filter.object()); },
        [&] { KsFilterReleaseControl(filter.object()); },
        [&] { KsPinAcquireControl(pin.object()); },
        [&] { KsPinReleaseControl(pin.object()); },
        [&] { KsPinAcquireProcessingMutex(pin.object()); },
        [&] { KsPinReleaseProcessingMutex(pin.object()); },
        [&] { KsFilterAcquireProcessingMutex(filter.object()); },
        [&] { KsFilterReleaseProcessingMutex(filter.object()); },
        [&] { KsAcquireDevice(device.object()); },
        [&] { KsReleaseDevice(device.object()); },
        [&] { KsPinGetParentFilter(pin.object()); },
    };
    for (const auto& call : calls) {
        KIRQL old;
        KeRaiseIrql(APC_LEVEL, &old);
        expect_bug_check(BugCode::irql_not_less_or_equal, call);
    }
    EXPECT_EQ(raised_status_of([&] { KsReleaseDevice(device.object()); }), STATUS_MUTANT_NOT_OWNED) << "not held";
    expect_bug_check(BugCode::driver_verifier_detected_violation, [&] { KsAcquireDevice(reinterpret_cast<PKSDEVICE>(filter.object())); });
}

// Callbacks are plain functions; what one sees goes here.
struct Seen {
    int calls = 0;
    KIRQL irql = 0xFF;
    ThreadId control_owner = 0, device_owner = 0;
    PIRP irp = nullptr;
};
thread_local Seen seen;
avstream::Device* watched = nullptr;

NTSTATUS look(PKSPIN pin, PIRP irp) {
    ++seen.calls;
    seen.irql = KeGetCurrentIrql();
    seen.control_owner = observe::mutex_owner(avstream::Lookup::control_of(pin));
    seen.irp = irp;
    return STATUS_SUCCESS;
}
NTSTATUS look_at_filter(PKSFILTER, PIRP) {
    ++seen.calls;
    seen.device_owner = observe::mutex_owner(watched->mutex());
    return some_error;
}
NTSTATUS fail(PKSPIN, PIRP) { return some_error; }
NTSTATUS make_pending(PKSPIN pin, PIRP irp) {
    look(pin, irp);
    IoMarkIrpPending(irp);
    return STATUS_PENDING;
}
NTSTATUS complete_before_return(PKSPIN pin, PIRP irp) {
    make_pending(pin, irp);
    irp->IoStatus.Status = some_error;
    KsCompletePendingRequest(irp);
    return STATUS_PENDING;
}

TEST_F(AVStream, CallbacksRunAtPassiveLevelWithTheRightMutexHeld) {
    seen = {};
    avstream::Pin& looking = filter.add_pin(look, look);
    EXPECT_TRUE(looking.create().completed());
    EXPECT_EQ(seen.irql, PASSIVE_LEVEL);
    EXPECT_EQ(seen.control_owner, observe::current_thread());
    seen = {};
    Request& request = looking.close();
    EXPECT_EQ(seen.calls, 1);
    EXPECT_EQ(seen.control_owner, observe::current_thread());
    EXPECT_EQ(seen.irp, request.irp());
    EXPECT_EQ(request.status(), STATUS_SUCCESS);
    EXPECT_EQ(observe::mutex_owner(filter.control()), 0u) << "released afterwards";
    EXPECT_EQ(observe::snapshot().held(), 0u);
    watched = &device;
    Request& closed = device.add_filter(look_at_filter, look_at_filter).close();
    EXPECT_EQ(seen.device_owner, observe::current_thread());
    EXPECT_EQ(closed.status(), some_error);
    EXPECT_EQ(pin.close().status(), STATUS_SUCCESS) << "callbacks are optional";
    EXPECT_EQ(filter.add_pin(fail, fail).close().irp()->IoStatus.Status, some_error);
}

TEST_F(AVStream, ACallbackWaitsForTheControlMutex) {
    avstream::Pin& looking = filter.add_pin(nullptr, look);
    KsFilterAcquireControl(filter.object());
    Peer closer([&] {
        seen = {};
        EXPECT_EQ(looking.close().status(), STATUS_SUCCESS);
        EXPECT_EQ(seen.control_owner, observe::current_thread());
    });
    ASSERT_TRUE(observe::await_blocked(closer.id(), filter.control()));
    KsFilterReleaseControl(filter.object());
    closer.join();
}

TEST_F(AVStream, APendingCloseStaysPendingUntilCompleted) {
    Request& request = filter.add_pin(nullptr, make_pending).close();
    EXPECT_FALSE(request.completed());
    EXPECT_TRUE(request.irp()->PendingReturned);
    EXPECT_EQ(observe::mutex_owner(filter.control()), 0u) << "the mutex does not wait for the completion";
    Peer waiter([&] {
        request.await_completion();
        EXPECT_EQ(request.status(), some_error);
    });
    ASSERT_TRUE(observe::await_blocked(waiter.id(), request.irp()));
    Peer worker([&] {
        const KIRQL old = KeRaiseIrqlToDpcLevel();
        request.irp()->IoStatus.Status = some_error;
        KsCompletePendingRequest(request.irp());
        KeLowerIrql(old);
    });
    worker.join();
    waiter.join();
    EXPECT_TRUE(request.completed());
    expect_bug_check(
        BugCode::multiple_irp_complete_requests, [&] { KsCompletePendingRequest(request.irp()); }, request.irp());
}

TEST_F(AVStream, APendingRequestMayBeCompletedBeforeItsRoutineReturns) {
    Request& request = filter.add_pin(nullptr, complete_before_return).close();
    EXPECT_TRUE(request.completed());
    EXPECT_EQ(request.status(), some_error);
}

TEST_F(AVStream, MisuseOfPending) {
    const auto close_with = [&](avstream::PinIrpRoutine routine) { return [&, routine] { filter.add_pin(nullptr, routine).close(); }; };
    expect_bug_check(io_stop, close_with([](PKSPIN, PIRP) -> NTSTATUS { return STATUS_PENDING; }), io_violation::pending_not_marked);
    expect_bug_check(io_stop, close_with([](PKSPIN, PIRP irp) -> NTSTATUS {
                         IoMarkIrpPending(irp);
                         return STATUS_SUCCESS;
                     }),
                     io_violation::marked_not_pending);
    expect_bug_check(io_stop, close_with([](PKSPIN, PIRP irp) -> NTSTATUS {
                         KsCompletePendingRequest(irp);
                         return STATUS_SUCCESS;
                     }),
                     io_violation::completed_not_pending);
    IRP stray{};
    expect_bug_check(
        io_stop, [&] { KsCompletePendingRequest(&stray); }, io_violation::not_a_dispatched_irp, &stray);
    IoMarkIrpPending(&stray);
    EXPECT_TRUE(stray.PendingReturned);
    Request& pending = filter.add_pin(nullptr, make_pending).close();
    KIRQL old;
    KeRaiseIrql(HIGH_LEVEL, &old);
    expect_bug_check(BugCode::irql_not_less_or_equal, [&] { KsCompletePendingRequest(pending.irp()); });
}

TEST_F(AVStream, ACallbackHasToComeBackAsItWent) {
    const auto close_with = [&](avstream::PinIrpRoutine routine) {
        return [&, routine] { device.add_filter().add_pin(nullptr, routine).close(); };
    };
    expect_bug_check(BugCode::irql_unexpected_value, close_with([](PKSPIN, PIRP) -> NTSTATUS {
                         KIRQL old;
                         KeRaiseIrql(APC_LEVEL, &old);
                         return STATUS_SUCCESS;
                     }));
    expect_bug_check(BugCode::apc_index_mismatch, close_with([](PKSPIN, PIRP) -> NTSTATUS {
                         KeEnterCriticalRegion();
                         return STATUS_SUCCESS;
                     }));
    expect_bug_check(BugCode::driver_verifier_detected_violation, close_with([](PKSPIN pin, PIRP) -> NTSTATUS {
                         KsPinReleaseControl(pin);
                         return STATUS_SUCCESS;
                     }));
    expect_bug_check(BugCode::driver_verifier_detected_violation, close_with([](PKSPIN pin, PIRP) -> NTSTATUS {
                         KsPinAcquireControl(pin);
                         return STATUS_SUCCESS;
                     }));
}

}  // namespace
}  // namespace ddi::kernel
