// Run-down protection in the eight bytes that the caller provides: a count above eight flags. Free is zero. Once run down has begun nobody
// gets protection any more; when the count reaches zero then, the object is run down, whether somebody waits for that or not.
#include <wdm.h>

#include "conformance/kernel/executive/executive.h"
#include "conformance/kernel/irql.h"
#include "conformance/kernel/owned_mutex.h"
#include "conformance/kernel/parking.h"
#include "conformance/kernel/planted_bug.h"

namespace ddi::kernel::executive {
namespace {

struct Rundown {
    static constexpr std::uint64_t begun = 1, done = 2, flags = 0xFF;
    static constexpr int count_shift = 8;
    static constexpr std::uint64_t highest_count = std::uint64_t{1} << 40;  // more is storage that nobody initialized

    static std::uint64_t count(std::uint64_t word) { return word >> count_shift; }
    static std::uint64_t times(std::uint64_t count) { return count << count_shift; }

    std::atomic<std::uint64_t> word;
};
static_assert(sizeof(Rundown) == 8 && sizeof(EX_RUNDOWN_REF) == 8, "EX_RUNDOWN_REF is 8 bytes on 64-bit Windows");

Rundown& rundown_at(const EX_RUNDOWN_REF* reference) { return *reinterpret_cast<Rundown*>(const_cast<EX_RUNDOWN_REF*>(reference)); }

void require_valid(const Rundown& rundown, std::uint64_t word) {
    if ((word & Rundown::flags & ~(Rundown::begun | Rundown::done)) != 0 || Rundown::count(word) >= Rundown::highest_count) [[unlikely]]
        bug_check(BugCode::driver_verifier_detected_violation, verifier::resource_uninitialized, &rundown);
}

bool acquire(PEX_RUNDOWN_REF reference, ULONG count) {
    require_at_most(DISPATCH_LEVEL, reference);
    Rundown& rundown = rundown_at(reference);
    std::uint64_t word = rundown.word.load(std::memory_order_relaxed);
    do {
        require_valid(rundown, word);
        if ((word & Rundown::begun) != 0 && !planted(Bug::protection_after_run_down)) return false;
    } while (!rundown.word.compare_exchange_weak(word, word + Rundown::times(count), std::memory_order_acquire, std::memory_order_relaxed));
    return true;
}

void release(PEX_RUNDOWN_REF reference, ULONG count) {
    require_at_most(DISPATCH_LEVEL, reference);
    Rundown& rundown = rundown_at(reference);
    std::uint64_t word = rundown.word.load(std::memory_order_relaxed);
    std::uint64_t left = 0;
    do {
        require_valid(rundown, word);
        if (Rundown::count(word) < count) [[unlikely]]
            bug_check(BugCode::driver_verifier_detected_violation, verifier::released_unacquired, reference);
        left = word - Rundown::times(count);
        if (left == Rundown::begun) left |= Rundown::done;
    } while (!rundown.word.compare_exchange_weak(word, left, std::memory_order_acq_rel, std::memory_order_relaxed));
    // Whoever waits may free the object right away: only its address is used.
    if ((left & Rundown::done) != 0 && (word & Rundown::done) == 0) unpark_all(&rundown);
}

void wait(PEX_RUNDOWN_REF reference) {
    require_at_most(APC_LEVEL, reference);
    Rundown& rundown = rundown_at(reference);
    std::uint64_t word = rundown.word.load(std::memory_order_acquire);
    do {
        require_valid(rundown, word);
        if ((word & Rundown::done) != 0) return;
    } while (!rundown.word.compare_exchange_weak(word, word == 0 ? Rundown::begun | Rundown::done : word | Rundown::begun,
                                                 std::memory_order_acq_rel, std::memory_order_acquire));
    if (word == 0 || planted(Bug::rundown_wait_returns_early)) return;
    const WaitingScope waiting(this_thread(), reference);
    Backoff backoff;
    while (((word = rundown.word.load(std::memory_order_acquire)) & Rundown::done) == 0) {
        // Being done is one of the watched bits, so no wake-up is lost.
        if (!backoff.spin()) park(&rundown, static_cast<std::uint32_t>(word));
    }
}

void require_run_down(const Rundown& rundown) {
    const std::uint64_t word = rundown.word.load(std::memory_order_acquire);
    require_valid(rundown, word);
    if ((word & Rundown::done) == 0) [[unlikely]]
        bug_check(BugCode::driver_verifier_detected_violation, verifier::ours_not_run_down, &rundown, Rundown::count(word));
}

}  // namespace
}  // namespace ddi::kernel::executive

using namespace ddi::kernel;
using namespace ddi::kernel::executive;

extern "C" {

VOID ExInitializeRundownProtection(PEX_RUNDOWN_REF RunRef) {
    require_at_most(APC_LEVEL, RunRef);
    require_aligned(RunRef);
    rundown_at(RunRef).word.store(0, std::memory_order_relaxed);
}

VOID ExReInitializeRundownProtection(PEX_RUNDOWN_REF RunRef) {
    require_at_most(APC_LEVEL, RunRef);
    require_run_down(rundown_at(RunRef));
    rundown_at(RunRef).word.store(0, std::memory_order_release);
}

BOOLEAN ExAcquireRundownProtection(PEX_RUNDOWN_REF RunRef) { return acquire(RunRef, 1) ? TRUE : FALSE; }
BOOLEAN ExAcquireRundownProtectionEx(PEX_RUNDOWN_REF RunRef, ULONG Count) { return acquire(RunRef, Count) ? TRUE : FALSE; }
VOID ExReleaseRundownProtection(PEX_RUNDOWN_REF RunRef) { release(RunRef, 1); }
VOID ExReleaseRundownProtectionEx(PEX_RUNDOWN_REF RunRef, ULONG Count) { release(RunRef, Count); }
VOID ExWaitForRundownProtectionRelease(PEX_RUNDOWN_REF RunRef) { wait(RunRef); }

// The state stays what it is: run down, and nobody gets protection.
VOID ExRundownCompleted(PEX_RUNDOWN_REF RunRef) {
    require_at_most(APC_LEVEL, RunRef);
    require_run_down(rundown_at(RunRef));
}

}  // extern "C"

namespace ddi::kernel::observe {

ULONG64 rundown_count(const EX_RUNDOWN_REF* reference) { return Rundown::count(rundown_at(reference).word.load()); }
bool is_run_down(const EX_RUNDOWN_REF* reference) { return (rundown_at(reference).word.load() & Rundown::done) != 0; }

}  // namespace ddi::kernel::observe
