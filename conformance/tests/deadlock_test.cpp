// The hold-and-wait graph: real deadlocks end in a bug check instead of hanging, potential ones are reported once, right orders never.
#include <fltkernel.h>
#include <wdfsync.h>
#include <wdm.h>

#include <array>
#include <memory>
#include <mutex>
#include <vector>

#include "conformance/kernel/deadlock.h"
#include "conformance/kernel/framework/framework.h"
#include "conformance/tests/peer.h"

namespace ddi::kernel {
namespace {

constexpr BugCode verifier_stop = BugCode::driver_verifier_detected_violation;

struct Deadlock : testing::Test {
    deadlock::Watch watch{[this](const deadlock::Report& report) {
        const std::lock_guard scope(mutex);
        reports.push_back(report);
    }};
    std::mutex mutex;
    std::vector<deadlock::Report> reports;
};

/// "holds a, b; wants c" for each thread of a report.
std::vector<std::string> stacks(const deadlock::Report& report) {
    std::vector<std::string> lines;
    for (const deadlock::Stack& stack : report.stacks) {
        std::string line = "holds";
        for (const deadlock::Lock& lock : stack.held) line += " " + lock.name;
        lines.push_back(line + "; wants " + (stack.wanted ? stack.wanted->name : "nothing"));
    }
    return lines;
}

using Lines = std::vector<std::string>;

/// A thread that takes one lock, and another one when it is told to.
class Nester {
  public:
    Nester(std::function<void()> first, std::function<void()> second, std::function<void()> undo)
        : peer_([=, this] {
              first();
              holds_.set();
              go_.wait();
              second();
              undo();
          }) {
        holds_.wait();
    }
    ~Nester() { go_.set(); }
    ThreadId id() const { return peer_.id(); }
    /// Goes on, and is blocked on that lock.
    void block_on(const void* lock) {
        go_.set();
        ASSERT_TRUE(observe::await_blocked(id(), lock));
    }
    void join() { peer_.join(); }

  private:
    Signal holds_;
    Signal go_;
    Peer peer_;
};

TEST_F(Deadlock, TwoThreadsThatTakeTwoMutexesInDifferentOrders) {
    FAST_MUTEX a;
    FAST_MUTEX b;
    ExInitializeFastMutex(&a);
    ExInitializeFastMutex(&b);
    deadlock::name_lock(&a, "a");
    deadlock::name_lock(&b, "b");
    Nester other([&] { ExAcquireFastMutex(&a); }, [&] { ExAcquireFastMutex(&b); },
                 [&] {
                     ExReleaseFastMutex(&b);
                     ExReleaseFastMutex(&a);
                 });
    ExAcquireFastMutex(&b);
    other.block_on(&b);
    const std::optional<BugCheck> crash = [&]() -> std::optional<BugCheck> {
        try {
            ExAcquireFastMutex(&a);
        } catch (const BugCheck& caught) {
            return caught;
        }
        return std::nullopt;
    }();
    ASSERT_TRUE(crash.has_value());
    EXPECT_EQ(crash->code, verifier_stop);
    EXPECT_EQ(crash->parameters[0], verifier::deadlock);
    EXPECT_EQ(crash->parameters[1], reinterpret_cast<std::uintptr_t>(&a));
    ASSERT_EQ(reports.size(), 1U);
    EXPECT_TRUE(reports[0].certain);
    EXPECT_EQ(stacks(reports[0]), (Lines{"holds b; wants a", "holds a; wants b"}));
    EXPECT_EQ(reports[0].stacks[0].thread, observe::current_thread());
    EXPECT_EQ(reports[0].stacks[1].thread, other.id());
    EXPECT_EQ(reports[0].stacks[1].held[0].kind, deadlock::Kind::fast_mutex);
    EXPECT_NE(reports[0].text.find("waits for fast mutex a"), std::string::npos) << reports[0].text;
    ExReleaseFastMutex(&b);  // at APC_LEVEL still: the other one goes on
    other.join();
    EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
    EXPECT_EQ(reports.size(), 1U) << "the reverse order never came about";
}

TEST_F(Deadlock, ThreeThreadsAndThreeKindsOfLocks) {
    KGUARDED_MUTEX guarded;
    ERESOURCE resource;
    EX_PUSH_LOCK push;
    KeInitializeGuardedMutex(&guarded);
    ExInitializeResourceLite(&resource);
    FltInitializePushLock(&push);
    deadlock::name_lock(&guarded, "guarded");
    deadlock::name_lock(&resource, "resource");
    deadlock::name_lock(&push, "push");
    Nester first([&] { KeAcquireGuardedMutex(&guarded); }, [&] { FltAcquireResourceExclusive(&resource); },
                 [&] {
                     FltReleaseResource(&resource);
                     KeReleaseGuardedMutex(&guarded);
                 });
    Nester second([&] { FltAcquireResourceShared(&resource); }, [&] { FltAcquirePushLockShared(&push); },
                  [&] {
                      FltReleasePushLock(&push);
                      FltReleaseResource(&resource);
                  });
    FltAcquirePushLockExclusive(&push);
    first.block_on(&resource);
    second.block_on(&push);
    EXPECT_EQ(reports.size(), 0U) << "a chain is no circle";
    EXPECT_THROW(KeAcquireGuardedMutex(&guarded), BugCheck);
    ASSERT_EQ(reports.size(), 1U);
    EXPECT_EQ(stacks(reports[0]), (Lines{"holds push; wants guarded", "holds guarded; wants resource", "holds resource; wants push"}));
    EXPECT_EQ(reports[0].stacks[2].held[0].mode, deadlock::Mode::shared);
    KeLeaveGuardedRegion();  // the failed acquisition had entered it
    FltReleasePushLock(&push);
    second.join();
    first.join();
    EXPECT_EQ(ExDeleteResourceLite(&resource), STATUS_SUCCESS);
}

TEST_F(Deadlock, SpinLocksOfBothKinds) {
    KSPIN_LOCK spin;
    KSPIN_LOCK queued;
    KeInitializeSpinLock(&spin);
    KeInitializeSpinLock(&queued);
    deadlock::name_lock(&spin, "spin");
    deadlock::name_lock(&queued, "queued");
    KIRQL old = 0;
    KLOCK_QUEUE_HANDLE theirs;
    Nester other([&] { KeAcquireSpinLock(&spin, &old); }, [&] { KeAcquireInStackQueuedSpinLockAtDpcLevel(&queued, &theirs); },
                 [&] {
                     KeReleaseInStackQueuedSpinLockFromDpcLevel(&theirs);
                     KeReleaseSpinLock(&spin, old);
                 });
    KLOCK_QUEUE_HANDLE mine;
    KeAcquireInStackQueuedSpinLock(&queued, &mine);
    other.block_on(&queued);
    EXPECT_THROW(KeAcquireSpinLockAtDpcLevel(&spin), BugCheck);
    ASSERT_EQ(reports.size(), 1U);
    EXPECT_EQ(stacks(reports[0]), (Lines{"holds queued; wants spin", "holds spin; wants queued"}));
    KeReleaseInStackQueuedSpinLock(&mine);
    other.join();
}

TEST_F(Deadlock, ReaderWriterSpinLocks) {
    EX_SPIN_LOCK a = 0;
    EX_SPIN_LOCK b = 0;
    deadlock::name_lock(&a, "a");
    deadlock::name_lock(&b, "b");
    KIRQL old = 0;
    Nester other([&] { old = ExAcquireSpinLockShared(&a); }, [&] { ExAcquireSpinLockSharedAtDpcLevel(&b); },
                 [&] {
                     ExReleaseSpinLockSharedFromDpcLevel(&b);
                     ExReleaseSpinLockShared(&a, old);
                 });
    const KIRQL mine = ExAcquireSpinLockExclusive(&b);
    other.block_on(&b);
    EXPECT_THROW(ExAcquireSpinLockExclusiveAtDpcLevel(&a), BugCheck);
    ASSERT_EQ(reports.size(), 1U);
    EXPECT_EQ(stacks(reports[0]), (Lines{"holds b; wants a", "holds a; wants b"}));
    EXPECT_EQ(reports[0].stacks[1].held[0].mode, deadlock::Mode::shared);
    ExReleaseSpinLockExclusive(&b, mine);
    other.join();
    // The acquisition that failed has left nothing behind.
    const KIRQL again = ExAcquireSpinLockShared(&a);
    ExReleaseSpinLockShared(&a, again);
}

TEST_F(Deadlock, AReaderStandsBehindAWriterThatWaits) {
    EX_SPIN_LOCK shared = 0;
    KSPIN_LOCK spin;
    KeInitializeSpinLock(&spin);
    deadlock::name_lock(&shared, "shared");
    deadlock::name_lock(&spin, "spin");
    KIRQL old = 0, writers = 0;
    Nester reader([&] { KeAcquireSpinLock(&spin, &old); }, [&] { ExAcquireSpinLockSharedAtDpcLevel(&shared); },
                  [&] {
                      ExReleaseSpinLockSharedFromDpcLevel(&shared);
                      KeReleaseSpinLock(&spin, old);
                  });
    const KIRQL mine = ExAcquireSpinLockShared(&shared);
    Peer writer([&] {
        writers = ExAcquireSpinLockExclusive(&shared);
        ExReleaseSpinLockExclusive(&shared, writers);
    });
    ASSERT_TRUE(observe::await_blocked(writer.id(), &shared));
    reader.block_on(&shared);
    EXPECT_THROW(KeAcquireSpinLockAtDpcLevel(&spin), BugCheck);
    ASSERT_EQ(reports.size(), 1U);
    EXPECT_EQ(stacks(reports[0]), (Lines{"holds shared; wants spin", "holds spin; wants shared", "holds; wants shared"}));
    ExReleaseSpinLockShared(&shared, mine);
    writer.join();
    reader.join();
}

TEST_F(Deadlock, TheFrameworksLocks) {
    WDFWAITLOCK wait = nullptr;
    WDFSPINLOCK spin = nullptr;
    ASSERT_EQ(WdfWaitLockCreate(nullptr, &wait), STATUS_SUCCESS);
    ASSERT_EQ(WdfSpinLockCreate(nullptr, &spin), STATUS_SUCCESS);
    KGUARDED_MUTEX mutex;
    KeInitializeGuardedMutex(&mutex);
    deadlock::name_lock(wait, "wait");
    deadlock::name_lock(&mutex, "mutex");
    Nester other([&] { WdfWaitLockAcquire(wait, nullptr); }, [&] { KeAcquireGuardedMutex(&mutex); },
                 [&] {
                     KeReleaseGuardedMutex(&mutex);
                     WdfWaitLockRelease(wait);
                 });
    KeAcquireGuardedMutex(&mutex);
    other.block_on(&mutex);
    LONGLONG at_once = 0;
    EXPECT_EQ(WdfWaitLockAcquire(wait, &at_once), STATUS_TIMEOUT) << "a wait with an end is no deadlock";
    EXPECT_THROW(WdfWaitLockAcquire(wait, nullptr), BugCheck);
    ASSERT_EQ(reports.size(), 1U);
    EXPECT_EQ(stacks(reports[0]), (Lines{"holds mutex; wants wait", "holds wait; wants mutex"}));
    KeReleaseGuardedMutex(&mutex);
    other.join();
    WdfSpinLockAcquire(spin);
    EXPECT_THROW(WdfSpinLockAcquire(spin), BugCheck);
    WdfSpinLockRelease(spin);
    framework::remove_all();
}

TEST_F(Deadlock, MutexObjects) {
    KMUTEX a;
    KMUTEX b;
    KeInitializeMutex(&a, 0);
    KeInitializeMutex(&b, 0);
    deadlock::name_lock(&a, "a");
    deadlock::name_lock(&b, "b");
    const auto wait = [](KMUTEX& mutex) { KeWaitForSingleObject(&mutex, Executive, KernelMode, FALSE, nullptr); };
    Nester other(
        [&] {
            wait(a);
            wait(a);
        },
        [&] { wait(b); },
        [&] {
            KeReleaseMutex(&b, FALSE);
            KeReleaseMutex(&a, FALSE);
            KeReleaseMutex(&a, FALSE);
        });
    wait(b);
    other.block_on(&b);
    LARGE_INTEGER none{};
    EXPECT_EQ(KeWaitForSingleObject(&a, Executive, KernelMode, FALSE, &none), STATUS_TIMEOUT) << "does not wait";
    EXPECT_EQ(reports.size(), 0U);
    EXPECT_THROW(wait(a), BugCheck);
    ASSERT_EQ(reports.size(), 1U);
    EXPECT_EQ(stacks(reports[0]), (Lines{"holds b; wants a", "holds a; wants b"}));
    KeReleaseMutex(&b, FALSE);
    other.join();
}

TEST_F(Deadlock, AThreadCanBeItsOwnCircle) {
    ERESOURCE resource;
    ExInitializeResourceLite(&resource);
    FltAcquireResourceShared(&resource);
    expect_bug_check(
        verifier_stop, [&] { FltAcquireResourceExclusive(&resource); }, verifier::deadlock_self, &resource);
    ASSERT_EQ(reports.size(), 1U);
    EXPECT_EQ(reports[0].stacks.size(), 1U);
    KeEnterCriticalRegion();
    FltReleaseResource(&resource);
    EXPECT_EQ(ExDeleteResourceLite(&resource), STATUS_SUCCESS);
}

TEST_F(Deadlock, WhoSharesAgainStandsBehindWhoWaitsForExclusiveAccess) {
    EX_PUSH_LOCK push;
    FltInitializePushLock(&push);
    FltAcquirePushLockShared(&push);
    Peer writer([&] {
        FltAcquirePushLockExclusive(&push);
        FltReleasePushLock(&push);
    });
    ASSERT_TRUE(observe::await_blocked(writer.id(), &push));
    EXPECT_THROW(FltAcquirePushLockShared(&push), BugCheck);
    ASSERT_EQ(reports.size(), 1U);
    EXPECT_EQ(reports[0].stacks.size(), 2U);
    FltReleasePushLock(&push);
    writer.join();
}

TEST_F(Deadlock, AnOrderThatCouldDeadlockIsReportedOnce) {
    FAST_MUTEX a;
    ERESOURCE b;
    EX_PUSH_LOCK c;
    ExInitializeFastMutex(&a);
    ExInitializeResourceLite(&b);
    FltInitializePushLock(&c);
    deadlock::name_lock(&a, "a");
    deadlock::name_lock(&b, "b");
    deadlock::name_lock(&c, "c");
    const auto a_then_b = [&] {
        ExAcquireFastMutex(&a);
        ExAcquireResourceExclusiveLite(&b, TRUE);
        ExReleaseResourceLite(&b);
        ExReleaseFastMutex(&a);
    };
    const auto b_then_c = [&] {
        FltAcquireResourceShared(&b);
        FltAcquirePushLockExclusive(&c);
        FltReleasePushLock(&c);
        FltReleaseResource(&b);
    };
    const auto c_then_a = [&] {
        FltAcquirePushLockExclusive(&c);
        ExAcquireFastMutex(&a);
        ExReleaseFastMutex(&a);
        FltReleasePushLock(&c);
    };
    a_then_b();
    ThreadId second = 0;
    {
        Peer peer(b_then_c);
        second = peer.id();
        peer.join();
    }
    EXPECT_EQ(reports.size(), 0U);
    for (int i = 0; i < 3; ++i) c_then_a();
    ASSERT_EQ(reports.size(), 1U);
    EXPECT_FALSE(reports[0].certain);
    EXPECT_EQ(stacks(reports[0]), (Lines{"holds c; wants a", "holds a; wants b", "holds b; wants c"}));
    EXPECT_EQ(reports[0].stacks[2].thread, second);
    EXPECT_EQ(reports[0].text.find("potential deadlock"), 0U) << reports[0].text;
    EXPECT_EQ(ExDeleteResourceLite(&b), STATUS_SUCCESS);
}

TEST_F(Deadlock, AttemptsAndNewLocksInOldStorageSayNothing) {
    FAST_MUTEX a;
    FAST_MUTEX b;
    ExInitializeFastMutex(&a);
    ExInitializeFastMutex(&b);
    ExAcquireFastMutex(&a);
    ExAcquireFastMutex(&b);
    ExReleaseFastMutex(&b);
    ExReleaseFastMutex(&a);
    ExAcquireFastMutex(&b);
    EXPECT_TRUE(ExTryToAcquireFastMutex(&a)) << "in the other order, but it would not have waited";
    ExReleaseFastMutex(&a);
    ExReleaseFastMutex(&b);
    ExInitializeFastMutex(&a);
    ExAcquireFastMutex(&b);
    ExAcquireFastMutex(&a);
    ExReleaseFastMutex(&a);
    ExReleaseFastMutex(&b);
    EXPECT_EQ(reports.size(), 0U);
}

TEST_F(Deadlock, RightNestingUnderLoadIsNeverReported) {
    FAST_MUTEX a;
    ERESOURCE b;
    EX_PUSH_LOCK c;
    KSPIN_LOCK d;
    KMUTEX first;
    ExInitializeFastMutex(&a);
    ExInitializeResourceLite(&b);
    FltInitializePushLock(&c);
    KeInitializeSpinLock(&d);
    KeInitializeMutex(&first, 0);
    int value = 0;
    std::array<std::unique_ptr<Peer>, 4> threads;
    for (std::size_t i = 0; i < threads.size(); ++i) {
        threads[i] = std::make_unique<Peer>([&, i] {
            for (int round = 0; round < 60; ++round) {
                const bool exclusive = (static_cast<std::size_t>(round) + i) % 3 == 0;
                if (round % 4 == 0) KeWaitForSingleObject(&first, Executive, KernelMode, FALSE, nullptr);
                ExAcquireFastMutex(&a);
                (exclusive ? ExAcquireResourceExclusiveLite : ExAcquireResourceSharedLite)(&b, TRUE);
                ExAcquireResourceSharedLite(&b, TRUE);
                ExReleaseFastMutex(&a);
                (exclusive ? FltAcquirePushLockExclusive : FltAcquirePushLockShared)(&c);
                KIRQL old;
                KeAcquireSpinLock(&d, &old);
                ++value;
                KeReleaseSpinLock(&d, old);
                FltReleasePushLock(&c);
                KeEnterCriticalRegion();
                ExReleaseResourceLite(&b);
                ExReleaseResourceLite(&b);
                KeLeaveCriticalRegion();
                if (round % 4 == 0) KeReleaseMutex(&first, FALSE);
            }
        });
    }
    for (auto& thread : threads) thread->join();
    EXPECT_EQ(value, 240);
    EXPECT_EQ(reports.size(), 0U) << reports[0].text;
    EXPECT_EQ(ExDeleteResourceLite(&b), STATUS_SUCCESS);
}

TEST(NoDeadlockWatch, NothingIsReportedAfterTheEnd) {
    int reports = 0;
    {
        deadlock::Watch watch([&](const deadlock::Report&) { ++reports; });
    }
    FAST_MUTEX a;
    FAST_MUTEX b;
    ExInitializeFastMutex(&a);
    ExInitializeFastMutex(&b);
    for (auto [outer, inner] : {std::pair{&a, &b}, std::pair{&b, &a}}) {
        ExAcquireFastMutex(outer);
        ExAcquireFastMutex(inner);
        ExReleaseFastMutex(inner);
        ExReleaseFastMutex(outer);
    }
    EXPECT_EQ(reports, 0);
    EXPECT_FALSE(deadlock::watching());
}

}  // namespace
}  // namespace ddi::kernel
