// Cache-aware run-down protection: a count for each of some processors, on cache lines of their own. A release may find another count than
// its acquisition did, so single counts can fall below zero; only their sum says something. When run down begins, each count is closed and
// added to a total, on which later releases work.
#include <wdm.h>

#include <cstdint>
#include <new>

#include "conformance/kernel/executive/executive.h"
#include "conformance/kernel/irql.h"
#include "conformance/kernel/owned_mutex.h"
#include "conformance/kernel/parking.h"

namespace {

using namespace ddi::kernel;

constexpr std::size_t line = 64;

struct Slot {
    static constexpr std::int64_t closed = 1, one = 2;  // the count is above the bit

    std::atomic<std::int64_t> word;
    std::uint8_t rest[line - sizeof(std::atomic<std::int64_t>)];
};
static_assert(sizeof(Slot) == line);

struct CacheAware {
    static constexpr std::uint32_t caller_kind = 0x43524344;     // "DCRC": in the caller's storage
    static constexpr std::uint32_t allocated_kind = 0x41524344;  // "DCRA"
    static constexpr std::uint32_t open = 0, begun = 1, done = 2;
    // While the counts are still being added up, no release may believe that it was the last one.
    static constexpr std::int64_t adding = std::int64_t{1} << 62;

    std::uint32_t kind;
    std::uint32_t slots;
    Gate guard;                        // who begins run down, or opens again
    std::atomic<std::uint32_t> stage;  // watched by those who wait
    std::atomic<std::int64_t> total;   // once begun
    std::uint8_t rest[line - 24];

    Slot* slot() { return reinterpret_cast<Slot*>(this + 1); }
    Slot& mine() { return slot()[this_thread().processor % slots]; }
};
static_assert(sizeof(CacheAware) == line);
static_assert(alignof(CacheAware) <= 8, "a caller's buffer is aligned as pool memory is, no better");

constexpr std::uint32_t most_slots = 8;

constexpr SIZE_T size_of(std::uint32_t slots) { return sizeof(CacheAware) + slots * sizeof(Slot); }

CacheAware& rundown_at(PEX_RUNDOWN_REF_CACHE_AWARE reference) {
    auto& rundown = *reinterpret_cast<CacheAware*>(reference);
    if (rundown.kind != CacheAware::caller_kind && rundown.kind != CacheAware::allocated_kind) [[unlikely]]
        bug_check(BugCode::driver_verifier_detected_violation, verifier::resource_uninitialized, reference);
    return rundown;
}

void open(CacheAware& rundown) {
    rundown.total.store(0, std::memory_order_relaxed);
    rundown.stage.store(CacheAware::open, std::memory_order_relaxed);
    for (std::uint32_t i = 0; i < rundown.slots; ++i) rundown.slot()[i].word.store(0, std::memory_order_release);
}

CacheAware& make(void* storage, std::uint32_t slots, std::uint32_t kind) {
    auto& rundown = *new (storage) CacheAware{};
    rundown.kind = kind;
    rundown.slots = slots;
    for (std::uint32_t i = 0; i < slots; ++i) new (rundown.slot() + i) Slot{};
    return rundown;
}

bool acquire(PEX_RUNDOWN_REF_CACHE_AWARE reference, ULONG count) {
    require_at_most(DISPATCH_LEVEL, reference);
    std::atomic<std::int64_t>& word = rundown_at(reference).mine().word;
    std::int64_t seen = word.load(std::memory_order_relaxed);
    do {
        if ((seen & Slot::closed) != 0) return false;
    } while (!word.compare_exchange_weak(seen, seen + Slot::one * count, std::memory_order_acquire, std::memory_order_relaxed));
    return true;
}

void finish(CacheAware& rundown) {
    rundown.stage.store(CacheAware::done, std::memory_order_release);
    unpark_all(&rundown.stage);  // only the address: whoever waited may have freed the object
}

void release(PEX_RUNDOWN_REF_CACHE_AWARE reference, ULONG count) {
    require_at_most(DISPATCH_LEVEL, reference);
    CacheAware& rundown = rundown_at(reference);
    std::atomic<std::int64_t>& word = rundown.mine().word;
    std::int64_t seen = word.load(std::memory_order_acquire);
    while ((seen & Slot::closed) == 0) {
        if (word.compare_exchange_weak(seen, seen - Slot::one * count, std::memory_order_acq_rel, std::memory_order_acquire)) return;
    }
    if (count == 0) return;
    const std::int64_t before = rundown.total.fetch_sub(count, std::memory_order_acq_rel);
    if (before < static_cast<std::int64_t>(count)) [[unlikely]] {
        rundown.total.fetch_add(count, std::memory_order_relaxed);
        bug_check(BugCode::driver_verifier_detected_violation, verifier::released_unacquired, reference);
    }
    if (before == static_cast<std::int64_t>(count)) finish(rundown);
}

// Closes all counts. True: nobody is protected any more.
bool begin(CacheAware& rundown) {
    rundown.total.store(CacheAware::adding, std::memory_order_relaxed);
    rundown.stage.store(CacheAware::begun, std::memory_order_release);
    std::int64_t sum = 0;
    for (std::uint32_t i = 0; i < rundown.slots; ++i)
        sum += (rundown.slot()[i].word.exchange(Slot::closed, std::memory_order_acq_rel)) / Slot::one;
    const std::int64_t left = rundown.total.fetch_add(sum - CacheAware::adding, std::memory_order_acq_rel) + sum - CacheAware::adding;
    if (left < 0) [[unlikely]]
        bug_check(BugCode::driver_verifier_detected_violation, verifier::released_unacquired, &rundown);
    if (left == 0) finish(rundown);
    return left == 0;
}

void wait(PEX_RUNDOWN_REF_CACHE_AWARE reference) {
    require_at_most(APC_LEVEL, reference);
    CacheAware& rundown = rundown_at(reference);
    {
        const GateScope scope(rundown.guard);
        if (rundown.stage.load(std::memory_order_acquire) == CacheAware::open && begin(rundown)) return;
    }
    if (rundown.stage.load(std::memory_order_acquire) == CacheAware::done) return;
    const WaitingScope waiting(this_thread(), reference);
    Backoff backoff;
    while (rundown.stage.load(std::memory_order_acquire) != CacheAware::done) {
        if (!backoff.spin()) park(&rundown.stage, CacheAware::begun);
    }
}

void require_run_down(CacheAware& rundown) {
    if (rundown.stage.load(std::memory_order_acquire) != CacheAware::done) [[unlikely]]
        bug_check(BugCode::driver_verifier_detected_violation, verifier::ours_not_run_down, &rundown,
                  rundown.total.load(std::memory_order_relaxed));
}

void initialize(PEX_RUNDOWN_REF_CACHE_AWARE reference, SIZE_T size) {
    require_at_most(APC_LEVEL, reference);
    require_aligned(reference);
    if (size < size_of(1)) [[unlikely]]
        bug_check(BugCode::driver_verifier_detected_violation, verifier::ours_storage_too_small, reference, size);
    const SIZE_T room = (size - sizeof(CacheAware)) / sizeof(Slot);
    make(reference, room < most_slots ? static_cast<std::uint32_t>(room) : most_slots, CacheAware::caller_kind);
}

}  // namespace

extern "C" {

SIZE_T ExSizeOfRundownProtectionCacheAware(void) {
    require_at_most(APC_LEVEL, nullptr);
    return size_of(most_slots);
}

VOID ExInitializeRundownProtectionCacheAware(PEX_RUNDOWN_REF_CACHE_AWARE RunRefCacheAware, SIZE_T RunRefSize) {
    initialize(RunRefCacheAware, RunRefSize);
}

// Reserved for the system; the page knows no parameters. The whole structure is expected, and the flags mean nothing here.
VOID ExInitializeRundownProtectionCacheAwareEx(PEX_RUNDOWN_REF_CACHE_AWARE RunRefCacheAware, ULONG) {
    initialize(RunRefCacheAware, size_of(most_slots));
}

PEX_RUNDOWN_REF_CACHE_AWARE ExAllocateCacheAwareRundownProtection(POOL_TYPE, ULONG) {
    require_at_most(APC_LEVEL, nullptr);
    void* const storage = ::operator new (size_of(most_slots), std::align_val_t{line});
    return reinterpret_cast<PEX_RUNDOWN_REF_CACHE_AWARE>(&make(storage, most_slots, CacheAware::allocated_kind));
}

VOID ExFreeCacheAwareRundownProtection(PEX_RUNDOWN_REF_CACHE_AWARE RunRefCacheAware) {
    require_at_most(APC_LEVEL, RunRefCacheAware);
    CacheAware& rundown = rundown_at(RunRefCacheAware);
    if (rundown.kind != CacheAware::allocated_kind) [[unlikely]]
        bug_check(BugCode::driver_verifier_detected_violation, verifier::resource_uninitialized, RunRefCacheAware);
    rundown.kind = 0;
    ::operator delete (RunRefCacheAware, std::align_val_t{line});
}

VOID ExReInitializeRundownProtectionCacheAware(PEX_RUNDOWN_REF_CACHE_AWARE RunRefCacheAware) {
    require_at_most(APC_LEVEL, RunRefCacheAware);
    CacheAware& rundown = rundown_at(RunRefCacheAware);
    require_run_down(rundown);
    const GateScope scope(rundown.guard);
    open(rundown);
}

BOOLEAN ExAcquireRundownProtectionCacheAware(PEX_RUNDOWN_REF_CACHE_AWARE RunRefCacheAware) {
    return acquire(RunRefCacheAware, 1) ? TRUE : FALSE;
}
BOOLEAN ExAcquireRundownProtectionCacheAwareEx(PEX_RUNDOWN_REF_CACHE_AWARE RunRefCacheAware, ULONG Count) {
    return acquire(RunRefCacheAware, Count) ? TRUE : FALSE;
}
VOID ExReleaseRundownProtectionCacheAware(PEX_RUNDOWN_REF_CACHE_AWARE RunRefCacheAware) { release(RunRefCacheAware, 1); }
VOID ExReleaseRundownProtectionCacheAwareEx(PEX_RUNDOWN_REF_CACHE_AWARE RunRef, ULONG Count) { release(RunRef, Count); }

VOID ExWaitForRundownProtectionReleaseCacheAware(PEX_RUNDOWN_REF_CACHE_AWARE RunRefCacheAware) { wait(RunRefCacheAware); }

// The state stays what it is: run down, and nobody gets protection.
VOID ExRundownCompletedCacheAware(PEX_RUNDOWN_REF_CACHE_AWARE RunRefCacheAware) {
    require_at_most(APC_LEVEL, RunRefCacheAware);
    require_run_down(rundown_at(RunRefCacheAware));
}

}  // extern "C"
