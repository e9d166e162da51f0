#include "conformance/kernel/request.h"

#include "conformance/kernel/bugcheck.h"
#include "conformance/kernel/parking.h"
#include "conformance/kernel/thread.h"

namespace ddi::kernel {
namespace {

// Beside the flags that Windows sets: this IRP is the first member of a Request.
constexpr ULONG made_here = 0x40000000;

}  // namespace

Request::Request(Operation operation) { irp_.Flags = static_cast<ULONG>(operation) | made_here; }

void Request::await_completion() {
    const WaitingScope waiting(this_thread(), &irp_);
    while (!completed()) park(&state_, 0);
}

void Request::finish(NTSTATUS status) {
    status_ = status;
    if (state_.fetch_or(complete_bit, std::memory_order_acq_rel) & complete_bit) bug_check(BugCode::multiple_irp_complete_requests, &irp_);
    unpark_all(&state_);
}

void Request::dispatched(NTSTATUS returned) {
    const auto violation = BugCode::driver_verifier_iomanager_violation;
    if (returned == STATUS_PENDING) {
        if (!irp_.PendingReturned) bug_check(violation, io_violation::pending_not_marked, &irp_, returned);
        return;
    }
    if (irp_.PendingReturned) bug_check(violation, io_violation::marked_not_pending, &irp_, returned);
    if (completed()) bug_check(violation, io_violation::completed_not_pending, &irp_, returned);
    irp_.IoStatus.Status = returned;
    finish(returned);
}

Request& Request::of(PIRP irp) {
    if (!(irp->Flags & made_here)) bug_check(BugCode::driver_verifier_iomanager_violation, io_violation::not_a_dispatched_irp, irp);
    return *reinterpret_cast<Request*>(irp);
}

void Request::complete_pending() {
    if (completed()) bug_check(BugCode::multiple_irp_complete_requests, &irp_);
    finish(irp_.IoStatus.Status);
}

}  // namespace ddi::kernel

extern "C" {

// On Windows the mark is in the current stack location and PendingReturned shows it on the way up; our requests have one location.
VOID IoMarkIrpPending(PIRP Irp) { Irp->PendingReturned = TRUE; }

}  // extern "C"
