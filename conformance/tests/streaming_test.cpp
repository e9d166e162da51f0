// Frames, stream pointers and process dispatches of kernel streaming.
#include <ks.h>
#include <wdm.h>

#include <vector>

#include "conformance/kernel/streaming/callbacks.h"
#include "conformance/tests/peer.h"

namespace ddi::kernel {
namespace {

using namespace avstream;

struct Streaming : testing::Test {
    avstream::Device device;
    avstream::Filter& filter = device.add_filter();
    avstream::Pin& pin = filter.add_pin();
    avstream::Queue& queue = pin.queue();
    PKSSTREAM_POINTER edge = queue.leading_edge().object();
};

TEST_F(Streaming, AnEmptyQueueHasNothingToLock) { EXPECT_EQ(KsStreamPointerLock(edge), STATUS_DEVICE_NOT_READY); }

TEST_F(Streaming, ALockedPointerShowsItsFrame) {
    avstream::Frame& frame = queue.add_frame(10);
    EXPECT_EQ(KsStreamPointerLock(edge), STATUS_SUCCESS);
    EXPECT_EQ(edge->Pin, pin.object());
    EXPECT_EQ(edge->StreamHeader, &frame.header);
    EXPECT_EQ(edge->Offset, &edge->OffsetIn);
    EXPECT_EQ(edge->OffsetIn.Data, frame.bytes.data());
    EXPECT_EQ(edge->OffsetIn.Count, 10U);
    EXPECT_EQ(edge->OffsetIn.Remaining, 10U);
    KsStreamPointerUnlock(edge, FALSE);
}

TEST_F(Streaming, ALockKeepsItsFrameFromCancellation) {
    avstream::Frame& frame = queue.add_frame(10);
    EXPECT_EQ(KsStreamPointerLock(edge), STATUS_SUCCESS);
    queue.cancel(frame);
    EXPECT_EQ(frame.state, avstream::Frame::State::waiting);
    KsStreamPointerUnlock(edge, FALSE);
    EXPECT_EQ(frame.state, avstream::Frame::State::canceled);
    EXPECT_EQ(KsStreamPointerLock(edge), STATUS_DEVICE_NOT_READY);
}

TEST_F(Streaming, ACanceledFrameCannotBeLocked) {
    queue.cancel(queue.add_frame(10));
    avstream::Frame& next = queue.add_frame(4);
    EXPECT_EQ(KsStreamPointerLock(edge), STATUS_DEVICE_NOT_READY);
    EXPECT_EQ(KsStreamPointerLock(edge), STATUS_SUCCESS);
    EXPECT_EQ(edge->StreamHeader, &next.header);
    KsStreamPointerUnlock(edge, FALSE);
}

TEST_F(Streaming, EjectGoesOnToTheNextFrame) {
    avstream::Frame& first = queue.add_frame(10);
    avstream::Frame& second = queue.add_frame(20);
    EXPECT_EQ(KsStreamPointerLock(edge), STATUS_SUCCESS);
    KsStreamPointerUnlock(edge, TRUE);
    EXPECT_EQ(first.state, avstream::Frame::State::done);
    EXPECT_EQ(KsStreamPointerLock(edge), STATUS_SUCCESS);
    EXPECT_EQ(edge->StreamHeader, &second.header);
    EXPECT_EQ(edge->OffsetIn.Remaining, 20U);
    KsStreamPointerUnlock(edge, FALSE);
    EXPECT_EQ(queue.waiting(), 1U);
}

TEST_F(Streaming, OffsetsAdvanceAndAnEmptyFrameIsLeft) {
    avstream::Frame& first = queue.add_frame(10);
    queue.add_frame(20);
    EXPECT_EQ(KsStreamPointerLock(edge), STATUS_SUCCESS);
    KsStreamPointerAdvanceOffsetsAndUnlock(edge, 4, 0, FALSE);
    EXPECT_FALSE(queue.leading_edge().locked());
    EXPECT_EQ(KsStreamPointerLock(edge), STATUS_SUCCESS);
    EXPECT_EQ(edge->OffsetIn.Count, 10U);
    EXPECT_EQ(edge->OffsetIn.Remaining, 6U);
    EXPECT_EQ(edge->OffsetIn.Data, first.bytes.data() + 4);
    KsStreamPointerAdvanceOffsetsAndUnlock(edge, 6, 0, FALSE);
    EXPECT_EQ(first.state, avstream::Frame::State::done);
    EXPECT_EQ(edge->OffsetIn.Remaining, 20U);
    EXPECT_EQ(KsStreamPointerLock(edge), STATUS_SUCCESS);
    KsStreamPointerAdvanceOffsetsAndUnlock(edge, 1, 0, TRUE);
    EXPECT_EQ(queue.waiting(), 0U);
}

TEST_F(Streaming, AnOutputPinCountsInItsOtherOffset) {
    avstream::Pin& output = filter.add_pin(nullptr, nullptr, false);
    PKSSTREAM_POINTER pointer = output.queue().leading_edge().object();
    output.queue().add_frame(8);
    EXPECT_EQ(KsStreamPointerLock(pointer), STATUS_SUCCESS);
    EXPECT_EQ(pointer->Offset, &pointer->OffsetOut);
    KsStreamPointerAdvanceOffsetsAndUnlock(pointer, 8, 3, FALSE);
    EXPECT_EQ(pointer->OffsetOut.Remaining, 5U);
}

TEST_F(Streaming, OnlyALockedPointerIsUnlocked) {
    queue.add_frame(10);
    expect_bug_check(
        BugCode::driver_verifier_detected_violation, [&] { KsStreamPointerUnlock(edge, FALSE); }, verifier::released_unacquired);
    expect_bug_check(
        BugCode::driver_verifier_detected_violation, [&] { KsStreamPointerAdvanceOffsetsAndUnlock(edge, 1, 0, FALSE); },
        verifier::released_unacquired);
    expect_bug_check(BugCode::irql_not_less_or_equal, [&] {
        KIRQL old;
        KeRaiseIrql(DISPATCH_LEVEL + 1, &old);
        KsStreamPointerLock(edge);
    });
}

// What a process routine of a test saw; there is one at a time.
struct Seen {
    int calls = 0;
    KIRQL irql = 0xFF;
    ThreadId thread = 0;
    bool mutex_held = false;
    NTSTATUS result = STATUS_PENDING;
} seen;

struct Processing : Streaming {
    Processing() { seen = {}; }

    static NTSTATUS eat(PKSPIN object) {
        ++seen.calls;
        seen.irql = KeGetCurrentIrql();
        seen.thread = observe::current_thread();
        seen.mutex_held = observe::mutex_owner(avstream::Lookup::processing_of(object)) == seen.thread;
        PKSSTREAM_POINTER pointer = avstream::Lookup::pin(object).queue().leading_edge().object();
        if (KsStreamPointerLock(pointer) == STATUS_SUCCESS) KsStreamPointerUnlock(pointer, TRUE);
        return seen.result;
    }
    /// A frame that is there before the pin has a routine: nothing has been attempted yet.
    void start(bool at_dispatch, int frames = 1) {
        filter.run();
        for (int i = 0; i < frames; ++i) queue.add_frame(8);
        pin.set_process(eat, at_dispatch);
    }
};

TEST_F(Processing, AClosedGateLetsNothingHappen) {
    pin.set_process(eat, false);
    KsPinAttemptProcessing(pin.object(), FALSE);
    queue.add_frame(8);
    KsPinAttemptProcessing(pin.object(), FALSE);
    EXPECT_EQ(seen.calls, 0) << "the filter is stopped";
    filter.run();
    EXPECT_EQ(seen.calls, 1);
}

TEST_F(Processing, SynchronousAtPassiveLevelWithTheMutexHeld) {
    start(false);
    KsPinAttemptProcessing(pin.object(), FALSE);
    EXPECT_EQ(seen.calls, 1);
    EXPECT_EQ(seen.thread, observe::current_thread());
    EXPECT_EQ(seen.irql, PASSIVE_LEVEL);
    EXPECT_TRUE(seen.mutex_held);
}

TEST_F(Processing, AsynchronousInAWorkItem) {
    start(true);
    KsPinAttemptProcessing(pin.object(), TRUE);
    pin.process().await_work();
    EXPECT_EQ(seen.calls, 1);
    EXPECT_NE(seen.thread, observe::current_thread());
    EXPECT_EQ(seen.irql, PASSIVE_LEVEL);
}

TEST_F(Processing, AtDispatchLevelItDependsOnTheDescriptor) {
    start(false);
    KIRQL old = KeRaiseIrqlToDpcLevel();
    KsPinAttemptProcessing(pin.object(), FALSE);
    KeLowerIrql(old);
    pin.process().await_work();
    EXPECT_EQ(seen.calls, 1);
    EXPECT_NE(seen.thread, observe::current_thread());
    EXPECT_EQ(seen.irql, PASSIVE_LEVEL);

    pin.process().set_routine({}, false);
    queue.add_frame(8);
    pin.set_process(eat, true);
    old = KeRaiseIrqlToDpcLevel();
    KsPinAttemptProcessing(pin.object(), FALSE);
    EXPECT_EQ(seen.calls, 2);
    EXPECT_EQ(seen.thread, observe::current_thread());
    EXPECT_EQ(seen.irql, DISPATCH_LEVEL);
    EXPECT_FALSE(seen.mutex_held);
    KeLowerIrql(old);
}

TEST_F(Processing, SuccessGoesOnWhileThereAreFramesAndPendingStops) {
    start(false, 3);
    KsPinAttemptProcessing(pin.object(), FALSE);
    EXPECT_EQ(seen.calls, 1);
    EXPECT_EQ(queue.waiting(), 2U);
    seen.result = STATUS_SUCCESS;
    KsPinAttemptProcessing(pin.object(), FALSE);
    EXPECT_EQ(seen.calls, 3);
    EXPECT_EQ(queue.waiting(), 0U);
}

TEST_F(Processing, TheMinidriverCanShutTheGate) {
    start(false);
    KsGateAddOffInputToAnd(pin.process().gate());
    KsPinAttemptProcessing(pin.object(), FALSE);
    EXPECT_EQ(seen.calls, 0);
    KsGateRemoveOffInputFromAnd(pin.process().gate());
    KsPinAttemptProcessing(pin.object(), FALSE);
    EXPECT_EQ(seen.calls, 1);
}

TEST_F(Processing, WaitsForTheProcessingMutex) {
    start(false);
    KsPinAcquireProcessingMutex(pin.object());
    Peer peer([&] { KsPinAttemptProcessing(pin.object(), FALSE); });
    EXPECT_TRUE(observe::await_blocked(peer.id(), avstream::Lookup::processing_of(pin.object())));
    EXPECT_EQ(seen.calls, 0);
    KsPinReleaseProcessingMutex(pin.object());
    peer.join();
    EXPECT_EQ(seen.calls, 1);
}

TEST_F(Processing, AWorkItemsBugCheckIsTold) {
    start(false);
    pin.set_process(
        [](PKSPIN) -> NTSTATUS {
            KeRaiseIrqlToDpcLevel();
            return STATUS_PENDING;
        },
        false);
    KsPinAttemptProcessing(pin.object(), TRUE);
    expect_bug_check(BugCode::irql_unexpected_value, [&] { pin.process().await_work(); });
}

struct FilterProcessing : Streaming {
    FilterProcessing() { seen = {}; }
    avstream::Pin& output = filter.add_pin(nullptr, nullptr, false);

    static NTSTATUS copy(PKSFILTER object, PKSPROCESSPIN_INDEXENTRY index) {
        ++seen.calls;
        seen.irql = KeGetCurrentIrql();
        PKSPROCESSPIN in = index[0].Pins[0];
        PKSPROCESSPIN out = index[1].Pins[0];
        EXPECT_EQ(index[0].Count, 1U);
        EXPECT_EQ(avstream::Lookup::pin(in->Pin).filter().object(), object);
        in->BytesUsed = out->BytesUsed = std::min(in->BytesAvailable, out->BytesAvailable);
        for (ULONG i = 0; i < in->BytesUsed; ++i) static_cast<PUCHAR>(out->Data)[i] = static_cast<PUCHAR>(in->Data)[i];
        seen.mutex_held = observe::mutex_owner(avstream::Lookup::filter(object).processing()) == observe::current_thread();
        return seen.result;
    }
};

TEST_F(FilterProcessing, NeedsAFrameAtEveryPin) {
    filter.set_process(copy, false);
    filter.run();
    queue.add_frame(8);
    KsFilterAttemptProcessing(filter.object(), FALSE);
    EXPECT_EQ(seen.calls, 0);
    output.queue().add_frame(8);
    EXPECT_EQ(seen.calls, 1);
    EXPECT_EQ(seen.irql, PASSIVE_LEVEL);
    EXPECT_TRUE(seen.mutex_held);
    EXPECT_EQ(queue.waiting() + output.queue().waiting(), 0U) << "all was used";
}

TEST_F(FilterProcessing, MovesBytesAndKeepsWhatIsLeft) {
    avstream::Frame& from = queue.add_frame(6);
    from.bytes.assign({1, 2, 3, 4, 5, 6});
    avstream::Frame& to = output.queue().add_frame(4);
    filter.set_process(copy, false);
    filter.run();
    EXPECT_EQ(to.bytes, (std::vector<UCHAR>{1, 2, 3, 4}));
    EXPECT_EQ(queue.waiting(), 1U);
    EXPECT_EQ(edge->OffsetIn.Remaining, 2U);
    avstream::Frame& next = output.queue().add_frame(2);
    EXPECT_EQ(next.bytes, (std::vector<UCHAR>{5, 6}));
    EXPECT_EQ(seen.calls, 2);
}

TEST_F(FilterProcessing, AProcessPinIsUpdatedWithinADispatch) {
    queue.add_frame(2).bytes.assign({1, 2});
    queue.add_frame(3);
    output.queue().add_frame(1);
    filter.set_process(
        [](PKSFILTER, PKSPROCESSPIN_INDEXENTRY index) -> NTSTATUS {
            PKSPROCESSPIN in = index[0].Pins[0];
            EXPECT_EQ(in->BytesAvailable, 2U);
            in->BytesUsed = 1;
            EXPECT_TRUE(KsProcessPinUpdate(in));
            EXPECT_EQ(in->BytesAvailable, 1U);
            EXPECT_EQ(in->BytesUsed, 0U);
            EXPECT_EQ(*static_cast<PUCHAR>(in->Data), 2);
            in->Terminate = TRUE;
            EXPECT_TRUE(KsProcessPinUpdate(in));
            EXPECT_EQ(in->BytesAvailable, 3U);
            EXPECT_FALSE(in->Terminate);
            in->BytesUsed = 3;
            EXPECT_FALSE(KsProcessPinUpdate(in)) << "no frame is left";
            avstream::Filter& filter = avstream::Lookup::pin(in->Pin).filter();
            filter.stop();
            EXPECT_FALSE(KsProcessPinUpdate(index[1].Pins[0])) << "no pipe";
            return STATUS_PENDING;
        },
        false);
    filter.run();
    EXPECT_EQ(queue.waiting(), 0U);
}

TEST_F(Streaming, ResetRunsWithTheControlMutexHeld) {
    static bool held;
    held = false;
    filter.reset([](PKSFILTER object) -> NTSTATUS {
        held = observe::mutex_owner(avstream::Lookup::filter(object).control()) == observe::current_thread();
        return STATUS_SUCCESS;
    });
    EXPECT_TRUE(held);
    held = false;
    pin.reset([](PKSPIN object) { held = observe::mutex_owner(avstream::Lookup::control_of(object)) == observe::current_thread(); });
    EXPECT_TRUE(held);
    EXPECT_EQ(observe::mutex_owner(filter.control()), 0U);
}

TEST_F(Streaming, ConnectAndDisconnectRunAtPassiveLevel) {
    EXPECT_EQ(pin.connect([](PKSPIN) -> NTSTATUS { return KeGetCurrentIrql() == PASSIVE_LEVEL ? STATUS_SUCCESS : STATUS_UNSUCCESSFUL; }),
              STATUS_SUCCESS);
    static KIRQL level;
    level = 0xFF;
    pin.disconnect([](PKSPIN) { level = KeGetCurrentIrql(); });
    EXPECT_EQ(level, PASSIVE_LEVEL);
}

// As a host of the suite calls them: once, even if they ask for more.
TEST_F(Streaming, CallbacksOfEveryTypeAreCalledOnce) {
    static int calls;
    static bool device_mutex_held;
    const PinRoutine process = [](PKSPIN) -> NTSTATUS { return ++calls, STATUS_SUCCESS; };
    const FilterProcessRoutine filter_process = [](PKSFILTER, PKSPROCESSPIN_INDEXENTRY) -> NTSTATUS { return ++calls, STATUS_SUCCESS; };
    const FilterIrpRoutine close = [](PKSFILTER object, PIRP) -> NTSTATUS {
        device_mutex_held = observe::mutex_owner(avstream::Lookup::device_mutex_of(object)) == observe::current_thread();
        return ++calls, STATUS_SUCCESS;
    };
    const PinIrpRoutine pin_close = [](PKSPIN, PIRP) -> NTSTATUS { return ++calls, STATUS_SUCCESS; };
    const FilterVoidRoutine reset = [](PKSFILTER) -> NTSTATUS { return ++calls, STATUS_UNSUCCESSFUL; };
    const PinVoidRoutine pin_reset = [](PKSPIN) { ++calls; };
    auto call = [&](const char* type, auto routine) {
        calls = 0;
        const auto result = call_minidriver(device, filter, type, reinterpret_cast<void (*)()>(routine));
        EXPECT_TRUE(result.known) << type;
        EXPECT_EQ(calls, 1) << type;
        return result;
    };
    EXPECT_EQ(call("PFNKSPIN", process).returned, STATUS_SUCCESS);
    EXPECT_EQ(call("PFNKSFILTERPROCESS", filter_process).returned, STATUS_SUCCESS);
    EXPECT_TRUE(call("PFNKSFILTERIRP", close).request->completed());
    EXPECT_TRUE(device_mutex_held);
    EXPECT_TRUE(call("PFNKSPINIRP", pin_close).request->completed());
    EXPECT_EQ(call("PFNKSFILTERVOID", reset).returned, STATUS_UNSUCCESSFUL);
    call("PFNKSPINVOID", pin_reset);
    EXPECT_FALSE(call_minidriver(device, filter, "PFNKSOTHER", nullptr).known);
}

}  // namespace
}  // namespace ddi::kernel
