// Interlocked counters and lists: results, levels, exclusion with those who hold the lock, and damage that is noticed.
#include <wdm.h>

#include <array>
#include <memory>
#include <set>
#include <vector>

#include "conformance/tests/peer.h"

namespace ddi::kernel {
namespace {

struct Interlocked : testing::Test {
    Interlocked() {
        KeInitializeSpinLock(&lock);
        head.Flink = head.Blink = &head;
    }
    KSPIN_LOCK lock;
    LIST_ENTRY head;
    std::array<LIST_ENTRY, 3> entries{};
};

TEST_F(Interlocked, CountersReturnTheValueBefore) {
    ULONG small = 0xFFFFFFFF;
    EXPECT_EQ(ExInterlockedAddUlong(&small, 3, &lock), 0xFFFFFFFFu);
    EXPECT_EQ(small, 2u);
    LARGE_INTEGER large, five;
    large.QuadPart = -2;
    five.QuadPart = 5;
    EXPECT_EQ(ExInterlockedAddLargeInteger(&large, five, &lock).QuadPart, -2);
    EXPECT_EQ(large.QuadPart, 3);
    ExInterlockedAddLargeStatistic(&large, 0xFFFFFFFF);
    EXPECT_EQ(large.QuadPart, 3 + 0xFFFFFFFFll);
}

TEST_F(Interlocked, CompareExchangeReplacesAnEqualValueOnly) {
    LONGLONG value = 7, exchange = 9, comperand = 8;
    EXPECT_EQ(ExInterlockedCompareExchange64(&value, &exchange, &comperand, &lock), 7);
    EXPECT_EQ(value, 7);
    comperand = 7;
    EXPECT_EQ(ExInterlockedCompareExchange64(&value, &exchange, &comperand, &lock), 7);
    EXPECT_EQ(value, 9);
    EXPECT_EQ(comperand, 7) << "the comperand is an input";
}

TEST_F(Interlocked, DoublyLinkedListsReturnTheNeighbour) {
    EXPECT_EQ(ExInterlockedRemoveHeadList(&head, &lock), nullptr);
    EXPECT_EQ(ExInterlockedInsertHeadList(&head, &entries[0], &lock), nullptr) << "it was empty";
    EXPECT_EQ(ExInterlockedInsertTailList(&head, &entries[1], &lock), &entries[0]);
    EXPECT_EQ(ExInterlockedInsertHeadList(&head, &entries[2], &lock), &entries[0]);
    EXPECT_EQ(ExInterlockedRemoveHeadList(&head, &lock), &entries[2]);
    EXPECT_EQ(ExInterlockedRemoveHeadList(&head, &lock), &entries[0]);
    EXPECT_EQ(ExInterlockedRemoveHeadList(&head, &lock), &entries[1]);
    EXPECT_EQ(ExInterlockedRemoveHeadList(&head, &lock), nullptr);
    EXPECT_EQ(head.Flink, &head);
    EXPECT_EQ(head.Blink, &head);
}

TEST_F(Interlocked, SinglyLinkedListsAreStacks) {
    SINGLE_LIST_ENTRY top{}, first{}, second{};
    EXPECT_EQ(ExInterlockedPopEntryList(&top, &lock), nullptr);
    EXPECT_EQ(ExInterlockedPushEntryList(&top, &first, &lock), nullptr);
    EXPECT_EQ(ExInterlockedPushEntryList(&top, &second, &lock), &first);
    EXPECT_EQ(ExInterlockedPopEntryList(&top, &lock), &second);
    EXPECT_EQ(ExInterlockedPopEntryList(&top, &lock), &first);
    EXPECT_EQ(ExInterlockedPopEntryList(&top, &lock), nullptr);
}

TEST_F(Interlocked, AnyLevelIsLeftAsItWas) {
    for (int level : {PASSIVE_LEVEL, APC_LEVEL, DISPATCH_LEVEL, DISPATCH_LEVEL + 4, HIGH_LEVEL}) {
        KIRQL outer;
        KeRaiseIrql(static_cast<KIRQL>(level), &outer);
        ULONG value = 1;
        ExInterlockedAddUlong(&value, 1, &lock);
        ExInterlockedInsertHeadList(&head, &entries[0], &lock);
        ExInterlockedRemoveHeadList(&head, &lock);
        EXPECT_EQ(KeGetCurrentIrql(), level);
        EXPECT_TRUE(KeTestSpinLock(&lock));
        KeLowerIrql(outer);
    }
}

TEST_F(Interlocked, WaitsForWhoHoldsTheLock) {
    ULONG value = 1;
    KIRQL old;
    KeAcquireSpinLock(&lock, &old);
    Peer peer([&] { ExInterlockedAddUlong(&value, 1, &lock); });
    ASSERT_TRUE(observe::await_blocked(peer.id(), &lock));
    EXPECT_EQ(observe::snapshot(peer.id())->irql, HIGH_LEVEL) << "interrupts are masked already";
    EXPECT_EQ(value, 1u);
    KeReleaseSpinLock(&lock, old);
    peer.join();
    EXPECT_EQ(value, 2u);
}

TEST_F(Interlocked, ManyThreadsLoseNothing) {
    constexpr int rounds = 500;
    ULONG value = 0;
    std::vector<std::unique_ptr<Peer>> peers;
    for (int i = 0; i < 4; ++i)
        peers.push_back(std::make_unique<Peer>([&] {
            for (int round = 0; round < rounds; ++round) ExInterlockedAddUlong(&value, 1, &lock);
        }));
    for (const auto& peer : peers) peer->join();
    EXPECT_EQ(value, 4u * rounds);
}

TEST_F(Interlocked, HoldersAndCorruptListsAreBugChecks) {
    KIRQL old;
    ULONG value = 0;
    KeAcquireSpinLock(&lock, &old);
    expect_bug_check(
        BugCode::spin_lock_already_owned, [&] { ExInterlockedAddUlong(&value, 1, &lock); }, &lock);
    KeInitializeSpinLock(&lock);
    ExInterlockedInsertHeadList(&head, &entries[0], &lock);
    entries[0].Blink = &entries[1];
    expect_bug_check(
        BugCode::kernel_security_check_failure, [&] { ExInterlockedRemoveHeadList(&head, &lock); }, 3, &head);
}

struct SequencedList : testing::Test {
    SequencedList() { InitializeSListHead(&head); }
    SLIST_HEADER head;
    std::array<SLIST_ENTRY, 3> entries{};
};

TEST_F(SequencedList, PushesPopsAndCounts) {
    KSPIN_LOCK lock;
    KeInitializeSpinLock(&lock);
    EXPECT_EQ(FirstEntrySList(&head), nullptr);
    EXPECT_EQ(ExInterlockedPopEntrySList(&head, &lock), nullptr);
    EXPECT_EQ(ExInterlockedPushEntrySList(&head, &entries[0], &lock), nullptr);
    EXPECT_EQ(ExpInterlockedPushEntrySList(&head, &entries[1]), &entries[0]);
    EXPECT_EQ(ExInterlockedPushEntrySList(&head, &entries[2], nullptr), &entries[1]);
    EXPECT_EQ(ExQueryDepthSList(&head), 3);
    EXPECT_EQ(FirstEntrySList(&head), &entries[2]);
    EXPECT_EQ(ExInterlockedPopEntrySList(&head, &lock), &entries[2]);
    EXPECT_EQ(ExInterlockedFlushSList(&head), &entries[1]);
    EXPECT_EQ(entries[1].Next, &entries[0]) << "a flushed list can still be gone through";
    EXPECT_EQ(entries[0].Next, nullptr);
    EXPECT_EQ(ExQueryDepthSList(&head), 0);
    EXPECT_EQ(ExInterlockedFlushSList(&head), nullptr);
    EXPECT_EQ(ExpInterlockedPopEntrySList(&head), nullptr);
}

TEST_F(SequencedList, ThreadsNeverGetTheSameEntry) {
    constexpr int rounds = 300;
    KSPIN_LOCK lock;
    KeInitializeSpinLock(&lock);
    std::array<std::array<SLIST_ENTRY, 16>, 4> pools{};
    std::vector<std::unique_ptr<Peer>> peers;
    for (auto& pool : pools)
        peers.push_back(std::make_unique<Peer>([&] {
            for (SLIST_ENTRY& entry : pool) ExInterlockedPushEntrySList(&head, &entry, &lock);
            for (int round = 0; round < rounds; ++round) {
                PSLIST_ENTRY entry = ExpInterlockedPopEntrySList(&head);
                if (!entry) continue;
                entry->Next = nullptr;  // ours now: nobody else may look at it
                ExpInterlockedPushEntrySList(&head, entry);
            }
        }));
    for (const auto& peer : peers) peer->join();
    EXPECT_EQ(ExQueryDepthSList(&head), 64);
    std::set<PSLIST_ENTRY> seen;
    for (PSLIST_ENTRY entry = ExInterlockedFlushSList(&head); entry; entry = entry->Next) seen.insert(entry);
    EXPECT_EQ(seen.size(), 64u);
}

TEST_F(SequencedList, MisalignedStorageRaises) {
    alignas(16) std::byte storage[64] = {};
    const auto misaligned = static_cast<std::int32_t>(0x80000002);
    EXPECT_EQ(raised_status_of([&] { InitializeSListHead(reinterpret_cast<PSLIST_HEADER>(storage + 8)); }), misaligned);
    EXPECT_EQ(raised_status_of([&] { ExpInterlockedPushEntrySList(&head, reinterpret_cast<PSLIST_ENTRY>(storage + 8)); }), misaligned);
}

}  // namespace
}  // namespace ddi::kernel
