// How a thread waits: a bounded spin, then sleep on a 32-bit word until another thread wakes it (a futex where there is one).
// Locks that do not fit in a futex word of their own use Gate. Assumes nothing about fairness; callers that need order keep a queue.
#pragma once

#include <atomic>
#include <cstdint>

namespace ddi::kernel {

/// When a sleep ends by itself, by the host's clocks. Whoever waits by the kernel's clocks uses dispatcher/clock.h.
struct Deadline {
    enum class Clock { never, monotonic, system } clock = Clock::never;
    std::int64_t seconds = 0;
    std::int64_t nanoseconds = 0;
};

/// Sleeps while the 32 bits at `word` are `expected`; may return early for no reason. False: the deadline has passed.
bool park(const void* word, std::uint32_t expected, const Deadline& deadline = {});
/// Wakes one sleeper. The word may be gone by now (a waiter's stack): only its address is used.
void unpark_one(const void* word);
void unpark_all(const void* word);

inline void cpu_relax() {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
}

void yield_processor();

/// A bounded spin. With one processor there is nothing to spin for.
class Backoff {
  public:
    /// True: worth another look at the lock; false: time to park.
    bool spin() {
        if (round_ >= limit()) return false;
        for (int i = 0; i < (1 << (round_ < 5 ? round_ : 5)); ++i) cpu_relax();
        ++round_;
        return true;
    }

  private:
    static int limit();
    int round_ = 0;
};

/// One word that is 0 (free), 1 (held) or 2 (held, and somebody may sleep). Not fair. The building block of fast and guarded mutexes
/// and the guard of objects with more state.
class Gate {
  public:
    /// `watch`: the caller's Thread::watch, where acquisitions are watched; then it fails.
    bool try_enter(std::uint32_t watch = 0) {
        std::uint32_t expected = watch;
        return word_.compare_exchange_strong(expected, 1, std::memory_order_acquire, std::memory_order_relaxed);
    }
    void enter() {
        if (!try_enter()) enter_slowly();
    }
    void enter_slowly();
    /// True: somebody may have slept, or the acquisition was watched.
    bool leave(std::uint32_t watch = 0) {
        if ((word_.exchange(0, std::memory_order_release) | watch) < 2) return false;
        unpark_one(&word_);
        return true;
    }
    bool held() const { return word_.load(std::memory_order_relaxed) != 0; }

  private:
    std::atomic<std::uint32_t> word_{0};
};

class GateScope {
  public:
    explicit GateScope(Gate& gate) : gate_(gate) { gate_.enter(); }
    ~GateScope() { gate_.leave(); }
    GateScope(const GateScope&) = delete;
    GateScope& operator=(const GateScope&) = delete;

  private:
    Gate& gate_;
};

}  // namespace ddi::kernel
