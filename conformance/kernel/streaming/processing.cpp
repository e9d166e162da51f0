#include "conformance/kernel/streaming/processing.h"

#include <utility>

#include "conformance/kernel/dispatcher/worker.h"
#include "conformance/kernel/irql.h"
#include "conformance/kernel/mutant.h"
#include "conformance/kernel/observe.h"
#include "conformance/kernel/streaming/avstream.h"

namespace ddi::kernel::avstream {

ProcessObject::ProcessObject(PRKMUTEX mutex) : mutex_(mutex) { KsGateInitializeAnd(&gate_, nullptr); }

ProcessObject::~ProcessObject() {
    for (std::uint32_t left = work_items_.load(); left != 0; left = work_items_.load()) work_items_.wait(left);
}

void ProcessObject::set_routine(std::function<NTSTATUS()> routine, bool at_dispatch) {
    routine_ = std::move(routine);
    at_dispatch_ = at_dispatch;
}

void ProcessObject::attempt(bool asynchronous) {
    if (!routine_ || !KsGateCaptureThreshold(&gate_)) return;
    if (!asynchronous && current_irql() <= (at_dispatch_ ? DISPATCH_LEVEL : PASSIVE_LEVEL)) {
        process();
        return;
    }
    work_items_.fetch_add(1);
    run_on_worker([this] { work(); });
}

void ProcessObject::work() {
    try {
        process();
    } catch (...) {
        observe::reset_current_thread();
        const GateScope scope(failure_guard_);
        failure_ = std::current_exception();
    }
    work_items_.fetch_sub(1);
    work_items_.notify_all();
}

void ProcessObject::await_work() {
    for (std::uint32_t left = work_items_.load(); left != 0; left = work_items_.load()) work_items_.wait(left);
    const GateScope scope(failure_guard_);
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

// STATUS_SUCCESS asks for another dispatch, which there is if the gate is still open; anything else waits for the next trigger.
void ProcessObject::process() {
    NTSTATUS status = STATUS_SUCCESS;
    do {
        status = dispatch();
        KsGateTurnInputOn(&gate_);  // the captured input
    } while (status == STATUS_SUCCESS && KsGateCaptureThreshold(&gate_));
}

NTSTATUS ProcessObject::dispatch() {
    const KIRQL irql = current_irql();
    const bool with_mutex = irql == PASSIVE_LEVEL;
    if (with_mutex) wait_for_mutant(mutant_at(mutex_), nullptr);
    const NTSTATUS status = routine_();
    if (current_irql() != irql) bug_check(BugCode::irql_unexpected_value, irql << 16 | current_irql() << 8, this);
    if (with_mutex) release_mutant(mutant_at(mutex_), false, false);
    return status;
}

void Pin::set_process(PinRoutine routine, bool at_dispatch) {
    process_.set_routine([this, routine] { return routine(object()); }, at_dispatch);
}

void Pin::describe(KSPROCESSPIN& process_pin) {
    const KSSTREAM_POINTER& edge = *queue_.leading_edge().object();
    const bool locked = queue_.leading_edge().locked();
    process_pin.Pin = object();
    process_pin.StreamPointer = queue_.leading_edge().object();
    process_pin.Data = locked ? edge.Offset->Data : nullptr;
    process_pin.BytesAvailable = locked ? edge.Offset->Remaining : 0;
    process_pin.BytesUsed = 0;
    process_pin.Terminate = FALSE;
}

void Pin::use(const KSPROCESSPIN& process_pin) {
    StreamPointer& edge = queue_.leading_edge();
    if (edge.locked()) queue_.advance(edge, process_pin.BytesUsed, process_pin.BytesUsed, process_pin.Terminate != FALSE);
}

bool Pin::update(KSPROCESSPIN& process_pin) {
    if (!filter_.running()) return false;
    use(process_pin);
    const bool available = queue_.lock(queue_.leading_edge()) == STATUS_SUCCESS;
    describe(process_pin);
    return available;
}

void Filter::set_process(FilterProcessRoutine routine, bool at_dispatch) {
    process_.set_routine([this, routine] { return process_frames(routine); }, at_dispatch);
}

NTSTATUS Filter::process_frames(FilterProcessRoutine routine) {
    std::vector<KSPROCESSPIN> process_pins(pins_.size());
    std::vector<PKSPROCESSPIN> instances;
    std::vector<KSPROCESSPIN_INDEXENTRY> index(pins_.size());
    for (std::size_t i = 0; i < pins_.size(); ++i) {
        pins_[i]->queue().lock(pins_[i]->queue().leading_edge());
        pins_[i]->describe(process_pins[i]);
        instances.push_back(&process_pins[i]);
    }
    for (std::size_t i = 0; i < pins_.size(); ++i) index[i] = {&instances[i], 1};
    const NTSTATUS status = routine(object(), index.data());
    for (std::size_t i = 0; i < pins_.size(); ++i) pins_[i]->use(process_pins[i]);
    return status;
}

void Filter::run() {
    if (running_.exchange(true)) return;
    KsGateTurnInputOn(process_.gate());
    for (const auto& pin : pins_) KsGateTurnInputOn(pin->process().gate());
    process_.attempt(false);
    for (const auto& pin : pins_) pin->process().attempt(false);
}

void Filter::stop() {
    if (!running_.exchange(false)) return;
    KsGateTurnInputOff(process_.gate());
    for (const auto& pin : pins_) KsGateTurnInputOff(pin->process().gate());
}

}  // namespace ddi::kernel::avstream

using namespace ddi::kernel;
using avstream::Lookup;

extern "C" {

void KsFilterAttemptProcessing(PKSFILTER Filter, BOOLEAN Asynchronous) {
    avstream::Filter& filter = Lookup::filter(Filter);
    require_at_most(DISPATCH_LEVEL, Filter);
    filter.process().attempt(Asynchronous != FALSE);
}

void KsPinAttemptProcessing(PKSPIN Pin, BOOLEAN Asynchronous) {
    avstream::Pin& pin = Lookup::pin(Pin);
    require_at_most(DISPATCH_LEVEL, Pin);
    pin.process().attempt(Asynchronous != FALSE);
}

BOOLEAN KsProcessPinUpdate(PKSPROCESSPIN ProcessPin) {
    avstream::Pin& pin = Lookup::pin(ProcessPin->Pin);
    require_at_most(DISPATCH_LEVEL, ProcessPin);
    return pin.update(*ProcessPin) ? TRUE : FALSE;
}

}  // extern "C"
