// The seam on an implementation of wdm.h's own functions. Built against the stubs, never against the wrappers: the checker must not
// check itself.
#include "../../generated/include/wdm.h"

#include "conformance/contract/environment.h"

namespace ddi::contract {

const Environment& implementation() {
    static const Environment environment = {
        [] { return static_cast<unsigned char>(KeGetCurrentIrql()); },
        [] { return KeAreApcsDisabled() != 0; },
        [] { return KeAreAllApcsDisabled() != 0; },
        nullptr,
        nullptr,
        nullptr,
        [] { return static_cast<std::uint32_t>(KeGetCurrentProcessorNumberEx(nullptr)); },
    };
    return environment;
}

}  // namespace ddi::contract
