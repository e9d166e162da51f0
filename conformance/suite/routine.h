// Driver routines that functions are given as arguments (a DPC's routine, a synchronize routine, the routines of a queue): a function of
// any such type that hands over to the test in progress. Documented routines have no context of ours, so one test at a time owns them.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <type_traits>

#include "conformance/suite/function.h"

namespace ddi::suite {

template <class T>
inline constexpr bool is_routine = std::is_pointer_v<T>&& std::is_function_v<std::remove_pointer_t<T>>;

/// What the routines of the test in progress saw and do.
struct RoutineLog {
    std::atomic<int> calls{0};
    std::atomic<int> level{-1};                    // of the last call
    std::atomic<std::int64_t> result{0};           // what the routine returns
    std::function<void(const char* type)> inside;  // runs in it; set before anything can call it
    void reset();
};
RoutineLog& routine_log();

/// A routine of that type has been called: tells the test, gives the result.
std::int64_t routine_entered(const char* type);

template <class T>
struct Routine;
template <class R, class... Arguments>
struct Routine<R (*)(Arguments...)> {
    static inline std::atomic<const char*> type{"a routine"};
    static R enter(Arguments...) {
        std::int64_t result = routine_entered(type);
        if constexpr (!std::is_void_v<R>) {
            if constexpr (std::is_class_v<R>)
                return R{};
            else
                return pointer_or_number<R>(reinterpret_cast<void*>(static_cast<std::uintptr_t>(result)));
        }
    }
};

template <class T>
T routine(const char* type) {
    Routine<T>::type = type;
    return &Routine<T>::enter;
}

}  // namespace ddi::suite
