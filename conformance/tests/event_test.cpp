// Events: both types, pulses, the Wait protocol, order of service, events with names.
#include <ntddk.h>

#include <memory>
#include <string>
#include <vector>

#include "conformance/kernel/dispatcher/event.h"
#include "conformance/kernel/dispatcher/object.h"
#include "conformance/tests/peer.h"

namespace ddi::kernel {
namespace {

NTSTATUS wait(PRKEVENT event) { return KeWaitForSingleObject(event, Executive, KernelMode, FALSE, nullptr); }

NTSTATUS poll(PRKEVENT event) {
    LARGE_INTEGER zero{};
    return KeWaitForSingleObject(event, Executive, KernelMode, FALSE, &zero);
}

struct Event : testing::TestWithParam<EVENT_TYPE> {
    Event() { KeInitializeEvent(&event, GetParam(), FALSE); }
    KEVENT event;
};

TEST_P(Event, IsSetAndReset) {
    EXPECT_EQ(KeReadStateEvent(&event), 0);
    EXPECT_EQ(KeSetEvent(&event, 0, FALSE), 0) << "it was not signaled";
    EXPECT_NE(KeReadStateEvent(&event), 0);
    EXPECT_NE(KeSetEvent(&event, 0, FALSE), 0);
    EXPECT_NE(KeResetEvent(&event), 0);
    EXPECT_EQ(KeResetEvent(&event), 0);
    KeSetEvent(&event, 0, FALSE);
    KeClearEvent(&event);
    EXPECT_EQ(KeReadStateEvent(&event), 0);
    EXPECT_EQ(poll(&event), STATUS_TIMEOUT);
}

TEST_P(Event, IsBornInEitherState) {
    KeInitializeEvent(&event, GetParam(), TRUE);
    EXPECT_NE(KeReadStateEvent(&event), 0);
    EXPECT_EQ(poll(&event), STATUS_SUCCESS);
    const bool remains = GetParam() == NotificationEvent;
    EXPECT_EQ(KeReadStateEvent(&event) != 0, remains);
    EXPECT_EQ(poll(&event), remains ? STATUS_SUCCESS : STATUS_TIMEOUT);
}

TEST_P(Event, ReleasesOneOrAll) {
    const bool all = GetParam() == NotificationEvent;
    std::vector<std::unique_ptr<Peer>> peers;
    std::atomic<int> released{0};
    for (int i = 0; i < 4; ++i) {
        peers.push_back(std::make_unique<Peer>([&] {
            EXPECT_EQ(wait(&event), STATUS_SUCCESS);
            ++released;
        }));
        ASSERT_TRUE(observe::await_blocked(peers.back()->id(), &event));
    }
    EXPECT_EQ(observe::waiters(&event), 4);
    EXPECT_EQ(KeSetEvent(&event, 0, FALSE), 0);
    EXPECT_EQ(observe::waiters(&event), all ? 0 : 3) << "the others still stand in the queue";
    EXPECT_EQ(KeReadStateEvent(&event) != 0, all);
    if (!all) {
        peers[0]->join();  // first come, first served
        EXPECT_EQ(released.load(), 1);
        for (int i = 1; i < 4; ++i) KeSetEvent(&event, 0, FALSE);
    }
    for (std::size_t i = all ? 0 : 1; i < peers.size(); ++i) peers[i]->join();
    EXPECT_EQ(released.load(), 4);
}

TEST_P(Event, APulseReachesThoseWhoWaitAlready) {
    EXPECT_EQ(KePulseEvent(&event, 0, FALSE), 0);
    EXPECT_EQ(KeReadStateEvent(&event), 0);
    EXPECT_EQ(poll(&event), STATUS_TIMEOUT);
    Peer first([&] { EXPECT_EQ(wait(&event), STATUS_SUCCESS); });
    ASSERT_TRUE(observe::await_blocked(first.id(), &event));
    Peer second([&] { EXPECT_EQ(wait(&event), STATUS_SUCCESS); });
    ASSERT_TRUE(observe::await_blocked(second.id(), &event));
    EXPECT_EQ(KePulseEvent(&event, 0, FALSE), 0);
    EXPECT_EQ(KeReadStateEvent(&event), 0);
    first.join();
    if (GetParam() == SynchronizationEvent) {
        EXPECT_EQ(observe::waiters(&event), 1);
        KePulseEvent(&event, 0, FALSE);
    }
    second.join();
    KeSetEvent(&event, 0, FALSE);
    EXPECT_NE(KePulseEvent(&event, 0, FALSE), 0) << "the state before";
    EXPECT_EQ(KeReadStateEvent(&event), 0);
}

TEST_P(Event, WithWaitTheLevelStaysUpUntilTheWait) {
    KEVENT other;
    KeInitializeEvent(&other, NotificationEvent, TRUE);
    for (LONG (*set)(PRKEVENT, KPRIORITY, BOOLEAN) : {KeSetEvent, KePulseEvent}) {
        KIRQL old;
        KeRaiseIrql(APC_LEVEL, &old);
        set(&event, 0, TRUE);
        EXPECT_EQ(KeGetCurrentIrql(), DISPATCH_LEVEL);
        EXPECT_EQ(wait(&other), STATUS_SUCCESS);
        EXPECT_EQ(KeGetCurrentIrql(), APC_LEVEL);
        KeLowerIrql(old);
        set(&event, 0, FALSE);
        EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
    }
}

TEST_P(Event, LevelsOfTheCalls) {
    const KIRQL old = KeRaiseIrqlToDpcLevel();
    KeSetEvent(&event, 0, FALSE);
    EXPECT_EQ(poll(&event), STATUS_SUCCESS);
    KeClearEvent(&event);
    KeLowerIrql(old);
    KIRQL before;
    KeRaiseIrql(DISPATCH_LEVEL + 1, &before);
    expect_bug_check(
        BugCode::irql_not_less_or_equal, [this] { KeSetEvent(&event, 0, FALSE); }, &event, DISPATCH_LEVEL + 1);
}

INSTANTIATE_TEST_SUITE_P(Types, Event, testing::Values(NotificationEvent, SynchronizationEvent),
                         [](const auto& type) { return type.param == NotificationEvent ? "Notification" : "Synchronization"; });

TEST(Events, OfOtherKindsAreNone) {
    KSEMAPHORE semaphore;
    KeInitializeSemaphore(&semaphore, 0, 1);
    expect_bug_check(
        BugCode::driver_verifier_detected_violation, [&] { KeSetEvent(reinterpret_cast<PRKEVENT>(&semaphore), 0, FALSE); },
        verifier::resource_uninitialized, &semaphore);
}

// Each set of a synchronization event lets one thread go on: none is lost, none counts twice.
TEST(Events, ASynchronizationEventIsABatonForManyThreads) {
    KEVENT baton;
    KeInitializeEvent(&baton, SynchronizationEvent, TRUE);
    long counter = 0;
    std::vector<std::unique_ptr<Peer>> peers;
    for (int i = 0; i < 4; ++i) {
        peers.push_back(std::make_unique<Peer>([&] {
            for (int round = 0; round < 2000; ++round) {
                wait(&baton);
                ++counter;
                KeSetEvent(&baton, 0, FALSE);
            }
        }));
    }
    for (auto& peer : peers) peer->join();
    EXPECT_EQ(counter, 8000);
    EXPECT_NE(KeReadStateEvent(&baton), 0);
}

struct Name {
    explicit Name(std::u16string text_) : text(std::move(text_)) {
        name.Buffer = reinterpret_cast<PWSTR>(text.data());
        name.Length = name.MaximumLength = static_cast<USHORT>(text.size() * sizeof(WCHAR));
    }
    std::u16string text;
    UNICODE_STRING name{};
};

TEST(NamedEvents, AreMadeSignaledAndOpenedByTheNextCaller) {
    Name name(u"\\BaseNamedObjects\\Adapter");
    HANDLE first_handle = nullptr, second_handle = nullptr;
    PKEVENT first = IoCreateSynchronizationEvent(&name.name, &first_handle);
    ASSERT_NE(first, nullptr);
    EXPECT_NE(KeReadStateEvent(first), 0);
    EXPECT_EQ(poll(first), STATUS_SUCCESS);
    Name again(name.text);
    PKEVENT second = IoCreateSynchronizationEvent(&again.name, &second_handle);
    EXPECT_EQ(second, first) << "one event";
    EXPECT_NE(second_handle, first_handle);
    EXPECT_EQ(KeReadStateEvent(second), 0) << "opened, not made anew";
    EXPECT_TRUE(close_event_handle(first_handle));
    EXPECT_EQ(poll(second), STATUS_TIMEOUT) << "the other handle keeps it";
    EXPECT_TRUE(close_event_handle(second_handle));
    EXPECT_FALSE(close_event_handle(second_handle));
}

TEST(NamedEvents, RemainSignaledOrNot) {
    Name name(u"Notified");
    HANDLE handle = nullptr;
    PKEVENT event = IoCreateNotificationEvent(&name.name, &handle);
    ASSERT_NE(event, nullptr);
    EXPECT_EQ(poll(event), STATUS_SUCCESS);
    EXPECT_EQ(poll(event), STATUS_SUCCESS);
    close_event_handle(handle);
    UNICODE_STRING empty{};
    EXPECT_EQ(IoCreateNotificationEvent(&empty, &handle), nullptr);
    const KIRQL old = KeRaiseIrqlToDpcLevel();
    expect_bug_check(BugCode::irql_not_less_or_equal, [&] { IoCreateNotificationEvent(&name.name, &handle); });
    EXPECT_EQ(old, PASSIVE_LEVEL);
}

}  // namespace
}  // namespace ddi::kernel
