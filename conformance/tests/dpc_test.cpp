// DPCs: where, when, at which level and in which order they run; threaded ones; flushing and removing them.
#include <ntddk.h>

#include <memory>
#include <vector>

#include "conformance/tests/peer.h"

namespace ddi::kernel {
namespace {

struct Record {
    void* context;
    void* arguments[2];
    KIRQL irql;
    ULONG processor;
    ThreadId thread;
};

// Calls are recorded by threads that the test has to have joined or flushed before it looks.
std::vector<Record>& calls() {
    static std::vector<Record> recorded;
    return recorded;
}

VOID record(PKDPC, PVOID context, PVOID argument1, PVOID argument2) {
    calls().push_back(
        {context, {argument1, argument2}, KeGetCurrentIrql(), KeGetCurrentProcessorNumberEx(nullptr), observe::current_thread()});
}

struct Dpcs : testing::Test {
    Dpcs() {
        calls().clear();
        for (int i = 0; i < 3; ++i) KeInitializeDpc(&dpc[i], record, &context[i]);
    }
    std::vector<int> order() const {
        std::vector<int> result;
        for (const Record& call : calls()) result.push_back(static_cast<int>(static_cast<const char*>(call.context) - context));
        return result;
    }
    KDPC dpc[3];
    char context[3] = {};
};

TEST_F(Dpcs, RunAtOnceAtDispatchLevelWithTheirArguments) {
    int first = 0, second = 0;
    EXPECT_TRUE(KeInsertQueueDpc(&dpc[0], &first, &second));
    ASSERT_EQ(calls().size(), 1u) << "the thread is below DISPATCH_LEVEL";
    const Record& call = calls()[0];
    EXPECT_EQ(call.context, &context[0]);
    EXPECT_EQ(call.arguments[0], &first);
    EXPECT_EQ(call.arguments[1], &second);
    EXPECT_EQ(call.irql, DISPATCH_LEVEL);
    EXPECT_EQ(call.processor, KeGetCurrentProcessorNumberEx(nullptr));
    EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
    EXPECT_FALSE(observe::dpc_queued(&dpc[0]));
}

TEST_F(Dpcs, WaitForTheLevelToDrop) {
    const KIRQL old = KeRaiseIrqlToDpcLevel();
    KIRQL dispatch;
    KeRaiseIrql(HIGH_LEVEL, &dispatch);
    EXPECT_TRUE(KeInsertQueueDpc(&dpc[0], nullptr, nullptr));
    EXPECT_FALSE(KeInsertQueueDpc(&dpc[0], &dpc, nullptr)) << "it is in the queue";
    EXPECT_TRUE(KeInsertQueueDpc(&dpc[1], nullptr, nullptr));
    KeLowerIrql(dispatch);
    EXPECT_TRUE(calls().empty());
    EXPECT_TRUE(observe::dpc_queued(&dpc[0]));
    KeLowerIrql(old);
    EXPECT_EQ(order(), (std::vector<int>{0, 1}));
    EXPECT_EQ(calls()[0].arguments[0], nullptr) << "the second call changed nothing";
}

TEST_F(Dpcs, RunWhenASpinLockIsReleased) {
    KSPIN_LOCK lock;
    KeInitializeSpinLock(&lock);
    KIRQL old;
    KeAcquireSpinLock(&lock, &old);
    KeInsertQueueDpc(&dpc[0], nullptr, nullptr);
    EXPECT_TRUE(calls().empty());
    KeReleaseSpinLock(&lock, old);
    EXPECT_EQ(calls().size(), 1u);
}

TEST_F(Dpcs, ImportanceDecidesThePlace) {
    const KIRQL old = KeRaiseIrqlToDpcLevel();
    KeSetImportanceDpc(&dpc[1], HighImportance);
    KeInsertQueueDpc(&dpc[0], nullptr, nullptr);
    KeInsertQueueDpc(&dpc[1], nullptr, nullptr);
    KeInsertQueueDpc(&dpc[2], nullptr, nullptr);
    KeLowerIrql(old);
    EXPECT_EQ(order(), (std::vector<int>{1, 0, 2}));
}

TEST_F(Dpcs, LowImportanceWaitsForAReason) {
    KeSetImportanceDpc(&dpc[0], LowImportance);
    KeInsertQueueDpc(&dpc[0], nullptr, nullptr);
    EXPECT_TRUE(calls().empty());
    KeInsertQueueDpc(&dpc[1], nullptr, nullptr);
    EXPECT_EQ(order(), (std::vector<int>{0, 1})) << "another one makes the processor look at its queue";
    KeInsertQueueDpc(&dpc[0], nullptr, nullptr);
    LARGE_INTEGER interval{};
    interval.QuadPart = -1;
    KeDelayExecutionThread(KernelMode, FALSE, &interval);
    EXPECT_EQ(calls().size(), 3u) << "an idle processor, too";
    KeInsertQueueDpc(&dpc[0], nullptr, nullptr);
    KeFlushQueuedDpcs();
    EXPECT_EQ(calls().size(), 4u);
}

TEST_F(Dpcs, AreRemovedFromTheQueue) {
    EXPECT_FALSE(KeRemoveQueueDpc(&dpc[0]));
    const KIRQL old = KeRaiseIrqlToDpcLevel();
    for (KDPC& each : dpc) KeInsertQueueDpc(&each, nullptr, nullptr);
    EXPECT_TRUE(KeRemoveQueueDpc(&dpc[1]));
    EXPECT_FALSE(KeRemoveQueueDpc(&dpc[1]));
    KeLowerIrql(old);
    EXPECT_EQ(order(), (std::vector<int>{0, 2}));
}

VOID queue_again(PKDPC dpc, PVOID context, PVOID, PVOID) {
    int& rounds = *static_cast<int*>(context);
    if (--rounds > 0) {
        EXPECT_TRUE(KeInsertQueueDpc(dpc, nullptr, nullptr)) << "a running DPC is not in the queue";
    }
}

TEST_F(Dpcs, CanQueueThemselvesAgain) {
    int rounds = 5;
    KDPC again;
    KeInitializeDpc(&again, queue_again, &rounds);
    KeInsertQueueDpc(&again, nullptr, nullptr);
    EXPECT_EQ(rounds, 0);
}

TEST_F(Dpcs, RunOnTheProcessorTheyAreMeantFor) {
    Signal raised, done;
    ULONG processor = 0;
    Peer peer([&] {
        processor = KeGetCurrentProcessorNumberEx(nullptr);
        const KIRQL old = KeRaiseIrqlToDpcLevel();
        raised.set();
        done.wait();
        KeLowerIrql(old);
    });
    raised.wait();
    KeSetTargetProcessorDpc(&dpc[0], static_cast<CCHAR>(processor));
    EXPECT_TRUE(KeInsertQueueDpc(&dpc[0], nullptr, nullptr));
    EXPECT_TRUE(observe::dpc_queued(&dpc[0])) << "that processor is at DISPATCH_LEVEL";
    done.set();
    peer.join();
    ASSERT_EQ(calls().size(), 1u);
    EXPECT_EQ(calls()[0].processor, processor);
    EXPECT_EQ(calls()[0].thread, peer.id());
}

TEST_F(Dpcs, ReachAProcessorThatHasNoThread) {
    PROCESSOR_NUMBER number{};
    number.Number = 60;
    EXPECT_EQ(KeSetTargetProcessorDpcEx(&dpc[0], &number), STATUS_SUCCESS);
    KeInsertQueueDpc(&dpc[0], nullptr, nullptr);
    KeFlushQueuedDpcs();
    ASSERT_EQ(calls().size(), 1u);
    EXPECT_EQ(calls()[0].processor, 60u);
    EXPECT_EQ(calls()[0].irql, DISPATCH_LEVEL);
    number.Group = 99;
    EXPECT_EQ(KeSetTargetProcessorDpcEx(&dpc[0], &number), STATUS_INVALID_PARAMETER);
    number = {.Group = 0, .Number = 64, .Reserved = 0};
    EXPECT_EQ(KeSetTargetProcessorDpcEx(&dpc[0], &number), STATUS_INVALID_PARAMETER);
    KeSetTargetProcessorDpc(&dpc[0], 100);  // no such processor: still 60
    KeInsertQueueDpc(&dpc[0], nullptr, nullptr);
    KeFlushQueuedDpcs();
    EXPECT_EQ(calls().back().processor, 60u);
}

TEST_F(Dpcs, ThreadedOnesRunAtPassiveLevelOnAThreadOfTheirOwn) {
    KDPC threaded;
    KeInitializeThreadedDpc(&threaded, record, &context[0]);
    const KIRQL old = KeRaiseIrqlToDpcLevel();
    EXPECT_TRUE(KeInsertQueueDpc(&threaded, nullptr, nullptr));
    KeLowerIrql(old);
    KeFlushQueuedDpcs();
    ASSERT_EQ(calls().size(), 1u);
    EXPECT_EQ(calls()[0].irql, PASSIVE_LEVEL);
    EXPECT_NE(calls()[0].thread, observe::current_thread());
    EXPECT_EQ(calls()[0].processor, KeGetCurrentProcessorNumberEx(nullptr));
}

VOID wait_for_signal(PKDPC, PVOID context, PVOID, PVOID) { static_cast<Signal*>(context)->wait(); }

TEST_F(Dpcs, AFlushReturnsAfterTheLastOne) {
    Signal go, flushed;
    KDPC slow;
    KeInitializeThreadedDpc(&slow, wait_for_signal, &go);
    KeInsertQueueDpc(&slow, nullptr, nullptr);
    KDPC behind;
    KeInitializeThreadedDpc(&behind, record, &context[0]);
    KeInsertQueueDpc(&behind, nullptr, nullptr);
    Peer flusher([&] {
        KeFlushQueuedDpcs();
        EXPECT_TRUE(go.is_set());
        EXPECT_EQ(calls().size(), 1u);
    });
    while (observe::blocked_on(flusher.id()) == nullptr) std::this_thread::yield();
    go.set();
    flusher.join();
    KeRaiseIrqlToDpcLevel();
    expect_bug_check(BugCode::irql_not_less_or_equal, [] { KeFlushQueuedDpcs(); });
}

VOID change_level(PKDPC, PVOID, PVOID, PVOID) {
    KIRQL old;
    KeRaiseIrql(HIGH_LEVEL, &old);
}

TEST_F(Dpcs, ThatChangeTheLevelAreABugCheck) {
    KDPC bad;
    KeInitializeDpc(&bad, change_level, nullptr);
    expect_bug_check(BugCode::irql_unexpected_value, [&] { KeInsertQueueDpc(&bad, nullptr, nullptr); });
    KDPC background;
    KeInitializeThreadedDpc(&background, change_level, nullptr);
    KeInsertQueueDpc(&background, nullptr, nullptr);
    std::exception_ptr failure;
    while (!(failure = observe::take_background_failure())) std::this_thread::yield();
    EXPECT_THROW(std::rethrow_exception(failure), BugCheck);
}

// DPCs of many processors and their threads, all at once: every successful insertion leads to one call.
TEST_F(Dpcs, NoneIsLost) {
    constexpr int rounds = 300;
    static std::atomic<int> ran;
    ran = 0;
    std::vector<KDPC> dpcs(8);
    for (KDPC& each : dpcs)
        KeInitializeDpc(
            &each, [](PKDPC, PVOID, PVOID, PVOID) { ++ran; }, nullptr);
    for (std::size_t i = 0; i < dpcs.size(); ++i) KeSetTargetProcessorDpc(&dpcs[i], static_cast<CCHAR>(i));
    std::atomic<int> inserted{0};
    std::vector<std::unique_ptr<Peer>> peers;
    for (int i = 0; i < 3; ++i) {
        peers.push_back(std::make_unique<Peer>([&] {
            for (int round = 0; round < rounds; ++round) {
                const KIRQL old = KeRaiseIrqlToDpcLevel();
                for (KDPC& each : dpcs) inserted += KeInsertQueueDpc(&each, nullptr, nullptr);
                KeLowerIrql(old);
            }
        }));
    }
    for (auto& peer : peers) peer->join();
    KeFlushQueuedDpcs();
    EXPECT_EQ(ran.load(), inserted.load());
    EXPECT_GE(inserted.load(), 8);
}

}  // namespace
}  // namespace ddi::kernel
