// Calls a minidriver's callback of any documented type once, as AVStream would: on an object of the filter's, on this thread, at the
// level and with the mutexes that the callback's page names.
#pragma once

#include <cstdint>
#include <string_view>

#include "conformance/kernel/streaming/avstream.h"

namespace ddi::kernel::avstream {

struct CallbackResult {
    bool known = false;          // the type is one of ours
    std::int64_t returned = 0;   // zero for a callback that returns nothing, and while the request is pending
    Request* request = nullptr;  // the request that the callback got, if it gets one
};

/// `callback` is a function of the type that `type` names.
CallbackResult call_minidriver(Device& device, Filter& filter, std::string_view type, void (*callback)());

}  // namespace ddi::kernel::avstream
