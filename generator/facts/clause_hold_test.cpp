// What the caller holds on entry.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "generator/facts/clause_text_for_test.h"

namespace ddi::facts {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

const char* const grab = "The XyGrabTurtleLock routine acquires a spin lock for exclusive access.";
const char* const drop = "The XyDropTurtleLock routine releases a spin lock.";

TEST(ClauseHold, RequiredAndForbidden) {
    EXPECT_THAT(
        clauses_of({.description = grab, .parameters = {{"Lock", "The spin lock. The caller must not already own this spin lock."}}}),
        Contains("not-held-on-entry reader/writer spin lock(Lock)"));
    EXPECT_THAT(clauses_of({.name = "XyDropTurtleLock",
                            .description = drop,
                            .parameters = {{"Lock", "The spin lock. The caller must own this spin lock for shared access."}}}),
                Contains("requires-held reader/writer spin lock(Lock) shared"));
    EXPECT_THAT(
        clauses_of({.name = "XyDropTurtleLock",
                    .description = drop,
                    .remarks = "A driver must call XyGrabTurtleLock to acquire the spin lock before it can call XyDropTurtleLock."}),
        Contains("requires-held spin lock(Lock) acquired by [XyGrabTurtleLock]"));
    EXPECT_THAT(clauses_of({.description = grab,
                            .remarks = "It is a fatal error to try to acquire the spin lock if the driver already holds the spin lock."}),
                Contains("not-held-on-entry reader/writer spin lock(Lock) !bug check"));
}

TEST(ClauseHold, AnArgumentThatTheCallerOwnsIsHeld) {
    const std::vector<std::pair<std::string, std::string>> pond = {
        {"Pond", "A pointer to the resource that is owned by the calling thread."}};
    EXPECT_THAT(
        clauses_of({.name = "XyMarkPond", .description = "The XyMarkPond routine marks the owner of a resource.", .parameters = pond}),
        Contains("requires-held resource(Pond)"));
    EXPECT_THAT(clauses_of({.name = "XyDropPond", .description = "The XyDropPond routine releases a resource.", .parameters = pond}),
                Not(Contains(HasSubstr("requires-held"))));
}

TEST(ClauseHold, WhatMustBeDisabledBeforeTheCallIsNotDisabledByIt) {
    const auto clauses = clauses_of({.name = "XyGrabPond",
                                     .description = "The XyGrabPond routine acquires the given resource.",
                                     .parameters = {{"Pond", "A pointer to the resource."}},
                                     .remarks = "Normal kernel APC delivery must be disabled before calling this routine."});
    EXPECT_THAT(clauses, Contains("requires-apcs-disabled normal"));
    EXPECT_THAT(clauses, Not(Contains(HasSubstr("apc-disable"))));
}

TEST(ClauseHold, ALockIsRunDownWhenLaterAcquisitionsFail) {
    EXPECT_THAT(clauses_of({.name = "XyDropTurtleLockAndWait",
                            .description = "The XyDropTurtleLockAndWait routine releases a remove lock and waits.",
                            .parameters = {{"Lock", "Pointer to the remove lock."}},
                            .remarks = "After XyDropTurtleLockAndWait has been called for a particular remove lock, subsequent calls to "
                                       "XyGrabTurtleLock for the same remove lock will fail."}),
                Contains("sets-state remove lock(Lock) run-down"));
}

TEST(ClauseHold, APageMaySpellItsNameInAnotherCase) {
    EXPECT_THAT(clauses_of({.name = "XyInitializeTurtlelock",
                            .description = "The XyInitializeTurtleLock routine initializes a variable of type XY_KSPIN_LOCK."}),
                Contains("initialize spin lock(Lock)"));
}

TEST(ClauseHold, OtherFunctionsAndPermissionsAreNoRequirement) {
    EXPECT_THAT(clauses_of({.description = grab, .remarks = "The caller must not hold the spin lock when it calls XyFeedTurtle."}),
                Not(Contains(HasSubstr("not-held"))));
    EXPECT_THAT(clauses_of({.description = grab, .remarks = "The caller can hold the spin lock for a while."}),
                Not(Contains(HasSubstr("held"))));
    // Which of two comes first is an order.
    EXPECT_THAT(clauses_of({.description = grab, .remarks = "Where it needs both, the routine must always acquire the spin lock first."}),
                Not(Contains(HasSubstr("not-held"))));
}

TEST(ClauseHold, ConversionAndPlace) {
    EXPECT_THAT(
        clauses_of({.name = "XyTurnTurtleLock",
                    .description = "The XyTurnTurtleLock routine attempts to convert the access state of a spin lock from acquired for "
                                   "shared access to acquired for exclusive access."}),
        Contains(HasSubstr("shared to exclusive attempt")));
    EXPECT_THAT(clauses_of({.name = "XyDropTurtleLock",
                            .description = drop,
                            .remarks = "Drivers must call XyDropTurtleLock on the same processor that called XyGrabTurtleLock."}),
                Contains("same-processor spin lock(Lock)"));
}

TEST(ClauseHold, TheLockOfAnObjectIsReleasedWhereOnlyTheRemarksSaySo) {
    EXPECT_THAT(clauses_of({.name = "XyDropTurtleLock",
                            .description =
                                "The XyDropTurtleLock method ends a code sequence that runs while holding an interrupt object's spin lock. "
                                "For slow interrupts, it ends one that runs while holding an interrupt object's passive lock.",
                            .parameters = {{"Interrupt", "A handle to an interrupt object."}},
                            .remarks = "The XyDropTurtleLock method releases the interrupt object's spin lock or wait lock."}),
                Contains("release interrupt lock(Interrupt) exclusive"));
}

TEST(ClauseHold, APageMayWriteItsOwnNameWithOtherCapitals) {
    EXPECT_THAT(clauses_of({.name = "XyMakeTurtlelock", .description = "The XyMakeTurtleLock routine initializes a spin lock."}),
                Contains("initialize spin lock(Lock)"));
}

TEST(ClauseHold, AnArgumentChoosesBetweenWaitingAndTrying) {
    const auto clauses = clauses_of(
        {.name = "XyGrabPond",
         .description = "The XyGrabPond routine acquires the given resource for exclusive access by the calling thread.",
         .parameters = {{"Pond", "A pointer to the resource to acquire."},
                        {"Wait",
                         "If TRUE, the caller is put into a wait state until the resource can be acquired. If FALSE, the routine "
                         "immediately returns, regardless of whether the resource can be acquired."}},
         .returns = "This routine returns FALSE if the input Wait is FALSE and exclusive access cannot be granted immediately."});
    EXPECT_THAT(clauses, Contains("acquire resource(Pond) exclusive when Wait == TRUE"));
    EXPECT_THAT(clauses, Contains("acquire resource(Pond) exclusive attempt when Wait == FALSE"));
    EXPECT_THAT(clauses, Contains("waits resource(Pond) yes when Wait == TRUE"));
    EXPECT_THAT(clauses, Contains("waits resource(Pond) no when Wait == FALSE"));
    EXPECT_THAT(clauses, Contains("returns FALSE when Wait == FALSE and state object == held-by-other"));
}

TEST(ClauseHold, PairsInBothDirections) {
    const std::string pair = "Each call to XyGrabTurtleLock must be matched by a subsequent call to XyDropTurtleLock.";
    EXPECT_THAT(clauses_of({.description = "The XyGrabTurtleLock routine acquires a spin lock.", .remarks = pair}),
                Contains("release-with spin lock(Lock) with [XyDropTurtleLock]"));
    EXPECT_THAT(clauses_of({.name = "XyDropTurtleLock", .description = drop, .remarks = pair}),
                Contains("releases spin lock(Lock) acquired by [XyGrabTurtleLock]"));
    EXPECT_THAT(clauses_of({.name = "XyDropTurtleLock",
                            .description = drop,
                            .remarks = "A spin lock acquired with XyGrabRabbitLock must be released with XyDropRabbitLock."}),
                Contains("releases-not spin lock(Lock) acquired by [XyGrabRabbitLock]"));
}

}  // namespace
}  // namespace ddi::facts
