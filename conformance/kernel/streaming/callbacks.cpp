#include "conformance/kernel/streaming/callbacks.h"

namespace ddi::kernel::avstream {
namespace {

constexpr std::size_t frame_size = 64;

CallbackResult sent(Request& request) {
    return {true, request.completed() ? request.status() : static_cast<std::int64_t>(STATUS_PENDING), &request};
}

/// One dispatch, whatever it returns: afterwards the gate has an input that is off.
template <class Dispatch>
CallbackResult processed(Filter& filter, ProcessObject& object, Dispatch dispatch) {
    std::int64_t returned = 0;
    object.set_routine(
        [&]() -> NTSTATUS {
            const NTSTATUS status = dispatch();
            returned = status;
            KsGateAddOffInputToAnd(object.gate());
            return status;
        },
        false);
    filter.run();
    object.set_routine({}, false);
    return {true, returned};
}

}  // namespace

CallbackResult call_minidriver(Device& device, Filter& filter, std::string_view type, void (*callback)()) {
    // Created without a routine, closed by the one under test: the same type serves both, with the same promises.
    if (type == "PFNKSPINIRP") {
        Pin& pin = filter.add_pin(nullptr, reinterpret_cast<PinIrpRoutine>(callback));
        pin.create();
        return sent(pin.close());
    }
    if (type == "PFNKSFILTERIRP") {
        Filter& made = device.add_filter(nullptr, reinterpret_cast<FilterIrpRoutine>(callback));
        made.create();
        return sent(made.close());
    }
    if (type == "PFNKSPIN") {
        Filter& made = device.add_filter();
        Pin& pin = made.add_pin();
        pin.queue().add_frame(frame_size);
        const auto routine = reinterpret_cast<PinRoutine>(callback);
        return processed(made, pin.process(), [&] { return routine(pin.object()); });
    }
    if (type == "PFNKSFILTERPROCESS") {
        Filter& made = device.add_filter();
        made.add_pin().queue().add_frame(frame_size);
        const auto routine = reinterpret_cast<FilterProcessRoutine>(callback);
        return processed(made, made.process(), [&] { return made.process_frames(routine); });
    }
    if (type == "PFNKSPINVOID") {
        filter.add_pin().reset(reinterpret_cast<PinVoidRoutine>(callback));
        return {true};
    }
    if (type == "PFNKSFILTERVOID") {
        const auto routine = reinterpret_cast<FilterVoidRoutine>(callback);
        return {true, filter.reset(routine)};
    }
    return {};
}

}  // namespace ddi::kernel::avstream
