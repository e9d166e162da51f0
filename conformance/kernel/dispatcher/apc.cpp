#include "conformance/kernel/dispatcher/apc.h"

#include <memory>
#include <utility>

#include "conformance/kernel/dispatcher/dpc.h"
#include "conformance/kernel/irql.h"

namespace ddi::kernel {

struct Apc {
    ApcKind kind;
    std::function<void()> routine;
    Apc* next = nullptr;
};

namespace {

// Special kernel APCs go before normal ones.
void append(Apc*& first, Apc* apc) {
    Apc** place = &first;
    while (*place && !(apc->kind == ApcKind::special_kernel && (*place)->kind != ApcKind::special_kernel)) place = &(*place)->next;
    apc->next = *place;
    *place = apc;
}

struct Queueing {
    std::unique_ptr<Apc> apc;
    bool to_self = false;
};

void queue_to(Thread& thread, void* context) {
    Queueing& queueing = *static_cast<Queueing*>(context);
    DispatcherScope scope;
    Apc* apc = queueing.apc.release();
    Waiter* waiter = thread.waiter;
    if (apc->kind == ApcKind::user) {
        append(thread.user_apcs, apc);
        if (waiter && waiter->user_mode && (waiter->alertable || thread.user_apc_pending)) {
            thread.user_apc_pending = true;
            scope.end_wait(*waiter, STATUS_USER_APC);
        }
        return;
    }
    append(thread.kernel_apcs, apc);
    thread.pending.fetch_or(Thread::pending_apc, std::memory_order_relaxed);
    if (waiter && kernel_apc_deliverable(thread, waiter->irql)) scope.end_wait(*waiter, STATUS_KERNEL_APC);
}

struct Alerting {
    KPROCESSOR_MODE mode;
};

void alert(Thread& thread, void* context) {
    const KPROCESSOR_MODE mode = static_cast<Alerting*>(context)->mode;
    DispatcherScope scope;
    Waiter* waiter = thread.waiter;
    if (waiter && waiter->alertable && (waiter->user_mode || mode == KernelMode) && !thread.alerted[mode == UserMode])
        scope.end_wait(*waiter, STATUS_ALERTED);
    else
        thread.alerted[mode == UserMode] = true;
}

std::unique_ptr<Apc> take_first(Apc*& first) { return std::unique_ptr<Apc>(std::exchange(first, first->next)); }

// The first kernel APC, if it may run now.
std::unique_ptr<Apc> take_deliverable(Thread& thread) {
    const DispatcherScope scope;
    if (!kernel_apc_deliverable(thread, thread.irql.get())) return nullptr;
    std::unique_ptr<Apc> apc = take_first(thread.kernel_apcs);
    if (!thread.kernel_apcs) thread.pending.fetch_and(~Thread::pending_apc, std::memory_order_relaxed);
    if (apc->kind == ApcKind::normal_kernel) thread.in_normal_apc = true;
    return apc;
}

// Puts the thread back where it was, whatever the routine has done.
struct ApcScope {
    ApcScope(Thread& thread_, ApcKind kind_) : thread(thread_), kind(kind_), level(thread_.irql.get()) {
        if (kind == ApcKind::special_kernel) thread.irql.set(APC_LEVEL);
    }
    ~ApcScope() {
        thread.irql.set(level);
        if (kind == ApcKind::normal_kernel) thread.in_normal_apc = false;
    }
    ApcScope(const ApcScope&) = delete;
    ApcScope& operator=(const ApcScope&) = delete;

    Thread& thread;
    const ApcKind kind;
    const KIRQL level;
};

}  // namespace

bool queue_apc(ThreadId thread, ApcKind kind, std::function<void()> routine) {
    Thread& caller = this_thread();
    Queueing queueing{std::make_unique<Apc>(Apc{kind, std::move(routine)})};
    if (!with_thread(thread, queue_to, &queueing)) return false;
    if (caller.pending.load(std::memory_order_relaxed) != 0) run_pending(caller);
    return true;
}

bool alert_thread(ThreadId thread, KPROCESSOR_MODE mode) {
    Alerting alerting{mode};
    return with_thread(thread, alert, &alerting);
}

int return_to_user_mode() {
    Thread& thread = this_thread();
    for (int count = 0;; ++count) {
        std::unique_ptr<Apc> apc;
        {
            const DispatcherScope scope;
            if (!thread.user_apcs) {
                thread.user_apc_pending = false;
                return count;
            }
            apc = take_first(thread.user_apcs);
        }
        apc->routine();
    }
}

bool kernel_apc_deliverable(const Thread& thread, KIRQL irql) {
    if (!thread.kernel_apcs || irql >= APC_LEVEL || thread.special_apc_disable.get() != 0) return false;
    if (thread.kernel_apcs->kind == ApcKind::special_kernel) return true;
    return irql == PASSIVE_LEVEL && thread.kernel_apc_disable.get() == 0 && !thread.in_normal_apc;
}

std::optional<NTSTATUS> interrupt_wait(Thread& thread, const Waiter& waiter) {
    if (waiter.alertable) {
        if (std::exchange(thread.alerted[waiter.user_mode], false)) return STATUS_ALERTED;
        if (waiter.user_mode && thread.user_apcs) {
            thread.user_apc_pending = true;
            return STATUS_USER_APC;
        }
        if (std::exchange(thread.alerted[KernelMode], false)) return STATUS_ALERTED;
    } else if (waiter.user_mode && thread.user_apc_pending) {
        return STATUS_USER_APC;
    }
    return std::nullopt;
}

void run_pending(Thread& thread) {
    while (thread.irql.get() < DISPATCH_LEVEL) {
        const std::uint32_t pending = thread.pending.load(std::memory_order_relaxed);
        if (pending & Thread::pending_dpc) drain_dpcs(thread);
        if (!(pending & Thread::pending_apc)) return;
        const std::unique_ptr<Apc> apc = take_deliverable(thread);
        if (!apc) return;
        const ApcScope scope(thread, apc->kind);
        apc->routine();
    }
}

void run_idle(Thread& thread) {
    if (thread.pending.load(std::memory_order_relaxed) & Thread::pending_idle_dpc && thread.irql.get() < DISPATCH_LEVEL) drain_dpcs(thread);
}

void discard_apcs(Thread& thread) {
    const DispatcherScope scope;
    while (thread.kernel_apcs) take_first(thread.kernel_apcs);
    while (thread.user_apcs) take_first(thread.user_apcs);
    thread.pending.fetch_and(~Thread::pending_apc, std::memory_order_relaxed);
}

}  // namespace ddi::kernel
