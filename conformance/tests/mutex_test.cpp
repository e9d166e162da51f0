// Mutex objects and mutants: recursion, ownership, waits with every kind of time limit, order, APC state, abandonment.
#include <ntifs.h>

#include <memory>
#include <vector>

#include "conformance/kernel/mutant.h"
#include "conformance/tests/peer.h"

namespace ddi::kernel {
namespace {

NTSTATUS wait(PRKMUTEX mutex) { return KeWaitForSingleObject(mutex, Executive, KernelMode, FALSE, nullptr); }

NTSTATUS wait(PRKMUTEX mutex, std::int64_t ticks, BOOLEAN alertable = FALSE) {
    LARGE_INTEGER timeout{};
    timeout.QuadPart = ticks;
    return KeWaitForSingleObject(mutex, Executive, KernelMode, alertable, &timeout);
}

struct Mutex : testing::Test {
    Mutex() { KeInitializeMutex(&mutex, 0); }
    KMUTEX mutex;
};

TEST_F(Mutex, CountsItsHoldersAcquisitions) {
    EXPECT_EQ(KeReadStateMutex(&mutex), 1);
    EXPECT_EQ(wait(&mutex), STATUS_SUCCESS);
    EXPECT_EQ(KeReadStateMutex(&mutex), 0);
    EXPECT_EQ(wait(&mutex), STATUS_SUCCESS);
    EXPECT_EQ(wait(&mutex, 0), STATUS_SUCCESS);
    EXPECT_EQ(KeReadStateMutex(&mutex), -2);
    EXPECT_EQ(observe::snapshot().critical_regions, 1) << "once, however often it is acquired";
    EXPECT_EQ(KeReleaseMutex(&mutex, FALSE), -2);
    EXPECT_EQ(KeReleaseMutex(&mutex, FALSE), -1);
    EXPECT_TRUE(KeAreApcsDisabled());
    EXPECT_EQ(observe::mutex_owner(&mutex), observe::current_thread());
    EXPECT_EQ(KeReleaseMutex(&mutex, FALSE), 0) << "zero: it has become signaled";
    EXPECT_FALSE(KeAreApcsDisabled());
    EXPECT_EQ(KeReadStateMutex(&mutex), 1);
    EXPECT_EQ(observe::mutex_owner(&mutex), 0u);
}

TEST_F(Mutex, DisablesNormalKernelApcsOnly) {
    wait(&mutex);
    EXPECT_TRUE(KeAreApcsDisabled());
    EXPECT_FALSE(KeAreAllApcsDisabled());
    KeReleaseMutex(&mutex, FALSE);
}

TEST_F(Mutex, AStrangerCannotRelease) {
    EXPECT_EQ(raised_status_of([this] { KeReleaseMutex(&mutex, FALSE); }), STATUS_MUTANT_NOT_OWNED) << "nobody holds it";
    wait(&mutex);
    Peer([this] { EXPECT_EQ(raised_status_of([this] { KeReleaseMutex(&mutex, FALSE); }), STATUS_MUTANT_NOT_OWNED); }).join();
    EXPECT_EQ(KeReadStateMutex(&mutex), 0) << "unchanged";
    KeReleaseMutex(&mutex, FALSE);
}

TEST_F(Mutex, TimeLimits) {
    wait(&mutex);
    constexpr std::int64_t millisecond = 10'000;
    Peer([this] {
        EXPECT_EQ(wait(&mutex, 0), STATUS_TIMEOUT);
        EXPECT_EQ(wait(&mutex, -20 * millisecond), STATUS_TIMEOUT);
        EXPECT_EQ(wait(&mutex, 1), STATUS_TIMEOUT) << "a moment in 1601";
        EXPECT_EQ(wait(&mutex, 116'444'736'000'000'000 + 1), STATUS_TIMEOUT) << "a moment in 1970";
        EXPECT_EQ(KeReadStateMutex(&mutex), 0);
        EXPECT_FALSE(KeAreApcsDisabled());
    }).join();
    KeReleaseMutex(&mutex, FALSE);
    EXPECT_EQ(wait(&mutex, -1), STATUS_SUCCESS) << "free: no limit matters";
    EXPECT_EQ(wait(&mutex, 1, TRUE), STATUS_SUCCESS);
    KeReleaseMutex(&mutex, FALSE);
    KeReleaseMutex(&mutex, FALSE);
}

TEST_F(Mutex, ARelativeWaitTakesItsTime) {
    wait(&mutex);
    Peer([this] {
        const auto start = std::chrono::steady_clock::now();
        EXPECT_EQ(wait(&mutex, -300'000), STATUS_TIMEOUT);
        EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(30));
    }).join();
    KeReleaseMutex(&mutex, FALSE);
}

TEST_F(Mutex, ALimitedWaitIsSatisfiedInTime) {
    for (const std::int64_t limit :
         {std::int64_t{-36'000'000'000}, std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()}) {
        wait(&mutex);
        Peer peer([&] {
            EXPECT_EQ(wait(&mutex, limit), STATUS_SUCCESS);
            EXPECT_TRUE(KeAreApcsDisabled());
            EXPECT_EQ(KeReleaseMutex(&mutex, FALSE), 0);
        });
        ASSERT_TRUE(observe::await_blocked(peer.id(), &mutex));
        EXPECT_EQ(KeReleaseMutex(&mutex, FALSE), 0);
        peer.join();
    }
}

TEST_F(Mutex, WaitersAreServedInOrder) {
    std::vector<int> order;
    std::vector<std::unique_ptr<Peer>> peers;
    wait(&mutex);
    for (int i = 0; i < 6; ++i) {
        peers.push_back(std::make_unique<Peer>([&, i] {
            wait(&mutex);
            order.push_back(i);
            KeReleaseMutex(&mutex, FALSE);
        }));
        ASSERT_TRUE(observe::await_blocked(peers.back()->id(), &mutex));
    }
    KeReleaseMutex(&mutex, FALSE);
    EXPECT_EQ(wait(&mutex), STATUS_SUCCESS) << "last: it went straight to the first waiter";
    EXPECT_EQ(order.size(), 6u);
    KeReleaseMutex(&mutex, FALSE);
    for (auto& peer : peers) peer->join();
    EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3, 4, 5}));
}

TEST_F(Mutex, AWaiterThatGivesUpLeavesTheOthersInOrder) {
    std::vector<char> order;
    wait(&mutex);
    Peer first([&] {
        wait(&mutex);
        order.push_back('a');
        KeReleaseMutex(&mutex, FALSE);
    });
    ASSERT_TRUE(observe::await_blocked(first.id(), &mutex));
    Peer quitter([&] { EXPECT_EQ(wait(&mutex, -10'000), STATUS_TIMEOUT); });
    quitter.join();
    Peer last([&] {
        wait(&mutex);
        order.push_back('b');
        KeReleaseMutex(&mutex, FALSE);
    });
    ASSERT_TRUE(observe::await_blocked(last.id(), &mutex));
    KeReleaseMutex(&mutex, FALSE);
    first.join();
    last.join();
    EXPECT_EQ(order, (std::vector<char>{'a', 'b'}));
}

// Time limits and releases that meet at the same moment: whoever times out has not got the mutex, whoever has got it says so.
TEST_F(Mutex, TimeoutsAndReleasesRace) {
    std::vector<std::unique_ptr<Peer>> peers;
    long counter = 0;
    std::atomic<long> successes{0};
    for (int i = 0; i < 8; ++i) {
        peers.push_back(std::make_unique<Peer>([&, i] {
            for (int round = 0; round < 300; ++round) {
                if (wait(&mutex, -(100 + 37 * i)) != STATUS_SUCCESS) continue;
                ++counter;
                ++successes;
                std::this_thread::yield();
                KeReleaseMutex(&mutex, FALSE);
            }
        }));
    }
    for (auto& peer : peers) peer->join();
    EXPECT_EQ(counter, successes.load());
    EXPECT_EQ(KeReadStateMutex(&mutex), 1);
}

TEST_F(Mutex, LevelsOfTheWait) {
    KIRQL old;
    KeRaiseIrql(APC_LEVEL, &old);
    EXPECT_EQ(wait(&mutex), STATUS_SUCCESS);
    EXPECT_EQ(KeGetCurrentIrql(), APC_LEVEL);
    KeReleaseMutex(&mutex, FALSE);
    KeLowerIrql(old);
    KeRaiseIrqlToDpcLevel();
    EXPECT_EQ(wait(&mutex, 0), STATUS_SUCCESS);
    EXPECT_EQ(KeReleaseMutex(&mutex, FALSE), 0);
    expect_bug_check(
        BugCode::driver_verifier_detected_violation, [this] { wait(&mutex); }, verifier::wait_at_dispatch, DISPATCH_LEVEL, &mutex, 0);
    KeRaiseIrqlToDpcLevel();
    expect_bug_check(
        BugCode::driver_verifier_detected_violation, [this] { wait(&mutex, -1); }, verifier::wait_at_dispatch);
    KeRaiseIrql(HIGH_LEVEL, &old);
    expect_bug_check(
        BugCode::driver_verifier_detected_violation, [this] { wait(&mutex, 0); }, verifier::wait_at_dispatch);
}

TEST_F(Mutex, AcquiredAtDispatchIsReleasedThere) {
    KIRQL old = KeRaiseIrqlToDpcLevel();
    wait(&mutex, 0);
    KeLowerIrql(old);
    EXPECT_EQ(raised_status_of([this] { KeReleaseMutex(&mutex, FALSE); }), STATUS_MUTANT_NOT_OWNED);
    old = KeRaiseIrqlToDpcLevel();
    EXPECT_EQ(KeReleaseMutex(&mutex, FALSE), 0);
    KeLowerIrql(old);
    wait(&mutex);
    old = KeRaiseIrqlToDpcLevel();
    EXPECT_EQ(raised_status_of([this] { KeReleaseMutex(&mutex, FALSE); }), STATUS_MUTANT_NOT_OWNED);
    KeLowerIrql(old);
    EXPECT_EQ(KeReleaseMutex(&mutex, FALSE), 0);
}

TEST_F(Mutex, ReleaseBeforeAWaitKeepsTheLevelUpUntilTheWait) {
    KMUTEX other;
    KeInitializeMutex(&other, 0);
    KIRQL old;
    KeRaiseIrql(APC_LEVEL, &old);
    wait(&mutex);
    EXPECT_EQ(KeReleaseMutex(&mutex, TRUE), 0);
    EXPECT_EQ(KeGetCurrentIrql(), DISPATCH_LEVEL);
    EXPECT_EQ(wait(&other), STATUS_SUCCESS);
    EXPECT_EQ(KeGetCurrentIrql(), APC_LEVEL);
    KeReleaseMutex(&other, FALSE);
    KeLowerIrql(old);
}

TEST_F(Mutex, TheRecursionLimit) {
    wait(&mutex);
    Mutant& state = mutant_at(&mutex);  // two thousand million calls later
    state.word = SignalWord::with_state(0, std::numeric_limits<std::int32_t>::min() + 1);
    EXPECT_EQ(wait(&mutex), STATUS_SUCCESS);
    EXPECT_EQ(raised_status_of([this] { wait(&mutex); }), STATUS_MUTANT_LIMIT_EXCEEDED);
    state.word = SignalWord::with_state(0, 0);
    EXPECT_EQ(KeReleaseMutex(&mutex, FALSE), 0);
}

TEST_F(Mutex, AnotherObjectIsNone) {
    FAST_MUTEX fast;
    ExInitializeFastMutex(&fast);
    expect_bug_check(
        BugCode::driver_verifier_detected_violation, [&] { KeWaitForSingleObject(&fast, Executive, KernelMode, FALSE, nullptr); },
        verifier::resource_uninitialized, &fast);
}

TEST(Mutants, LeaveApcsAloneAndCanBeBornHeld) {
    KMUTANT mutant;
    KeInitializeMutant(&mutant, TRUE);
    EXPECT_EQ(KeReadStateMutant(&mutant), 0);
    EXPECT_FALSE(KeAreApcsDisabled());
    Peer([&] { EXPECT_EQ(wait(&mutant, 0), STATUS_TIMEOUT); }).join();
    EXPECT_EQ(KeReleaseMutant(&mutant, 1, FALSE, FALSE), 0);
    EXPECT_EQ(KeReadStateMutant(&mutant), 1);
}

TEST(Mutants, OfAnEndedThreadAreAbandoned) {
    KMUTANT mutants[3];
    for (KMUTANT& mutant : mutants) KeInitializeMutant(&mutant, FALSE);
    std::thread([&] {
        for (KMUTANT& mutant : mutants) wait(&mutant);
        wait(&mutants[1]);
        KeReleaseMutant(&mutants[0], 1, FALSE, FALSE);
    }).join();
    EXPECT_EQ(wait(&mutants[0]), STATUS_SUCCESS);
    EXPECT_EQ(raised_status_of([&] { KeReleaseMutant(&mutants[1], 1, FALSE, FALSE); }), STATUS_ABANDONED);
    EXPECT_EQ(wait(&mutants[1]), STATUS_ABANDONED);
    EXPECT_EQ(wait(&mutants[2]), STATUS_ABANDONED);
    for (KMUTANT& mutant : mutants) EXPECT_EQ(KeReleaseMutant(&mutant, 1, FALSE, FALSE), 0) << "whole again";
    EXPECT_EQ(wait(&mutants[2]), STATUS_SUCCESS);
    KeReleaseMutant(&mutants[2], 1, FALSE, FALSE);
}

TEST(Mutants, AbandonmentReachesAWaiter) {
    KMUTANT mutant;
    KeInitializeMutant(&mutant, FALSE);
    Signal held, end;
    std::thread holder([&] {
        wait(&mutant);
        held.set();
        end.wait();
    });
    held.wait();
    Peer waiter([&] {
        EXPECT_EQ(wait(&mutant), STATUS_ABANDONED);
        KeReleaseMutant(&mutant, 1, FALSE, FALSE);
    });
    ASSERT_TRUE(observe::await_blocked(waiter.id(), &mutant));
    end.set();
    holder.join();
    waiter.join();
}

}  // namespace
}  // namespace ddi::kernel
