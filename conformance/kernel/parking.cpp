#include "conformance/kernel/parking.h"

#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <thread>

namespace ddi::kernel {
namespace {

static_assert(sizeof(std::atomic<std::uint32_t>) == sizeof(std::uint32_t), "a futex is a plain 32-bit word");

void wake(const void* word, int count) { syscall(SYS_futex, word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, count, nullptr, nullptr, 0); }

}  // namespace

bool park(const void* word, std::uint32_t expected, const Deadline& deadline) {
    timespec until{};
    until.tv_sec = deadline.seconds;
    until.tv_nsec = deadline.nanoseconds;
    const bool timed = deadline.clock != Deadline::Clock::never;
    const int clock = deadline.clock == Deadline::Clock::system ? FUTEX_CLOCK_REALTIME : 0;
    const long result = syscall(SYS_futex, word, FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG | clock, expected, timed ? &until : nullptr,
                                nullptr, FUTEX_BITSET_MATCH_ANY);
    return !(result == -1 && errno == ETIMEDOUT);
}

void unpark_one(const void* word) { wake(word, 1); }
void unpark_all(const void* word) { wake(word, INT_MAX); }

void yield_processor() { sched_yield(); }

int Backoff::limit() {
    static const int rounds = std::thread::hardware_concurrency() > 1 ? 40 : 0;
    return rounds;
}

void Gate::enter_slowly() {
    Backoff backoff;
    while (backoff.spin()) {
        if (!held() && try_enter()) return;
    }
    // From here on the word says 2: whoever leaves cannot know whether others sleep too.
    while (word_.exchange(2, std::memory_order_acquire) != 0) park(&word_, 2);
}

}  // namespace ddi::kernel
