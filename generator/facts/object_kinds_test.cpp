// Everyday words name a synchronization object only on a page that is about one.
#include "generator/facts/object_kinds.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "generator/facts/clause_text_for_test.h"

namespace ddi::facts {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(ObjectKinds, ParameterAndDescriptionTogetherNameTheThing) {
    EXPECT_THAT(clauses_of({.name = "XyMakeBell",
                            .description = "The XyMakeBell routine initializes an event object.",
                            .parameters = {{"Bell", "Pointer to an event object that the caller provides."}}}),
                Contains("initialize event(Bell)"));
    EXPECT_THAT(clauses_of({.name = "XyMakeFence",
                            .description = "The XyMakeFence routine initializes a gate.",
                            .parameters = {{"Fence", "A pointer to a KSGATE structure."}}}),
                Contains("initialize gate(Fence)"));
    EXPECT_THAT(clauses_of({.name = "XyGrabPond",
                            .description = "The XyGrabPond routine acquires the given resource for shared access by the calling thread.",
                            .parameters = {{"Pond", "A pointer to the resource to acquire."}}}),
                Contains("acquire resource(Pond) shared"));
}

TEST(ObjectKinds, OtherEventsResourcesAndGatesAreNone) {
    EXPECT_THAT(clauses_of({.name = "XyLogEvent",
                            .description = "The XyLogEvent routine initializes an event for the log.",
                            .parameters = {{"Name", "The name of the event."}}}),
                IsEmpty());
    EXPECT_THAT(clauses_of({.name = "XyListResource",
                            .description = "The XyListResource routine acquires a resource list.",
                            .parameters = {{"List", "A pointer to a list of resources."}}}),
                Not(Contains(HasSubstr("acquire "))));
    EXPECT_THAT(
        clauses_of({.name = "XyGrabTurtleLock",
                    .description = "The XyGrabTurtleLock routine acquires a spin lock and with it exclusive access to a resource."}),
        Not(Contains(HasSubstr("resource"))));
}

TEST(ObjectKinds, KindsOfSpinLocks) {
    EXPECT_THAT(clauses_of({.description = "The XyGrabTurtleLock routine acquires a spin lock for shared access by the caller."}),
                Contains("acquire reader/writer spin lock(Lock) shared"));
    EXPECT_THAT(clauses_of({.description = "The XyGrabTurtleLock routine acquires the spin lock of an interrupt object.",
                            .parameters = {{"Interrupt", "Pointer to the interrupt object."}},
                            .remarks = "While the interrupt spin lock is held, no interrupt arrives."}),
                Contains("acquire interrupt spin lock(Interrupt) exclusive"));
    EXPECT_THAT(clauses_of({.description = "The XyGrabTurtleLock routine acquires the message signaled interrupt (MSI) spin lock.",
                            .parameters = {{"Message", "The message whose spin lock is acquired."}}}),
                Contains("acquire msi spin lock(Message) exclusive"));
}

TEST(ObjectKinds, TypesWithTheirPointers) {
    ASSERT_NE(kind_of_type("PKEVENT"), nullptr);
    EXPECT_EQ(kind_of_type("PKEVENT")->noun, "event");
    EXPECT_EQ(kind_of_type("PRKEVENT"), kind_of_type("KEVENT"));
    EXPECT_EQ(kind_of_type("KEVENTS"), nullptr);
    EXPECT_EQ(kind_of_type("EX_RUNDOWN_REF_CACHE_AWARE")->noun, "cache-aware run-down protection");
}

}  // namespace
}  // namespace ddi::facts
