// KeRaiseIrql and its family. The documentation calls it fatal to lower to another level than the latest raise saved;
// the latest raises of each thread are remembered to notice that.
#include "conformance/kernel/irql.h"

#include <ndis.h>
#include <ntddk.h>

#include <algorithm>

#include "conformance/kernel/planted_bug.h"

namespace ddi::kernel {
namespace {

KIRQL raise(KIRQL level) {
    Thread& thread = this_thread();
    const KIRQL old = thread.irql.get();
    if (level > HIGH_LEVEL) [[unlikely]]
        bug_check(BugCode::driver_verifier_detected_violation, verifier::bad_raise, old, level);
    if (level < old) [[unlikely]]
        bug_check(BugCode::irql_not_greater_or_equal, old, level);
    // Levels that locks have lowered past meanwhile cannot be lowered from any more.
    while (thread.raise_count > 0 && thread.raises[thread.raise_count - 1].to > old) --thread.raise_count;
    if (thread.raise_count == Thread::remembered_raises) [[unlikely]] {  // forget the oldest
        std::copy(thread.raises + 1, thread.raises + Thread::remembered_raises, thread.raises);
        --thread.raise_count;
    }
    thread.raises[thread.raise_count++] = {old, level};
    thread.irql.set(level);
    return old;
}

void lower(KIRQL level) {
    Thread& thread = this_thread();
    const KIRQL old = thread.irql.get();
    if (level > old) [[unlikely]]
        bug_check(BugCode::irql_not_less_or_equal, level, old);
    if (thread.raise_count > 0) {
        const Thread::Raise latest = thread.raises[thread.raise_count - 1];
        // A lock may have raised further since; then the latest raise says nothing about this call.
        if (latest.to == old) {
            if (latest.from != level) [[unlikely]]
                bug_check(BugCode::driver_verifier_detected_violation, verifier::bad_lower, old, level, latest.from);
            --thread.raise_count;
        }
    }
    set_irql(planted(Bug::lower_irql_to_wrong_level) ? PASSIVE_LEVEL : level);
}

constexpr ULONG processors_per_group = 64;

}  // namespace
}  // namespace ddi::kernel

using namespace ddi::kernel;

extern "C" {

KIRQL KeGetCurrentIrql(void) { return current_irql(); }

VOID KeRaiseIrql(KIRQL NewIrql, PKIRQL OldIrql) { *OldIrql = raise(NewIrql); }

KIRQL KzRaiseIrql(KIRQL NewIrql) { return raise(NewIrql); }

KIRQL KeRaiseIrqlToDpcLevel(void) { return raise(DISPATCH_LEVEL); }

VOID KeLowerIrql(KIRQL NewIrql) { lower(NewIrql); }

VOID NDIS_RAISE_IRQL_TO_DISPATCH(PKIRQL OldIrql) { *OldIrql = raise(DISPATCH_LEVEL); }

VOID NDIS_LOWER_IRQL(KIRQL OldIrql, KIRQL CurIrql) {
    if (OldIrql != CurIrql) {
        lower(OldIrql);
        return;
    }
    // Nothing to lower, but the raise this call belongs to is over.
    Thread& thread = this_thread();
    if (thread.raise_count > 0 && thread.raises[thread.raise_count - 1].from == OldIrql) --thread.raise_count;
}

ULONG KeGetCurrentProcessorNumberEx(PPROCESSOR_NUMBER ProcNumber) {
    const ULONG index = this_thread().processor;
    if (ProcNumber) {
        ProcNumber->Group = static_cast<USHORT>(index / processors_per_group);
        ProcNumber->Number = static_cast<UCHAR>(index % processors_per_group);
        ProcNumber->Reserved = 0;
    }
    return index;
}

ULONG KeGetCurrentProcessorNumber(void) { return this_thread().processor % processors_per_group; }

}  // extern "C"
