// Run-down protection, plain and cache-aware, through one table of routines; remove locks.
#include <wdm.h>

#include <memory>
#include <vector>

#include "conformance/kernel/executive/executive.h"
#include "conformance/tests/peer.h"

namespace ddi::kernel {
namespace {

constexpr BugCode verifier_stop = BugCode::driver_verifier_detected_violation;

/// What both kinds of run-down protection can do.
class Protection {
  public:
    virtual ~Protection() = default;
    virtual const void* object() const = 0;
    virtual bool acquire(ULONG count = 1) = 0;
    virtual void release(ULONG count = 1) = 0;
    virtual void wait() = 0;
    virtual void completed() = 0;
    virtual void reinitialize() = 0;
};

class Plain : public Protection {
  public:
    Plain() { ExInitializeRundownProtection(&reference_); }
    const void* object() const override { return &reference_; }
    bool acquire(ULONG count) override {
        return count == 1 ? ExAcquireRundownProtection(&reference_) : ExAcquireRundownProtectionEx(&reference_, count);
    }
    void release(ULONG count) override {
        if (count == 1)
            ExReleaseRundownProtection(&reference_);
        else
            ExReleaseRundownProtectionEx(&reference_, count);
    }
    void wait() override { ExWaitForRundownProtectionRelease(&reference_); }
    void completed() override { ExRundownCompleted(&reference_); }
    void reinitialize() override { ExReInitializeRundownProtection(&reference_); }

  private:
    EX_RUNDOWN_REF reference_;
};

class CacheAware : public Protection {
  public:
    const void* object() const override { return reference_; }
    bool acquire(ULONG count) override {
        return count == 1 ? ExAcquireRundownProtectionCacheAware(reference_) : ExAcquireRundownProtectionCacheAwareEx(reference_, count);
    }
    void release(ULONG count) override {
        if (count == 1)
            ExReleaseRundownProtectionCacheAware(reference_);
        else
            ExReleaseRundownProtectionCacheAwareEx(reference_, count);
    }
    void wait() override { ExWaitForRundownProtectionReleaseCacheAware(reference_); }
    void completed() override { ExRundownCompletedCacheAware(reference_); }
    void reinitialize() override { ExReInitializeRundownProtectionCacheAware(reference_); }

  protected:
    PEX_RUNDOWN_REF_CACHE_AWARE reference_ = nullptr;
};

class Allocated : public CacheAware {
  public:
    Allocated() { reference_ = ExAllocateCacheAwareRundownProtection(NonPagedPoolNx, 0x31676154); }
    ~Allocated() override { ExFreeCacheAwareRundownProtection(reference_); }
};

class InStorage : public CacheAware {
  public:
    InStorage() : storage_(ExSizeOfRundownProtectionCacheAware() / sizeof(std::uint64_t)) {
        reference_ = reinterpret_cast<PEX_RUNDOWN_REF_CACHE_AWARE>(storage_.data());
        ExInitializeRundownProtectionCacheAware(reference_, storage_.size() * sizeof(std::uint64_t));
    }

  private:
    std::vector<std::uint64_t> storage_;
};

template <class Kind>
std::unique_ptr<Protection> make() {
    return std::make_unique<Kind>();
}

struct Variant {
    const char* name;
    std::unique_ptr<Protection> (*make)();
    friend void PrintTo(const Variant& variant, std::ostream* out) { *out << variant.name; }
};

struct Rundown : testing::TestWithParam<Variant> {
    std::unique_ptr<Protection> protection = GetParam().make();
};

INSTANTIATE_TEST_SUITE_P(Kinds, Rundown,
                         testing::Values(Variant{"Plain", make<Plain>}, Variant{"Allocated", make<Allocated>},
                                         Variant{"InStorage", make<InStorage>}),
                         [](const auto& info) { return std::string(info.param.name); });

TEST_P(Rundown, WaitsForTheLastRelease) {
    ASSERT_TRUE(protection->acquire());
    ASSERT_TRUE(protection->acquire(3));
    Signal over;
    Peer owner([&] {
        protection->wait();
        over.set();
    });
    ASSERT_TRUE(observe::await_blocked(owner.id(), protection->object()));
    EXPECT_FALSE(protection->acquire()) << "run down has begun";
    EXPECT_FALSE(protection->acquire(2));
    Peer([&] { protection->release(3); }).join();
    EXPECT_FALSE(over.is_set());
    EXPECT_EQ(observe::blocked_on(owner.id()), protection->object());
    protection->release();
    owner.join();
    EXPECT_TRUE(over.is_set());
    EXPECT_FALSE(protection->acquire());
}

TEST_P(Rundown, ReturnsAtOnceWhenNobodyIsProtected) {
    ASSERT_TRUE(protection->acquire(2));
    protection->release();
    protection->release();
    protection->wait();
    EXPECT_FALSE(protection->acquire());
    protection->wait();
    protection->completed();
    protection->wait();
    EXPECT_FALSE(protection->acquire());
    protection->reinitialize();
    EXPECT_TRUE(protection->acquire());
    protection->release();
    protection->wait();
    protection->reinitialize();
    EXPECT_TRUE(protection->acquire());
    protection->release();
}

TEST_P(Rundown, WorksAtDispatchLevel) {
    KIRQL old = KeRaiseIrqlToDpcLevel();
    EXPECT_TRUE(protection->acquire());
    protection->release();
    KeLowerIrql(old);
    KeRaiseIrqlToDpcLevel();
    expect_bug_check(BugCode::irql_not_less_or_equal, [&] { protection->wait(); });
}

TEST_P(Rundown, SeveralMayWait) {
    ASSERT_TRUE(protection->acquire());
    Peer first([&] { protection->wait(); });
    ASSERT_TRUE(observe::await_blocked(first.id(), protection->object()));
    Peer second([&] { protection->wait(); });
    ASSERT_TRUE(observe::await_blocked(second.id(), protection->object()));
    protection->release();
    first.join();
    second.join();
}

TEST_P(Rundown, Misuse) {
    expect_bug_check(
        verifier_stop, [&] { protection->completed(); }, verifier::ours_not_run_down, protection->object());
    expect_bug_check(
        verifier_stop, [&] { protection->reinitialize(); }, verifier::ours_not_run_down, protection->object());
    protection->wait();
    expect_bug_check(
        verifier_stop, [&] { protection->release(); }, verifier::released_unacquired, protection->object());
}

TEST_P(Rundown, NobodyIsProtectedOnceTheWaitIsOver) {
    for (int round = 0; round < 5; ++round) {
        std::atomic<int> inside{0};
        std::vector<std::unique_ptr<Peer>> users;
        for (int i = 0; i < 3; ++i)
            users.push_back(std::make_unique<Peer>([&] {
                while (protection->acquire()) {
                    inside.fetch_add(1);
                    inside.fetch_sub(1);
                    protection->release();
                }
            }));
        protection->wait();
        EXPECT_EQ(inside.load(), 0);
        for (auto& user : users) user->join();
        protection->reinitialize();
    }
}

TEST(PlainRundown, CannotBeReleasedTooOften) {
    EX_RUNDOWN_REF reference;
    ExInitializeRundownProtection(&reference);
    ASSERT_TRUE(ExAcquireRundownProtection(&reference));
    expect_bug_check(
        verifier_stop, [&] { ExReleaseRundownProtectionEx(&reference, 2); }, verifier::released_unacquired, &reference);
    EXPECT_EQ(observe::rundown_count(&reference), 1U);
    ExReleaseRundownProtection(&reference);
}

TEST(CacheAwareRundown, NeedsRoomAndABeginning) {
    alignas(8) std::byte raw[1024] = {};
    auto* reference = reinterpret_cast<PEX_RUNDOWN_REF_CACHE_AWARE>(raw);
    expect_bug_check(
        verifier_stop, [&] { ExAcquireRundownProtectionCacheAware(reference); }, verifier::resource_uninitialized, raw);
    expect_bug_check(
        verifier_stop, [&] { ExInitializeRundownProtectionCacheAware(reference, 16); }, verifier::ours_storage_too_small, raw, 16);
    ExInitializeRundownProtectionCacheAwareEx(reference, 0);
    EXPECT_TRUE(ExAcquireRundownProtectionCacheAware(reference));
    ExReleaseRundownProtectionCacheAware(reference);
    expect_bug_check(
        verifier_stop, [&] { ExFreeCacheAwareRundownProtection(reference); }, verifier::resource_uninitialized, raw);
}

struct RemoveLock : testing::Test {
    RemoveLock() { IoInitializeRemoveLock(&lock, 0x31676154, 0, 0); }
    IO_REMOVE_LOCK lock{};  // a device extension starts as zeroes
    int irp = 0;
};

TEST_F(RemoveLock, RemovalWaitsForAllAndLetsNobodyIn) {
    ASSERT_EQ(IoAcquireRemoveLock(&lock, &irp), STATUS_SUCCESS);
    KIRQL old = KeRaiseIrqlToDpcLevel();
    ASSERT_EQ(IoAcquireRemoveLock(&lock, nullptr), STATUS_SUCCESS);
    KeLowerIrql(old);
    Peer removal([&] {
        int remove = 0;
        ASSERT_EQ(IoAcquireRemoveLock(&lock, &remove), STATUS_SUCCESS);
        IoReleaseRemoveLockAndWait(&lock, &remove);
    });
    ASSERT_TRUE(observe::await_blocked(removal.id(), &lock));
    EXPECT_EQ(IoAcquireRemoveLock(&lock, &irp), STATUS_DELETE_PENDING);
    EXPECT_EQ(observe::remove_lock_count(&lock), 2U);
    IoReleaseRemoveLock(&lock, &irp);
    EXPECT_EQ(observe::blocked_on(removal.id()), &lock);
    old = KeRaiseIrqlToDpcLevel();
    IoReleaseRemoveLock(&lock, nullptr);
    KeLowerIrql(old);
    removal.join();
    EXPECT_EQ(IoAcquireRemoveLock(&lock, &irp), STATUS_DELETE_PENDING);
    expect_bug_check(
        verifier_stop, [&] { IoInitializeRemoveLock(&lock, 1, 0, 0); }, verifier::ours_remove_lock_reinitialized, &lock);
}

TEST_F(RemoveLock, Misuse) {
    expect_bug_check(
        verifier_stop, [&] { IoReleaseRemoveLock(&lock, &irp); }, verifier::remove_lock_release_tag, &lock, &irp);
    ASSERT_EQ(IoAcquireRemoveLock(&lock, &irp), STATUS_SUCCESS);
    ASSERT_EQ(IoAcquireRemoveLock(&lock, &irp), STATUS_SUCCESS);
    expect_bug_check(
        verifier_stop, [&] { IoReleaseRemoveLock(&lock, nullptr); }, verifier::remove_lock_release_tag, &lock, nullptr);
    expect_bug_check(
        verifier_stop, [&] { IoReleaseRemoveLockAndWait(&lock, nullptr); }, verifier::remove_lock_release_and_wait_tag, &lock, nullptr);
    KeRaiseIrqlToDpcLevel();
    expect_bug_check(
        BugCode::irql_not_less_or_equal, [&] { IoReleaseRemoveLockAndWait(&lock, &irp); }, &lock, DISPATCH_LEVEL);
    EXPECT_EQ(observe::remove_lock_count(&lock), 2U);
    IoReleaseRemoveLock(&lock, &irp);
    IoReleaseRemoveLockAndWait(&lock, &irp);
    IO_REMOVE_LOCK raw{};
    expect_bug_check(
        verifier_stop, [&] { IoAcquireRemoveLock(&raw, &irp); }, verifier::resource_uninitialized, &raw);
}

}  // namespace
}  // namespace ddi::kernel
