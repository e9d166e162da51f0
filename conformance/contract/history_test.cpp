// What earlier calls ask of later ones: functions that must have been called, must follow, or are over for an object; values that a
// later call must name again; the order of locks.
#include "conformance/contract/history.h"

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
constexpr Rule preceded{"preceded-by", "s", "p.md", 3, "Wait Complete"};
constexpr Rule next_wait{"followed-by", "s", "p.md", 4, "Wait WaitMany"};
constexpr Rule later_end{"followed-by-later", "s", "p.md", 5, "End"};
constexpr Rule only_end{"afterwards-only", "s", "p.md", 6, "End Hand"};
constexpr Rule same_tag{"argument-same-Tag", "s", "p.md", 7, "Acquire"};
constexpr Rule given{"argument-same-Context", "s", "p.md", 8, "Make"};
constexpr Rule order_rule{"order", "s", "p.md", 9};

const Object kObject{"REF", "run-down reference", 0x1000};
const Object kOther{"REF", "run-down reference", 0x2000};

class HistoryTest : public testing::Test {
  protected:
    void SetUp() override {
        forget_everything();
        fake::thread() = {};
        initialize(kObject);
        initialize(kOther);
    }
    void initialize(const Object& object) {
        Call call("Initialize", nullptr);
        call.enter();
        call.leave();
        call.initialized(object);
    }
    template <class Before, class After>
    void call(const char* function, Before&& before, After&& after) {
        Call call(function, DDI_CALLER);
        before(call);
        call.enter();
        call.leave();
        after(call);
    }
    void use(const char* function, const Object& object) {
        call(
            function,
            [&](Call& c) {
                c.note_use(object);
                c.touches(object);
            },
            [](Call&) {});
    }
    void reinitialize(const Object& object) {
        call(
            "Reinitialize", [&](Call& c) { c.preceded_by(preceded, object); }, [&](Call& c) { c.initialized(object); });
    }
    void acquire(Key tag, std::size_t units = 1) {
        call(
            "Acquire", [](Call&) {},
            [&](Call& c) {
                c.acquired(acquire_rule, nullptr, kObject, Mode::shared, {.attempt = true, .units = units});
                c.gives("Tag", tag);
            });
    }
    void release(Key tag, std::size_t units = 1) {
        call(
            "Release",
            [&](Call& c) {
                c.releases({.release = release_rule, .same = {&same_tag, "Tag", tag}, .units = units}, kObject);
            },
            [](Call&) {});
    }
    Recorder recorder_;
};

TEST_F(HistoryTest, WhatMustComeBeforeIsAskedOfThisObjectsLife) {
    reinitialize(kObject);
    EXPECT_THAT(recorder_.rules(), ElementsAre("preceded-by"));
    recorder_.clear();
    use("Complete", kOther);
    use("Wait", kObject);
    reinitialize(kObject);
    EXPECT_THAT(recorder_.rules(), IsEmpty());
    reinitialize(kObject);  // a new life
    EXPECT_THAT(recorder_.rules(), ElementsAre("preceded-by"));
}

TEST_F(HistoryTest, OfAnUnknownObjectNobodyKnowsWhatCameBefore) {
    reinitialize({"REF", "run-down reference", 0x3000});
    EXPECT_THAT(recorder_.rules(), IsEmpty());
}

TEST_F(HistoryTest, TheNextCallOfTheThreadIsReportedUnderTheEarlierRule) {
    auto set = [&] {
        call(
            "Set", [](Call&) {}, [&](Call& c) { c.followed_by(next_wait, kObject.key, true); });
    };
    set();
    use("Wait", kObject);
    EXPECT_THAT(recorder_.rules(), IsEmpty());
    set();
    std::thread([&] { use("Clear", kObject); }).join();  // another thread's calls do not count
    EXPECT_THAT(recorder_.rules(), IsEmpty());
    use("Clear", kObject);
    ASSERT_THAT(recorder_.rules(), ElementsAre("followed-by"));
    EXPECT_EQ(recorder_.violations()[0].function, "Clear");
    use("Clear", kObject);
    EXPECT_EQ(recorder_.rules().size(), 1U);  // once
    recorder_.clear();
    set();
    EXPECT_EQ(check_quiescent(), 1U);
    EXPECT_THAT(recorder_.rules(), ElementsAre("followed-by"));
}

TEST_F(HistoryTest, ALaterCallMayTakeItsTimeUntilTheThreadIsQuiescent) {
    auto begin = [&](const Object& object) {
        call(
            "Begin", [](Call&) {}, [&](Call& c) { c.followed_by(later_end, object.key, false); });
    };
    begin(kObject);
    use("Other", kObject);
    use("End", kOther);  // not this object's
    use("End", kObject);
    EXPECT_EQ(check_quiescent(), 0U);
    begin(kObject);
    use("End", kOther);
    EXPECT_EQ(check_quiescent(), 1U);
    EXPECT_THAT(recorder_.rules(), ElementsAre("followed-by-later"));
}

TEST_F(HistoryTest, OnlyTheListedFunctionsAreLeftForThisThread) {
    auto hand = [&] {
        call(
            "Hand", [&](Call& c) { c.touches(kObject); }, [&](Call& c) { c.afterwards_only(only_end, kObject); });
    };
    acquire(1);
    hand();
    EXPECT_THAT(held_locks(), IsEmpty());  // nobody's own any more
    std::thread([&] { use("Ask", kObject); }).join();
    use("Ask", kOther);
    EXPECT_THAT(recorder_.rules(), IsEmpty());
    use("Ask", kObject);
    EXPECT_THAT(recorder_.rules(), ElementsAre("afterwards-only"));
    recorder_.clear();
    use("End", kObject);
    use("Ask", kObject);
    EXPECT_THAT(recorder_.rules(), IsEmpty());
    hand();
    initialize(kObject);
    use("Ask", kObject);
    EXPECT_THAT(recorder_.rules(), IsEmpty());
}

TEST_F(HistoryTest, AReleaseNamesTheTagOfSomeAcquisition) {
    acquire(1);
    std::thread([&] { acquire(2); }).join();
    release(2);  // the other thread's
    release(1);
    EXPECT_THAT(recorder_.rules(), IsEmpty());
    acquire(3);
    release(4);
    ASSERT_THAT(recorder_.rules(), ElementsAre("argument-same-Tag"));
    EXPECT_THAT(recorder_.violations()[0].required, HasSubstr("0x3"));
    recorder_.clear();
    release(3);
    EXPECT_THAT(recorder_.rules(), ElementsAre("release"));  // the wrong one was released
}

TEST_F(HistoryTest, SeveralUnitsAreReleasedTogetherOrOneByOne) {
    acquire(1, 3);
    release(1, 1);
    release(1, 2);
    EXPECT_THAT(held_locks(), IsEmpty());
    EXPECT_THAT(recorder_.rules(), IsEmpty());
    acquire(1, 2);
    release(1, 3);
    EXPECT_THAT(recorder_.rules(), ElementsAre("release"));
}

TEST_F(HistoryTest, AValueMustHaveBeenGivenBefore) {
    call(
        "Make", [](Call&) {}, [](Call& c) { c.gives("Context", 7); });
    call(
        "Use", [](Call& c) { c.argument_given(given, 7); }, [](Call&) {});
    EXPECT_THAT(recorder_.rules(), IsEmpty());
    call(
        "Use", [](Call& c) { c.argument_given(given, 8); }, [](Call&) {});
    EXPECT_THAT(recorder_.rules(), ElementsAre("argument-same-Context"));
}

TEST_F(HistoryTest, LocksOfOneDeviceHaveAnOrder) {
    auto take = [&](Key device, int place) {
        const Object lock{"numbered", "spin lock", key(device, place)};
        call(
            "Take", [&](Call& c) { c.order(order_rule, lock, device, place, "A, B"); },
            [&](Call& c) { c.acquired(acquire_rule, nullptr, lock); });
    };
    take(1, 2);
    take(2, 1);  // another device's
    EXPECT_THAT(recorder_.rules(), IsEmpty());
    take(1, 1);
    EXPECT_THAT(recorder_.rules(), ElementsAre("order"));
}

}  // namespace
}  // namespace ddi::contract
