// Semaphores: counts, limits, how many waits an adjustment satisfies.
#include <wdm.h>

#include <limits>
#include <memory>
#include <vector>

#include "conformance/tests/peer.h"

namespace ddi::kernel {
namespace {

NTSTATUS wait(PRKSEMAPHORE semaphore) { return KeWaitForSingleObject(semaphore, Executive, KernelMode, FALSE, nullptr); }

NTSTATUS poll(PRKSEMAPHORE semaphore) {
    LARGE_INTEGER zero{};
    return KeWaitForSingleObject(semaphore, Executive, KernelMode, FALSE, &zero);
}

struct Semaphore : testing::Test {
    Semaphore() { KeInitializeSemaphore(&semaphore, 2, 5); }
    KSEMAPHORE semaphore;
};

TEST_F(Semaphore, CountsDownWithEachWait) {
    EXPECT_EQ(KeReadStateSemaphore(&semaphore), 2);
    EXPECT_EQ(poll(&semaphore), STATUS_SUCCESS);
    EXPECT_EQ(wait(&semaphore), STATUS_SUCCESS);
    EXPECT_EQ(KeReadStateSemaphore(&semaphore), 0);
    EXPECT_EQ(poll(&semaphore), STATUS_TIMEOUT);
    EXPECT_EQ(KeReleaseSemaphore(&semaphore, 0, 3, FALSE), 0) << "the count before";
    EXPECT_EQ(KeReleaseSemaphore(&semaphore, 0, 1, FALSE), 3);
    EXPECT_EQ(KeReadStateSemaphore(&semaphore), 4);
}

TEST_F(Semaphore, ReleasesUpToItsLimit) {
    EXPECT_EQ(raised_status_of([this] { KeReleaseSemaphore(&semaphore, 0, 4, FALSE); }), STATUS_SEMAPHORE_LIMIT_EXCEEDED);
    EXPECT_EQ(KeReadStateSemaphore(&semaphore), 2) << "not adjusted";
    EXPECT_EQ(KeReleaseSemaphore(&semaphore, 0, 3, FALSE), 2);
    EXPECT_EQ(raised_status_of([this] { KeReleaseSemaphore(&semaphore, 0, 1, FALSE); }), STATUS_SEMAPHORE_LIMIT_EXCEEDED);
    EXPECT_EQ(raised_status_of([this] { KeReleaseSemaphore(&semaphore, 0, std::numeric_limits<LONG>::max(), FALSE); }),
              STATUS_SEMAPHORE_LIMIT_EXCEEDED);
    EXPECT_EQ(raised_status_of([this] { KeReleaseSemaphore(&semaphore, 0, -1, FALSE); }), STATUS_SEMAPHORE_LIMIT_EXCEEDED);
    EXPECT_EQ(KeReadStateSemaphore(&semaphore), 5);
}

TEST_F(Semaphore, AnAdjustmentServesAsManyInOrder) {
    poll(&semaphore);
    poll(&semaphore);
    std::vector<std::unique_ptr<Peer>> peers;
    for (int i = 0; i < 4; ++i) {
        peers.push_back(std::make_unique<Peer>([&] { EXPECT_EQ(wait(&semaphore), STATUS_SUCCESS); }));
        ASSERT_TRUE(observe::await_blocked(peers.back()->id(), &semaphore));
    }
    EXPECT_EQ(KeReleaseSemaphore(&semaphore, 0, 2, FALSE), 0);
    EXPECT_EQ(observe::waiters(&semaphore), 2);
    EXPECT_EQ(KeReadStateSemaphore(&semaphore), 0);
    peers[0]->join();
    peers[1]->join();
    EXPECT_EQ(raised_status_of([this] { KeReleaseSemaphore(&semaphore, 0, 6, FALSE); }), STATUS_SEMAPHORE_LIMIT_EXCEEDED);
    EXPECT_EQ(observe::waiters(&semaphore), 2) << "nobody was let go";
    EXPECT_EQ(KeReleaseSemaphore(&semaphore, 0, 5, FALSE), 0);
    peers[2]->join();
    peers[3]->join();
    EXPECT_EQ(KeReadStateSemaphore(&semaphore), 3);
}

TEST_F(Semaphore, WithWaitTheLevelStaysUpUntilTheWait) {
    EXPECT_EQ(KeReleaseSemaphore(&semaphore, 0, 1, TRUE), 2);
    EXPECT_EQ(KeGetCurrentIrql(), DISPATCH_LEVEL);
    EXPECT_EQ(wait(&semaphore), STATUS_SUCCESS);
    EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
}

TEST_F(Semaphore, LetsInNoMoreThanItsCount) {
    std::atomic<int> inside{0}, most{0};
    std::vector<std::unique_ptr<Peer>> peers;
    for (int i = 0; i < 5; ++i) {
        peers.push_back(std::make_unique<Peer>([&] {
            for (int round = 0; round < 500; ++round) {
                wait(&semaphore);
                const int now = ++inside;
                int seen = most.load();
                while (now > seen && !most.compare_exchange_weak(seen, now)) {
                }
                std::this_thread::yield();
                --inside;
                KeReleaseSemaphore(&semaphore, 0, 1, FALSE);
            }
        }));
    }
    for (auto& peer : peers) peer->join();
    EXPECT_LE(most.load(), 2);
    EXPECT_EQ(KeReadStateSemaphore(&semaphore), 2);
}

}  // namespace
}  // namespace ddi::kernel
