// What a clause promises, as choreographies that any implementation must pass. Each takes a way through a protocol, tries it at every
// level that the pages allow (cut down to `within`, where the clause has a condition), and reports what differs.
#pragma once

#include <initializer_list>

#include "conformance/suite/walk.h"

namespace ddi::suite {

// Levels (behaviour_irql.cpp).
/// The function completes at every allowed level, with all that must come before it and after it.
void may_be_called(const Way& way, const Function& function, Levels within = kEveryLevel);
/// The same for a function that another call has to follow at once: the way that `next` begins.
void may_be_called(const Way& way, const Function& function, const Way& next, Levels within = kEveryLevel);
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
/// While a thing of the host's is in the state that its page calls so.
void returns_in_host_state(const Way& way, const Function& function, const char* thing, const char* state, Expectation value,
                           const char* expected, Levels within = kEveryLevel);
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
/// Holders do not keep each other out, and there is no other way to hold it.
void shares_freely(const Way& way);
/// A regular holder without a competitor: taken and given back again and again.
void is_per_thread(const Way& way);
void frees(const Way& way);
/// This acquisition and this release belong together, from every level.
void belong_together(const Way& way);
void waits(const Way& way);
void never_waits(const Way& way);
/// While another thread holds it by another way, which keeps this one out.
void waits(const Way& way, const Way& held);
void never_waits(const Way& way, const Way& held);
void counts_recursion(const Way& way);
/// Of shared holds, which keep out only who wants it by another way.
void counts_recursion(const Way& way, const Way& wanted);
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

// States other than held and free (behaviour_state.cpp).
/// The observer tells the state after the function; `changes`: and did not before.
void sets_state(const Way& way, const Function& function, const Function& observer, Expectation tells, const char* state, bool changes,
                Levels within = kEveryLevel);
/// The value is returned while the object is held as `held` says, by the caller itself or by another thread.
void returns_held(const Way& held, const Way& way, const Function& function, bool by_caller, Expectation value, const char* expected,
                  Levels within = kEveryLevel);
/// The same processor, as long as the thread cannot be moved to another one.
void returns_processor(const Way& way, const Function& function, Levels within = kEveryLevel);
/// The function waits until another thread calls the setter.
void waits_until(const Way& way, const Function& function, const Function& setter);
/// The result is what was put there: that argument of an earlier call, which routines that look for it find.
void gives_back(const Way& way, const Function& function, Address given, Levels within = kEveryLevel);
/// With each thread that waits the result is one more.
void counts_waiters(const Way& held, const Way& waiting, const Function& function);
/// With each hold of the caller.
void counts_holds(const Way& way, const Function& function);
void returns_routine_result(const Way& way, const Function& function, Levels within = kEveryLevel);
/// The routine of that type is called once, at one of these levels (empty: at any).
void calls_routine(const Way& way, const Function& function, const char* routine, Levels levels, Levels within = kEveryLevel);
/// The function calls the routines that acquire and release the object's lock in pairs, and the object's other routines in between; the
/// one that releases is given the level that the other one stored.
void locks_by_routines(const Way& way, const Function& function, const char* acquire, const char* release, Levels within = kEveryLevel);
void calls_routine_holding(const Way& way, const Function& function, const Way& lock);
enum class Refusal { status, bug_check };
/// The call ends in an exception or a bug check; code 0: any.
void refuses(const Way& way, const Function& function, Refusal how, std::uint64_t code, Levels within = kEveryLevel);

// Holds that change, and orders of calls (behaviour_hold.cpp).
/// After it the holder holds in the mode of `to`; `end` ends that. `converted`: null, always when it returns.
void converts(const Way& from, const Function& function, const Way& to, const Function& end, Expectation converted);
/// With a second holder it fails.
void does_not_convert(const Way& from, const Function& function, Expectation converted);
void works_while_held(const Way& way, const Function& function, Levels within = kEveryLevel);
/// After the function the other way can be gone, on the same object.
void goes_on(const Way& way, const Function& function, const Way& next);
void acquires_in_order(std::initializer_list<const Way*> ways);
/// The function returns when the last of several holders has released it; `ends_own`: it ends a hold of its caller, too.
void waits_for_release(const Way& way, const Function& function, bool ends_own);

// Numbers and lists (behaviour_operation.cpp).
struct ListFunctions {
    const Function* add;
    bool at_head;
    const Function* remove;  // takes the first entry, or (flushes) all
    bool stored;             // through a parameter, not as the result
    bool flushes;
    const char* entries;  // their slot
};
/// What was added comes back in the order that the functions' ends give, then nothing.
void keeps_list(const Way& way, const ListFunctions& list, const Function& tried, Levels within = kEveryLevel);
enum class Entry { first, last, depth };
/// The function returns the entry that was first (or last) when it was called, or how many there are.
void returns_entry(const Way& way, const ListFunctions& list, const Function& function, Entry which, Levels within = kEveryLevel);
/// Many threads: every entry is taken exactly once.
void keeps_all_entries(const Way& way, const ListFunctions& list);
enum class Verb { add, increment, decrement, exchange, compare_exchange };
enum class Result { none, initial, updated };
void computes(const Way& way, const Function& function, Verb verb, const char* slot, std::size_t width, Result result,
              Levels within = kEveryLevel);
/// Many threads: no call is lost.
void computes_together(const Way& way, const Function& function, Verb verb, const char* slot, std::size_t width);
/// The function waits while another thread holds the lock that it is given.
void takes_lock(const Way& lock, const Function& function);

}  // namespace ddi::suite
