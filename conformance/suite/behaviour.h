// What a clause promises, as choreographies that any implementation must pass. Each takes a way through a protocol, tries it at every
// level that the pages allow (cut down to `within`, where the clause has a condition), and reports what differs.
#pragma once

#include "conformance/suite/walk.h"

namespace ddi::suite {

// Levels (behaviour_irql.cpp).
/// The function completes at every allowed level, with all that must come before it and after it.
void may_be_called(const Way& way, const Function& function, Levels within = kEveryLevel);
/// After the acquisition the level is `to`; a caller that already is above stays there.
void raises_irql(const Way& way, Level to, Levels within = kEveryLevel);
/// The same to every level that the caller may ask for.
void raises_irql_as_asked(const Way& way, Levels within = kEveryLevel);
/// The level before the call is stored where the page says.
void saves_irql(const Way& way, Levels within = kEveryLevel);
/// The release brings back the level at which the acquisition was called; so it was saved, where the caller is given nothing.
void restores_irql(const Way& way, Levels within = kEveryLevel);
void leaves_irql_unchanged(const Way& way, const Function& function, Levels within = kEveryLevel);
void returns_previous_irql(const Way& way, const Function& function, Levels within = kEveryLevel);
void returns_current_irql(const Way& way, const Function& function, Levels within = kEveryLevel);
/// A level that the page forbids as the argument is refused.
void refuses_level_below_current(const Way& way);
void refuses_level_not_saved(const Way& way);

// Objects (behaviour_object.cpp).
/// After it the object is free, even if its storage was in use before.
void initializes(const Way& way);
void destroys(const Way& way, const Function& function);
/// The value is returned in this state of the object.
enum class State { any, free, held_by_caller, held_by_other };
void returns(const Way& way, const Function& function, State state, Expectation value, const char* expected, Levels within = kEveryLevel);
/// The same in a thread that is in a critical region, a guarded region, both or none.
void returns_in_region(const Way& way, const Function& function, bool critical, bool guarded, Expectation value, const char* expected,
                       Levels within = kEveryLevel);

// Holding (behaviour_lock.cpp).
/// Nobody else gets it until it is released; then somebody does.
void excludes(const Way& way);
/// Many threads, one at a time.
void excludes_many(const Way& way);
/// Holders in this mode do not keep each other out, but keep out the others.
void shares(const Way& shared, const Way& exclusive);
/// A regular holder without a competitor: taken and given back again and again.
void is_per_thread(const Way& way);
void frees(const Way& way);
/// This acquisition and this release belong together, from every level.
void belong_together(const Way& way);
void waits(const Way& way);
void never_waits(const Way& way);
void counts_recursion(const Way& way);
/// The same for a region, of which each thread has its own: left when it was left as often as entered.
void nests(const Way& way);
/// Another thread's release is refused and changes nothing.
void refuses_other_thread(const Way& way);
/// The object of one way is the object of the other: who holds one holds both.
void is_same_object(const Way& way, const Way& parent);
/// Object after object, each in one way only.
void keeps_to_one_kind(const Way& way, const Way& other);

// APCs (behaviour_apc.cpp).
void disables_apcs(const Way& way, Apcs apcs, Levels within = kEveryLevel);
void enables_apcs(const Way& way, Apcs apcs, Levels within = kEveryLevel);
/// Works within a region and at APC_LEVEL, as far as its levels allow.
void works_with_apcs_disabled(const Way& way, const Function& function, Apcs apcs);

}  // namespace ddi::suite
