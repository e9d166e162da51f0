// Fatal misuse → a C++ exception that carries Windows' bug check code and its four parameters; a raised status → another one.
// Assumes that callers are compiled with exceptions; every check runs before the call has changed anything, except where said.
#pragma once

#include <array>
#include <cstdint>
#include <exception>
#include <string>
#include <type_traits>

namespace ddi::kernel {

/// Windows' bug check codes that this kernel uses.
enum class BugCode : std::uint32_t {
    apc_index_mismatch = 0x01,
    irql_not_dispatch_level = 0x08,
    irql_not_greater_or_equal = 0x09,
    irql_not_less_or_equal = 0x0A,
    maximum_wait_objects_exceeded = 0x0C,
    spin_lock_already_owned = 0x0F,
    spin_lock_not_owned = 0x10,
    kmode_exception_not_handled = 0x1E,
    multiple_irp_complete_requests = 0x44,
    driver_verifier_detected_violation = 0xC4,
    irql_unexpected_value = 0xC8,
    driver_verifier_iomanager_violation = 0xC9,
    resource_not_owned = 0xE3,
    wdf_violation = 0x10D,
    resource_owner_pointer_invalid = 0x132,
    kernel_security_check_failure = 0x139,
};

/// First parameters of DRIVER_VERIFIER_DETECTED_VIOLATION, as Microsoft's page on bug check 0xC4 numbers them.
namespace verifier {
inline constexpr std::uint64_t bad_raise = 0x30;                      // current IRQL, requested IRQL
inline constexpr std::uint64_t bad_lower = 0x31;                      // current IRQL, requested IRQL, (ours) the IRQL that was saved
inline constexpr std::uint64_t fast_mutex_acquired_above_apc = 0x33;  // current IRQL, mutex
inline constexpr std::uint64_t fast_mutex_released_not_at_apc = 0x34;
inline constexpr std::uint64_t unsafe_acquire_apcs_enabled = 0x39;
inline constexpr std::uint64_t unsafe_release_apcs_enabled = 0x3A;
inline constexpr std::uint64_t wait_at_dispatch = 0x3B;            // current IRQL, object, timeout
inline constexpr std::uint64_t deadlock_self = 0x1000;             // resource: acquired again by its owner
inline constexpr std::uint64_t deadlock = 0x1001;                  // resource: acquiring it would close a circle of waits
inline constexpr std::uint64_t resource_uninitialized = 0x1002;    // resource
inline constexpr std::uint64_t released_by_wrong_thread = 0x1004;  // resource, owner, current thread
inline constexpr std::uint64_t released_unacquired = 0x1007;       // resource
}  // namespace verifier

/// First parameters of our DRIVER_VERIFIER_IOMANAGER_VIOLATION. Microsoft's numbers for these two have changed between
/// releases, so ours are outside the range of theirs.
namespace io_violation {
inline constexpr std::uint64_t pending_not_marked = 0x10001;     // IRP, status: STATUS_PENDING returned, IoMarkIrpPending not called
inline constexpr std::uint64_t marked_not_pending = 0x10002;     // IRP, status: IoMarkIrpPending called, another status returned
inline constexpr std::uint64_t completed_not_pending = 0x10003;  // IRP, status: completed, but another status than STATUS_PENDING returned
inline constexpr std::uint64_t not_a_dispatched_irp = 0x10004;   // IRP: no dispatch routine was ever given this IRP
}  // namespace io_violation

struct BugCheck : std::exception {
    BugCheck(BugCode code, std::array<std::uint64_t, 4> parameters);
    const char* what() const noexcept override { return text.c_str(); }

    BugCode code;
    std::array<std::uint64_t, 4> parameters;
    std::string text;
};

/// A status raised as an exception, as ExRaiseStatus does.
struct KernelException : std::exception {
    explicit KernelException(std::int32_t status);
    const char* what() const noexcept override { return text.c_str(); }

    std::int32_t status;
    std::string text;
};

/// Called on the thread that fails, before the exception is thrown; may throw one of its own.
using BugCheckHook = void (*)(const BugCheck&);
/// Sets the process-wide hook (nullptr: none) and returns the previous one.
BugCheckHook set_bug_check_hook(BugCheckHook hook);

[[noreturn]] void raise_status(std::int32_t status);

namespace detail {
[[noreturn]] void throw_bug_check(BugCode code, std::array<std::uint64_t, 4> parameters);
template <class Value>
std::uint64_t as_parameter(Value value) {
    if constexpr (std::is_pointer_v<Value>)
        return reinterpret_cast<std::uintptr_t>(value);
    else if constexpr (std::is_null_pointer_v<Value>)
        return 0;
    else
        return static_cast<std::uint64_t>(value);
}
}  // namespace detail

/// Up to four parameters, pointers or integers; the rest are zero.
template <class... Parameters>
[[noreturn, gnu::noinline, gnu::cold]] void bug_check(BugCode code, Parameters... parameters) {
    static_assert(sizeof...(parameters) <= 4);
    detail::throw_bug_check(code, {detail::as_parameter(parameters)...});
}

}  // namespace ddi::kernel
