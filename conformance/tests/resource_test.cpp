// Executive resources: who gets in when, recursion, conversion, owner pointers, hand-off, misuse.
#include <fltkernel.h>
#include <ntifs.h>

#include <array>
#include <memory>
#include <vector>

#include "conformance/kernel/executive/executive.h"
#include "conformance/tests/peer.h"

namespace ddi::kernel {
namespace {

constexpr BugCode verifier_stop = BugCode::driver_verifier_detected_violation;

struct ExecutiveResource : testing::Test {
    ExecutiveResource() { EXPECT_EQ(ExInitializeResourceLite(&resource), STATUS_SUCCESS); }
    ~ExecutiveResource() override {
        if (live) {
            EXPECT_EQ(ExDeleteResourceLite(&resource), STATUS_SUCCESS);
        }
    }
    ERESOURCE resource;
    bool live = true;
};

/// A thread that acquires the resource, says so, and keeps it until told to release.
class Holder {
  public:
    using Acquire = BOOLEAN (*)(PERESOURCE, BOOLEAN);
    Holder(ERESOURCE& resource, Acquire acquire)
        : peer_([this, &resource, acquire] {
              KeEnterCriticalRegion();
              EXPECT_TRUE(acquire(&resource, TRUE));
              acquired.set();
              enough.wait();
              ExReleaseResourceLite(&resource);
              KeLeaveCriticalRegion();
          }) {}
    ~Holder() { enough.set(); }
    ThreadId id() const { return peer_.id(); }
    bool blocked(const ERESOURCE& resource) const { return observe::await_blocked(id(), &resource); }

    Signal acquired;
    Signal enough;

  private:
    Peer peer_;
};

TEST_F(ExecutiveResource, ExclusiveIsExclusiveAndCounted) {
    KeEnterCriticalRegion();
    EXPECT_FALSE(ExIsResourceAcquiredExclusiveLite(&resource));
    EXPECT_TRUE(ExAcquireResourceExclusiveLite(&resource, FALSE));
    EXPECT_TRUE(ExAcquireResourceExclusiveLite(&resource, TRUE));
    EXPECT_TRUE(ExAcquireResourceSharedLite(&resource, FALSE)) << "of its exclusive owner, counted like the others";
    EXPECT_TRUE(ExIsResourceAcquiredExclusiveLite(&resource));
    EXPECT_EQ(ExIsResourceAcquiredSharedLite(&resource), 3U);
    EXPECT_EQ(observe::resource_owner(&resource), observe::current_thread());
    for (ULONG left = 3; left > 0; --left) {
        Peer([this] {
            KeEnterCriticalRegion();
            EXPECT_FALSE(ExAcquireResourceSharedLite(&resource, FALSE));
            EXPECT_FALSE(ExAcquireResourceExclusiveLite(&resource, FALSE));
            EXPECT_FALSE(ExAcquireSharedStarveExclusive(&resource, FALSE));
            EXPECT_FALSE(ExAcquireSharedWaitForExclusive(&resource, FALSE));
            EXPECT_EQ(ExIsResourceAcquiredSharedLite(&resource), 0U);
            KeLeaveCriticalRegion();
        }).join();
        ExReleaseResourceLite(&resource);
        EXPECT_EQ(ExIsResourceAcquiredSharedLite(&resource), left - 1);
    }
    EXPECT_FALSE(ExIsResourceAcquiredExclusiveLite(&resource));
    KeLeaveCriticalRegion();
}

TEST_F(ExecutiveResource, ManyShareIt) {
    std::vector<std::unique_ptr<Holder>> sharers;
    for (int i = 0; i < 6; ++i) {
        sharers.push_back(std::make_unique<Holder>(resource, ExAcquireResourceSharedLite));
        sharers.back()->acquired.wait();
    }
    for (const auto& sharer : sharers) EXPECT_EQ(observe::resource_holds(&resource, executive::resource_thread(sharer->id())), 1U);
    Holder writer(resource, ExAcquireResourceExclusiveLite);
    ASSERT_TRUE(writer.blocked(resource));
    for (auto& sharer : sharers) {
        EXPECT_FALSE(writer.acquired.is_set());
        sharer.reset();
    }
    writer.acquired.wait();
    EXPECT_EQ(observe::resource_owner(&resource), writer.id());
}

TEST_F(ExecutiveResource, AnExclusiveWaiterKeepsNewSharersOut) {
    KeEnterCriticalRegion();
    ASSERT_TRUE(ExAcquireResourceSharedLite(&resource, TRUE));
    Holder writer(resource, ExAcquireResourceExclusiveLite);
    ASSERT_TRUE(writer.blocked(resource));
    EXPECT_EQ(ExGetExclusiveWaiterCount(&resource), 1U);
    EXPECT_EQ(ExGetSharedWaiterCount(&resource), 0U);

    Peer([this] {
        KeEnterCriticalRegion();
        EXPECT_FALSE(ExAcquireResourceSharedLite(&resource, FALSE));
        EXPECT_FALSE(ExAcquireSharedWaitForExclusive(&resource, FALSE));
        EXPECT_TRUE(ExAcquireSharedStarveExclusive(&resource, FALSE)) << "does not care for waiters";
        ExReleaseResourceLite(&resource);
        KeLeaveCriticalRegion();
    }).join();
    EXPECT_TRUE(ExAcquireResourceSharedLite(&resource, FALSE)) << "who shares it already gets it again";
    EXPECT_FALSE(ExAcquireSharedWaitForExclusive(&resource, FALSE)) << "unless it wants to wait for the exclusive waiter";
    ExReleaseResourceLite(&resource);

    Holder reader(resource, ExAcquireResourceSharedLite);
    ASSERT_TRUE(reader.blocked(resource));
    EXPECT_EQ(ExGetSharedWaiterCount(&resource), 1U);
    ExReleaseResourceLite(&resource);
    writer.acquired.wait();
    EXPECT_EQ(ExGetExclusiveWaiterCount(&resource), 0U);
    EXPECT_FALSE(reader.acquired.is_set());
    writer.enough.set();
    reader.acquired.wait();
    EXPECT_EQ(ExGetSharedWaiterCount(&resource), 0U);
    KeLeaveCriticalRegion();
}

TEST_F(ExecutiveResource, AfterAnExclusiveOwnerAllSharersComeTogetherAndExclusiveWaitersInOrder) {
    KeEnterCriticalRegion();
    ASSERT_TRUE(ExAcquireResourceExclusiveLite(&resource, TRUE));
    Holder first(resource, ExAcquireResourceExclusiveLite);
    ASSERT_TRUE(first.blocked(resource));
    Holder reader(resource, ExAcquireResourceSharedLite);
    ASSERT_TRUE(reader.blocked(resource));
    Holder second(resource, ExAcquireResourceExclusiveLite);
    ASSERT_TRUE(second.blocked(resource));
    Holder starving(resource, ExAcquireSharedStarveExclusive);
    ASSERT_TRUE(starving.blocked(resource));

    ExReleaseResourceLite(&resource);
    reader.acquired.wait();
    starving.acquired.wait();
    EXPECT_FALSE(first.acquired.is_set());
    reader.enough.set();
    starving.enough.set();
    first.acquired.wait();
    EXPECT_FALSE(second.acquired.is_set());
    first.enough.set();
    second.acquired.wait();
    KeLeaveCriticalRegion();
}

TEST_F(ExecutiveResource, ConversionLetsTheSharersIn) {
    KeEnterCriticalRegion();
    ASSERT_TRUE(ExAcquireResourceExclusiveLite(&resource, TRUE));
    ASSERT_TRUE(ExAcquireResourceExclusiveLite(&resource, TRUE));
    Holder writer(resource, ExAcquireResourceExclusiveLite);
    ASSERT_TRUE(writer.blocked(resource));
    Holder reader(resource, ExAcquireResourceSharedLite);
    ASSERT_TRUE(reader.blocked(resource));
    ExConvertExclusiveToSharedLite(&resource);
    reader.acquired.wait();
    EXPECT_FALSE(ExIsResourceAcquiredExclusiveLite(&resource));
    EXPECT_EQ(ExIsResourceAcquiredSharedLite(&resource), 2U) << "nothing was released";
    EXPECT_FALSE(writer.acquired.is_set());
    ExReleaseResourceLite(&resource);
    ExReleaseResourceLite(&resource);
    reader.enough.set();
    writer.acquired.wait();
    KeLeaveCriticalRegion();
}

TEST_F(ExecutiveResource, AnotherThreadReleasesForASharerThatWaits) {
    Signal again;
    Signal done;
    Peer reader([&] {
        KeEnterCriticalRegion();
        ASSERT_TRUE(ExAcquireResourceSharedLite(&resource, TRUE));
        again.wait();
        EXPECT_TRUE(ExAcquireSharedWaitForExclusive(&resource, TRUE));
        ExReleaseResourceLite(&resource);
        done.set();
        KeLeaveCriticalRegion();
    });
    while (observe::resource_holds(&resource, executive::resource_thread(reader.id())) == 0) std::this_thread::yield();
    Holder writer(resource, ExAcquireResourceExclusiveLite);
    ASSERT_TRUE(writer.blocked(resource));
    again.set();
    ASSERT_TRUE(observe::await_blocked(reader.id(), &resource));
    KeEnterCriticalRegion();
    ExReleaseResourceForThreadLite(&resource, executive::resource_thread(reader.id()));
    KeLeaveCriticalRegion();
    writer.acquired.wait();
    EXPECT_FALSE(done.is_set());
    writer.enough.set();
    reader.join();
}

TEST_F(ExecutiveResource, AnOwnerPointerTakesOver) {
    alignas(4) int owner = 0;
    const auto pointer = reinterpret_cast<PVOID>(reinterpret_cast<std::uintptr_t>(&owner) | 3);
    const auto id = reinterpret_cast<ERESOURCE_THREAD>(pointer);
    for (const bool exclusive : {true, false}) {
        KeEnterCriticalRegion();
        auto acquire = exclusive ? ExAcquireResourceExclusiveLite : ExAcquireResourceSharedLite;
        ASSERT_TRUE(acquire(&resource, TRUE));
        ASSERT_TRUE(acquire(&resource, TRUE));
        if (exclusive)
            ExSetResourceOwnerPointerEx(&resource, pointer, 0);
        else
            ExSetResourceOwnerPointer(&resource, pointer);
        EXPECT_EQ(ExIsResourceAcquiredSharedLite(&resource), 0U) << "the thread has it no more";
        EXPECT_EQ(observe::resource_holds(&resource, id), 2U);
        Peer([&] {
            KeEnterCriticalRegion();
            EXPECT_FALSE(ExAcquireResourceExclusiveLite(&resource, FALSE));
            ExReleaseResourceForThreadLite(&resource, id);
            EXPECT_FALSE(ExAcquireResourceExclusiveLite(&resource, FALSE));
            ExReleaseResourceForThreadLite(&resource, id);
            EXPECT_TRUE(ExAcquireResourceExclusiveLite(&resource, FALSE));
            ExReleaseResourceLite(&resource);
            KeLeaveCriticalRegion();
        }).join();
        expect_bug_check(
            BugCode::resource_not_owned, [&] { ExReleaseResourceForThreadLite(&resource, id); }, &resource, id);
    }
}

TEST_F(ExecutiveResource, OneOwnerPointerGathersWhatTwoThreadsShared) {
    alignas(4) int owner = 0;
    const auto pointer = reinterpret_cast<PVOID>(reinterpret_cast<std::uintptr_t>(&owner) | 3);
    for (int i = 0; i < 2; ++i) {
        Peer([&] {
            KeEnterCriticalRegion();
            ASSERT_TRUE(ExAcquireResourceSharedLite(&resource, TRUE));
            ExSetResourceOwnerPointer(&resource, pointer);
            KeLeaveCriticalRegion();
        }).join();
    }
    EXPECT_EQ(observe::resource_holds(&resource, reinterpret_cast<ERESOURCE_THREAD>(pointer)), 2U);
    KeEnterCriticalRegion();
    ExReleaseResourceForThreadLite(&resource, reinterpret_cast<ERESOURCE_THREAD>(pointer));
    ExReleaseResourceForThreadLite(&resource, reinterpret_cast<ERESOURCE_THREAD>(pointer));
    EXPECT_TRUE(ExAcquireResourceExclusiveLite(&resource, FALSE));
    ExReleaseResourceLite(&resource);
    KeLeaveCriticalRegion();
}

TEST_F(ExecutiveResource, SomeRoutinesCareForTheRegion) {
    EXPECT_NE(ExEnterCriticalRegionAndAcquireResourceExclusive(&resource), nullptr);
    EXPECT_EQ(observe::snapshot().critical_regions, 1);
    EXPECT_TRUE(ExIsResourceAcquiredExclusiveLite(&resource));
    ExReleaseResourceAndLeaveCriticalRegion(&resource);
    EXPECT_EQ(observe::snapshot().critical_regions, 0);
    FltAcquireResourceShared(&resource);
    FltAcquireResourceShared(&resource);
    EXPECT_EQ(observe::snapshot().critical_regions, 2);
    EXPECT_EQ(ExIsResourceAcquiredSharedLite(&resource), 2U);
    FltReleaseResource(&resource);
    FltReleaseResource(&resource);
    FltAcquireResourceExclusive(&resource);
    Peer waiter([this] {
        FltAcquireResourceExclusive(&resource);
        FltReleaseResource(&resource);
    });
    ASSERT_TRUE(observe::await_blocked(waiter.id(), &resource));
    EXPECT_EQ(observe::snapshot(waiter.id())->critical_regions, 1) << "before it waits";
    FltReleaseResource(&resource);
    waiter.join();
    EXPECT_EQ(observe::snapshot().critical_regions, 0);
}

TEST_F(ExecutiveResource, Misuse) {
    expect_bug_check(
        verifier_stop, [this] { ExAcquireResourceExclusiveLite(&resource, TRUE); }, verifier::resource_acquired_apcs_enabled, PASSIVE_LEVEL,
        0, &resource);
    expect_bug_check(
        verifier_stop, [this] { ExReleaseResourceLite(&resource); }, verifier::resource_released_apcs_enabled, PASSIVE_LEVEL, 0, &resource);
    KeRaiseIrqlToDpcLevel();
    expect_bug_check(
        BugCode::irql_not_less_or_equal, [this] { ExAcquireResourceSharedLite(&resource, FALSE); }, &resource, DISPATCH_LEVEL);
    KIRQL old;
    KeRaiseIrql(APC_LEVEL, &old);
    const ERESOURCE_THREAD me = executive::resource_thread(observe::current_thread());
    expect_bug_check(
        BugCode::resource_not_owned, [this] { ExReleaseResourceLite(&resource); }, &resource, me);
    KeRaiseIrql(APC_LEVEL, &old);
    ASSERT_TRUE(ExAcquireResourceSharedLite(&resource, FALSE));
    expect_bug_check(
        BugCode::resource_not_owned, [this] { ExConvertExclusiveToSharedLite(&resource); }, &resource, me);
    expect_bug_check(
        verifier_stop, [this] { ExDeleteResourceLite(&resource); }, verifier::ours_destroyed_in_use, &resource);
    expect_bug_check(
        verifier_stop, [this] { ExReinitializeResourceLite(&resource); }, verifier::ours_destroyed_in_use, &resource);
    int owner = 0;
    expect_bug_check(
        BugCode::resource_owner_pointer_invalid, [&] { ExSetResourceOwnerPointerEx(&resource, &owner, 0); }, &resource, &owner);
    expect_bug_check(BugCode::apc_index_mismatch, [this] { FltReleaseResource(&resource); });
    KeRaiseIrql(APC_LEVEL, &old);
    ExReleaseResourceLite(&resource);
    KeLowerIrql(old);
    EXPECT_EQ(ExReinitializeResourceLite(&resource), STATUS_SUCCESS);
    EXPECT_EQ(ExDeleteResourceLite(&resource), STATUS_SUCCESS);
    live = false;
    expect_bug_check(
        verifier_stop, [this] { ExDeleteResourceLite(&resource); }, verifier::resource_deleted_uninitialized, &resource);
    expect_bug_check(
        verifier_stop, [this] { ExAcquireResourceSharedLite(&resource, FALSE); }, verifier::resource_uninitialized, &resource);
}

TEST_F(ExecutiveResource, KeepsItsPromiseUnderLoad) {
    int value = 0;
    std::array<std::unique_ptr<Peer>, 4> threads;
    for (std::size_t i = 0; i < threads.size(); ++i) {
        threads[i] = std::make_unique<Peer>([this, &value, i] {
            for (int round = 0; round < 300; ++round) {
                KeEnterCriticalRegion();
                if ((round + static_cast<int>(i)) % 4 == 0) {
                    ExAcquireResourceExclusiveLite(&resource, TRUE);
                    ++value;
                    if (round % 8 == 0) ExConvertExclusiveToSharedLite(&resource);
                } else {
                    ExAcquireResourceSharedLite(&resource, TRUE);
                    EXPECT_GE(value, 0);
                }
                ExReleaseResourceLite(&resource);
                KeLeaveCriticalRegion();
            }
        });
    }
    for (auto& thread : threads) thread->join();
    EXPECT_EQ(value, 4 * 300 / 4);
}

}  // namespace
}  // namespace ddi::kernel
