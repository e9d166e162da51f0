// Misuse on purpose, for the build with the checking wrappers: each makes one mistake and expects exactly the given rule to be reported,
// once, and nothing else. The wrapper throws before the real call, so nothing hangs and nothing is broken; afterwards the thread gives
// back what it holds. Not linked into a bare build.
#pragma once

#include "conformance/suite/callback.h"
#include "conformance/suite/walk.h"

namespace ddi::suite {

/// At every level of `within` that is not one of `allowed`.
void at_forbidden_level(const char* rule, const Way& way, const Function& function, Levels allowed, Levels within = kEveryLevel);
/// At PASSIVE_LEVEL outside all regions; all: also within a critical region, where special kernel APCs still arrive.
void with_apcs_enabled(const char* rule, const Way& way, const Function& function, Apcs apcs);
void without_initialization(const char* rule, const Function& function);
/// Another object of the call than the way's own is uninitialized: the one in this slot.
void with_uninitialized(const char* rule, const Way& way, const Function& function, const char* slot);
void after_destruction(const char* rule, const Way& way, const Function& function);
/// The release of what nobody holds.
void released_without_acquisition(const char* rule, const Way& way);
/// Held by `way` and released by another function; then released as it should be.
void released_by_other_function(const char* rule, const Way& way, const Function& release);
/// Another thread holds it.
void by_other_thread(const char* rule, const Way& way, const Function& function);
void acquired_again(const char* rule, const Way& way);
/// Still held when nothing may be held any more.
void never_released(const char* rule, const Way& way);
/// Another level than the acquisition saved.
void with_other_saved_level(const char* rule, const Way& way);
/// A level below (or above) the current one where the page forbids it; `too_low` says which.
void with_level_out_of_order(const char* rule, const Way& way, const Function& function, bool too_low);
/// After the object was used in the first way, the function is used on it.
void combined(const char* rule, const Way& first, const Way& second);
/// Enables APCs that nothing disabled.
void enabled_without_disabling(const char* rule, const Function& function);
/// May wait where no thread may.
void waited_at_dispatch(const char* rule, const Way& way, const Function& function);
/// The callback is called by a caller that does not hold the lock, or at a forbidden level. `checked` calls it the way a checked host does.
void called_without_lock(const char* rule, const Callback& callback, const Function& checked);
void called_at_forbidden_level(const char* rule, const Callback& callback, const Function& checked, Levels allowed,
                               Levels within = kEveryLevel);
/// The callback returns `status` without the call that has to come before.
void returned_pending_unannounced(const char* rule, const Callback& callback, std::int64_t status);

// Order, arguments, memory (misuse_order.cpp).
/// The function itself breaks the rule: an argument is wrong, or what should have come before is missing.
void is_reported(const char* rule, const Way& way, const Function& function);
void in_pageable_memory(const char* rule, const Way& way, const Function& function, Address address, Levels within = kEveryLevel);
void misaligned(const char* rule, const Way& way, const Function& function, const char* slot);
/// The release is given another tag or count than the acquisition.
void with_other_argument(const char* rule, const Way& way);
/// The caller holds it although it must not.
void while_held(const char* rule, const Way& held, const Function& function);
/// Released at another level than it was acquired at.
void at_other_level(const char* rule, const Way& way);
/// The function is followed by another call, or (null) by none.
void not_followed(const char* rule, const Way& way, const Function& function, const Function* instead);
/// After the function only others may be called.
void used_afterwards(const char* rule, const Way& way, const Function& function, const Function& other);
void out_of_order(const char* rule, const Way& later, const Way& earlier);

}  // namespace ddi::suite
