#include "conformance/kernel/dispatcher/clock.h"

#include <time.h>

#include <algorithm>
#include <atomic>
#include <limits>

#include "conformance/kernel/parking.h"

namespace ddi::kernel {
namespace {

constexpr std::int64_t nanoseconds_per_tick = 100;
constexpr std::int64_t seconds_from_1601_to_1970 = 11'644'473'600;

std::atomic<std::int64_t> moved_clocks{0};
std::atomic<std::int64_t> moved_system_time{0};

std::int64_t host_ticks(clockid_t clock) {
    timespec now{};
    clock_gettime(clock, &now);
    return now.tv_sec * ticks_per_second + now.tv_nsec / nanoseconds_per_tick;
}

}  // namespace

std::int64_t interrupt_time() { return host_ticks(CLOCK_MONOTONIC) + moved_clocks.load(); }

std::int64_t system_time() {
    return host_ticks(CLOCK_REALTIME) + seconds_from_1601_to_1970 * ticks_per_second + moved_clocks.load() + moved_system_time.load();
}

TimeLimit time_limit(std::int64_t ticks) {
    if (ticks >= 0) return {TimeLimit::Clock::system, ticks};
    const std::int64_t now = interrupt_time();
    // The smallest value is the longest interval; a century from now is never, for a process.
    const std::int64_t interval = ticks == std::numeric_limits<std::int64_t>::min() ? std::numeric_limits<std::int64_t>::max() : -ticks;
    const std::int64_t last = std::numeric_limits<std::int64_t>::max();
    return {TimeLimit::Clock::interrupt, interval > last - now ? last : now + interval};
}

std::int64_t ticks_until(const TimeLimit& limit) {
    switch (limit.clock) {
        case TimeLimit::Clock::never:
            return std::numeric_limits<std::int64_t>::max();
        case TimeLimit::Clock::interrupt:
            return limit.due - interrupt_time();
        case TimeLimit::Clock::system:
            return limit.due - system_time();
    }
    return 0;
}

TimeLimit earlier(const TimeLimit& a, const TimeLimit& b) { return ticks_until(b) < ticks_until(a) ? b : a; }

bool park_until(const void* word, std::uint32_t expected, const TimeLimit& limit) {
    if (limit.endless()) return park(word, expected);
    const bool system = limit.clock == TimeLimit::Clock::system;
    const std::int64_t host_now = host_ticks(system ? CLOCK_REALTIME : CLOCK_MONOTONIC);
    const std::int64_t rest = std::max<std::int64_t>(ticks_until(limit), 0);
    const std::int64_t last = std::numeric_limits<std::int64_t>::max();
    const std::int64_t due = rest > last - host_now ? last : host_now + rest;
    return park(word, expected,
                {system ? Deadline::Clock::system : Deadline::Clock::monotonic, due / ticks_per_second,
                 due % ticks_per_second * nanoseconds_per_tick});
}

void move_clocks(std::int64_t ticks) { moved_clocks.fetch_add(ticks); }
void move_system_time(std::int64_t ticks) { moved_system_time.fetch_add(ticks); }

}  // namespace ddi::kernel
