// In which state a call leaves an object, and what a result says of its state.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "generator/facts/clause_text_for_test.h"

namespace ddi::facts {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

const std::vector<std::pair<std::string, std::string>> bell{{"Bell", "Pointer to an initialized event object."}};
const std::vector<std::pair<std::string, std::string>> clock{{"Clock", "Pointer to an initialized timer object."}};

TEST(ClauseState, SignalsAndClears) {
    EXPECT_THAT(
        clauses_of({.name = "XyRing",
                    .description = "The XyRing routine sets an event object to a signaled state if the event was not already signaled.",
                    .parameters = bell}),
        Contains("sets-state event(Bell) signaled"));
    EXPECT_THAT(
        clauses_of({.name = "XyHush", .description = "The XyHush routine sets an event to a not-signaled state.", .parameters = bell}),
        Contains("sets-state event(Bell) not-signaled"));
    // How the call leaves it, not what happens on the way.
    EXPECT_THAT(
        clauses_of({.name = "XyTap",
                    .description = "The XyTap routine sets an event object to a signaled state and then resets the event object to a "
                                   "not-signaled state.",
                    .parameters = bell}),
        Not(Contains("sets-state event(Bell) signaled")));
}

TEST(ClauseState, WhatHappensLaterIsNoEffect) {
    EXPECT_THAT(
        clauses_of({.name = "XyListen",
                    .description = "The XyListen routine puts the caller into a wait state until the event is set to the signaled state.",
                    .parameters = bell}),
        Not(Contains(HasSubstr("sets-state"))));
}

TEST(ClauseState, TheInitialStateIsAnArgument) {
    const auto clauses =
        clauses_of({.name = "XyMakeBell",
                    .description = "The XyMakeBell routine initializes an event object.",
                    .parameters = {{"Bell", "Pointer to an event object."},
                                   {"Loud", "Specifies the initial state of the event. TRUE indicates a signaled state."}}});
    EXPECT_THAT(clauses, Contains("sets-state event(Bell) signaled when Loud == TRUE"));
    EXPECT_THAT(clauses, Contains("sets-state event(Bell) not-signaled when Loud == FALSE"));
}

TEST(ClauseState, Queues) {
    const auto clauses = clauses_of({.name = "XyStopClock",
                                     .description = "The XyStopClock routine dequeues a timer object before it expires.",
                                     .parameters = clock,
                                     .returns = "If the timer object is in the system timer queue, XyStopClock returns TRUE."});
    EXPECT_THAT(clauses, Contains("sets-state timer(Clock) not-queued"));
    EXPECT_THAT(clauses, Contains("returns TRUE when state object == queued"));
}

TEST(ClauseState, TheLastStepOfAListSaysHowTheCallLeavesIt) {
    const auto clauses = clauses_of({.name = "XyWindClock",
                                     .description = "The XyWindClock routine sets a timer object.",
                                     .parameters = clock,
                                     .remarks = "This routine does the following:\n\n- Sets the timer to a non-signaled state.\n\n"
                                                "- Cancels the timer if it is already active.\n\n- Makes the timer active.\n"});
    EXPECT_THAT(clauses, Contains("sets-state timer(Clock) not-signaled"));
    EXPECT_THAT(clauses, Contains("sets-state timer(Clock) queued"));
    EXPECT_THAT(clauses, Not(Contains("sets-state timer(Clock) not-queued")));
}

TEST(ClauseState, RunDownRefusesProtection) {
    const auto clauses = clauses_of(
        {.name = "XyShelter",
         .description = "The XyShelter routine tries to acquire run-down protection on a shared object.",
         .parameters = {{"Roof", "A pointer to an EX_RUNDOWN_REF structure."}},
         .returns = "XyShelter returns TRUE if the routine successfully acquires run-down protection. Otherwise, it returns FALSE."});
    EXPECT_THAT(clauses, Contains("acquire run-down protection(Roof) shared attempt"));
    EXPECT_THAT(clauses, Contains("returns TRUE when state object != run-down"));
    EXPECT_THAT(clauses, Contains("returns FALSE when state object == run-down"));
}

TEST(ClauseState, GatesOpenAndClose) {
    const std::vector<std::pair<std::string, std::string>> gate{{"Gate", "A pointer to a KSGATE structure."}};
    EXPECT_THAT(clauses_of({.name = "XyShut",
                            .description = "The XyShut function adds an input to an AND gate.",
                            .parameters = gate,
                            .remarks = "Adding an OFF input to an open AND gate closes the gate."}),
                Contains("sets-state gate(Gate) closed when state object == open"));
    EXPECT_THAT(clauses_of({.name = "XyLook",
                            .description = "The XyLook function returns the state of a gate.",
                            .parameters = gate,
                            .returns = "XyLook returns TRUE if the gate is open and FALSE if the gate is closed."}),
                Contains("returns FALSE when state object == closed"));
}

}  // namespace
}  // namespace ddi::facts
