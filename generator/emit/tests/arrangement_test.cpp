// What a call of a test is given, and what comes before it: legal numbers, second objects, structures that one call leaves for another,
// levels at which a queue can be looked at, the routines of a queue's lock.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "generator/emit/emit.h"
#include "generator/emit/tests/call_text.h"
#include "generator/emit/tests/cast.h"
#include "generator/emit/tests/situation.h"
#include "generator/emit/wrappers/test_model.h"

namespace ddi::emit {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using namespace tests;
using facts::Comparison;
using facts::Direction;
using facts::Level;
using facts::LevelSet;
using wrappers::testing::add_rule;
using wrappers::testing::make_api;
using wrappers::testing::make_type;
using wrappers::testing::when;
namespace clause = facts::clause;

/// A bell that rings at a time or for a routine that waits in a line; a basket of slips under a lock that the driver supplies.
model::Model bell_model() {
    model::Model model;
    model.types = {make_type("BELL", "_BELL", "", {"PBELL"}), make_type("HAMMER", "_HAMMER", "", {"PHAMMER"}),
                   make_type("BASKET", "_BASKET", "", {"PBASKET"}), make_type("SLIP", "_SLIP", "", {"PSLIP"})};
    for (const char* routine : {"PAA_LOCK", "PAA_UNLOCK", "PAA_PUT"}) model.types.push_back(make_type(routine, "", "VOID (*)(PVOID)", {}));
    facts::Object bell{"bell", "Bell"}, hammer{"hammer", "Hammer"}, basket{"basket", "Basket"};
    auto state = [](const char* value) { return when(Comparison::Subject::state, "object", "==", value); };

    auto make = make_api({"aa.h", "AaMakeBell", "VOID", {{"PBELL", "Bell"}, {"LONG", "Count"}, {"LONG", "Limit"}}});
    make.signature->parameters[2].text.emplace_back().text = "The highest count that the bell can reach. It must be positive.";
    add_rule(make, "argument-value-Count", clause::ArgumentValue{"Count", ">", {"0"}});
    add_rule(make, "argument-value-Limit", clause::ArgumentValue{"Limit", ">", {"0"}});
    add_rule(make, "initialize", clause::Initialize{bell});
    add_rule(make, "sets-state", clause::SetsState{bell, "signaled"}, when(Comparison::Subject::parameter, "Count", "!=", "0"));

    auto make_hammer = make_api({"aa.h", "AaMakeHammer", "VOID", {{"PHAMMER", "Hammer"}}});
    add_rule(make_hammer, "initialize", clause::Initialize{hammer});

    auto set = make_api({"aa.h", "AaSetBell", "BOOLEAN", {{"PBELL", "Bell"}, {"LARGE_INTEGER", "Due"}, {"PHAMMER", "Hammer"}}});
    set.signature->parameters[2].optional = true;
    add_rule(set, "requires-initialized", clause::RequiresInitialized{bell, {}});
    add_rule(set, "requires-initialized-Hammer", clause::RequiresInitialized{hammer, {"AaMakeHammer"}});
    add_rule(set, "sets-state-queued", clause::SetsState{bell, "queued"});

    auto line_up = make_api({"aa.h", "AaLineUp", "BOOLEAN", {{"PHAMMER", "Hammer"}}});
    add_rule(line_up, "irql-entry", clause::IrqlEntry{LevelSet::all()});
    add_rule(line_up, "requires-initialized", clause::RequiresInitialized{hammer, {}});
    add_rule(line_up, "returns-FALSE", clause::Returns{"FALSE"}, state("queued"));
    add_rule(line_up, "sets-state-queued", clause::SetsState{hammer, "queued"});

    auto listen = make_api({"aa.h", "AaListen", "BOOLEAN", {{"PBELL", "Bell"}, {"ULONG", "Limit"}}});
    add_rule(listen, "irql-entry", clause::IrqlEntry{LevelSet::at(Level::passive)});
    add_rule(listen, "waits", clause::Waits{bell, true}, when(Comparison::Subject::parameter, "Limit", "==", "0"));

    auto weave =
        make_api({"aa.h", "AaWeave", "VOID", {{"PBASKET", "Basket"}, {"PAA_LOCK", "Lock"}, {"PAA_UNLOCK", "Unlock"}, {"PAA_PUT", "Put"}}});
    add_rule(weave, "initialize", clause::Initialize{basket});
    auto put = make_api({"aa.h", "AaPut", "VOID", {{"PBASKET", "Basket"}, {"PSLIP", "Slip"}}});
    put.signature->parameters[1].direction = Direction::out;
    auto take = make_api({"aa.h", "AaTake", "PVOID", {{"PBASKET", "Basket"}, {"PSLIP", "Slip"}}});
    take.signature->parameters[1].direction = Direction::in;
    for (auto* api : {&put, &take}) {
        add_rule(*api, "requires-initialized", clause::RequiresInitialized{basket, {"AaWeave"}});
        add_rule(*api, "calls-Lock", clause::Calls{"Lock", {}, {}});
        add_rule(*api, "calls-Unlock", clause::Calls{"Unlock", {}, {}});
    }
    auto lock = make_api({"aa.h", "AA_LOCK", "VOID", {{"PBASKET", "Basket"}, {"PKIRQL", "Irql"}}}, page::PageKind::callback);
    add_rule(lock, "acquire", clause::Acquire{{"basket lock", "Basket"}});
    auto unlock = make_api({"aa.h", "AA_UNLOCK", "VOID", {{"PBASKET", "Basket"}, {"KIRQL", "Irql"}}}, page::PageKind::callback);
    add_rule(unlock, "release", clause::Release{{"basket lock", "Basket"}});

    model.apis = {std::move(make),  std::move(make_hammer), std::move(set),  std::move(line_up), std::move(listen),
                  std::move(weave), std::move(put),         std::move(take), std::move(lock),    std::move(unlock)};
    return model;
}

class Arranging : public testing::Test {
  protected:
    const Api& api(const std::string& name) const { return *model_.find_name(name).front(); }
    Step step(const std::string& name) const { return {&api(name), argument_choices(api(name), knowledge_.types()).front()}; }
    Situation situation(const std::string& name, const std::string& rule) const {
        for (const auto& candidate : api(name).rules) {
            if (candidate.id.ends_with(rule)) return situation_of(api(name), candidate, knowledge_);
        }
        throw std::runtime_error("no rule " + rule);
    }
    model::Model model_ = bell_model();
    Knowledge knowledge_{model_};
};

TEST_F(Arranging, NumbersAreLegalAndAMaximumLeavesRoom) {
    EXPECT_EQ(argument_choices(api("AaMakeBell"), knowledge_.types()).size(), 1U) << "zero is a count that the condition tells apart";
    EXPECT_THAT(*function_text(step("AaMakeBell"), knowledge_),
                HasSubstr("(objects.object<PBELL>(\"BELL\"), static_cast<LONG>(1), static_cast<LONG>(0 + 1000));"));
}

TEST_F(Arranging, ATimeIsFarAheadAndASecondObjectIsMadeIfItIsWanted) {
    EXPECT_THAT(*function_text(step("AaSetBell"), knowledge_),
                HasSubstr("(objects.object<PBELL>(\"BELL\"), far_ahead<LARGE_INTEGER>(), nullptr)"));
    Step with = step("AaSetBell");
    with.arguments.values["Hammer"] = "other";
    std::string text = *function_text(with, knowledge_);
    EXPECT_THAT(text, HasSubstr("objects.object<PHAMMER>(\"HAMMER\")"));
    EXPECT_THAT(text, HasSubstr("{&call_AaMakeHammer}"));
}

TEST_F(Arranging, WhatRunsBelowDispatchLevelIsSeenInItsQueueAboveOnly) {
    auto found = situation("AaLineUp", "returns-FALSE");
    EXPECT_EQ(found.impossible, "");
    EXPECT_EQ(found.within, LevelSet::at_least(Level::dispatch));
    EXPECT_TRUE(runs_below_dispatch(step("AaLineUp"), "queued", knowledge_));
    EXPECT_FALSE(runs_below_dispatch(step("AaSetBell"), "queued", knowledge_)) << "it waits for its time";
}

TEST_F(Arranging, AFunctionThatOnlyWaitsIsGivenALimit) {
    EXPECT_EQ(situation("AaListen", "irql-entry").arguments.values.at("Limit"), "1");
    EXPECT_EQ(situation("AaListen", "waits").arguments.values.at("Limit"), "0");
}

TEST_F(Arranging, WhatOneCallFillsAnotherOneTakes) {
    EXPECT_THAT(*function_text(step("AaTake"), knowledge_), HasSubstr("objects.plain<PSLIP>(\"SLIP\")"));
    EXPECT_THAT(*function_text(step("AaPut"), knowledge_), HasSubstr("objects.plain<PSLIP>(\"SLIP\")"));
    ASSERT_TRUE(filler_of(step("AaTake"), knowledge_));
    EXPECT_EQ(filler_of(step("AaTake"), knowledge_)->api->name, "AaPut");
    EXPECT_FALSE(filler_of(step("AaPut"), knowledge_));
}

TEST_F(Arranging, ALockOfTheDriversIsSeenFromTheFunctionsThatCallIt) {
    text::Diagnostics diagnostics;
    auto files = emit_tests(model_, diagnostics);
    std::string text = files.at("tests/aa_callbacks_test.cpp");
    EXPECT_THAT(text, HasSubstr("locks_by_routines(way_AaTake_after_AaPut, call_AaTake, \"PAA_LOCK\", \"PAA_UNLOCK\");"));
    EXPECT_THAT(text, HasSubstr("DDI_aa_AA_UNLOCK_release"));
    EXPECT_THAT(files.at("tests/aa_basket_test.cpp"), HasSubstr("calls_routine(way_AaPut, call_AaPut, \"PAA_LOCK\", Levels{});"));
}

TEST_F(Arranging, ABrokenArgumentMakesACallOfItsOwn) {
    text::Diagnostics diagnostics;
    std::string text = emit_tests(model_, diagnostics).at("tests/aa_bell_test.cpp");
    auto broken = text.find("const Function call_AaMakeBell_Count__1_Limit__0{");
    ASSERT_NE(broken, std::string::npos);
    EXPECT_THAT(text.substr(broken), HasSubstr("static_cast<LONG>(1), static_cast<LONG>(0));"));
}

}  // namespace
}  // namespace ddi::emit
