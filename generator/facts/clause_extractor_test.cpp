// Sentences → clauses, on pages written for this test (no name of them exists elsewhere: meaning comes from the words) and on the
// real seed pages.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "generator/facts/facts.h"

namespace ddi::facts {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;
using testing::UnorderedElementsAre;

struct Text {
    std::string name = "XyGrabTurtleLock";
    std::string irql = {};
    std::string description = {};
    std::vector<std::pair<std::string, std::string>> parameters{{"Lock", "Pointer to the spin lock."}};
    std::string returns = {};
    std::string remarks = {};
    std::string kind = "NF";
};

Facts facts_of(const Text& text) {
    std::string page = "---\nUID: " + text.kind + ":xy." + text.name + "\ntitle: t\nreq.irql: \"" + text.irql + "\"\n---\n\n# " +
                       text.name + (text.kind == "NC" ? " callback function" : " function") + "\n\n## -description\n\n" + text.description +
                       "\n\n## -parameters\n\n";
    for (const auto& [name, words] : text.parameters) page += "### -param " + name + "\n\n" + words + "\n\n";
    if (!text.returns.empty()) page += "## -returns\n\n" + text.returns + "\n\n";
    page += "## -remarks\n\n" + text.remarks + "\n";
    const std::string path = std::string("xy/") + (text.kind == "NC" ? "nc" : "nf") + "-xy-" + text.name + ".md";
    const page::Page read = page::read_page(path, page);
    EXPECT_TRUE(read.is_api);
    return extract_facts(read);
}

std::vector<std::string> clauses_of(const Text& text) {
    std::vector<std::string> result;
    for (const Clause& clause : facts_of(text).clauses)
        result.push_back(canonical_clause(clause) + (clause.consequence.empty() ? "" : " !" + clause.consequence));
    return result;
}

TEST(Clauses, AcquireRaisesSavesAndPairs) {
    EXPECT_THAT(
        clauses_of(
            {.irql = "<= DISPATCH_LEVEL",
             .description = "The XyGrabTurtleLock routine obtains a spin lock.",
             .parameters = {{"Lock", "Pointer to an initialized spin lock."},
                            {"Before", "Pointer to a variable that receives the current IRQL."}},
             .remarks =
                 "XyGrabTurtleLock first sets the IRQL to DISPATCH_LEVEL and then takes the lock. Hand it back with XyDropTurtleLock: "
                 "the lock must be released by calling XyDropTurtleLock. A spin lock cannot be acquired recursively."}),
        UnorderedElementsAre("irql-entry <= DISPATCH_LEVEL", "acquire spin lock(Lock) exclusive",
                             "requires-initialized spin lock(Lock) by []", "irql-raise DISPATCH_LEVEL", "irql-save *Before",
                             "release-with spin lock(Lock) with [XyDropTurtleLock]", "recursion spin lock(Lock) deadlock !deadlock"));
}

TEST(Clauses, ReleaseRestoresWhatTheAcquirerSaved) {
    EXPECT_THAT(
        clauses_of({.name = "XyDropTurtleLock",
                    .irql = "DISPATCH_LEVEL",
                    .description =
                        "The XyDropTurtleLock routine releases a spin lock that XyGrabTurtleLock acquired and restores the original IRQL.",
                    .parameters = {{"Lock", "The spin lock."}, {"Before", "The IRQL value that XyGrabTurtleLock returned."}},
                    .remarks = "It is an error to call XyDropTurtleLock if the spin lock was acquired with XySeizeTurtleLock."}),
        UnorderedElementsAre("irql-entry DISPATCH_LEVEL", "release spin lock(Lock) exclusive", "irql-restore Before",
                             "releases spin lock(Lock) acquired by [XyGrabTurtleLock]", "argument Before saved by [XyGrabTurtleLock]",
                             "releases-not spin lock(Lock) acquired by [XySeizeTurtleLock] !error"));
}

TEST(Clauses, PassiveAndActiveSayTheSame) {
    const auto active =
        clauses_of({.description = "XyGrabTurtleLock acquires a fast mutex.", .remarks = "Release the fast mutex with XyDropTurtleLock."});
    const auto passive = clauses_of({.description = "A fast mutex is acquired by the XyGrabTurtleLock routine.",
                                     .remarks = "The fast mutex must be released by XyDropTurtleLock."});
    EXPECT_EQ(active, passive);
    EXPECT_THAT(active, Contains("release-with fast mutex(Lock) with [XyDropTurtleLock]"));
}

TEST(Clauses, NegationsAreNotEffects) {
    const auto clauses = clauses_of(
        {.description = "The XyGrabTurtleLock routine acquires a spin lock.", .remarks = "XyGrabTurtleLock does not raise the IRQL."});
    EXPECT_THAT(clauses, Contains("irql-unchanged"));
    EXPECT_THAT(clauses, Not(Contains(StartsWith("irql-raise"))));
}

TEST(Clauses, SentencesAboutOtherFunctionsAreTheirs) {
    EXPECT_THAT(clauses_of({.description = "The XyGrabTurtleLock routine acquires a spin lock.",
                            .remarks = "XySeizeTurtleLock raises the IRQL to DISPATCH_LEVEL. It puts the caller into a wait state. Callers "
                                       "of XySeizeTurtleLock must be running at "
                                       "IRQL <= APC_LEVEL."}),
                ElementsAre("acquire spin lock(Lock) exclusive"));
}

TEST(Clauses, AdviceIsNoRequirement) {
    EXPECT_THAT(clauses_of({.description = "The XyLookAtLock routine describes a lock.",
                            .remarks = "Most callers run at IRQL = PASSIVE_LEVEL. Callers should be running at IRQL <= APC_LEVEL."}),
                IsEmpty());
}

TEST(Clauses, ConditionsBecomeComparisons) {
    EXPECT_THAT(
        clauses_of({.description = "The XyGrabTurtleLock routine acquires a spin lock.",
                    .remarks = "If the caller is running at IRQL = PASSIVE_LEVEL, XyGrabTurtleLock raises the IRQL to DISPATCH_LEVEL. "
                               "If the caller is running at IRQL = DISPATCH_LEVEL, XyGrabTurtleLock leaves the IRQL unchanged."}),
        UnorderedElementsAre("acquire spin lock(Lock) exclusive", "irql-raise DISPATCH_LEVEL when irql == PASSIVE_LEVEL",
                             "irql-unchanged when irql == DISPATCH_LEVEL"));
}

TEST(Clauses, OtherwiseIsTheComplementOfWhatWasSaidBefore) {
    EXPECT_THAT(clauses_of({.name = "XyPokeTurtleLock",
                            .description = "The XyPokeTurtleLock routine tests a spin lock.",
                            .returns = "XyPokeTurtleLock returns FALSE if the spin lock is held. Otherwise, it returns TRUE."}),
                ElementsAre("returns FALSE when state object == held", "returns TRUE when state object == free"));
    // "Otherwise" of something that cannot be compared cannot be compared either.
    EXPECT_THAT(clauses_of({.name = "XyPokeTurtleLock",
                            .description = "The XyPokeTurtleLock routine tests a spin lock.",
                            .returns = "XyPokeTurtleLock returns FALSE if the turtle sleeps. Otherwise, it returns TRUE."}),
                UnorderedElementsAre("returns FALSE when (words)", "returns TRUE when (words)"));
}

TEST(Clauses, AttemptsSaveOnlyOnSuccess) {
    EXPECT_THAT(clauses_of({.name = "XyTryTurtleLock",
                            .description = "The XyTryTurtleLock routine acquires a fast mutex, if possible.",
                            .returns = "XyTryTurtleLock returns TRUE if it acquires the mutex, and FALSE otherwise.",
                            .remarks = "XyTryTurtleLock returns immediately. If the mutex is acquired, XyTryTurtleLock sets the IRQL to "
                                       "APC_LEVEL and saves the earlier IRQL in the mutex."}),
                UnorderedElementsAre("acquire fast mutex(Lock) exclusive attempt", "returns TRUE when state object == free",
                                     "returns FALSE when state object == held", "waits fast mutex(Lock) no",
                                     "irql-raise APC_LEVEL when result == TRUE", "irql-save object when result == TRUE"));
}

TEST(Clauses, WhatACallDoesInsideIsNotItsEffect) {
    EXPECT_THAT(clauses_of({.name = "XyCountTurtles",
                            .description =
                                "The XyCountTurtles routine acquires the device mutex, counts the turtles, and then releases the mutex."}),
                IsEmpty());
}

TEST(Clauses, CallbacksTellWhatIsHeldAroundThem) {
    const auto clauses =
        clauses_of({.name = "XY_TURTLE_CALLBACK",
                    .irql = "PASSIVE_LEVEL",
                    .description = "Called when a turtle arrives.",
                    .parameters = {{"Turtle", "Pointer to the turtle."}, {"Irp", "Pointer to the IRP."}},
                    .remarks = "| IRP | What |\n|---|---|\n| Arrive | The filter control mutex is held during this call. Before returning "
                               "STATUS_PENDING, the driver must call XyMarkTurtlePending. "
                               "Once the work is complete, the driver must call XyCompleteTurtle. The device mutex may be held as well. |",
                    .kind = "NC"});
    EXPECT_THAT(clauses, UnorderedElementsAre("irql-entry PASSIVE_LEVEL", "held-on-entry filter control mutex(Turtle)",
                                              "pending STATUS_PENDING before XyMarkTurtlePending after XyCompleteTurtle",
                                              "called perhaps holding device mutex(Turtle)"));
}

TEST(Clauses, CiteTheirSentenceAndLine) {
    const Facts facts = facts_of({.description = "Opening words.\n\nThe XyGrabTurtleLock routine acquires a spin lock.", .remarks = ""});
    ASSERT_EQ(facts.clauses.size(), 1u);
    const Cite& cite = facts.clauses[0].cite;
    EXPECT_EQ(cite.verbatim, "The XyGrabTurtleLock routine acquires a spin lock.");
    EXPECT_EQ(facts.source->position(cite.span.begin).line, 13u);
    EXPECT_EQ(facts.source->bytes().substr(cite.span.begin, cite.span.end - cite.span.begin), cite.verbatim);
}

TEST(Irql, RemarksAreReadWhereFrontMatterDefersToThem) {
    const Facts facts = facts_of({.irql = "See Remarks section.",
                                  .description = "XyGrabTurtleLock looks.",
                                  .remarks = "Callers of XyGrabTurtleLock must be running at IRQL <= APC_LEVEL."});
    EXPECT_EQ(facts.irql_front_matter.status, IrqlStatus::deferred);
    ASSERT_TRUE(facts.irql_remarks);
    EXPECT_EQ(to_string(facts.irql_remarks->value.levels()), "<= APC_LEVEL");
}

TEST(Irql, RemarksMayAllowMoreThanAValueThatPointsToThem) {
    const auto entry = [](std::string irql) {
        return clauses_of({.irql = std::move(irql),
                           .description = "XyGrabTurtleLock looks.",
                           .remarks = "Callers of XyGrabTurtleLock must be running at IRQL <= APC_LEVEL."});
    };
    EXPECT_THAT(entry("APC_LEVEL (See Remarks.)"), Contains("irql-entry <= APC_LEVEL"));
    EXPECT_THAT(entry("APC_LEVEL"), Contains("irql-entry APC_LEVEL"));
    EXPECT_THAT(entry("<= DISPATCH_LEVEL (see Remarks section)"), Contains("irql-entry <= DISPATCH_LEVEL"));
}

TEST(Irql, ContradictionsAreReported) {
    const Facts facts = facts_of({.irql = "PASSIVE_LEVEL",
                                  .description = "XyGrabTurtleLock looks.",
                                  .remarks = "Callers of XyGrabTurtleLock must be running at IRQL <= APC_LEVEL."});
    EXPECT_TRUE(
        std::any_of(facts.diagnostics.begin(), facts.diagnostics.end(), [](const auto& d) { return d.code == "irql-contradiction"; }));
    const Facts odd = facts_of({.irql = "at teatime IRQL", .description = "XyGrabTurtleLock looks.", .remarks = ""});
    EXPECT_TRUE(std::any_of(odd.diagnostics.begin(), odd.diagnostics.end(), [](const auto& d) { return d.code == "irql-not-understood"; }));
}

// The real pages of January 2018.
std::vector<std::string> seed(const std::string& name) {
    const std::filesystem::path path = std::filesystem::path(DDI_SOURCE_DIR) / ".." / "shared" / "seeds" / name;
    std::ifstream in(path, std::ios::binary);
    if (!in) return {};
    std::stringstream bytes;
    bytes << in.rdbuf();
    std::vector<std::string> result;
    for (const Clause& clause : extract_facts(page::read_page(name, bytes.str())).clauses) result.push_back(canonical_clause(clause));
    return result;
}

TEST(Seeds, GiveTheirContracts) {
    const auto release = seed("nf-video-videoportreleasespinlock.md");
    if (release.empty()) GTEST_SKIP() << "the seed pages are not beside this checkout (../shared/seeds)";
    EXPECT_THAT(release, UnorderedElementsAre("irql-entry DISPATCH_LEVEL", "irql-restore NewIrql", "release spin lock(SpinLock) exclusive",
                                              "releases spin lock(SpinLock) acquired by [VideoPortAcquireSpinLock]",
                                              "argument NewIrql saved by [VideoPortAcquireSpinLock]"));
    EXPECT_THAT(seed("nc-ks-pfnkspinirp.md"), Contains("held-on-entry filter control mutex(Pin)"));
    EXPECT_THAT(seed("nf-ks-ksreleasedevice.md"), Contains("release device mutex(Device) exclusive"));
    EXPECT_THAT(seed("nf-ks-kspinreleaseprocessingmutex.md"), Contains("release processing mutex(Pin) exclusive"));
    EXPECT_THAT(seed("nf-video-videoportreleasedevicelock.md"),
                Contains("releases device lock(HwDeviceExtension) acquired by [VideoPortAcquireDeviceLock]"));
}

}  // namespace
}  // namespace ddi::facts
