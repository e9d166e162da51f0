#include "conformance/kernel/streaming/avstream.h"

#include "conformance/kernel/deadlock.h"
#include "conformance/kernel/irql.h"
#include "conformance/kernel/mutant.h"
#include "conformance/kernel/observe.h"
#include "conformance/kernel/planted_bug.h"
#include "conformance/kernel/region.h"

namespace ddi::kernel::avstream {
namespace {

// Calls a callback with a mutex held and checks that it comes back as it went.
template <class Routine, class Object>
Request& dispatch(Routine routine, Object object, PRKMUTEX mutex, Request::Operation operation,
                  std::vector<std::unique_ptr<Request>>& requests) {
    require_at_most(PASSIVE_LEVEL, object);
    Request& request = *requests.emplace_back(std::make_unique<Request>(operation));
    Thread& thread = this_thread();
    Mutant* held = mutex ? &mutant_at(mutex) : nullptr;
    if (held) wait_for_mutant(*held, nullptr);
    const std::uint64_t apcs = combined_apc_disable(thread);
    const LONG depth = held ? held->signal_state() : 0;

    const NTSTATUS status = routine ? routine(object, request.irp()) : STATUS_SUCCESS;

    if (current_irql() != PASSIVE_LEVEL) bug_check(BugCode::irql_unexpected_value, PASSIVE_LEVEL << 16 | current_irql() << 8, routine);
    if (held && (held->owner.load() != thread.id || held->signal_state() != depth))
        bug_check(BugCode::driver_verifier_detected_violation, verifier::released_unacquired, mutex);
    if (combined_apc_disable(thread) != apcs) bug_check(BugCode::apc_index_mismatch, routine, 0, combined_apc_disable(thread));
    if (held) release_mutant(*held, false, false);
    request.dispatched(status);
    return request;
}

PRKMUTEX mutex_for_pin_callbacks(Filter& filter) { return planted(Bug::close_without_control_mutex) ? nullptr : filter.control(); }

}  // namespace

void SecurityLock::acquire(bool exclusive) {
    Thread& thread = this_thread();
    const auto mode = exclusive ? deadlock::Mode::exclusive : deadlock::Mode::shared;
    const auto taken = [&] {
        // Any thread may give back a shared acquisition, so it is nobody's.
        if (!deadlock::watching()) return;
        exclusive ? deadlock::acquired(thread.id, this, deadlock::Kind::security_lock, mode) : deadlock::gave_up(thread.id);
    };
    if (enter(exclusive, thread.id)) return taken();
    if (deadlock::watching()) deadlock::about_to_wait(thread, this, deadlock::Kind::security_lock, mode);
    const WaitingScope waiting(thread, this);
    while (true) {
        const std::uint32_t seen = changes_.load(std::memory_order_acquire);
        if (enter(exclusive, thread.id)) return taken();
        park(&changes_, seen);
    }
}

bool SecurityLock::enter(bool exclusive, ThreadId thread) {
    const GateScope scope(guard_);
    if (writer_ == thread) {
        ++depth_;
        return true;
    }
    if (writer_ != 0 || (exclusive && readers_ != 0)) return false;
    if (exclusive) {
        writer_ = thread;
        depth_ = 1;
    } else {
        ++readers_;
    }
    return true;
}

void SecurityLock::require_held_by(const Thread& thread) const {
    const GateScope scope(guard_);
    if (writer_ == thread.id || readers_ != 0) return;
    if (writer_ == 0) bug_check(BugCode::driver_verifier_detected_violation, verifier::released_unacquired, this);
    bug_check(BugCode::driver_verifier_detected_violation, verifier::released_by_wrong_thread, this, writer_, thread.id);
}

void SecurityLock::release(Thread& thread) {
    {
        const GateScope scope(guard_);
        if (writer_ == thread.id) {
            if (deadlock::watching()) deadlock::released(thread.id, this);
            if (--depth_ != 0) return;
            writer_ = 0;
        } else if (readers_ != 0) {
            --readers_;
        }
        changes_.fetch_add(1, std::memory_order_release);
    }
    unpark_all(&changes_);
}

Pin::Pin(Filter& filter, PinIrpRoutine create, PinIrpRoutine close, bool input)
    : filter_(filter), create_routine_(create), close_routine_(close), queue_(object(), input), process_(&processing_) {
    KeInitializeMutex(&processing_, 0);
    KeInitializeMutex(&own_control_, 0);
    KsGateAddOffInputToAnd(process_.gate());  // no frame
    if (!filter.running()) KsGateAddOffInputToAnd(process_.gate());
    KsGateAddOffInputToAnd(filter.process().gate());
    queue_.on_change([this](bool has_frames) {
        for (ProcessObject* object : {&process_, &filter_.process()}) {
            has_frames ? KsGateTurnInputOn(object->gate()) : KsGateTurnInputOff(object->gate());
            if (has_frames) object->attempt(false);
        }
    });
}

Request& Pin::create() { return dispatch(create_routine_, object(), filter_.control(), Request::Operation::create, requests_); }
Request& Pin::close() { return dispatch(close_routine_, object(), mutex_for_pin_callbacks(filter_), Request::Operation::close, requests_); }

NTSTATUS Pin::connect(PinRoutine routine) {
    require_at_most(PASSIVE_LEVEL, object());
    return routine(object());
}

void Pin::disconnect(PinVoidRoutine routine) {
    require_at_most(PASSIVE_LEVEL, object());
    routine(object());
}

void Pin::reset(PinVoidRoutine routine) {
    KsPinAcquireControl(object());
    routine(object());
    KsPinReleaseControl(object());
}

Filter::Filter(Device& device, FilterIrpRoutine create, FilterIrpRoutine close)
    : device_(device), create_routine_(create), close_routine_(close), process_(&processing_) {
    KeInitializeMutex(&control_, 0);
    KeInitializeMutex(&processing_, 0);
    KsGateAddOffInputToAnd(process_.gate());  // not running
}

NTSTATUS Filter::reset(FilterVoidRoutine routine) {
    KsFilterAcquireControl(object());
    const NTSTATUS unused = routine(object());
    KsFilterReleaseControl(object());
    return unused;
}

Pin& Filter::add_pin(PinIrpRoutine create, PinIrpRoutine close, bool input) {
    return *pins_.emplace_back(std::make_unique<Pin>(*this, create, close, input));
}

Request& Filter::create() { return dispatch(create_routine_, object(), device_.mutex(), Request::Operation::create, requests_); }
Request& Filter::close() { return dispatch(close_routine_, object(), device_.mutex(), Request::Operation::close, requests_); }

Device::Device() { KeInitializeMutex(&mutex_, 0); }

Filter& Device::add_filter(FilterIrpRoutine create, FilterIrpRoutine close) {
    return *filters_.emplace_back(std::make_unique<Filter>(*this, create, close));
}

namespace {

template <class Host>
Host& checked(void* object, Kind kind, Kind Host::*member) {
    Host& host = *static_cast<Host*>(object);
    if (host.*member != kind) bug_check(BugCode::driver_verifier_detected_violation, verifier::resource_uninitialized, object);
    return host;
}

}  // namespace

Device& Lookup::device(PKSDEVICE object) { return checked(object, Kind::device, &Device::kind_); }
Filter& Lookup::filter(PKSFILTER object) { return checked(object, Kind::filter, &Filter::kind_); }
Pin& Lookup::pin(PKSPIN object) { return checked(object, Kind::pin, &Pin::kind_); }

PRKMUTEX Lookup::control_of(PVOID object) {
    // Pin and filter keep their kind at the same place, so either may be looked at as a pin to find out.
    static_assert(std::is_same_v<decltype(Pin::kind_), decltype(Filter::kind_)> && sizeof(PublicPart) == PublicPart::size);
    if (static_cast<Pin*>(object)->kind_ != Kind::pin) return filter(static_cast<PKSFILTER>(object)).control();
    Pin& found = pin(static_cast<PKSPIN>(object));
    return planted(Bug::pin_control_is_own_mutex) ? &found.own_control_ : found.filter().control();
}

PRKMUTEX Lookup::device_mutex_of(PVOID object) {
    static_assert(std::is_same_v<decltype(Device::kind_), decltype(Filter::kind_)>);
    if (static_cast<Filter*>(object)->kind_ == Kind::filter) return static_cast<Filter*>(object)->device().mutex();
    return device(static_cast<PKSDEVICE>(object)).mutex();
}

PRKMUTEX Lookup::processing_of(PKSPIN object) { return &pin(object).processing_; }

}  // namespace ddi::kernel::avstream
