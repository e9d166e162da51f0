// One thread's way through a protocol, step by step: at which level, with which APC state, and what is left over afterwards.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "conformance/suite/objects.h"

namespace ddi::suite {

using SharedObjects = std::shared_ptr<Objects>;
inline SharedObjects make_objects() { return std::make_shared<Objects>(); }

/// The numbers at which a set of levels is tried: one for each level, one device level.
std::vector<unsigned char> numbers(Levels levels);
inline constexpr Levels kEveryLevel = Levels::at_most(Level::high);
/// The levels at which a function is tried: what its page allows, cut down to `within`; what `within` says where the page is silent.
std::vector<unsigned char> tried_levels(const Function& function, Levels within);

/// Whether such APCs are disabled for the calling thread, by a region or by its IRQL.
bool apcs_are_disabled(Apcs apcs);

/// Asks the host for interrupts whose locks can be taken from this level, or (exactly) are held at it.
void reach(Objects& objects, unsigned char level, bool exactly);
void reach(Objects& objects, const Way& way);
/// Makes the other objects of a call, once; the function under test need not be right for that.
Outcome prepare(const Function& function, Objects& objects);
/// Calls the function at this level, after entering a region if it needs one.
Outcome call_at(const Function& function, Objects& objects, Hand& hand, unsigned char level);
/// Calls the function at the present level if its page allows that, at an allowed level otherwise.
Outcome call_legally(const Function& function, Objects& objects, Hand& hand);
/// Makes and initializes the object, and brings it into the state that the way begins in; nothing to do for objects of the host.
/// From DISPATCH_LEVEL on the state is brought about at `level`, as far as the pages allow, and the caller is left there.
Outcome initialize(const Way& way, Objects& objects, unsigned char level = 0);
Outcome arrange(const Way& way, Objects& objects, unsigned char level = 0);
/// Acquires at the level, or at an allowed one.
Outcome enter(const Way& way, Objects& objects, Hand& hand, unsigned char level);
Outcome enter(const Way& way, Objects& objects, Hand& hand);
/// Releases, leaves the regions entered for it and goes to the lowest level.
Outcome leave(const Way& way, Objects& objects, Hand& hand);
void tidy(Hand& hand);
bool acquired(const Way& way, const Hand& hand);

/// Every step of the way in order on the calling thread, with `function` (one of its steps) at `level`; `seen` runs right after it.
/// Every step must complete. False: one did not; it has been reported.
using Seen = std::function<void(Objects&, Hand&)>;
bool walk(const Way& way, const Function& function, unsigned char level, const Seen& seen = {});

/// Reports a step that did not complete; true if it did.
bool expect_completed(const Outcome& outcome, const char* function, const char* what = "must be possible here");

}  // namespace ddi::suite
