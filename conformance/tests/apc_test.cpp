// APCs: at which level and inside which regions each kind is delivered, and what it does to a wait.
#include <ntddk.h>

#include <string>

#include "conformance/kernel/dispatcher/apc.h"
#include "conformance/tests/peer.h"

namespace ddi::kernel {
namespace {

struct Apcs : testing::Test {
    Apcs() { KeInitializeEvent(&event, SynchronizationEvent, FALSE); }
    void queue(ApcKind kind, char mark) {
        queue_apc(observe::current_thread(), kind, [this, mark] {
            levels.push_back(KeGetCurrentIrql());
            ran.push_back(mark);
        });
    }
    NTSTATUS wait(KPROCESSOR_MODE mode = KernelMode, BOOLEAN alertable = FALSE, PLARGE_INTEGER timeout = nullptr) {
        return KeWaitForSingleObject(&event, Executive, mode, alertable, timeout);
    }
    std::string ran;
    std::vector<KIRQL> levels;
    KEVENT event;
    LARGE_INTEGER zero{};
};

TEST_F(Apcs, RunAtOnceWhereAllowed) {
    queue(ApcKind::special_kernel, 's');
    queue(ApcKind::normal_kernel, 'n');
    EXPECT_EQ(ran, "sn");
    EXPECT_EQ(levels, (std::vector<KIRQL>{APC_LEVEL, PASSIVE_LEVEL}));
    queue(ApcKind::user, 'u');
    EXPECT_EQ(ran, "sn");
    EXPECT_EQ(return_to_user_mode(), 1);
    EXPECT_EQ(ran, "snu");
}

TEST_F(Apcs, CriticalRegionsHoldNormalOnesBack) {
    KeEnterCriticalRegion();
    KeEnterCriticalRegion();
    queue(ApcKind::normal_kernel, 'n');
    queue(ApcKind::special_kernel, 's');
    EXPECT_EQ(ran, "s");
    KeLeaveCriticalRegion();
    EXPECT_EQ(ran, "s");
    KeLeaveCriticalRegion();
    EXPECT_EQ(ran, "sn");
}

TEST_F(Apcs, GuardedRegionsHoldAllBack) {
    KeEnterGuardedRegion();
    queue(ApcKind::normal_kernel, 'n');
    queue(ApcKind::special_kernel, 's');
    KeEnterCriticalRegion();
    EXPECT_EQ(ran, "");
    KeLeaveGuardedRegion();
    EXPECT_EQ(ran, "s") << "still in the critical region";
    KeLeaveCriticalRegion();
    EXPECT_EQ(ran, "sn");
}

TEST_F(Apcs, SoDoesTheLevel) {
    KIRQL old;
    KeRaiseIrql(APC_LEVEL, &old);
    queue(ApcKind::normal_kernel, 'n');
    queue(ApcKind::special_kernel, 's');
    KIRQL apc;
    KeRaiseIrql(DISPATCH_LEVEL, &apc);
    KeLowerIrql(apc);
    EXPECT_EQ(ran, "");
    KeLowerIrql(old);
    EXPECT_EQ(ran, "sn");
}

TEST_F(Apcs, SoDoMutexes) {
    KMUTEX mutex;
    KeInitializeMutex(&mutex, 0);
    KeWaitForSingleObject(&mutex, Executive, KernelMode, FALSE, nullptr);
    queue(ApcKind::normal_kernel, 'n');
    queue(ApcKind::special_kernel, 's');
    EXPECT_EQ(ran, "s");
    KeReleaseMutex(&mutex, FALSE);
    EXPECT_EQ(ran, "sn");
    FAST_MUTEX fast;
    ExInitializeFastMutex(&fast);
    ExAcquireFastMutex(&fast);
    queue(ApcKind::special_kernel, 't');
    EXPECT_EQ(ran, "sn");
    ExReleaseFastMutex(&fast);
    EXPECT_EQ(ran, "snt");
    KGUARDED_MUTEX guarded;
    KeInitializeGuardedMutex(&guarded);
    KeAcquireGuardedMutex(&guarded);
    queue(ApcKind::special_kernel, 'u');
    EXPECT_EQ(ran, "snt");
    KeReleaseGuardedMutex(&guarded);
    EXPECT_EQ(ran, "sntu");
}

TEST_F(Apcs, NormalOnesDoNotInterruptEachOther) {
    queue_apc(observe::current_thread(), ApcKind::normal_kernel, [this] {
        queue(ApcKind::normal_kernel, 'n');
        queue(ApcKind::special_kernel, 's');
        EXPECT_EQ(ran, "s");
        ran += 'o';
    });
    EXPECT_EQ(ran, "son");
}

TEST_F(Apcs, KernelOnesAreServedDuringAWait) {
    Peer peer([this] { EXPECT_EQ(wait(), STATUS_SUCCESS); });
    ASSERT_TRUE(observe::await_blocked(peer.id(), &event));
    Signal inside, go;
    queue_apc(peer.id(), ApcKind::normal_kernel, [&] {
        inside.set();
        go.wait();
    });
    inside.wait();
    KePulseEvent(&event, 0, FALSE);  // does not reach a thread that runs an APC
    go.set();
    ASSERT_TRUE(observe::await_blocked(peer.id(), &event));
    KeSetEvent(&event, 0, FALSE);
    peer.join();
}

TEST_F(Apcs, ARegionHoldsThemBackDuringAWait) {
    std::atomic<bool> delivered{false};
    Peer peer([&] {
        KeEnterCriticalRegion();
        EXPECT_EQ(wait(), STATUS_SUCCESS);
        EXPECT_FALSE(delivered.load());
        KeLeaveCriticalRegion();
        EXPECT_TRUE(delivered.load());
    });
    ASSERT_TRUE(observe::await_blocked(peer.id(), &event));
    queue_apc(peer.id(), ApcKind::normal_kernel, [&] { delivered = true; });
    EXPECT_EQ(observe::blocked_on(peer.id()), &event);
    KeSetEvent(&event, 0, FALSE);
    peer.join();
}

TEST_F(Apcs, UserOnesEndAlertableUserModeWaits) {
    std::atomic<int> delivered{0};
    Peer peer([&] {
        EXPECT_EQ(wait(UserMode, TRUE), STATUS_USER_APC);
        EXPECT_EQ(delivered.load(), 0) << "not before the thread is back in user mode";
        EXPECT_EQ(wait(UserMode, FALSE, &zero), STATUS_USER_APC) << "one is pending";
        EXPECT_EQ(wait(KernelMode, TRUE, &zero), STATUS_TIMEOUT);
        EXPECT_EQ(return_to_user_mode(), 1);
        EXPECT_EQ(wait(UserMode, FALSE), STATUS_SUCCESS) << "not alertable";
        EXPECT_EQ(wait(UserMode, TRUE, &zero), STATUS_USER_APC);
        EXPECT_EQ(return_to_user_mode(), 1);
    });
    ASSERT_TRUE(observe::await_blocked(peer.id(), &event));
    queue_apc(peer.id(), ApcKind::user, [&] { ++delivered; });
    while (delivered.load() == 0) std::this_thread::yield();
    ASSERT_TRUE(observe::await_blocked(peer.id(), &event));
    queue_apc(peer.id(), ApcKind::user, [&] { ++delivered; });
    KeSetEvent(&event, 0, FALSE);
    peer.join();
    EXPECT_EQ(delivered.load(), 2);
}

TEST_F(Apcs, ADelayIsResumedAfterAKernelApcAndEndedByAUserApc) {
    Peer peer([] {
        LARGE_INTEGER interval{};
        interval.QuadPart = -36'000'000'000;
        EXPECT_EQ(KeDelayExecutionThread(UserMode, TRUE, &interval), STATUS_USER_APC);
        return_to_user_mode();
    });
    ASSERT_TRUE(observe::await_blocked(peer.id(), observe::delay()));
    Signal ran_kernel;
    queue_apc(peer.id(), ApcKind::special_kernel, [&] { ran_kernel.set(); });
    ran_kernel.wait();
    ASSERT_TRUE(observe::await_blocked(peer.id(), observe::delay()));
    queue_apc(peer.id(), ApcKind::user, [] {});
    peer.join();
    EXPECT_FALSE(queue_apc(peer.id(), ApcKind::user, [] {})) << "the thread has ended";
}

}  // namespace
}  // namespace ddi::kernel
