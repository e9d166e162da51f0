// What results and out arguments are, what interlocked functions do, statuses, exceptions, stops, and routines that are called.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "generator/facts/clause_text_for_test.h"

namespace ddi::facts {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

const std::vector<std::pair<std::string, std::string>> list{
    {"ListHead", "A pointer to the LIST_ENTRY structure that heads the list."},
    {"ListEntry", "A pointer to the entry to be inserted."},
    {"Lock", "A pointer to a KSPIN_LOCK structure that serves as the spin lock used to synchronize access to the list."}};

TEST(ClauseResults, ListOperations) {
    const auto clauses = clauses_of(
        {.name = "XyInterlockedPutFirst",
         .description = "The XyInterlockedPutFirst routine atomically inserts an entry at the beginning of a doubly linked list.",
         .parameters = list,
         .returns = "XyInterlockedPutFirst returns a pointer to the first entry of the list before the new entry was inserted. If "
                    "the list was empty, the routine returns NULL."});
    EXPECT_THAT(clauses, Contains("operation insert-head ListHead"));
    EXPECT_THAT(clauses, Contains("returns-value first-entry list(ListHead)"));
    EXPECT_THAT(clauses, Contains("returns NULL when state ListHead == empty"));
    EXPECT_THAT(clauses, Contains("atomic Lock []"));
    const auto last =
        clauses_of({.name = "XyInterlockedPutLast",
                    .description = "The XyInterlockedPutLast routine atomically inserts an entry at the end of a doubly linked list.",
                    .parameters = list,
                    .returns = "XyInterlockedPutLast returns a pointer to the last entry of the list before the new entry was inserted."});
    EXPECT_THAT(last, Contains("operation insert-tail ListHead"));
    EXPECT_THAT(last, Contains("returns-value last-entry list(ListHead)"));
}

TEST(ClauseResults, SuccessInManyWords) {
    const auto returns = [](const std::string& sentence) { return clauses_of({.name = "XyTrot", .returns = sentence}); };
    for (const char* sentence :
         {"XyTrot returns STATUS_SUCCESS if it succeeds.", "XyTrot returns STATUS_SUCCESS if the operation is successful.",
          "Returns STATUS_SUCCESS on success.", "If XyTrot succeeds, it returns STATUS_SUCCESS."})
        EXPECT_THAT(returns(sentence), Contains("returns STATUS_SUCCESS when state call == successful")) << sentence;
    EXPECT_THAT(returns("XyTrot returns TRUE if the operation succeeds; otherwise, it returns FALSE."),
                Contains("returns FALSE when state call != successful"));
    // Another call's success is something else.
    EXPECT_THAT(returns("XyTrot returns STATUS_SUCCESS if XyWalk succeeds."), Not(Contains(HasSubstr("state call"))));
    EXPECT_THAT(returns("XyTrot returns TRUE for NT_SUCCESS(status) results."), Not(Contains(HasSubstr("NT_SUCCESS"))));
}

TEST(ClauseResults, SeveralPointersThatMayBeNull) {
    const auto clauses = clauses_of({.name = "XyTrot",
                                     .parameters = list,
                                     .returns = "XyTrot returns one of the following values:\n\n| Return code | Description |\n|--|--|\n"
                                                "| STATUS_SUCCESS | The entry was removed, or the list is empty already. |\n"
                                                "| STATUS_INVALID_PARAMETER | The pointer in *ListHead* or *ListEntry* is **NULL**. |\n"});
    EXPECT_THAT(clauses, Contains("returns STATUS_INVALID_PARAMETER when ListHead == NULL"));
    EXPECT_THAT(clauses, Contains("returns STATUS_INVALID_PARAMETER when ListEntry == NULL"));
    EXPECT_THAT(clauses, Contains("returns STATUS_SUCCESS when state call == successful"));
    EXPECT_THAT(clauses, Contains("returns STATUS_SUCCESS when state ListHead == empty"));
}

TEST(ClauseResults, ArithmeticAndItsPeers) {
    const auto clauses = clauses_of({.name = "XyInterlockedMore",
                                     .description = "The XyInterlockedMore function increments a caller-supplied variable atomically.",
                                     .parameters = {{"Addend", "A pointer to the variable to be incremented."}},
                                     .returns = "XyInterlockedMore returns the incremented value.",
                                     .remarks = "XyInterlockedMore is atomic only with respect to other XyInterlockedXxx calls."});
    EXPECT_THAT(clauses, Contains("operation increment Addend"));
    EXPECT_THAT(clauses, Contains("returns-value new-value (Addend)"));
    EXPECT_THAT(clauses, Contains("atomic  [XyInterlockedXxx]"));
    // A list that nothing says is changed in one step.
    EXPECT_THAT(clauses_of({.name = "XyPutFirst",
                            .description = "The XyPutFirst routine inserts an entry at the beginning of a doubly linked list.",
                            .parameters = {{"ListHead", "The head."}, {"ListEntry", "The entry."}}}),
                Not(Contains(HasSubstr("operation"))));
}

TEST(ClauseResults, CreatedObjectsAndHandles) {
    const auto clauses = clauses_of({.name = "XyNewTurtleLock",
                                     .description = "The XyNewTurtleLock function allocates a read/write lock.",
                                     .parameters = {{"Tag", "The pool tag."}},
                                     .returns = "XyNewTurtleLock returns a pointer to the read/write lock; otherwise it returns NULL."});
    EXPECT_THAT(clauses, Contains("initialize read/write lock()"));
    EXPECT_THAT(clauses, Contains("returns-value created-object read/write lock()"));
    EXPECT_THAT(clauses_of({.description = "The XyGrabTurtleLock routine acquires the specified spin lock.",
                            .parameters = {{"Lock", "The spin lock to acquire."},
                                           {"Handle", "A pointer to a buffer that, on return, will contain a lock handle."}}}),
                Contains("stores Handle lock-handle"));
}

TEST(ClauseResults, RowsOfATable) {
    const auto clauses = clauses_of({.name = "XyLoiter",
                                     .description = "The XyLoiter routine waits.",
                                     .parameters = {{"Extension", "The device extension."}, {"Timeout", "How long."}},
                                     .returns = "XyLoiter returns one of the following values:\n\n| Return code | Description |\n|--|--|\n"
                                                "| STATUS_ALERTED | The wait was interrupted to deliver an alert to the calling thread. |\n"
                                                "| STATUS_INVALID_PARAMETER | The *Extension* was NULL. |\n"
                                                "| STATUS_BUFFER_OVERFLOW | The turtle ate too much. |\n"});
    EXPECT_THAT(clauses, Contains("returns STATUS_ALERTED when state wait == alerted"));
    EXPECT_THAT(clauses, Contains("returns STATUS_INVALID_PARAMETER when Extension == NULL"));
    EXPECT_THAT(clauses, Contains("returns STATUS_BUFFER_OVERFLOW when (words)"));
}

TEST(ClauseResults, AStatusWithoutACaseIsNoClause) {
    EXPECT_THAT(clauses_of({.name = "XyTrot",
                            .description = "The XyTrot routine trots.",
                            .returns = "XyTrot returns STATUS_SUCCESS or an appropriate NTSTATUS value."}),
                Not(Contains(HasSubstr("returns"))));
    EXPECT_THAT(clauses_of({.name = "XyTrot",
                            .description = "The XyTrot routine trots.",
                            .returns = "XyTrot returns STATUS_SUCCESS or STATUS_INVALID_HANDLE if the handle is invalid."}),
                Contains("returns STATUS_INVALID_HANDLE when (words)"));
}

TEST(ClauseResults, ExceptionsAndStops) {
    EXPECT_THAT(clauses_of({.name = "XyRush",
                            .description = "The XyRush routine rushes.",
                            .remarks = "If this limit is exceeded, XyRush raises a STATUS_MUTANT_LIMIT_EXCEEDED exception."}),
                Contains("raises-status STATUS_MUTANT_LIMIT_EXCEEDED when (words) !exception"));
    EXPECT_THAT(clauses_of({.name = "XyRush",
                            .description = "The XyRush routine rushes.",
                            .parameters = {{"Count", "How many."}},
                            .remarks = "If Count > XY_MOST_TURTLES, the system issues Bug Check 0xC (MAXIMUM_WAIT_OBJECTS_EXCEEDED)."}),
                Contains("bug-check 0xC when Count > XY_MOST_TURTLES"));
    EXPECT_THAT(clauses_of({.name = "XyRush", .description = "The XyRush routine rushes.", .remarks = "No bug check occurs."}),
                Not(Contains(HasSubstr("bug-check"))));
}

TEST(ClauseResults, RoutinesThatAreCalled) {
    const std::vector<std::pair<std::string, std::string>> routine{{"Step", "A pointer to the driver's XyTurtleStep routine."},
                                                                   {"Context", "The context that is passed to the XyTurtleStep routine."}};
    EXPECT_THAT(
        clauses_of({.name = "XyWalk",
                    .description = "The XyWalk routine calls the driver's XyTurtleStep routine at IRQL = DISPATCH_LEVEL.",
                    .parameters = routine,
                    .returns = "XyWalk returns the value that XyTurtleStep returns."}),
        testing::AllOf(Contains(HasSubstr("calls Step at DISPATCH_LEVEL")), Contains("returns-value callback-result (XyTurtleStep)")));
    EXPECT_THAT(clauses_of({.name = "XyWalk",
                            .description = "The XyWalk routine enables calls to the driver's XyTurtleStep routine.",
                            .parameters = routine}),
                Not(Contains(HasSubstr("calls"))));
}

TEST(ClauseResults, CallbacksThatTheSystemCalls) {
    const auto clauses = clauses_of({.name = "XY_TURTLE_RESET",
                                     .description = "A driver's XyTurtleReset routine is called when the pond is drained.",
                                     .parameters = {{"Pond", "Pointer to the pond."}},
                                     .returns = "The system does not use the return value.",
                                     .remarks = "The pond mutex may be held during this function.",
                                     .kind = "NC"});
    EXPECT_THAT(clauses, Contains(HasSubstr("called perhaps holding mutex(Pond)")));
    EXPECT_THAT(clauses, Contains(HasSubstr("returns-value unused")));
    EXPECT_THAT(clauses, Not(Contains(HasSubstr("held-on-entry"))));
    EXPECT_THAT(clauses_of({.name = "XY_TURTLE_RESET",
                            .description = "A driver's XyTurtleReset routine should be called when the pond is drained.",
                            .kind = "NC"}),
                Not(Contains(HasSubstr("called"))));
}

TEST(ClauseResults, AStateThatOnlyTheHostBringsAbout) {
    EXPECT_THAT(clauses_of({.name = "XyWalk",
                            .description = "The XyWalk routine walks.",
                            .returns = "If the driver calls this routine while the pond is in the FROZEN state, XyWalk returns FALSE."}),
                Contains("returns FALSE when state pond == FROZEN"));
}

}  // namespace
}  // namespace ddi::facts
