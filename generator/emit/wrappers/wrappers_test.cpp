// Whole files: what is wrapped where, how rules are cited, attributes and guards.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "generator/emit/emit.h"
#include "generator/emit/wrappers/guards.h"
#include "generator/emit/wrappers/selection.h"
#include "generator/emit/wrappers/test_model.h"

namespace ddi::emit {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
namespace clause = facts::clause;

text::FileSet emit(const model::Model& model) {
    text::Diagnostics diagnostics;
    return emit_wrappers(model, diagnostics);
}

TEST(WrappersTest, ARuleCarriesItsCitation) {
    auto files = emit(wrappers::testing::lock_model());
    EXPECT_THAT(
        files.at("wrappers/aa.cpp"),
        HasSubstr(
            R"(inline constexpr contract::Rule release_with{"DDI-aa-AaAcquireLock-release-with", "A sentence about \"release-with\".", "aa/nf-AaAcquireLock.md", 2, "AaReleaseLock"};)"));
    EXPECT_THAT(files.at("wrappers/aa.cpp"), HasSubstr("    call.enter();\n    const auto result = AaTryLock(Lock);\n    call.leave();\n"));
}

TEST(WrappersTest, TheEntryLevelIsCheckedBeforeTheObjectIsLookedFor) {
    auto files = emit(wrappers::testing::lock_model());
    EXPECT_THAT(files.at("wrappers/aa.cpp"),
                HasSubstr("    contract::Call call(\"AaReleaseLock\", DDI_CALLER);\n    call.entry_irql(rule::irql_entry, "
                          "contract::Levels::at(contract::Level::dispatch));\n    const contract::Object spin_lock{"));
}

TEST(WrappersTest, ASentenceCannotEndTheLiteralOrTheComment) {
    auto model = wrappers::testing::lock_model();
    model.apis[0].rules[0].clause.cite.verbatim =
        "a \"quoted\\\" line\nwith \x01 and ?"
        "?/";
    model.attribution = "by */ int x; /*";
    auto files = emit(model);
    EXPECT_THAT(files.at("wrappers/aa.cpp"), Not(HasSubstr("quoted\\\" line\n")));
    EXPECT_THAT(files.at("wrappers/aa.h"), Not(HasSubstr("by */ int")));
}

TEST(WrappersTest, TheHeaderTakesTheStubsPlaceAndTheSourceDoesNotRedirectItself) {
    auto files = emit(wrappers::testing::lock_model());
    EXPECT_THAT(files.at("wrappers/aa.h"), HasSubstr("#include \"../include/aa.h\""));
    EXPECT_THAT(files.at("wrappers/aa.h"), HasSubstr("#define AaWait ddi_checked_AaWait"));
    EXPECT_THAT(files.at("wrappers/aa.cpp"), HasSubstr("#define DDI_CHECKED_DECLARATIONS_ONLY\n#include \"aa.h\""));
}

TEST(WrappersTest, AFunctionOfTwoHeadersIsWrappedInTheOneThatTheOtherIncludes) {
    model::Model model;
    for (const char* header : {"kb.h", "kz.h"}) {
        auto api = wrappers::testing::make_api({header, "KxF", "VOID", {}});
        wrappers::testing::add_rule(api, "irql-entry", clause::IrqlEntry{facts::LevelSet::at(facts::Level::passive)});
        model.apis.push_back(api);
    }
    wrappers::StubHeaders stubs = {
        {"ka.h", {{}, {"kb.h"}, {}}}, {"kb.h", {{&model.apis[0]}, {"kz.h"}, {}}}, {"kz.h", {{&model.apis[1]}, {}, {}}}};
    wrappers::Context context(model);
    auto headers = wrappers::select_wrapped(model, stubs, context);
    ASSERT_EQ(headers.at("kz.h").functions.size(), 1U);
    EXPECT_THAT(headers.at("kb.h").functions, IsEmpty());
    EXPECT_THAT(headers.at("kb.h").includes, ElementsAre("kz.h"));
    EXPECT_THAT(headers.at("ka.h").includes, ElementsAre("kz.h"));  // code that includes only ka.h is checked too
}

TEST(WrappersTest, RulesOfAllPagesOfAFunctionAreJoined) {
    model::Model model;
    for (const char* header : {"kb.h", "kz.h"}) {
        auto api = wrappers::testing::make_api({header, "KxF", "VOID", {}});
        wrappers::testing::add_rule(api, "irql-entry", clause::IrqlEntry{facts::LevelSet::at(facts::Level::passive)});
        model.apis.push_back(api);
    }
    wrappers::testing::add_rule(model.apis[1], "irql-unchanged", clause::IrqlUnchanged{});
    model.apis[0].include_header.value = "Kb.h";
    model.apis[1].include_header.value = "Kz.h, Kb.h";  // kb.h includes kz.h
    wrappers::Context context(model);
    const auto& joined = context.effective(model.apis[0]);
    ASSERT_EQ(joined.rules.size(), 2U);
    EXPECT_EQ(joined.rules[0].id, "DDI-kz-KxF-irql-entry");
    EXPECT_EQ(wrappers::checked(model.apis[1], model.apis[1].rules[0], context), wrappers::Checked::before);
    EXPECT_EQ(wrappers::checked(model.apis[0], model.apis[0].rules[0], context), wrappers::Checked::never);  // its twin is reported
}

TEST(WrappersTest, WhatNoStubDeclaresIsNotWrapped) {
    auto model = wrappers::testing::lock_model();
    model.apis[1].signature->parameters[1].type = "PNOBODY_KNOWS_THIS";
    auto files = emit(model);
    EXPECT_THAT(files.at("wrappers/aa.cpp"), Not(HasSubstr("ddi_checked_AaAcquireLock(")));
}

TEST(WrappersTest, AttributesNameTheLockOrItsHandle) {
    const auto files = emit(wrappers::testing::lock_model());
    const std::string& header = files.at("wrappers/aa.h");
    EXPECT_THAT(header, HasSubstr("ddi_checked_AaAcquireLock(PLOCK Lock, PKIRQL OldIrql) DDI_ACQUIRE(*Lock);"));
    EXPECT_THAT(header, HasSubstr("ddi_checked_AaTryLock(PLOCK Lock) DDI_TRY_ACQUIRE(1, *Lock);"));
    EXPECT_THAT(header, HasSubstr("ddi_checked_AaReleaseQueuedLock(PQUEUE_HANDLE Handle) DDI_RELEASE(*Handle);"));
    // A wait acquires a mutex without a type: Clang would take every release for a mistake.
    EXPECT_THAT(header, HasSubstr("ddi_checked_AaReleaseMutex(PMUTEX Mutex, BOOLEAN Wait);"));
    EXPECT_THAT(files.at("wrappers/ddi_capabilities.h"), HasSubstr("typedef ULONG_PTR LOCK DDI_CAPABILITY(\"LOCK\");"));
    EXPECT_THAT(files.at("wrappers/ddi_capabilities.h"), HasSubstr("struct DDI_CAPABILITY(\"QUEUE_HANDLE\") _QUEUE_HANDLE;"));
}

TEST(WrappersTest, GuardsOwnTheSavedLevelAndTheHandle) {
    const auto files = emit(wrappers::testing::lock_model());
    const std::string& guards = files.at("wrappers/ddi_guards.h");
    EXPECT_THAT(guards,
                HasSubstr("[[nodiscard]] explicit Lock(PLOCK Lock) DDI_ACQUIRE(*Lock) : Lock_(Lock) { AaAcquireLock(Lock_, &OldIrql_); }"));
    EXPECT_THAT(guards, HasSubstr("{ AaReleaseLock(Lock_, OldIrql_); }"));
    EXPECT_THAT(guards, HasSubstr("{ AaReleaseQueuedLock(&Handle_); }"));
    EXPECT_THAT(guards, HasSubstr("QUEUE_HANDLE Handle_{};"));
}

TEST(GuardNameTest, TheVerbAndTheComponentGo) {
    EXPECT_EQ(wrappers::guard_name("KxAcquireSpinLock"), "SpinLock");
    EXPECT_EQ(wrappers::guard_name("VideoPortAcquireSpinLock"), "VideoPortSpinLock");
    EXPECT_EQ(wrappers::guard_name("KxEnterCriticalRegion"), "CriticalRegion");
    EXPECT_EQ(wrappers::guard_name("KxFilterAcquireControl"), "FilterControl");
}

}  // namespace
}  // namespace ddi::emit
