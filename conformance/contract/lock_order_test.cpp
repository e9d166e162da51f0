// Potential deadlocks: locks acquired in a circle, by whatever thread at whatever time; and what is none.
#include "conformance/contract/lock_order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "conformance/contract/call.h"
#include "conformance/contract/contract.h"
#include "conformance/contract/fake_environment.h"

namespace ddi::contract {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr Rule acquire_rule{"acquire", "s", "p.md", 1};
constexpr Rule release_rule{"release", "s", "p.md", 2};

Object lock(Key number) { return {"LOCK", "spin lock", number}; }

[[gnu::noinline]] void acquire(const Object& object, Mode mode = Mode::exclusive, bool attempt = false) {
    Call call("Acquire", DDI_CALLER);
    call.enter();
    call.leave();
    call.acquired(acquire_rule, nullptr, object, mode, {.attempt = attempt});
}

void release(const Object& object) {
    Call call("Release", DDI_CALLER);
    call.releases({.release = release_rule}, object);
    call.enter();
    call.leave();
}

/// Acquires in this order and releases the other way round.
void use(const std::vector<Object>& objects, Mode mode = Mode::exclusive) {
    for (const auto& object : objects) acquire(object, mode);
    for (auto object = objects.rbegin(); object != objects.rend(); ++object) release(*object);
}

void use_in_other_thread(const std::vector<Object>& objects) {
    std::thread([&] { use(objects); }).join();
}

class LockOrderTest : public testing::Test {
  protected:
    void SetUp() override {
        forget_everything();
        fake::thread() = {};
        watch_lock_order([this](const LockOrderReport& report) { reports_.push_back(report); });
    }
    void TearDown() override { watch_lock_order({}); }
    std::vector<LockOrderReport> reports_;
    Recorder recorder_;
};

TEST_F(LockOrderTest, TheSameOrderIsFine) {
    use({lock(1), lock(2), lock(3)});
    use_in_other_thread({lock(1), lock(3)});
    EXPECT_THAT(reports_, IsEmpty());
}

TEST_F(LockOrderTest, TwoOrdersAreReportedOnceWithBothSteps) {
    use({lock(1), lock(2)});
    use_in_other_thread({lock(2), lock(1)});
    use_in_other_thread({lock(2), lock(1)});
    ASSERT_EQ(reports_.size(), 1U);
    const auto& steps = reports_[0].steps;
    ASSERT_EQ(steps.size(), 2U);
    EXPECT_EQ(steps[0].first.object, 2U);
    EXPECT_EQ(steps[0].then.object, 1U);
    EXPECT_EQ(steps[1].first.object, 1U);
    EXPECT_EQ(steps[1].then.object, 2U);
    EXPECT_NE(steps[0].thread, steps[1].thread);
    ASSERT_EQ(steps[1].held.size(), 1U);
    EXPECT_EQ(steps[1].held[0].object, 1U);
    EXPECT_THAT(steps[0].then.place, HasSubstr("contract_test"));
    EXPECT_THAT(format_lock_order(reports_[0]), HasSubstr("spin lock 0x2, acquired by Acquire at contract_test"));
    EXPECT_THAT(recorder_.rules(), IsEmpty());  // no violation of any page
}

TEST_F(LockOrderTest, LongerCirclesAreFound) {
    use({lock(1), lock(2)});
    use({lock(2), lock(3)});
    EXPECT_THAT(reports_, IsEmpty());
    use({lock(3), lock(1)});
    ASSERT_EQ(reports_.size(), 1U);
    EXPECT_EQ(reports_[0].steps.size(), 3U);
}

TEST_F(LockOrderTest, AnAttemptDoesNotWait) {
    use({lock(1), lock(2)});
    acquire(lock(2));
    acquire(lock(1), Mode::exclusive, true);
    release(lock(1));
    release(lock(2));
    EXPECT_THAT(reports_, IsEmpty());
    // But what the attempt took is held while others are waited for.
    acquire(lock(2), Mode::exclusive, true);
    acquire(lock(1));
    EXPECT_EQ(reports_.size(), 1U);
}

TEST_F(LockOrderTest, ReadersDoNotExcludeEachOther) {
    use({lock(1), lock(2)}, Mode::shared);
    use({lock(2), lock(1)}, Mode::shared);
    EXPECT_THAT(reports_, IsEmpty());
    use({lock(2), lock(1)});  // a writer against the readers
    EXPECT_EQ(reports_.size(), 1U);
}

TEST_F(LockOrderTest, ALockAroundBothOrdersLetsOnlyOneHappen) {
    use({lock(9), lock(1), lock(2)});
    use_in_other_thread({lock(9), lock(2), lock(1)});
    EXPECT_THAT(reports_, IsEmpty());
    use_in_other_thread({lock(2), lock(1)});  // outside of it
    EXPECT_EQ(reports_.size(), 1U);
}

TEST_F(LockOrderTest, RegionsAndRecursionAreNoWaits) {
    use({thread_object("critical region"), lock(1)});
    use({lock(1), thread_object("critical region")});
    use({lock(1), lock(2), lock(1)});
    EXPECT_THAT(reports_, IsEmpty());
}

TEST_F(LockOrderTest, ANewLifeOfAnAddressKnowsNoOrder) {
    use({lock(1), lock(2)});
    {
        Call call("Initialize", nullptr);
        call.enter();
        call.leave();
        call.initialized(lock(2));
    }
    use({lock(2), lock(1)});
    EXPECT_THAT(reports_, IsEmpty());
}

TEST_F(LockOrderTest, NothingIsRememberedWhileNobodyWatches) {
    watch_lock_order({});
    use({lock(1), lock(2)});
    watch_lock_order([this](const LockOrderReport& report) { reports_.push_back(report); });
    use({lock(2), lock(1)});
    EXPECT_THAT(reports_, IsEmpty());
}

TEST_F(LockOrderTest, DriversInCHearOfItToo) {
    std::vector<std::string> texts;
    ddi_contract_watch_lock_order(
        [](const ddi_lock_order_report* report, void* context) {
            for (size_t i = 0; i < report->count; ++i) static_cast<std::vector<std::string>*>(context)->push_back(report->steps[i].then);
        },
        &texts);
    use({lock(1), lock(2)});
    use({lock(2), lock(1)});
    EXPECT_THAT(texts, ElementsAre(HasSubstr("spin lock 0x1"), HasSubstr("spin lock 0x2")));
}

}  // namespace
}  // namespace ddi::contract
