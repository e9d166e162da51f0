// Timer objects in the caller's 64 bytes. A thread of the kernel's own sleeps until the next one is due; the DPCs of those that expire
// are queued on the processor of whoever notices. All but the object's word is guarded by the dispatcher lock.
#pragma once

#include <wdm.h>

#include <optional>

#include "conformance/kernel/dispatcher/dpc.h"
#include "conformance/kernel/dispatcher/object.h"

namespace ddi::kernel {

struct Timer : Dispatcher {
    std::int64_t due;
    std::uint64_t sequence;  // timers that are due at once expire in the order in which they were set
    Dpc* dpc;
    std::uint32_t period;  // in milliseconds; 0: once
    bool inserted;
    bool absolute;  // due by the system time
};
static_assert(sizeof(Timer) <= sizeof(KTIMER) && sizeof(KTIMER) == 64, "KTIMER is 64 bytes on 64-bit Windows");

/// The object at this address; a bug check if no timer was initialized there.
Timer& timer_at(void* object);

/// How long until it expires; no value: it is not set.
std::optional<std::int64_t> ticks_until_due(const Timer& timer);
/// Cancels all timers. Their storage is not touched.
void forget_timers();
void forget_timers(const void* storage, std::size_t size);

/// Lets both clocks run forward by so much, at once: timers and waits that are due on the way are served in order, and the DPCs that the
/// caller's processor may run have run.
void advance_clocks(std::int64_t ticks);
/// Sets the system time forward or back: relative time limits do not notice.
void change_system_time(std::int64_t ticks);

}  // namespace ddi::kernel
