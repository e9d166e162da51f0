// Memory, values and origins of arguments; order of calls; levels and APCs in other words. The pages are made up: meaning comes from words.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "generator/facts/facts.h"

namespace ddi::facts {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;
using testing::StartsWith;

struct Text {
    std::vector<std::pair<std::string, std::string>> parameters{{"Lock", "Pointer to a spin lock."}};
    std::string remarks = {};
    std::string description = "The XyGrabTurtleLock routine acquires a spin lock.";
    std::string irql = {};
};

std::vector<std::string> clauses_of(const Text& text) {
    std::string page = "---\nUID: NF:xy.XyGrabTurtleLock\ntitle: t\nreq.irql: \"" + text.irql +
                       "\"\n---\n\n# XyGrabTurtleLock function\n\n## -description\n\n" + text.description + "\n\n## -parameters\n\n";
    for (const auto& [name, words] : text.parameters) page += "### -param " + name + "\n\n" + words + "\n\n";
    page += "## -remarks\n\n" + text.remarks + "\n";
    std::vector<std::string> result;
    for (const Clause& clause : extract_facts(page::read_page("xy/nf-xy-xygrabturtlelock.md", page)).clauses)
        result.push_back(canonical_clause(clause));
    return result;
}

TEST(Memory, StorageIsOfWhatTheSentenceNames) {
    EXPECT_THAT(clauses_of({.remarks = "Storage for the spin lock must be resident."}), Contains("resident Lock"));
    EXPECT_THAT(clauses_of({.parameters = {{"Shell", "The shell. It must be allocated from nonpaged pool."}}}), Contains("resident Shell"));
    EXPECT_THAT(clauses_of({.parameters = {{"ListHead", "The head."}, {"ListEntry", "The entry."}},
                            .remarks = "The storage for the ListHead parameter and the list entries must be resident at all IRQLs."}),
                IsSupersetOf({"resident ListHead", "resident ListEntry"}));
    // An everyday word with a capital letter is a name.
    EXPECT_THAT(clauses_of({.parameters = {{"Object", "The eggs."}, {"Count", "How many."}},
                            .remarks = "The array pointed to by the Objects parameter must reside in nonpaged system memory."}),
                Contains("resident Object"));
    EXPECT_THAT(clauses_of({.remarks = "If XyGrabTurtleLock is called at IRQL >= DISPATCH_LEVEL, the storage for Lock must be resident."}),
                Contains("resident Lock when irql >= DISPATCH_LEVEL"));
    EXPECT_THAT(clauses_of({.remarks = "TURTLE structures must be allocated from nonpaged pool. The code must be nonpaged."}),
                Not(Contains(StartsWith("resident"))));
}

TEST(Memory, AlignmentIsThatOf64Bits) {
    EXPECT_THAT(
        clauses_of(
            {.parameters = {{"Shell", "The storage must be 4-byte aligned on 32-bit platforms, and 8-byte aligned on 64-bit platforms."}}}),
        Contains("aligned Shell 8"));
    EXPECT_THAT(clauses_of({.parameters = {{"Shell", "The storage should be 8-byte aligned on 64-bit platforms."}}}),
                Not(Contains(StartsWith("aligned"))));
}

TEST(Arguments, LimitsAndChoices) {
    EXPECT_THAT(
        clauses_of({.parameters = {{"Count", "A count. This value must be positive."},
                                   {"Delay", "The Delay value cannot be negative."},
                                   {"Limit", "The value of this parameter must not exceed MAXLONG."},
                                   {"Kind", "Kind must be one of: SlowTurtle, FastTurtle, or LateTurtle."},
                                   {"Shell", "Pointer to storage, which must be at least sizeof(SHELL), for the shell."}}}),
        IsSupersetOf({"argument-value Count > [0]", "argument-value Delay >= [0]", "argument-value Limit <= [MAXLONG]",
                      "argument-value Kind == [FastTurtle LateTurtle SlowTurtle]", "argument-value Shell points-to-size [sizeof(SHELL)]"}));
    EXPECT_THAT(clauses_of({.parameters = {{"Size", "Pointer to a size. Size cannot be zero."}, {"Count", "Its owner must be positive."}}}),
                Not(Contains(StartsWith("argument-value"))));
}

TEST(Arguments, OptionalUnlessNullIsAnError) {
    EXPECT_THAT(clauses_of({.parameters = {{"Shell", "This parameter is optional and can be NULL."},
                                           {"Tail", "If this parameter is NULL, the wait has no limit."},
                                           {"Head", "If this parameter is NULL, the call fails."},
                                           {"Leg", "This parameter cannot be NULL."}}}),
                testing::AllOf(IsSupersetOf({"optional Shell", "optional Tail", "argument-value Leg != [NULL]"}),
                               Not(Contains("optional Head")), Not(Contains("optional Leg"))));
}

TEST(Arguments, FromTheMatchingCall) {
    EXPECT_THAT(
        clauses_of({.parameters = {{"Shell", "A handle that was returned by a previous call to XyOpenTurtleShell."},
                                   {"Tag", "The tag that was passed to a previous call to XyTagTurtleShell."},
                                   {"Length", "The number of bytes returned by a previous call to XyOpenTurtleShell."}}}),
        testing::AllOf(IsSupersetOf({"argument-same Shell given by [XyOpenTurtleShell]", "argument-same Tag of [XyTagTurtleShell]"}),
                       Not(Contains(StartsWith("argument-same Length")))));
}

TEST(Order, WhatMustFollowAndPrecede) {
    EXPECT_THAT(clauses_of({.parameters = {{"Lock", "The spin lock."},
                                           {"Wait", "If TRUE, the XyGrabTurtleLock call must be followed by a call to XyWaitForTurtle."}},
                            .remarks = "If Wait = TRUE, nothing else changes. In this case, the XyGrabTurtleLock call must be immediately "
                                       "followed by an XyWaitXxx call."}),
                Contains("followed-by spin lock(Lock) [XyWaitForTurtle] immediately when Wait == TRUE"));
    EXPECT_THAT(clauses_of({.remarks = "An XyGrabTurtleLock call must be preceded by a call to the XyWashTurtleShell routine."}),
                Contains("preceded-by spin lock(Lock) [XyWashTurtleShell]"));
    EXPECT_THAT(clauses_of({.remarks = "After calling XyGrabTurtleLock, the only other routine that can be called for the lock is "
                                       "XyDropTurtleLock."}),
                Contains("afterwards-only spin lock(Lock) [XyDropTurtleLock]"));
    EXPECT_THAT(clauses_of({.remarks = "Locks must be acquired in the following order:\n\n* Egg or Shell\n* Tail\n"}),
                Contains("order Lock: Egg|Shell Tail"));
}

TEST(Order, EveryArgumentIsInitialized) {
    EXPECT_THAT(
        clauses_of(
            {.parameters = {{"Lock", "The spin lock."}, {"Shell", "This structure must have been initialized by XyOpenTurtleShell."}},
             .remarks = "Before calling XyGrabTurtleLock, a driver must initialize the variable at Lock with XyMakeTurtleLock "
                        "before anything else."}),
        IsSupersetOf(
            {"requires-initialized (Shell) by [XyOpenTurtleShell]", "requires-initialized spin lock(Lock) by [XyMakeTurtleLock]"}));
}

TEST(Levels, SentencesJoinTheFrontMatter) {
    const auto clauses =
        clauses_of({.remarks = "Callers of XyGrabTurtleLock must be running at IRQL <= DISPATCH_LEVEL. If Wait is TRUE, the caller "
                               "must be running at IRQL <= APC_LEVEL.",
                    .irql = "<= DISPATCH_LEVEL"});
    EXPECT_THAT(clauses, Contains("irql-entry <= DISPATCH_LEVEL"));
    EXPECT_THAT(clauses, Contains("irql-entry <= APC_LEVEL when (words)"));
}

TEST(Levels, WhatHoldsAfterACallIsNoEntry) {
    const auto clauses = clauses_of({.remarks = "After calling XyGrabTurtleLock, the caller executes at IRQL DISPATCH_LEVEL."});
    EXPECT_THAT(clauses, Contains("irql-raise DISPATCH_LEVEL"));
    EXPECT_THAT(clauses, Not(Contains(StartsWith("irql-entry"))));
}

TEST(Levels, AFlagPromisesALevel) {
    EXPECT_THAT(clauses_of({.parameters = {{"Lock", "The spin lock."},
                                           {"Flags", "Set this parameter to XY_AT_TOP if the caller's current IRQL is DISPATCH_LEVEL."}}}),
                Contains("irql-entry DISPATCH_LEVEL when Flags & XY_AT_TOP"));
}

TEST(Apcs, MustBeDisabledBefore) {
    EXPECT_THAT(
        clauses_of({.remarks = "Normal kernel APC delivery must be disabled before calling this routine. Delivery must remain disabled "
                               "until the lock is released."}),
        Contains("requires-apcs-disabled normal"));
}

}  // namespace
}  // namespace ddi::facts
