// Clauses → statements of a wrapper: which, in which order, under which condition.
#include "generator/emit/wrappers/checks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "generator/emit/wrappers/test_model.h"

namespace ddi::emit::wrappers {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
namespace clause = facts::clause;

class ChecksTest : public ::testing::Test {
  protected:
    const model::Api& api(const std::string& name) const { return *model_.find_name(name).at(0); }
    Plan plan(const std::string& name) const { return plan_checks(api(name), context_); }
    Checked when(const std::string& function, const std::string& kind) const {
        for (const auto& rule : api(function).rules) {
            if (rule.id.ends_with("-" + function + "-" + kind)) return checked(api(function), rule, context_);
        }
        ADD_FAILURE() << "no rule " << kind;
        return Checked::never;
    }
    model::Model model_ = testing::lock_model();
    Context context_{model_};
};

TEST_F(ChecksTest, AnAcquisitionChecksLevelThenObjectThenRecursionAndAfterwardsItsEffects) {
    Plan acquire = plan("AaAcquireLock");
    EXPECT_THAT(acquire.objects, ElementsAre(R"(const contract::Object spin_lock{"LOCK", "spin lock", contract::key(Lock)};)"));
    EXPECT_THAT(acquire.entry, ElementsAre("call.entry_irql(rule::irql_entry, contract::Levels::at_most(contract::Level::dispatch));"));
    EXPECT_THAT(acquire.before, ElementsAre("call.requires_initialized(rule::requires_initialized, spin_lock);",
                                            "call.not_combined(ddi_rules::AaAcquireQueuedLock::not_combined, spin_lock);",
                                            "call.touches(spin_lock);",  // the try's page speaks of a free lock
                                            "call.recursion_deadlocks(rule::recursion, spin_lock);"));
    EXPECT_THAT(acquire.after,
                ElementsAre("call.acquired(rule::acquire, &rule::release_with, spin_lock);",
                            "call.raised(rule::irql_raise, contract::Level::dispatch);", "call.saved(rule::irql_save, *OldIrql);"));
}

TEST_F(ChecksTest, AReleaseChecksItsHoldBeforeTheSavedArgument) {
    Plan release = plan("AaReleaseLock");
    EXPECT_THAT(release.entry, ElementsAre("call.entry_irql(rule::irql_entry, contract::Levels::at(contract::Level::dispatch));"));
    EXPECT_THAT(release.before, ElementsAre("call.touches(spin_lock);",
                                            "call.releases({.release = rule::release, .releases = &rule::releases}, spin_lock);",
                                            "call.argument_saved(rule::argument_NewIrql, NewIrql);"));
    EXPECT_THAT(release.after, ElementsAre("call.restored(rule::irql_restore, NewIrql);"));
}

TEST_F(ChecksTest, EffectsOfATryAreThoseOfItsSuccess) {
    Plan attempt = plan("AaTryLock");
    EXPECT_THAT(
        attempt.after,
        Contains("if (result != 0) call.acquired(rule::acquire, nullptr, spin_lock, contract::Mode::exclusive, {.attempt = true});"));
    EXPECT_THAT(attempt.after, Contains("if (result != 0) call.raised(rule::irql_raise, contract::Level::dispatch);"));
    EXPECT_THAT(attempt.captured,
                ElementsAre(HasSubstr("when_returns_FALSE = call.held_by_caller("), HasSubstr("when_returns_TRUE = call.is_free(")));
    EXPECT_THAT(attempt.after, Contains("if (when_returns_FALSE) call.returns(rule::returns_FALSE, result == 0, \"FALSE\");"));
    // Whether a lock is free may change between the look and the call, unless only this thread ever used it.
    EXPECT_THAT(attempt.after, Contains(HasSubstr("if (when_returns_TRUE && call.undisturbed(")));
    EXPECT_EQ(when("AaTryLock", "returns-TRUE"), Checked::after);
    EXPECT_EQ(when("AaTryLock", "returns-FALSE"), Checked::after);
}

TEST_F(ChecksTest, AQueueHandleTiesReleaseToAcquisition) {
    EXPECT_THAT(
        plan("AaAcquireQueuedLock").objects,
        ElementsAre(R"(const contract::Object queued_spin_lock{"LOCK", "queued spin lock", contract::key(Lock), contract::key(Handle)};)"));
    EXPECT_THAT(plan("AaReleaseQueuedLock").objects,
                ElementsAre(R"(const contract::Object queued_spin_lock{"LOCK", "queued spin lock", 0, contract::key(Handle)};)"));
}

TEST_F(ChecksTest, AWaitOnAnUntypedObjectCountsOnlyForKnownMutexes) {
    Plan wait = plan("AaWait");
    EXPECT_THAT(wait.objects,
                ElementsAre(R"(const contract::Object mutex_object{"MUTEX", "mutex object", contract::key(Object), 0, 0, true};)"));
    EXPECT_THAT(
        wait.entry,
        ElementsAre(
            "if (Timeout == nullptr) call.entry_irql(rule::irql_entry_Timeout_NULL, contract::Levels::at_most(contract::Level::apc));",
            "if (Timeout != nullptr && Timeout->QuadPart == 0) call.entry_irql(rule::irql_entry_Timeout_0, "
            "contract::Levels::at_most(contract::Level::dispatch));"));
    EXPECT_THAT(wait.after,
                ElementsAre("if (result == 0 && call.is_known(mutex_object)) call.acquired(rule::acquire, nullptr, mutex_object);",
                            "if (result == 0x80 /* STATUS_ABANDONED */) call.acquired(rule::acquire, nullptr, mutex_object);",
                            "if (result == 0 && call.is_known(mutex_object)) if (call.took(\"mutex object\")) "
                            "call.apcs_disabled(rule::apc_disable, contract::Apcs::normal);"));
}

TEST_F(ChecksTest, ABooleanParameterIsComparedWithZero) {
    EXPECT_THAT(plan("AaReleaseMutex").entry,
                Contains("if (Wait != 0) call.entry_irql(rule::irql_entry_Wait_TRUE, contract::Levels::at_most(contract::Level::apc));"));
}

TEST_F(ChecksTest, EveryRuleSaysWhenItIsChecked) {
    EXPECT_EQ(when("AaAcquireLock", "irql-entry"), Checked::before);
    EXPECT_EQ(when("AaAcquireLock", "irql-save"), Checked::after);
    EXPECT_EQ(when("AaAcquireLock", "release-with"), Checked::before);
    EXPECT_EQ(when("AaReleaseLock", "releases"), Checked::before);
    EXPECT_EQ(when("AaInitializeLock", "initialize"), Checked::never);
}

TEST_F(ChecksTest, AnObjectThatNoKnownFunctionInitializesIsNotAsked) {
    auto acquire = testing::make_api({"aa.h", "AaAcquireOther", "VOID", {{"PLOCK", "Lock"}}});
    testing::add_rule(acquire, "requires-initialized", clause::RequiresInitialized{{"spin lock", "Lock"}, {"AaUndocumented"}});
    model_.apis.push_back(acquire);
    EXPECT_THAT(plan_checks(model_.apis.back(), Context(model_)).before, ElementsAre("call.touches(spin_lock);"));
}

TEST_F(ChecksTest, AnObjectThatNeedNotBeGivenNeedNotBeInitialized) {
    auto start = testing::make_api({"aa.h", "AaStart", "VOID", {{"PMUTEX", "Mutex"}, {"PLOCK", "Lock"}}});
    start.signature->parameters[1].optional = true;
    testing::add_rule(start, "requires-initialized", clause::RequiresInitialized{{"mutex object", "Mutex"}, {}});
    testing::add_rule(start, "requires-initialized-Lock", clause::RequiresInitialized{{"spin lock", "Lock"}, {"AaInitializeLock"}});
    model_.apis.push_back(start);
    auto plan = plan_checks(model_.apis.back(), Context(model_));
    EXPECT_THAT(plan.before, Contains("call.requires_initialized(rule::requires_initialized, mutex_object);"));
    EXPECT_THAT(plan.before, Contains("if (Lock != nullptr) call.requires_initialized(rule::requires_initialized_Lock, spin_lock);"));
}

TEST_F(ChecksTest, ACallByAMacrosNameIsSeenAsTheFunctions) {
    auto ring = testing::make_api({"aa.h", "AaRing", "VOID", {{"PMUTEX", "Mutex"}, {"BOOLEAN", "Wait"}}});
    testing::add_rule(ring, "followed-by-Wait-TRUE", clause::FollowedBy{{"mutex object", "Mutex"}, {"AaWait", "AaWaitMacro"}, true},
                      testing::when(facts::Comparison::Subject::parameter, "Wait", "==", "TRUE"));
    model_.apis.push_back(ring);
    const std::string check = "if (Wait != 0) call.followed_by(rule::followed_by_Wait_TRUE, contract::key(Mutex), true);";
    EXPECT_THAT(plan_checks(model_.apis.back(), Context(model_)).after, Not(Contains(check))) << "nobody sees that call";
    model_.macros.push_back({"AaWaitMacro", "AaWait", {}});
    EXPECT_THAT(plan_checks(model_.apis.back(), Context(model_)).after, Contains(check));
}

TEST_F(ChecksTest, AConditionInWordsIsNeverGuessed) {
    auto function = testing::make_api({"aa.h", "AaF", "VOID", {}});
    facts::Condition words;
    words.text = "on a Tuesday";
    testing::add_rule(function, "irql-entry", clause::IrqlEntry{facts::LevelSet::at(facts::Level::passive)}, words);
    model_.apis.push_back(function);
    EXPECT_TRUE(plan_checks(model_.apis.back(), Context(model_)).empty());
}

TEST_F(ChecksTest, ALockOfAnObjectIsKeyedByNounAndAParentsByTheParent) {
    facts::Object of_pin{"control mutex", "Pin"}, of_filter{"control mutex", "Filter"};
    auto pin = testing::make_api({"ks.h", "AcquirePin", "void", {{"PPIN", "Pin"}}});
    testing::add_rule(pin, "acquire", clause::Acquire{of_pin});
    testing::add_rule(pin, "same-object", clause::SameObject{of_pin, "filter"});
    auto filter = testing::make_api({"ks.h", "ReleaseFilter", "void", {{"PFILTER", "Filter"}}});
    testing::add_rule(filter, "release", clause::Release{of_filter});
    auto parent = testing::make_api({"ks.h", "PinGetParentFilter", "PFILTER", {{"PPIN", "Pin"}}});
    auto close = testing::make_api({"ks.h", "CLOSE", "NTSTATUS", {{"PPIN", "Pin"}, {"PIRP", "Irp"}}}, page::PageKind::callback);
    testing::add_rule(close, "held-on-entry", clause::HeldOnEntry{{"control mutex", ""}});
    testing::add_rule(close, "pending", clause::Pending{"STATUS_PENDING", "MarkPending", "Complete"});
    auto mark = testing::make_api({"ks.h", "MarkPending", "void", {{"PIRP", "Irp"}}});
    model::Model model;
    model.types = {testing::make_type("PIN", "_PIN", "", {"PPIN"}), testing::make_type("FILTER", "_FILTER", "", {"PFILTER"}),
                   testing::make_type("IRP", "_IRP", "", {"PIRP"})};
    model.apis = {pin, filter, parent, close, mark};
    Context context(model);
    const char* of_parent = R"({"control mutex", "control mutex", contract::key(PinGetParentFilter(Pin)), 0, contract::key(Pin)})";
    EXPECT_THAT(plan_checks(model.apis[0], context).objects, ElementsAre(HasSubstr(of_parent)));
    EXPECT_THAT(plan_checks(model.apis[1], context).objects,
                ElementsAre(HasSubstr(R"({"control mutex", "control mutex", contract::key(Filter)})")));
    Plan callback = plan_checks(model.apis[3], context);
    EXPECT_THAT(callback.objects, ElementsAre(HasSubstr(of_parent)));
    EXPECT_THAT(callback.before, ElementsAre("call.held_on_entry(rule::held_on_entry, control_mutex);"));
    EXPECT_THAT(
        callback.after,
        ElementsAre("call.pending(rule::pending, result == static_cast<NTSTATUS>(0x00000103) /* STATUS_PENDING */, contract::key(Irp));"));
    EXPECT_THAT(plan_checks(model.apis[4], context).after, ElementsAre("call.note(contract::key(Irp));"));
}

TEST_F(ChecksTest, AnObjectThatACallCreatesIsKnownAfterIt) {
    auto create = testing::make_api({"bb.h", "BbCreate", "VP_STATUS", {{"PBOX *", "Box"}}});
    testing::add_rule(create, "initialize", clause::Initialize{{"box lock", "Box"}});
    auto acquire = testing::make_api({"bb.h", "BbAcquire", "VOID", {{"PBOX", "Box"}}});
    testing::add_rule(acquire, "acquire", clause::Acquire{{"box lock", "Box"}});
    model::Model model;
    model.types = {testing::make_type("BOX", "_BOX", "", {"PBOX"})};
    auto release = testing::make_api({"bb.h", "BbRelease", "VOID", {{"PBOX", "Box"}}});
    testing::add_rule(release, "release", clause::Release{{"box lock", "Box"}});
    model.apis = {create, acquire, release};
    Context context(model);
    EXPECT_THAT(plan_checks(model.apis[0], context).after,
                ElementsAre(R"(if (result == 0) call.initialized(contract::Object{"BOX", "box lock", contract::key(*Box)});)"));
    EXPECT_THAT(plan_checks(model.apis[1], context).objects, ElementsAre(HasSubstr(R"({"BOX", "box lock", contract::key(Box)})")));
}

TEST_F(ChecksTest, WhatNoPageReleasesIsNotHeldForEver) {
    auto enter = testing::make_api({"bb.h", "BbEnter", "VOID", {}});
    testing::add_rule(enter, "acquire", clause::Acquire{{"odd region", ""}});
    auto leave = testing::make_api({"bb.h", "BbLeave", "VOID", {}});
    model::Model model;
    model.apis = {enter, leave};
    EXPECT_TRUE(plan_checks(model.apis[0], Context(model)).empty());
    testing::add_rule(model.apis[1], "release", clause::Release{{"odd region", ""}});
    EXPECT_FALSE(plan_checks(model.apis[0], Context(model)).empty());
}

TEST_F(ChecksTest, AnOmittedQualifierIsTheSameLock) {
    auto acquire = testing::make_api({"bb.h", "BbAcquire", "VOID", {{"PVOID", "Object"}}});
    testing::add_rule(acquire, "acquire", clause::Acquire{{"filter control mutex", "Object"}});
    auto release = testing::make_api({"bb.h", "BbRelease", "VOID", {{"PVOID", "Object"}}});
    testing::add_rule(release, "release", clause::Release{{"control mutex", "Object"}});
    model::Model model;
    model.apis = {acquire, release};
    EXPECT_EQ(plan_checks(model.apis[0], Context(model)).objects, plan_checks(model.apis[1], Context(model)).objects);
}

TEST_F(ChecksTest, TheInitializersPageMayForbidRecursionForAllWhoAcquire) {
    testing::add_rule(model_.apis[6], "recursion", clause::Recursion{{"mutex object", "Mutex"}, clause::RecursionRule::deadlock});
    Context context(model_);
    ASSERT_EQ(model_.apis[6].name, "AaInitializeMutex");
    EXPECT_THAT(plan_checks(api("AaWait"), context).before,
                Contains("call.recursion_deadlocks(ddi_rules::AaInitializeMutex::recursion, mutex_object);"));
    EXPECT_EQ(checked(model_.apis[6], model_.apis[6].rules.back(), context), Checked::before);
}

TEST_F(ChecksTest, AnyLevelIsNotAsked) {
    auto any = testing::make_api({"bb.h", "BbAny", "VOID", {}});
    testing::add_rule(any, "irql-entry", clause::IrqlEntry{facts::LevelSet::all()});
    model::Model model;
    model.apis = {any};
    EXPECT_TRUE(plan_checks(model.apis[0], Context(model)).empty());
}

TEST_F(ChecksTest, AParameterNamedLikeALocalDoesNotClash) {
    auto acquire = testing::make_api({"aa.h", "AaOdd", "VOID", {{"PLOCK", "spin_lock"}}});
    testing::add_rule(acquire, "acquire", clause::Acquire{{"spin lock", "spin_lock"}});
    model_.apis.push_back(acquire);
    EXPECT_THAT(plan_checks(model_.apis.back(), Context(model_)).objects, ElementsAre(HasSubstr("contract::Object spin_lock_{")));
}

}  // namespace
}  // namespace ddi::emit::wrappers
