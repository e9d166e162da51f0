// Waits for several objects, time limits by a clock that the test moves, alerts, delays, thread objects.
#include <ntifs.h>

#include <array>
#include <memory>
#include <vector>

#include "conformance/kernel/dispatcher/apc.h"
#include "conformance/kernel/dispatcher/clock.h"
#include "conformance/kernel/dispatcher/thread_object.h"
#include "conformance/tests/peer.h"

namespace ddi::kernel {
namespace {

constexpr std::int64_t hour = 3600 * ticks_per_second;

LARGE_INTEGER ticks(std::int64_t value) {
    LARGE_INTEGER result{};
    result.QuadPart = value;
    return result;
}

NTSTATUS wait(void* object) { return KeWaitForSingleObject(object, Executive, KernelMode, FALSE, nullptr); }

struct Waits : testing::Test {
    Waits() {
        KeInitializeEvent(&manual, NotificationEvent, FALSE);
        KeInitializeEvent(&automatic, SynchronizationEvent, FALSE);
        KeInitializeSemaphore(&semaphore, 0, 9);
        KeInitializeMutex(&mutex, 0);
    }
    NTSTATUS wait_for_all(PLARGE_INTEGER timeout = nullptr) {
        return KeWaitForMultipleObjects(3, objects, WaitAll, Executive, KernelMode, FALSE, timeout, nullptr);
    }
    NTSTATUS wait_for_any(PLARGE_INTEGER timeout = nullptr) {
        return KeWaitForMultipleObjects(3, objects, WaitAny, Executive, KernelMode, FALSE, timeout, nullptr);
    }
    KEVENT manual, automatic;
    KSEMAPHORE semaphore;
    KMUTEX mutex;
    PVOID objects[3] = {&automatic, &semaphore, &mutex};
    LARGE_INTEGER zero{};
};

TEST_F(Waits, AnyTakesTheFirstThatIsThere) {
    KeReleaseSemaphore(&semaphore, 0, 1, FALSE);
    EXPECT_EQ(wait_for_any(), STATUS_WAIT_0 + 1);
    EXPECT_EQ(KeReadStateSemaphore(&semaphore), 0);
    EXPECT_EQ(wait_for_any(), STATUS_WAIT_0 + 2);
    EXPECT_EQ(KeReadStateMutex(&mutex), 0);
    KeSetEvent(&automatic, 0, FALSE);
    EXPECT_EQ(wait_for_any(), STATUS_WAIT_0);
    EXPECT_EQ(KeReadStateMutex(&mutex), 0) << "untouched";
    KeReleaseMutex(&mutex, FALSE);
}

TEST_F(Waits, AnyIsServedByWhicheverComes) {
    wait(&mutex);
    Peer peer([&] {
        EXPECT_EQ(wait_for_any(), STATUS_WAIT_0 + 1);
        EXPECT_EQ(wait_for_any(), STATUS_WAIT_0 + 2);
        EXPECT_TRUE(KeAreApcsDisabled()) << "the mutex is its own";
        KeReleaseMutex(&mutex, FALSE);
    });
    for (PVOID object : objects) ASSERT_TRUE(observe::await_blocked(peer.id(), object));
    KeReleaseSemaphore(&semaphore, 0, 1, FALSE);
    while (observe::waiters(&semaphore) != 1 || observe::blocked_on(peer.id()) == nullptr) std::this_thread::yield();
    KeReleaseMutex(&mutex, FALSE);
    peer.join();
    EXPECT_EQ(observe::waiters(&automatic), 0);
    EXPECT_EQ(KeReadStateMutex(&mutex), 1);
}

TEST_F(Waits, AllTakesNothingUntilAllAreThere) {
    KeSetEvent(&automatic, 0, FALSE);
    EXPECT_EQ(wait_for_all(&zero), STATUS_TIMEOUT);
    EXPECT_NE(KeReadStateEvent(&automatic), 0);
    EXPECT_EQ(KeReadStateMutex(&mutex), 1);
    Peer peer([&] {
        EXPECT_EQ(wait_for_all(), STATUS_SUCCESS);
        EXPECT_EQ(observe::mutex_owner(&mutex), observe::current_thread());
        EXPECT_EQ(KeReleaseMutex(&mutex, FALSE), 0);
    });
    ASSERT_TRUE(observe::await_blocked(peer.id(), &mutex));
    EXPECT_NE(KeReadStateEvent(&automatic), 0) << "still there for others";
    EXPECT_EQ(wait(&automatic), STATUS_SUCCESS);
    KeReleaseSemaphore(&semaphore, 0, 1, FALSE);
    EXPECT_NE(observe::blocked_on(peer.id()), nullptr);
    EXPECT_EQ(KeReadStateSemaphore(&semaphore), 1);
    // From here on all three are there, however short the event is.
    KeSetEvent(&automatic, 0, FALSE);
    EXPECT_EQ(KeResetEvent(&automatic), 0) << "the waiter has it";
    peer.join();
    EXPECT_EQ(KeReadStateSemaphore(&semaphore), 0);
}

TEST_F(Waits, APulseCanCompleteAWaitForAll) {
    KeReleaseSemaphore(&semaphore, 0, 1, FALSE);
    Peer peer([&] {
        EXPECT_EQ(wait_for_all(), STATUS_SUCCESS);
        KeReleaseMutex(&mutex, FALSE);
    });
    ASSERT_TRUE(observe::await_blocked(peer.id(), &automatic));
    KePulseEvent(&automatic, 0, FALSE);
    peer.join();
}

// Threads that need the same two objects, named in different order, never hold one and wait for the other.
TEST_F(Waits, WaitsForAllDoNotDeadlock) {
    KMUTEX left, right;
    KeInitializeMutex(&left, 0);
    KeInitializeMutex(&right, 0);
    long counter = 0;
    std::vector<std::unique_ptr<Peer>> peers;
    for (int i = 0; i < 4; ++i) {
        peers.push_back(std::make_unique<Peer>([&, i] {
            PVOID both[] = {i % 2 ? &left : &right, i % 2 ? &right : &left};
            for (int round = 0; round < 500; ++round) {
                EXPECT_EQ(KeWaitForMultipleObjects(2, both, WaitAll, Executive, KernelMode, FALSE, nullptr, nullptr), STATUS_SUCCESS);
                ++counter;
                KeReleaseMutex(&left, FALSE);
                KeReleaseMutex(&right, FALSE);
            }
        }));
    }
    for (auto& peer : peers) peer->join();
    EXPECT_EQ(counter, 2000);
}

TEST_F(Waits, MoreObjectsNeedWaitBlocks) {
    std::array<KEVENT, MAXIMUM_WAIT_OBJECTS> events;
    std::array<PVOID, MAXIMUM_WAIT_OBJECTS + 1> pointers{};
    for (std::size_t i = 0; i < events.size(); ++i) {
        KeInitializeEvent(&events[i], SynchronizationEvent, FALSE);
        pointers[i] = &events[i];
    }
    std::array<KWAIT_BLOCK, MAXIMUM_WAIT_OBJECTS + 1> blocks;
    const auto wait_for = [&](ULONG count, PKWAIT_BLOCK array) {
        return KeWaitForMultipleObjects(count, pointers.data(), WaitAny, Executive, KernelMode, FALSE, &zero, array);
    };
    EXPECT_EQ(wait_for(THREAD_WAIT_OBJECTS, nullptr), STATUS_TIMEOUT);
    EXPECT_EQ(wait_for(MAXIMUM_WAIT_OBJECTS, blocks.data()), STATUS_TIMEOUT);
    expect_bug_check(BugCode::maximum_wait_objects_exceeded, [&] { wait_for(THREAD_WAIT_OBJECTS + 1, nullptr); });
    expect_bug_check(BugCode::maximum_wait_objects_exceeded, [&] { wait_for(MAXIMUM_WAIT_OBJECTS + 1, blocks.data()); });
    Peer peer([&] {
        EXPECT_EQ(
            KeWaitForMultipleObjects(MAXIMUM_WAIT_OBJECTS, pointers.data(), WaitAny, Executive, KernelMode, FALSE, nullptr, blocks.data()),
            STATUS_WAIT_63);
    });
    ASSERT_TRUE(observe::await_blocked(peer.id(), &events[40]));
    KeSetEvent(&events[63], 0, FALSE);
    peer.join();
}

TEST_F(Waits, AbandonedMutexesSayWhichOne) {
    KMUTANT mutant;
    KeInitializeMutant(&mutant, FALSE);
    PVOID both[] = {&manual, &mutant};
    const auto abandon = [&] { std::thread([&] { wait(&mutant); }).join(); };
    abandon();
    EXPECT_EQ(KeWaitForMultipleObjects(2, both, WaitAny, Executive, KernelMode, FALSE, nullptr, nullptr), STATUS_ABANDONED_WAIT_0 + 1);
    KeReleaseMutant(&mutant, 1, FALSE, FALSE);
    abandon();
    KeSetEvent(&manual, 0, FALSE);
    EXPECT_EQ(KeWaitForMultipleObjects(2, both, WaitAll, Executive, KernelMode, FALSE, nullptr, nullptr), STATUS_ABANDONED_WAIT_0 + 1);
    KeReleaseMutant(&mutant, 1, FALSE, FALSE);
    std::thread([&] { wait(&mutex); }).join();
    EXPECT_EQ(wait(&mutex), STATUS_ABANDONED) << "mutex objects, too";
    EXPECT_EQ(KeReleaseMutex(&mutex, FALSE), 0);
}

TEST_F(Waits, AMutexIsAcquiredAgainByItsOwnerInAWaitForAll) {
    wait(&mutex);
    PVOID both[] = {&manual, &mutex};
    KeSetEvent(&manual, 0, FALSE);
    EXPECT_EQ(KeWaitForMultipleObjects(2, both, WaitAll, Executive, KernelMode, FALSE, nullptr, nullptr), STATUS_SUCCESS);
    EXPECT_EQ(KeReadStateMutex(&mutex), -1);
    EXPECT_EQ(observe::snapshot().critical_regions, 1);
    KeReleaseMutex(&mutex, FALSE);
    KeReleaseMutex(&mutex, FALSE);
}

TEST_F(Waits, TimeEndsThem) {
    Peer relative([&] {
        LARGE_INTEGER limit = ticks(-2 * hour);
        EXPECT_EQ(KeWaitForSingleObject(&manual, Executive, KernelMode, FALSE, &limit), STATUS_TIMEOUT);
    });
    Peer absolute([&] {
        LARGE_INTEGER limit = ticks(system_time() + 2 * hour);
        EXPECT_EQ(wait_for_any(&limit), STATUS_WAIT_0 + 2) << "free";
        KeReleaseMutex(&mutex, FALSE);
        EXPECT_EQ(wait_for_all(&limit), STATUS_TIMEOUT);
    });
    Peer sleeper([] {
        LARGE_INTEGER limit = ticks(-2 * hour);
        EXPECT_EQ(KeDelayExecutionThread(KernelMode, FALSE, &limit), STATUS_SUCCESS);
    });
    ASSERT_TRUE(observe::await_blocked(relative.id(), &manual));
    ASSERT_TRUE(observe::await_blocked(absolute.id(), &semaphore));
    ASSERT_TRUE(observe::await_blocked(sleeper.id(), observe::delay()));
    observe::advance_time(hour);
    EXPECT_EQ(observe::waiters(&manual), 1);
    EXPECT_EQ(observe::waiters(&automatic), 1);
    observe::change_system_time(2 * hour);
    EXPECT_EQ(observe::waiters(&manual), 1) << "relative limits do not notice";
    EXPECT_EQ(observe::waiters(&automatic), 0);
    absolute.join();
    observe::change_system_time(-2 * hour);
    observe::advance_time(2 * hour);
    relative.join();
    sleeper.join();
}

TEST_F(Waits, ADelayTakesItsTime) {
    const std::int64_t start = interrupt_time();
    LARGE_INTEGER interval = ticks(-100'000);
    EXPECT_EQ(KeDelayExecutionThread(KernelMode, FALSE, &interval), STATUS_SUCCESS);
    EXPECT_GE(interrupt_time() - start, 100'000);
    interval = ticks(1);
    EXPECT_EQ(KeDelayExecutionThread(KernelMode, FALSE, &interval), STATUS_SUCCESS) << "a moment in 1601";
    const std::int64_t before = interrupt_time();
    KeStallExecutionProcessor(50);
    EXPECT_GE(interrupt_time() - before, 500);
    KeRaiseIrqlToDpcLevel();
    expect_bug_check(BugCode::irql_not_less_or_equal, [&] { KeDelayExecutionThread(KernelMode, FALSE, &interval); });
}

TEST_F(Waits, AlertsEndThoseThatAreAlertable) {
    const auto wait_alertably = [&](KPROCESSOR_MODE mode, PLARGE_INTEGER limit = nullptr) {
        return KeWaitForSingleObject(&manual, Executive, mode, TRUE, limit);
    };
    Peer peer([&] {
        EXPECT_EQ(wait_alertably(KernelMode), STATUS_ALERTED);
        EXPECT_EQ(wait_for_all(), STATUS_SUCCESS) << "not alertable";
        KeReleaseMutex(&mutex, FALSE);
        EXPECT_EQ(wait_alertably(KernelMode), STATUS_ALERTED) << "remembered meanwhile";
        EXPECT_EQ(wait_alertably(KernelMode, &zero), STATUS_TIMEOUT) << "once";
    });
    ASSERT_TRUE(observe::await_blocked(peer.id(), &manual));
    EXPECT_TRUE(alert_thread(peer.id(), KernelMode));
    ASSERT_TRUE(observe::await_blocked(peer.id(), &semaphore));
    EXPECT_TRUE(alert_thread(peer.id(), KernelMode));
    KeReleaseSemaphore(&semaphore, 0, 1, FALSE);
    KeSetEvent(&automatic, 0, FALSE);
    peer.join();
    EXPECT_FALSE(alert_thread(peer.id(), KernelMode)) << "it has ended";
    alert_thread(observe::current_thread(), UserMode);
    EXPECT_EQ(wait_alertably(KernelMode, &zero), STATUS_TIMEOUT) << "for UserMode waits";
    EXPECT_EQ(wait_alertably(UserMode, &zero), STATUS_ALERTED);
    LARGE_INTEGER interval = ticks(-hour);
    alert_thread(observe::current_thread(), KernelMode);
    EXPECT_EQ(KeDelayExecutionThread(KernelMode, TRUE, &interval), STATUS_ALERTED);
}

TEST_F(Waits, ThreadsAreSignaledWhenTheyEnd) {
    Signal end;
    std::atomic<ThreadId> id{0};
    std::thread thread([&] {
        id = observe::current_thread();
        id.notify_all();
        end.wait();
    });
    id.wait(0);
    void* object = reference_thread_object(id);
    ASSERT_NE(object, nullptr);
    EXPECT_EQ(KeWaitForSingleObject(object, Executive, KernelMode, FALSE, &zero), STATUS_TIMEOUT);
    Peer waiter([&] { EXPECT_EQ(wait(object), STATUS_SUCCESS); });
    ASSERT_TRUE(observe::await_blocked(waiter.id(), object));
    end.set();
    waiter.join();
    thread.join();
    EXPECT_EQ(wait(object), STATUS_SUCCESS) << "for good";
    release_thread_object(object);
    EXPECT_EQ(reference_thread_object(id), nullptr);
}

TEST_F(Waits, AtDispatchLevelOnlyWithoutWaiting) {
    const KIRQL old = KeRaiseIrqlToDpcLevel();
    EXPECT_EQ(wait_for_all(&zero), STATUS_TIMEOUT);
    EXPECT_EQ(KeGetCurrentIrql(), DISPATCH_LEVEL);
    EXPECT_EQ(old, PASSIVE_LEVEL);
    expect_bug_check(
        BugCode::driver_verifier_detected_violation, [this] { wait_for_all(); }, verifier::wait_at_dispatch, DISPATCH_LEVEL);
}

}  // namespace
}  // namespace ddi::kernel
