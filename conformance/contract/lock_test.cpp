// Locks: initialization, holding, releasing, owners, recursion, functions that must not be mixed. The wrappers here are written by hand
// in the form in which the generator writes them; the locks behind them do nothing but set the fake IRQL.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "conformance/contract/call.h"
#include "conformance/contract/contract.h"
#include "conformance/contract/fake_environment.h"

namespace ddi::contract {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct SpinLock {
    long value = 0;
};
struct QueueHandle {
    long value = 0;
};

namespace rules_of {
constexpr Rule init_initialize{"init-initialize", "It is ready then.", "p.md", 1};
constexpr Rule acquire{"acquire-acquire", "It takes the lock.", "p.md", 2};
constexpr Rule acquire_irql_entry{"acquire-irql-entry", "Not above DISPATCH_LEVEL.", "p.md", 3};
constexpr Rule acquire_initialized{"acquire-requires-initialized", "Initialize it first.", "p.md", 4, "Init"};
constexpr Rule acquire_recursion{"acquire-recursion", "Not twice.", "p.md", 5};
constexpr Rule acquire_release_with{"acquire-release-with", "Release with Release.", "p.md", 6, "Release ReleaseToo"};
constexpr Rule other_release_with{"other-release-with", "Release with ReleaseOther.", "p.md", 6, "ReleaseOther"};
constexpr Rule acquire_raise{"acquire-irql-raise", "Raises.", "p.md", 7};
constexpr Rule acquire_not_combined{"acquire-not-combined", "Not both.", "p.md", 8, "Acquire AcquireQueued"};
constexpr Rule release{"release-release", "It gives the lock back.", "p.md", 9};
constexpr Rule release_irql_entry{"release-irql-entry", "At DISPATCH_LEVEL.", "p.md", 10};
constexpr Rule release_releases{"release-releases", "What Acquire took.", "p.md", 11, "Acquire"};
constexpr Rule release_releases_not{"release-releases-not", "Never what AcquireUnsafe took.", "p.md", 12, "AcquireUnsafe"};
constexpr Rule release_owner{"release-owner", "The same thread.", "p.md", 13};
constexpr Rule release_argument{"release-argument-NewIrql", "The saved level.", "p.md", 14, "Acquire"};
constexpr Rule release_restore{"release-irql-restore", "Restores.", "p.md", 15};
}  // namespace rules_of
using namespace rules_of;

Object object(SpinLock& lock) { return {"SPIN", "spin lock", key(&lock)}; }

void Init(SpinLock& lock) {
    Call call("Init", DDI_CALLER);
    call.enter();
    call.leave();
    call.initialized(object(lock));
}

void Destroy(SpinLock& lock) {
    Call call("Destroy", DDI_CALLER);
    call.enter();
    call.leave();
    call.destroyed(object(lock));
}

unsigned char acquire_as(const char* function, SpinLock& lock, const Rule* release_with = &acquire_release_with,
                         unsigned char reaches = 2) {
    Call call(function, DDI_CALLER);
    call.entry_irql(acquire_irql_entry, Levels::at_most(Level::dispatch));
    call.requires_initialized(acquire_initialized, object(lock));
    call.not_combined(acquire_not_combined, object(lock));
    call.recursion_deadlocks(acquire_recursion, object(lock));
    call.enter();
    unsigned char old = fake::thread().irql;
    fake::thread().irql = reaches;
    call.leave();
    call.acquired(acquire, release_with, object(lock));
    call.raised(acquire_raise, Level::dispatch);
    return old;
}
unsigned char Acquire(SpinLock& lock) { return acquire_as("Acquire", lock); }

void release_as(const char* function, SpinLock& lock, unsigned char irql, const ReleaseRules& rules, int restores = -1) {
    Call call(function, DDI_CALLER);
    call.entry_irql(release_irql_entry, Levels::at(Level::dispatch));
    call.releases(rules, object(lock));
    call.argument_saved(release_argument, irql);
    call.enter();
    fake::thread().irql = restores < 0 ? irql : static_cast<unsigned char>(restores);
    call.leave();
    call.restored(release_restore, irql);
}
void Release(SpinLock& lock, unsigned char irql) {
    release_as("Release", lock, irql,
               {.release = release, .releases = &release_releases, .releases_not = &release_releases_not, .owner = &release_owner});
}

class LockTest : public testing::Test {
  protected:
    void SetUp() override {
        forget_everything();
        fake::thread() = {};
        Init(lock_);
        recorder_.clear();
    }
    SpinLock lock_;
    Recorder recorder_;
};

TEST_F(LockTest, RightUseReportsNothing) {
    unsigned char old = Acquire(lock_);
    EXPECT_EQ(held_locks().size(), 1U);
    Release(lock_, old);
    EXPECT_THAT(held_locks(), IsEmpty());
    EXPECT_THAT(recorder_.rules(), IsEmpty());
}

TEST_F(LockTest, AnObjectThatNobodyInitializedIsReported) {
    SpinLock other;
    Acquire(other);
    EXPECT_THAT(recorder_.rules(), ElementsAre("acquire-requires-initialized"));
}

TEST_F(LockTest, AnAdoptedObjectCountsAsInitialized) {
    SpinLock other;
    assume_initialized(&other);
    Acquire(other);
    EXPECT_THAT(recorder_.rules(), IsEmpty());
}

TEST_F(LockTest, ADestroyedObjectIsReported) {
    Destroy(lock_);
    Acquire(lock_);
    ASSERT_THAT(recorder_.rules(), ElementsAre("acquire-requires-initialized"));
    EXPECT_THAT(recorder_.violations()[0].observed, testing::HasSubstr("destroyed"));
    Init(lock_);
    recorder_.clear();
    fake::thread().irql = 0;
    Acquire(lock_);
    EXPECT_THAT(recorder_.rules(), IsEmpty());
}

TEST_F(LockTest, AnObjectOfAnotherKindIsReportedUnlessTheRuleListsItsInitializer) {
    tracker().initialized({"OTHER", "other lock", key(&lock_)}, "InitOther");
    Acquire(lock_);
    EXPECT_THAT(recorder_.rules(), ElementsAre("acquire-requires-initialized"));
    recorder_.clear();
    forget_everything();
    fake::thread() = {};
    tracker().initialized({"OTHER", "other lock", key(&lock_)}, "Init");  // the rule names it
    Acquire(lock_);
    EXPECT_THAT(recorder_.rules(), IsEmpty());
}

TEST_F(LockTest, AcquiringTwiceInOneThreadIsADeadlock) {
    Acquire(lock_);
    Acquire(lock_);
    ASSERT_THAT(recorder_.rules(), ElementsAre("acquire-recursion"));
    const Violation violation = recorder_.violations()[0];
    EXPECT_TRUE(violation.before_call);
    ASSERT_EQ(violation.held.size(), 1U);
    EXPECT_EQ(violation.held[0].noun, "spin lock");
    EXPECT_EQ(violation.held[0].function, "Acquire");
    EXPECT_EQ(violation.held[0].object, key(&lock_));
}

TEST_F(LockTest, AThrowingRecorderStopsTheCallAndKeepsTheState) {
    Acquire(lock_);
    {
        Recorder throwing(Recorder::Mode::throw_before_call);
        EXPECT_THROW(Acquire(lock_), Violation);
        EXPECT_THROW(Release(lock_, 1), Violation);  // the wrong level
        EXPECT_THAT(throwing.rules(), ElementsAre("acquire-recursion", "release-argument-NewIrql"));
    }
    EXPECT_EQ(fake::thread().irql, 2);
    Release(lock_, 0);  // still held: the calls above were never made
    EXPECT_THAT(recorder_.rules(), IsEmpty());
}

TEST_F(LockTest, TheEntryIrqlComesBeforeEverythingElse) {
    Release(lock_, 0);  // at PASSIVE_LEVEL, and not held either
    EXPECT_THAT(recorder_.rules(), ElementsAre("release-irql-entry"));
}

TEST_F(LockTest, ReleasingALockThatIsNotHeldBreaksReleases) {
    fake::thread().irql = 2;
    Release(lock_, 0);
    EXPECT_THAT(recorder_.rules(), ElementsAre("release-releases"));
    recorder_.clear();
    fake::thread().irql = 2;
    release_as("Release", lock_, 0, {.release = release});
    EXPECT_THAT(recorder_.rules(), ElementsAre("release-release"));
}

TEST_F(LockTest, TheReleasersOwnListComesBeforeTheAcquirers) {
    acquire_as("AcquireUnsafe", lock_);
    Release(lock_, 0);
    EXPECT_THAT(recorder_.rules(), ElementsAre("release-releases-not"));
    recorder_.clear();
    acquire_as("AcquireOther", lock_, &other_release_with);
    Release(lock_, 0);
    EXPECT_THAT(recorder_.rules(), ElementsAre("release-releases"));
    recorder_.clear();
    Acquire(lock_);
    release_as("ReleaseOther", lock_, 0, {.release = release});
    EXPECT_THAT(recorder_.rules(), ElementsAre("acquire-release-with"));
    recorder_.clear();
    Acquire(lock_);
    release_as("ReleaseToo", lock_, 0, {.release = release});
    EXPECT_THAT(recorder_.rules(), IsEmpty());
}

TEST_F(LockTest, OnePageThatNamesThePairIsEnough) {
    acquire_as("AcquireOther", lock_);  // its page lists Release, whose page lists only Acquire
    Release(lock_, 0);
    EXPECT_THAT(recorder_.rules(), IsEmpty());
    Acquire(lock_);  // its page does not list ReleaseOther, whose page lists Acquire
    release_as("ReleaseOther", lock_, 0, {.release = release, .releases = &release_releases});
    EXPECT_THAT(recorder_.rules(), IsEmpty());
    Init(lock_);
    acquire_as("AcquireOther", lock_, nullptr);  // its page names no release at all
    Release(lock_, 0);
    EXPECT_THAT(recorder_.rules(), IsEmpty());
}

TEST_F(LockTest, AnotherThreadMustNotReleaseWhatItDoesNotOwn) {
    Acquire(lock_);
    std::thread([&] {
        fake::thread().irql = 2;
        Release(lock_, 0);
    }).join();
    EXPECT_THAT(recorder_.rules(), ElementsAre("release-owner"));
}

TEST_F(LockTest, WithoutAnOwnerClauseAnotherThreadMayRelease) {
    Acquire(lock_);
    std::thread([&] {
        fake::thread().irql = 2;
        release_as("Release", lock_, 0, {.release = release, .releases = &release_releases});
    }).join();
    EXPECT_THAT(recorder_.rules(), IsEmpty());
    EXPECT_THAT(held_locks(), IsEmpty());
}

TEST_F(LockTest, ASharedHoldIsNotReleasedExclusively) {
    tracker().add({object(lock_), Mode::shared, "Acquire", &acquire, nullptr, 0, thread_number(), nullptr, 0});
    fake::thread().irql = 2;
    release_as("Release", lock_, 0, {.release = release, .mode = Mode::exclusive});
    EXPECT_THAT(recorder_.rules(), ElementsAre("release-release"));
    recorder_.clear();
    tracker().add({object(lock_), Mode::shared, "Acquire", &acquire, nullptr, 0, thread_number(), nullptr, 0});
    fake::thread().irql = 2;
    Release(lock_, 0);  // one release for both modes
    EXPECT_THAT(recorder_.rules(), IsEmpty());
}

TEST_F(LockTest, TwoFunctionsThatMustNotBeMixedAreReportedOnTheSecond) {
    unsigned char old = Acquire(lock_);
    Release(lock_, old);
    acquire_as("AcquireQueued", lock_, nullptr);
    EXPECT_THAT(recorder_.rules(), ElementsAre("acquire-not-combined"));
    recorder_.clear();
    fake::thread().irql = 0;
    Init(lock_);  // a new life
    acquire_as("AcquireQueued", lock_, nullptr);
    EXPECT_THAT(recorder_.rules(), IsEmpty());
}

TEST_F(LockTest, TwoHoldersAtOnceAreTheImplementationsFault) {
    std::thread([&] { Acquire(lock_); }).join();
    Acquire(lock_);  // the fake lock excludes nobody
    ASSERT_THAT(recorder_.rules(), ElementsAre("acquire-acquire"));
    EXPECT_FALSE(recorder_.violations()[0].before_call);
}

TEST_F(LockTest, RecursionIsCounted) {
    for (int i = 0; i < 3; ++i)
        tracker().add({object(lock_), Mode::exclusive, "Acquire", &acquire, nullptr, 0, thread_number(), nullptr, 0});
    for (int i = 0; i < 3; ++i) {
        fake::thread().irql = 2;
        Release(lock_, 0);
    }
    EXPECT_THAT(recorder_.rules(), IsEmpty());
    fake::thread().irql = 2;
    Release(lock_, 0);
    EXPECT_THAT(recorder_.rules(), ElementsAre("release-releases"));
}

TEST_F(LockTest, AQueueHandleIdentifiesTheAcquisition) {
    QueueHandle mine, other;
    const Object acquired{"SPIN", "spin lock", key(&lock_), key(&mine)};
    Call call("Acquire", DDI_CALLER);
    call.enter();
    fake::thread().irql = 2;
    call.leave();
    call.acquired(acquire, nullptr, acquired);

    Call wrong("Release", DDI_CALLER);
    wrong.releases({.release = release}, {"SPIN", "spin lock", 0, key(&other)});
    EXPECT_THAT(recorder_.rules(), ElementsAre("release-release"));
    recorder_.clear();
    Call again("Acquire", DDI_CALLER);  // the same lock through another handle
    again.recursion_deadlocks(acquire_recursion, {"SPIN", "spin lock", key(&lock_), key(&other)});
    EXPECT_THAT(recorder_.rules(), ElementsAre("acquire-recursion"));
    recorder_.clear();
    Call right("Release", DDI_CALLER);
    right.releases({.release = release}, {"SPIN", "spin lock", 0, key(&mine)});
    right.enter();
    right.leave();
    EXPECT_THAT(recorder_.rules(), IsEmpty());
    EXPECT_THAT(held_locks(), IsEmpty());
}

TEST_F(LockTest, AnAliasFindsTheLockThatWasNamedWithoutItsType) {
    const Object untyped{"control mutex", "control mutex", 0x20};
    const Object typed{"control mutex", "control mutex", 0x10, 0, 0x20};
    Call call("AcquireAny", DDI_CALLER);
    call.acquired(acquire, nullptr, untyped);
    Call right("ReleasePin", DDI_CALLER);
    right.releases({.release = release}, typed);
    right.enter();
    right.leave();
    EXPECT_THAT(recorder_.rules(), IsEmpty());
    EXPECT_THAT(held_locks(), IsEmpty());
}

TEST_F(LockTest, AnUntypedParameterIsCheckedOnlyForKnownObjects) {
    long event = 0;
    const Object unknown{"SPIN", "spin lock", key(&event), 0, 0, true};
    Call call("Wait", DDI_CALLER);
    call.requires_initialized(acquire_initialized, unknown);
    call.recursion_deadlocks(acquire_recursion, unknown);
    call.enter();
    call.leave();
    call.acquired(acquire, nullptr, unknown);
    EXPECT_THAT(recorder_.rules(), IsEmpty());
    EXPECT_THAT(held_locks(), IsEmpty());

    Call known("Wait", DDI_CALLER);
    known.enter();
    known.leave();
    known.acquired(acquire, nullptr, {"SPIN", "spin lock", key(&lock_), 0, 0, true});
    EXPECT_EQ(held_locks().size(), 1U);
}

TEST_F(LockTest, AReleaseThatRaisesAnExceptionReleasesNothing) {
    Acquire(lock_);
    try {
        Call call("Release", DDI_CALLER);
        call.releases({.release = release}, object(lock_));
        call.enter();
        throw 1;  // what a simulated bug check does
    } catch (int) {
    }
    EXPECT_EQ(held_locks().size(), 1U);
    EXPECT_THAT(recorder_.rules(), IsEmpty());
}

TEST_F(LockTest, QuiescenceReportsEachLockOnceByTheRuleThatAsksForItsRelease) {
    SpinLock second;
    Init(second);
    Acquire(lock_);
    acquire_as("Acquire", second, nullptr);
    EXPECT_EQ(check_quiescent(), 2U);
    EXPECT_THAT(recorder_.rules(), ElementsAre("acquire-release-with", "acquire-acquire"));
    EXPECT_EQ(check_quiescent(), 0U);
}

}  // namespace
}  // namespace ddi::contract
