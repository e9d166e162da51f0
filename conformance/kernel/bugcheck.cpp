#include "conformance/kernel/bugcheck.h"

#include <atomic>
#include <cinttypes>
#include <cstdio>

namespace ddi::kernel {
namespace {

std::atomic<BugCheckHook> installed_hook{nullptr};

const char* name_of(BugCode code) {
    switch (code) {
        case BugCode::apc_index_mismatch:
            return "APC_INDEX_MISMATCH";
        case BugCode::irql_not_dispatch_level:
            return "IRQL_NOT_DISPATCH_LEVEL";
        case BugCode::irql_not_greater_or_equal:
            return "IRQL_NOT_GREATER_OR_EQUAL";
        case BugCode::irql_not_less_or_equal:
            return "IRQL_NOT_LESS_OR_EQUAL";
        case BugCode::maximum_wait_objects_exceeded:
            return "MAXIMUM_WAIT_OBJECTS_EXCEEDED";
        case BugCode::spin_lock_already_owned:
            return "SPIN_LOCK_ALREADY_OWNED";
        case BugCode::spin_lock_not_owned:
            return "SPIN_LOCK_NOT_OWNED";
        case BugCode::kmode_exception_not_handled:
            return "KMODE_EXCEPTION_NOT_HANDLED";
        case BugCode::multiple_irp_complete_requests:
            return "MULTIPLE_IRP_COMPLETE_REQUESTS";
        case BugCode::driver_verifier_detected_violation:
            return "DRIVER_VERIFIER_DETECTED_VIOLATION";
        case BugCode::irql_unexpected_value:
            return "IRQL_UNEXPECTED_VALUE";
        case BugCode::driver_verifier_iomanager_violation:
            return "DRIVER_VERIFIER_IOMANAGER_VIOLATION";
        case BugCode::resource_not_owned:
            return "RESOURCE_NOT_OWNED";
        case BugCode::resource_owner_pointer_invalid:
            return "RESOURCE_OWNER_POINTER_INVALID";
        case BugCode::wdf_violation:
            return "WDF_VIOLATION";
        case BugCode::kernel_security_check_failure:
            return "KERNEL_SECURITY_CHECK_FAILURE";
    }
    return "bug check";
}

}  // namespace

BugCheck::BugCheck(BugCode code_, std::array<std::uint64_t, 4> parameters_) : code(code_), parameters(parameters_) {
    char line[160];
    std::snprintf(line, sizeof line, "%s 0x%X (0x%" PRIX64 ", 0x%" PRIX64 ", 0x%" PRIX64 ", 0x%" PRIX64 ")", name_of(code),
                  static_cast<unsigned>(code), parameters[0], parameters[1], parameters[2], parameters[3]);
    text = line;
}

KernelException::KernelException(std::int32_t status_) : status(status_) {
    char line[48];
    std::snprintf(line, sizeof line, "raised status 0x%08X", static_cast<unsigned>(status));
    text = line;
}

BugCheckHook set_bug_check_hook(BugCheckHook hook) { return installed_hook.exchange(hook); }

void raise_status(std::int32_t status) { throw KernelException(status); }

namespace detail {

void throw_bug_check(BugCode code, std::array<std::uint64_t, 4> parameters) {
    BugCheck crash(code, parameters);
    if (BugCheckHook hook = installed_hook.load()) hook(crash);
    throw crash;
}

}  // namespace detail
}  // namespace ddi::kernel
