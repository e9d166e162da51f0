// The two clocks of the kernel, in units of 100 ns: interrupt time, which only ever runs forward, and system time, which somebody can
// set. Both are the host's, plus what tests have added to them, so that no test has to sleep until something is due.
#pragma once

#include <cstdint>

namespace ddi::kernel {

inline constexpr std::int64_t ticks_per_second = 10'000'000;
inline constexpr std::int64_t ticks_per_millisecond = 10'000;

std::int64_t interrupt_time();
std::int64_t system_time();  // since 1 January 1601

/// When a wait or a timer is due.
struct TimeLimit {
    enum class Clock : std::uint8_t { never, interrupt, system } clock = Clock::never;
    std::int64_t due = 0;

    bool endless() const { return clock == Clock::never; }
};

/// `ticks` as KeWaitForSingleObject and KeSetTimer take them: negative from now, else since 1601.
TimeLimit time_limit(std::int64_t ticks);
/// Whichever comes first by the clocks as they stand.
TimeLimit earlier(const TimeLimit& a, const TimeLimit& b);
/// How long until then; 0 or less: it is due.
std::int64_t ticks_until(const TimeLimit& limit);

/// As park() of parking.h, until this limit. False: the host has slept long enough; only ticks_until tells if it is due.
bool park_until(const void* word, std::uint32_t expected, const TimeLimit& limit);

/// Moves both clocks, or the system time alone. Only timer.cpp calls them: somebody has to see what has become due.
void move_clocks(std::int64_t ticks);
void move_system_time(std::int64_t ticks);

}  // namespace ddi::kernel
