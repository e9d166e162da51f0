#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "generator/emit/emit.h"
#include "generator/emit/tests/arguments.h"
#include "generator/emit/tests/call_text.h"
#include "generator/emit/tests/case_writer.h"
#include "generator/emit/tests/knowledge.h"
#include "generator/emit/tests/situation.h"
#include "generator/emit/wrappers/test_model.h"

namespace ddi::emit {
namespace {

using testing::HasSubstr;
using testing::Not;
using namespace tests;
using facts::Comparison;
using wrappers::testing::add_rule;
using wrappers::testing::lock_model;
using wrappers::testing::when;
namespace clause = facts::clause;

const Api& api_named(const model::Model& model, const std::string& name) { return *model.find_name(name).front(); }

class Knowing : public testing::Test {
  protected:
    Step step(const std::string& name) const {
        const Api& api = api_named(model_, name);
        return {&api, argument_choices(api, knowledge_.types()).front()};
    }
    model::Model model_ = lock_model();
    Knowledge knowledge_{model_};
};

TEST_F(Knowing, PairsAnAcquisitionWithTheReleaseThatThePagesName) {
    auto way = knowledge_.way_from(step("AaAcquireLock"));
    ASSERT_TRUE(way && way->release && way->initialize);
    EXPECT_EQ(way->release->api->name, "AaReleaseLock");
    EXPECT_EQ(way->initialize->api->name, "AaInitializeLock");
    EXPECT_FALSE(way->destroy);
    EXPECT_EQ(way->acquired, "");
}

TEST_F(Knowing, AHandleIsReleasedByAHandle) {
    auto way = knowledge_.way_from(step("AaAcquireQueuedLock"));
    ASSERT_TRUE(way && way->release);
    EXPECT_EQ(way->release->api->name, "AaReleaseQueuedLock");
    ASSERT_TRUE(way->initialize);
    EXPECT_EQ(way->initialize->api->name, "AaInitializeLock");
}

TEST_F(Knowing, AWaitOnAnUntypedParameterTakesTheMutexAndMayFail) {
    auto way = knowledge_.way_from(step("AaWait"));
    ASSERT_TRUE(way && way->release && way->initialize);
    EXPECT_EQ(way->release->api->name, "AaReleaseMutex");
    EXPECT_EQ(way->initialize->api->name, "AaInitializeMutex");
    EXPECT_EQ(way->acquired, "hand.result == 0");
}

TEST_F(Knowing, ConditionsOverArgumentsChooseTheLevels) {
    const Api& wait = api_named(model_, "AaWait");
    auto choices = argument_choices(wait, knowledge_.types());
    ASSERT_EQ(choices.size(), 3U);
    EXPECT_EQ(choices[0].tag(), "");
    EXPECT_EQ(knowledge_.levels({&wait, choices[0]}), facts::LevelSet::at_most(facts::Level::apc));
    EXPECT_EQ(choices[1].tag(), "_Timeout_zero");
    EXPECT_EQ(knowledge_.levels({&wait, choices[1]}), facts::LevelSet::at_most(facts::Level::dispatch));
    EXPECT_EQ(knowledge_.levels({&wait, choices[2]}), std::nullopt);
}

TEST_F(Knowing, CallsAreWrittenFromTheParametersParts) {
    EXPECT_EQ(*function_text(step("AaAcquireLock"), knowledge_),
              "const Function call_AaAcquireLock{\n    \"AaAcquireLock\",\n    [](Objects& objects, Hand& hand) { "
              "AaAcquireLock(objects.object<PLOCK>(\"LOCK\"), "
              "hand.irql_out<PKIRQL>()); },\n    Levels::at_most(Level::dispatch)};");
    EXPECT_THAT(*function_text(step("AaReleaseLock"), knowledge_), HasSubstr("AaReleaseLock(objects.object<PLOCK>(\"LOCK\"), hand.irql);"));
    EXPECT_THAT(*function_text(step("AaAcquireQueuedLock"), knowledge_),
                HasSubstr("(objects.object<PLOCK>(\"LOCK\"), hand.handle<PQUEUE_HANDLE>());"));
    EXPECT_THAT(*function_text(step("AaReleaseQueuedLock"), knowledge_),
                HasSubstr("[](Objects&, Hand& hand) { AaReleaseQueuedLock(hand.handle<PQUEUE_HANDLE>()); }"));
    EXPECT_THAT(*function_text(step("AaWait"), knowledge_), HasSubstr("hand.keep(AaWait(objects.object<PVOID>(\"MUTEX\"), nullptr));"));
    EXPECT_THAT(*function_text(step("AaReleaseMutex"), knowledge_),
                HasSubstr("hand.keep(AaReleaseMutex(objects.object<PMUTEX>(\"MUTEX\"), FALSE));"));
}

TEST_F(Knowing, AConditionInWordsIsNoTest) {
    Api api = api_named(model_, "AaTryLock");
    facts::Condition words;
    words.text = "if the moon is full";
    add_rule(api, "waits", clause::Waits{}, words);
    EXPECT_THAT(situation_of(api, api.rules.back(), knowledge_).impossible, HasSubstr("if the moon is full"));
}

TEST_F(Knowing, AConditionOverTheIrqlLimitsTheLevels) {
    Api api = api_named(model_, "AaTryLock");
    add_rule(api, "irql-unchanged", clause::IrqlUnchanged{}, when(Comparison::Subject::irql, "", "<", "DISPATCH_LEVEL"));
    auto situation = situation_of(api, api.rules.back(), knowledge_);
    EXPECT_EQ(situation.impossible, "");
    EXPECT_EQ(situation.within, facts::LevelSet::at_most(facts::Level::apc));
}

/// The family with shared holders, and a call that makes one of them the only holder.
model::Model converting_model() {
    auto model = lock_model();
    facts::Object lock{"spin lock", "Lock"};
    using wrappers::testing::make_api;
    auto share = make_api({"aa.h", "AaAcquireLockShared", "VOID", {{"PLOCK", "Lock"}}});
    add_rule(share, "acquire", clause::Acquire{lock, facts::Mode::shared});
    add_rule(share, "release-with", clause::ReleaseWith{lock, {"AaReleaseLockShared"}});
    auto unshare = make_api({"aa.h", "AaReleaseLockShared", "VOID", {{"PLOCK", "Lock"}}});
    add_rule(unshare, "release", clause::Release{lock, facts::Mode::shared});
    add_rule(unshare, "releases", clause::Releases{lock, {"AaAcquireLockShared"}});
    auto convert = make_api({"aa.h", "AaTryConvertLock", "BOOLEAN", {{"PLOCK", "Lock"}}});
    add_rule(convert, "convert", clause::Convert{lock, facts::Mode::shared, facts::Mode::exclusive, true});
    add_rule(convert, "irql-entry", clause::IrqlEntry{facts::LevelSet::at(facts::Level::dispatch)});
    add_rule(convert, "resident-Lock", clause::Resident{"Lock"}, when(Comparison::Subject::irql, "", ">=", "DISPATCH_LEVEL"));
    for (auto& api : {std::move(share), std::move(unshare), std::move(convert)}) model.apis.push_back(api);
    return model;
}

TEST(Converting, AHolderMakesTheCallAndGivesItBackInTheNewMode) {
    auto model = converting_model();
    Knowledge knowledge(model);
    Way way = knowledge.alone({&api_named(model, "AaTryConvertLock"), {}});
    ASSERT_EQ(way.hold.size(), 1U);
    EXPECT_EQ(way.hold[0].acquire.api->name, "AaAcquireLockShared");
    EXPECT_EQ(way.hold[0].release->api->name, "AaReleaseLockShared");
    ASSERT_TRUE(way.end);
    EXPECT_EQ(way.end->api->name, "AaReleaseLock");
}

TEST(Converting, AMisuseIsMadeAtALevelAtWhichTheRuleHolds) {
    text::Diagnostics diagnostics;
    auto files = emit_tests(converting_model(), diagnostics);
    const std::string& text = files.at("tests/aa_spin_lock_test.cpp");
    auto misuse = text.find("in_pageable_memory(\"DDI-aa-AaTryConvertLock-resident-Lock\"");
    ASSERT_NE(misuse, std::string::npos);
    EXPECT_THAT(text.substr(misuse, text.find('\n', misuse) - misuse), HasSubstr(", Levels::at_least(Level::dispatch));"));
    EXPECT_THAT(text, HasSubstr("converts(way_AaAcquireLockShared_AaReleaseLockShared, call_AaTryConvertLock, "
                                "way_AaAcquireLock_AaReleaseLock, call_AaReleaseLock, "));
}

TEST_F(Knowing, APlaceInAnOrderMayHaveSeveralLocks) {
    EXPECT_THAT(alternatives("Inner"), testing::ElementsAre("Inner"));
    EXPECT_THAT(alternatives("Inner|Outer"), testing::ElementsAre("Inner", "Outer"));
}

TEST_F(Knowing, OnlyWhatEndsAStateIsPrecededByItsBeginning) {
    EXPECT_TRUE(is_initial_state("unlocked"));
    EXPECT_FALSE(is_initial_state("locked"));
}

class Emitted : public testing::Test {
  protected:
    Emitted() {
        text::Diagnostics diagnostics;
        files_ = emit_tests(lock_model(), diagnostics);
        rules_ = nlohmann::json::parse(files_.at("rules.json"));
    }
    const nlohmann::json& rule(const std::string& id) const {
        for (const auto& entry : rules_["rules"]) {
            if (entry["id"] == id) return entry;
        }
        throw std::runtime_error("no rule " + id);
    }
    text::FileSet files_;
    nlohmann::json rules_;
};

TEST_F(Emitted, OneFileForEachKindOfObject) {
    EXPECT_THAT(files_.at("tests/sources.cmake"), HasSubstr("  aa_spin_lock_test.cpp\n"));
    EXPECT_TRUE(files_.contains("tests/aa_spin_lock_test.cpp"));
    EXPECT_TRUE(files_.contains("tests/aa_mutex_object_test.cpp"));
}

TEST_F(Emitted, ATestNamesItsRuleAndQuotesTheSentence) {
    const std::string& text = files_.at("tests/aa_spin_lock_test.cpp");
    EXPECT_THAT(text, HasSubstr("// \"A sentence about \"irql-raise\".\" aa/nf-AaAcquireLock.md:2\n"
                                "TEST_F(aa_spin_lock, DDI_aa_AaAcquireLock_irql_raise) {\n"
                                "    RecordProperty(\"rule\", \"DDI-aa-AaAcquireLock-irql-raise\");\n"
                                "    raises_irql(way_AaAcquireLock_AaReleaseLock, Level::dispatch);\n}"));
    EXPECT_EQ(rule("DDI-aa-AaAcquireLock-irql-raise")["tests"], nlohmann::json({"aa_spin_lock.DDI_aa_AaAcquireLock_irql_raise"}));
}

TEST_F(Emitted, MisuseIsForTheCheckedBuildOnly) {
    const std::string& text = files_.at("tests/aa_spin_lock_test.cpp");
    auto checked = text.find("#ifdef DDI_WRAPPED");
    ASSERT_NE(checked, std::string::npos);
    auto misuse = text.find("acquired_again(\"DDI-aa-AaAcquireLock-recursion\", way_AaAcquireLock_AaReleaseLock);");
    ASSERT_NE(misuse, std::string::npos);
    EXPECT_GT(misuse, checked);
    EXPECT_THAT(text.substr(0, checked), Not(HasSubstr("_violated")));
}

TEST_F(Emitted, WhatNoTestCanShowHasItsReason) {
    // A deadlock has no test of behaviour, but a misuse; a promise has it the other way round.
    EXPECT_THAT(rule("DDI-aa-AaAcquireLock-recursion")["no_behaviour"].get<std::string>(), HasSubstr("deadlock"));
    EXPECT_THAT(rule("DDI-aa-AaAcquireLock-irql-save")["no_violation"].get<std::string>(), HasSubstr("faulty implementation"));
    for (const auto& entry : rules_["rules"]) EXPECT_NE(entry["tests"].empty(), !entry.contains("untested")) << entry["id"];
}

TEST_F(Emitted, TextFromPagesStaysInsideItsComment) {
    auto model = lock_model();
    auto& rule = model.apis[1].rules[0];
    rule.clause.cite.verbatim = "ends */ here\nint injected; \\";
    text::Diagnostics diagnostics;
    auto files = emit_tests(model, diagnostics);
    for (const auto& [name, text] : files) {
        for (std::size_t at = 0; at < text.size();) {
            std::size_t end = text.find('\n', at);
            std::string line = text.substr(at, end - at);
            if (line.find("injected") != std::string::npos && name != "rules.json") {
                EXPECT_EQ(line.rfind("// ", 0), 0U) << line;
                EXPECT_NE(line.back(), '\\');
            }
            at = end + 1;
        }
    }
}

}  // namespace
}  // namespace ddi::emit
