#include "conformance/kernel/dispatcher/dpc.h"

#include <linux/membarrier.h>
#include <ntddk.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <mutex>
#include <utility>

#include "conformance/kernel/dispatcher/wait.h"
#include "conformance/kernel/dispatcher/worker.h"
#include "conformance/kernel/irql.h"
#include "conformance/kernel/observe.h"
#include "conformance/kernel/planted_bug.h"

namespace ddi::kernel {

struct DpcQueue {
    Dpc* first = nullptr;
    Dpc* last = nullptr;
    Thread* drained_by = nullptr;

    void insert(Dpc& dpc, bool at_front) {
        dpc.next = at_front ? first : nullptr;
        dpc.previous = at_front ? nullptr : last;
        (dpc.previous ? dpc.previous->next : first) = &dpc;
        (dpc.next ? dpc.next->previous : last) = &dpc;
    }
    void remove(Dpc& dpc) {
        (dpc.previous ? dpc.previous->next : first) = dpc.next;
        (dpc.next ? dpc.next->previous : last) = dpc.previous;
    }
};

struct Processor {
    std::uint32_t index = 0;
    Thread* thread = nullptr;
    std::array<DpcQueue, 2> queues;  // ordinary, threaded

    DpcQueue& queue(bool threaded) { return queues[threaded ? 1 : 0]; }
};

namespace {

constexpr std::uint32_t processors_per_group = 64;
constexpr std::uint32_t dpc_bits = Thread::pending_dpc | Thread::pending_idle_dpc;

struct Queues {
    Gate gate;
    std::vector<std::unique_ptr<Processor>> processors;
    std::exception_ptr failure;

    Processor& at(std::uint32_t index) {
        while (processors.size() <= index) {
            processors.push_back(std::make_unique<Processor>());
            processors.back()->index = static_cast<std::uint32_t>(processors.size() - 1);
        }
        return *processors[index];
    }
};

// Never destroyed: threads may still end while the process shuts down.
Queues& queues() {
    static Queues& instance = *new Queues;
    return instance;
}

// Makes every thread of the process pass a full memory barrier, so that threads that lower their IRQL need none of their own: either
// they see what was stored before, or we see the level that they have lowered to. False: the host cannot.
bool barrier_on_all_threads() {
    static const bool registered = syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0;
    return registered && syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0) == 0;
}

// Will the processor's own thread see to its DPCs when it lowers its IRQL?
bool left_to_its_thread(Processor& processor) {
    processor.thread->pending.fetch_or(Thread::pending_dpc);
    return barrier_on_all_threads() && processor.thread->irql.get() >= DISPATCH_LEVEL;
}

// With the gate held, after something came into the queue: who has to run it?
void announce(Processor& processor, bool threaded, bool at_once, Thread& caller, ProcessorsToServe& to_serve) {
    if (threaded || !processor.thread) {
        to_serve.add(processor, threaded);
    } else if (processor.thread == &caller) {
        const bool later = !at_once && caller.irql.get() < DISPATCH_LEVEL;
        caller.pending.fetch_or(later ? Thread::pending_idle_dpc : Thread::pending_dpc, std::memory_order_relaxed);
    } else if (!left_to_its_thread(processor)) {
        to_serve.add(processor, threaded);
    }
}

struct Call {
    Dpc* dpc = nullptr;
    PKDEFERRED_ROUTINE routine = nullptr;
    void* context = nullptr;
    void* arguments[2] = {};
};

// Takes the next DPC out of the queue; from then on it belongs to its driver again.
Call take_next(Processor& processor, DpcQueue& queue, const Thread& self) {
    const GateScope scope(queues().gate);
    Call call;
    const bool own = processor.thread == &self;
    const bool threaded = &queue == &processor.queues[1];
    // Meanwhile the processor's thread may have raised its IRQL; then the rest is its business.
    const bool left = queue.first && !own && !threaded && processor.thread && processor.thread->irql.get() >= DISPATCH_LEVEL &&
                      left_to_its_thread(processor);
    if (!queue.first || left) {
        queue.drained_by = nullptr;
        if (!threaded && own) processor.thread->pending.fetch_and(~dpc_bits, std::memory_order_relaxed);
        return call;
    }
    Dpc& dpc = *queue.first;
    queue.remove(dpc);
    dpc.queued = false;
    call = {&dpc, dpc.routine, dpc.context, {dpc.arguments[0], dpc.arguments[1]}};
    return call;
}

// The thread stands for the processor as long as this lives.
struct Impersonation {
    Impersonation(Thread& thread_, std::uint32_t processor, KIRQL level, DpcQueue& queue_)
        : thread(thread_), queue(queue_), old_level(thread_.irql.get()), old_processor(thread_.processor) {
        thread.processor = processor;
        thread.irql.set(level);
    }
    ~Impersonation() {
        thread.processor = old_processor;
        thread.irql.set(old_level);
        const GateScope scope(queues().gate);  // after an exception the others stay in the queue
        if (queue.drained_by == &thread) queue.drained_by = nullptr;
    }
    Impersonation(const Impersonation&) = delete;
    Impersonation& operator=(const Impersonation&) = delete;

    Thread& thread;
    DpcQueue& queue;
    const KIRQL old_level;
    const std::uint32_t old_processor;
};

void drain(Processor& processor, bool threaded, Thread& self) {
    DpcQueue& queue = processor.queue(threaded);
    {
        const GateScope scope(queues().gate);
        if (queue.drained_by || !queue.first) {
            if (!threaded && processor.thread == &self) self.pending.fetch_and(~dpc_bits, std::memory_order_relaxed);
            return;
        }
        queue.drained_by = &self;
    }
    const KIRQL level = threaded ? PASSIVE_LEVEL : DISPATCH_LEVEL;
    const Impersonation impersonation(self, processor.index, level, queue);
    while (true) {
        const Call call = take_next(processor, queue, self);
        if (!call.dpc) return;
        call.routine(reinterpret_cast<PKDPC>(call.dpc), call.context, call.arguments[0], call.arguments[1]);
        if (self.irql.get() != level) [[unlikely]]
            bug_check(BugCode::irql_unexpected_value, level << 16 | self.irql.get() << 8, reinterpret_cast<std::uintptr_t>(call.routine));
    }
}

// A thread of the kernel's own has nobody to tell of an exception.
template <class Work>
void keep_failure(Work work) {
    try {
        work();
    } catch (...) {
        observe::reset_current_thread();
        const GateScope scope(queues().gate);
        queues().failure = std::current_exception();
    }
}

void initialize_dpc(void* storage, std::uint32_t kind, PKDEFERRED_ROUTINE routine, void* context) {
    Queues& all = queues();
    const GateScope scope(all.gate);
    // Initialized again while it is in a queue: storage that the driver has used for another DPC before.
    for (const auto& processor : all.processors) {
        for (DpcQueue& queue : processor->queues) {
            for (Dpc* dpc = queue.first; dpc; dpc = dpc->next) {
                if (dpc == storage) queue.remove(*dpc);
            }
        }
    }
    new (storage) Dpc{.kind = kind,
                      .importance = MediumImportance,
                      .queued = false,
                      .target = Dpc::any_processor,
                      .queued_on = 0,
                      .next = nullptr,
                      .previous = nullptr,
                      .routine = routine,
                      .context = context,
                      .arguments = {}};
}

// The simulated machine has all processors of a group, used or not, and as many groups as its threads need.
bool is_processor(std::uint64_t index) {
    const GateScope scope(queues().gate);
    const std::size_t groups = std::max<std::size_t>(1, (queues().processors.size() + processors_per_group - 1) / processors_per_group);
    return index < groups * processors_per_group;
}

void set_target(Dpc& dpc, std::uint64_t index) {
    const GateScope scope(queues().gate);
    dpc.target = static_cast<std::int32_t>(index);
}

// DPCs behind everything that is queued now: when they have run, that has, too.
struct Flush {
    std::atomic<int> left{1};
    KernelEvent done{KernelEvent::automatic};

    static VOID passed(PKDPC, PVOID context, PVOID, PVOID) { static_cast<Flush*>(context)->pass(); }
    void pass() {
        if (left.fetch_sub(1) == 1) done.set();
    }
};

}  // namespace

void ProcessorsToServe::serve() {
    for (const Call& call : calls_) run_on_worker([call] { keep_failure([&] { drain(*call.processor, call.threaded, this_thread()); }); });
    calls_.clear();
    Thread& thread = this_thread();
    if (thread.pending.load(std::memory_order_relaxed) != 0) run_pending(thread);
}

void ProcessorsToServe::serve_in_background() {
    keep_failure([this] { serve(); });
}

bool insert_dpc(Dpc& dpc, void* argument1, void* argument2, ProcessorsToServe& to_serve) {
    Thread& caller = this_thread();
    const GateScope scope(queues().gate);
    if (dpc.queued) return false;
    dpc.queued = true;
    dpc.arguments[0] = argument1;
    dpc.arguments[1] = argument2;
    Processor& processor = queues().at(dpc.target == Dpc::any_processor ? caller.processor : static_cast<std::uint32_t>(dpc.target));
    dpc.queued_on = static_cast<std::int32_t>(processor.index);
    const bool threaded = dpc.kind == Dpc::threaded;
    processor.queue(threaded).insert(dpc, dpc.importance == HighImportance);
    announce(processor, threaded, dpc.importance != LowImportance, caller, to_serve);
    return true;
}

Dpc& dpc_at(void* object) {
    Dpc& dpc = *static_cast<Dpc*>(object);
    if (dpc.kind != Dpc::ordinary && dpc.kind != Dpc::threaded) [[unlikely]]
        bug_check(BugCode::driver_verifier_detected_violation, verifier::resource_uninitialized, object);
    return dpc;
}

void drain_dpcs(Thread& thread) {
    Processor* processor = nullptr;
    {
        const GateScope scope(queues().gate);
        processor = &queues().at(thread.home_processor);
    }
    drain(*processor, false, thread);
}

bool dpc_queued(const Dpc& dpc) {
    const GateScope scope(queues().gate);
    return dpc.queued;
}

void forget_dpcs(Thread& thread) {
    const GateScope scope(queues().gate);
    for (DpcQueue& queue : queues().at(thread.home_processor).queues) {
        for (Dpc* dpc = queue.first; dpc; dpc = dpc->next) dpc->queued = false;
        queue.first = queue.last = nullptr;
    }
    thread.pending.fetch_and(~dpc_bits, std::memory_order_relaxed);
}

void attach_processor(Thread& thread) {
    const GateScope scope(queues().gate);
    thread.home_processor = thread.processor;
    Processor& processor = queues().at(thread.processor);
    processor.thread = &thread;
    if (processor.queue(false).first) thread.pending.fetch_or(Thread::pending_dpc, std::memory_order_relaxed);
}

void detach_processor(Thread& thread) {
    ProcessorsToServe to_serve;
    {
        const GateScope scope(queues().gate);
        Processor& processor = queues().at(thread.home_processor);
        processor.thread = nullptr;
        if (processor.queue(false).first) to_serve.add(processor, false);
    }
    thread.pending.store(0, std::memory_order_relaxed);
    to_serve.serve();
}

std::exception_ptr take_background_failure() {
    const GateScope scope(queues().gate);
    return std::exchange(queues().failure, nullptr);
}

}  // namespace ddi::kernel

using namespace ddi::kernel;

extern "C" {

VOID KeInitializeDpc(PRKDPC Dpc, PKDEFERRED_ROUTINE DeferredRoutine, PVOID DeferredContext) {
    initialize_dpc(Dpc, ddi::kernel::Dpc::ordinary, DeferredRoutine, DeferredContext);
}

VOID KeInitializeThreadedDpc(PRKDPC Dpc, PKDEFERRED_ROUTINE DeferredRoutine, PVOID DeferredContext) {
    initialize_dpc(Dpc, ddi::kernel::Dpc::threaded, DeferredRoutine, DeferredContext);
}

BOOLEAN KeInsertQueueDpc(PRKDPC Dpc, PVOID SystemArgument1, PVOID SystemArgument2) {
    ProcessorsToServe to_serve;
    const bool inserted = insert_dpc(dpc_at(Dpc), SystemArgument1, SystemArgument2, to_serve);
    if (inserted) to_serve.serve();
    return inserted && !planted(Bug::dpc_reports_no_insertion) ? TRUE : FALSE;
}

BOOLEAN KeRemoveQueueDpc(PRKDPC Dpc) {
    ddi::kernel::Dpc& dpc = dpc_at(Dpc);
    const GateScope scope(queues().gate);
    if (!dpc.queued) return planted(Bug::dpc_removed_twice) ? TRUE : FALSE;
    queues().at(static_cast<std::uint32_t>(dpc.queued_on)).queue(dpc.kind == ddi::kernel::Dpc::threaded).remove(dpc);
    dpc.queued = false;
    return TRUE;
}

VOID KeSetImportanceDpc(PRKDPC Dpc, KDPC_IMPORTANCE Importance) {
    ddi::kernel::Dpc& dpc = dpc_at(Dpc);
    const GateScope scope(queues().gate);
    dpc.importance = static_cast<std::uint8_t>(Importance);
}

VOID KeSetTargetProcessorDpc(PRKDPC Dpc, CCHAR Number) {
    ddi::kernel::Dpc& dpc = dpc_at(Dpc);
    // CCHAR is signed, and group 0 has no more than 64 processors: others leave the target as it is.
    if (Number >= 0 && static_cast<std::uint32_t>(Number) < processors_per_group) set_target(dpc, static_cast<std::uint64_t>(Number));
}

NTSTATUS KeSetTargetProcessorDpcEx(PKDPC Dpc, PPROCESSOR_NUMBER ProcNumber) {
    ddi::kernel::Dpc& dpc = dpc_at(Dpc);
    const std::uint64_t index = std::uint64_t{ProcNumber->Group} * processors_per_group + ProcNumber->Number;
    if (ProcNumber->Number >= processors_per_group || ProcNumber->Reserved != 0 || !is_processor(index)) return STATUS_INVALID_PARAMETER;
    set_target(dpc, index);
    return STATUS_SUCCESS;
}

VOID KeFlushQueuedDpcs(void) {
    require_at_most(PASSIVE_LEVEL, nullptr);
    Thread& thread = this_thread();
    Flush flush;
    std::vector<std::unique_ptr<ddi::kernel::Dpc>> markers;
    ProcessorsToServe to_serve;
    {
        const GateScope scope(queues().gate);
        for (const auto& processor : queues().processors) {
            for (const bool threaded : {false, true}) {
                DpcQueue& queue = processor->queue(threaded);
                if (queue.drained_by == &thread || (!queue.drained_by && !queue.first)) continue;
                ddi::kernel::Dpc& marker = *markers.emplace_back(std::make_unique<ddi::kernel::Dpc>());
                marker.kind = threaded ? ddi::kernel::Dpc::threaded : ddi::kernel::Dpc::ordinary;
                marker.routine = Flush::passed;
                marker.context = &flush;
                marker.queued = true;
                marker.queued_on = static_cast<std::int32_t>(processor->index);
                flush.left.fetch_add(1, std::memory_order_relaxed);
                queue.insert(marker, false);
                announce(*processor, threaded, true, thread, to_serve);
            }
        }
    }
    to_serve.serve();
    flush.pass();
    flush.done.wait(&flush);
}

}  // extern "C"
