#include "conformance/contract/fake_environment.h"

#include "conformance/contract/environment.h"

namespace ddi::contract {

fake::Thread& fake::thread() {
    thread_local Thread state;
    return state;
}

const Environment& implementation() {
    static const Environment environment = {
        [] { return fake::thread().irql; },
        [] { return fake::thread().critical_regions + fake::thread().guarded_regions > 0; },
        [] { return fake::thread().guarded_regions > 0 || fake::thread().irql >= 1; },
        [](const char* noun, std::uintptr_t object) {
            return fake::thread().host_locks.contains({noun, object}) ? Answer::yes : Answer::no;
        },
        nullptr,
        nullptr,
        [] { return static_cast<std::uint32_t>(fake::thread().processor); },
    };
    return environment;
}

}  // namespace ddi::contract
