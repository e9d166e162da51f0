// Cancel-safe queues: the driver keeps the IRPs and the lock, its routines are called in the documented order, and an IRP leaves the
// queue exactly once: whoever takes its cancel routine away owns it.
#include <wdm.h>

#include "conformance/kernel/io/cancel.h"
#include "conformance/kernel/irql.h"

namespace ddi::kernel::io {
namespace {

// The first member of queues and contexts, as in the library that Windows 2000 drivers link to.
enum class CsqType : ULONG { context = 1, queue = 2, queue_ex = 3 };

struct Csq {
    CsqType type;
    union {
        PIO_CSQ_INSERT_IRP insert;
        PIO_CSQ_INSERT_IRP_EX insert_ex;
    };
    PIO_CSQ_REMOVE_IRP remove;
    PIO_CSQ_PEEK_NEXT_IRP peek_next;
    PIO_CSQ_ACQUIRE_LOCK acquire_lock;
    PIO_CSQ_RELEASE_LOCK release_lock;
    PIO_CSQ_COMPLETE_CANCELED_IRP complete_canceled;
    PVOID reserved;
};
static_assert(sizeof(Csq) == sizeof(IO_CSQ) && alignof(Csq) <= alignof(IO_CSQ));

struct Context {
    CsqType type;
    PIRP irp;  // null: not queued any more; guarded by the queue's lock
    PIO_CSQ csq;
};
static_assert(sizeof(Context) == sizeof(IO_CSQ_IRP_CONTEXT) && alignof(Context) <= alignof(IO_CSQ_IRP_CONTEXT));

Csq& queue_at(PIO_CSQ csq) {
    Csq& queue = *reinterpret_cast<Csq*>(csq);
    if (queue.type != CsqType::queue && queue.type != CsqType::queue_ex) [[unlikely]]
        bug_check(BugCode::driver_verifier_detected_violation, verifier::resource_uninitialized, csq);
    return queue;
}

Context& context_at(PIO_CSQ_IRP_CONTEXT context) { return *reinterpret_cast<Context*>(context); }

/// What a queued IRP remembers: its context if it has one, else its queue. The type tells which.
PVOID& memory_of(PIRP irp) { return irp->Tail.Overlay.DriverContext[3]; }

/// The IRP has left the queue. Under the queue's lock.
void forget_queue(PIRP irp) {
    if (PVOID memory = memory_of(irp); memory && *static_cast<CsqType*>(memory) == CsqType::context)
        static_cast<Context*>(memory)->irp = nullptr;
    memory_of(irp) = nullptr;
}

class QueueLock {
  public:
    explicit QueueLock(PIO_CSQ csq) : csq_(csq), queue_(queue_at(csq)) { queue_.acquire_lock(csq_, &old_); }
    void leave() { queue_.release_lock(csq_, old_); }

  private:
    PIO_CSQ csq_;
    Csq& queue_;
    KIRQL old_ = PASSIVE_LEVEL;  // the routine of a queue without a spin lock stores nothing
};

void cancel_queued(PDEVICE_OBJECT, PIRP irp) {
    IoReleaseCancelSpinLock(irp->CancelIrql);
    const PVOID memory = memory_of(irp);
    const PIO_CSQ csq =
        *static_cast<CsqType*>(memory) == CsqType::context ? static_cast<Context*>(memory)->csq : static_cast<PIO_CSQ>(memory);
    Csq& queue = queue_at(csq);
    QueueLock lock(csq);
    queue.remove(csq, irp);
    forget_queue(irp);
    lock.leave();
    queue.complete_canceled(csq, irp);
}

void initialize(PIO_CSQ storage, CsqType type, PIO_CSQ_REMOVE_IRP remove, PIO_CSQ_PEEK_NEXT_IRP peek, PIO_CSQ_ACQUIRE_LOCK acquire,
                PIO_CSQ_RELEASE_LOCK release, PIO_CSQ_COMPLETE_CANCELED_IRP complete) {
    Csq& queue = *reinterpret_cast<Csq*>(storage);
    queue.type = type;
    queue.remove = remove;
    queue.peek_next = peek;
    queue.acquire_lock = acquire;
    queue.release_lock = release;
    queue.complete_canceled = complete;
    queue.reserved = nullptr;
}

NTSTATUS insert(PIO_CSQ csq, PIRP irp, PIO_CSQ_IRP_CONTEXT context, PVOID insert_context) {
    Csq& queue = queue_at(csq);
    require_at_most(DISPATCH_LEVEL, csq);
    if (context) {
        context_at(context) = {CsqType::context, irp, csq};
        memory_of(irp) = context;
    } else {
        memory_of(irp) = csq;
    }
    QueueLock lock(csq);
    NTSTATUS status = STATUS_SUCCESS;
    bool canceled = is_canceled(irp);
    if (!canceled) {
        if (queue.type == CsqType::queue_ex) {
            status = queue.insert_ex(csq, irp, insert_context);
        } else {
            queue.insert(csq, irp);
        }
        if (!NT_SUCCESS(status)) {
            forget_queue(irp);
            lock.leave();
            return status;
        }
    }
    IoMarkIrpPending(irp);
    if (!canceled) {
        set_cancel_routine(irp, cancel_queued);
        // Canceled since we looked: either its canceler has found our routine, or we take the routine away and do its work.
        canceled = is_canceled(irp) && set_cancel_routine(irp, nullptr) != nullptr;
        if (canceled) queue.remove(csq, irp);
    }
    if (canceled) forget_queue(irp);
    lock.leave();
    if (canceled) queue.complete_canceled(csq, irp);
    return status;
}

PIRP remove_by_context(PIO_CSQ csq, PIO_CSQ_IRP_CONTEXT storage) {
    Csq& queue = queue_at(csq);
    require_at_most(DISPATCH_LEVEL, csq);
    Context& context = context_at(storage);
    if (context.type == CsqType{} && !context.irp) return nullptr;  // zeroes stand for no IRP
    if (context.type != CsqType::context || context.csq != csq) [[unlikely]]
        bug_check(BugCode::driver_verifier_detected_violation, verifier::resource_uninitialized, storage);
    QueueLock lock(csq);
    const PIRP irp = context.irp;
    // Without its routine the IRP belongs to its canceler, who waits for the queue's lock.
    const bool ours = irp && set_cancel_routine(irp, nullptr);
    if (ours) {
        queue.remove(csq, irp);
        forget_queue(irp);
    }
    lock.leave();
    return ours ? irp : nullptr;
}

PIRP remove_next(PIO_CSQ csq, PVOID peek_context) {
    Csq& queue = queue_at(csq);
    require_at_most(DISPATCH_LEVEL, csq);
    QueueLock lock(csq);
    PIRP irp = queue.peek_next(csq, nullptr, peek_context);
    while (irp && !set_cancel_routine(irp, nullptr)) irp = queue.peek_next(csq, irp, peek_context);  // that one is being canceled
    if (irp) {
        queue.remove(csq, irp);
        forget_queue(irp);
    }
    lock.leave();
    return irp;
}

}  // namespace
}  // namespace ddi::kernel::io

using namespace ddi::kernel;
using namespace ddi::kernel::io;

extern "C" {

NTSTATUS IoCsqInitialize(PIO_CSQ Csq, PIO_CSQ_INSERT_IRP CsqInsertIrp, PIO_CSQ_REMOVE_IRP CsqRemoveIrp,
                         PIO_CSQ_PEEK_NEXT_IRP CsqPeekNextIrp, PIO_CSQ_ACQUIRE_LOCK CsqAcquireLock, PIO_CSQ_RELEASE_LOCK CsqReleaseLock,
                         PIO_CSQ_COMPLETE_CANCELED_IRP CsqCompleteCanceledIrp) {
    initialize(Csq, CsqType::queue, CsqRemoveIrp, CsqPeekNextIrp, CsqAcquireLock, CsqReleaseLock, CsqCompleteCanceledIrp);
    reinterpret_cast<io::Csq*>(Csq)->insert = CsqInsertIrp;
    return STATUS_SUCCESS;
}

NTSTATUS IoCsqInitializeEx(PIO_CSQ Csq, PIO_CSQ_INSERT_IRP_EX CsqInsertIrp, PIO_CSQ_REMOVE_IRP CsqRemoveIrp,
                           PIO_CSQ_PEEK_NEXT_IRP CsqPeekNextIrp, PIO_CSQ_ACQUIRE_LOCK CsqAcquireLock, PIO_CSQ_RELEASE_LOCK CsqReleaseLock,
                           PIO_CSQ_COMPLETE_CANCELED_IRP CsqCompleteCanceledIrp) {
    initialize(Csq, CsqType::queue_ex, CsqRemoveIrp, CsqPeekNextIrp, CsqAcquireLock, CsqReleaseLock, CsqCompleteCanceledIrp);
    reinterpret_cast<io::Csq*>(Csq)->insert_ex = CsqInsertIrp;
    return STATUS_SUCCESS;
}

VOID IoCsqInsertIrp(PIO_CSQ Csq, PIRP Irp, PIO_CSQ_IRP_CONTEXT Context) { insert(Csq, Irp, Context, nullptr); }

NTSTATUS IoCsqInsertIrpEx(PIO_CSQ Csq, PIRP Irp, PIO_CSQ_IRP_CONTEXT Context, PVOID InsertContext) {
    return insert(Csq, Irp, Context, InsertContext);
}

PIRP IoCsqRemoveIrp(PIO_CSQ Csq, PIO_CSQ_IRP_CONTEXT Context) { return remove_by_context(Csq, Context); }

PIRP IoCsqRemoveNextIrp(PIO_CSQ Csq, PVOID PeekContext) { return remove_next(Csq, PeekContext); }

}  // extern "C"
