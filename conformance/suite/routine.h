// Driver routines that functions are given as arguments (a DPC's routine, a synchronize routine, the routines of a queue): a function of
// any such type that hands over to the test in progress. Documented routines have no context of ours, so one test at a time owns them.
#pragma once

#include <atomic>
#include <cstdint>
#include <cstring>
#include <functional>
#include <mutex>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "conformance/suite/function.h"

namespace ddi::suite {

template <class T>
inline constexpr bool is_routine = std::is_pointer_v<T>&& std::is_function_v<std::remove_pointer_t<T>>;

/// One call of a routine. Routines of one C type are told apart by the type that the documentation gives them.
struct RoutineCall {
    std::string type;
    int level;        // at which it was called
    int stored = -1;  // the level that it stored for its caller; -1: it was not asked to
    int given = -1;   // the level that it was given; -1: none
};

/// What the routines of the test in progress saw and do.
struct RoutineLog {
    std::atomic<int> calls{0};
    std::atomic<int> level{-1};                    // of the last call
    std::atomic<std::int64_t> result{0};           // what the routine returns
    std::function<void(const char* type)> inside;  // runs in it; set before anything can call it
    void reset();
    /// In the order in which they were entered.
    std::vector<RoutineCall> entered() const;
    std::vector<RoutineCall> entered(const char* type) const;
    void add(RoutineCall call);

  private:
    mutable std::mutex mutex_;
    std::vector<RoutineCall> entered_;
};
RoutineLog& routine_log();

/// A routine of that type has been called: tells the test, gives the result.
std::int64_t routine_entered(RoutineCall call);

template <class T, int slot>
struct Routine;
template <class R, class... Arguments, int slot>
struct Routine<R (*)(Arguments...), slot> {
    static inline std::atomic<const char*> type{nullptr};
    /// This slot is that routine's, from now on if it was nobody's.
    static bool takes(const char* wanted) {
        const char* now = nullptr;
        return type.compare_exchange_strong(now, wanted) || std::strcmp(now, wanted) == 0;
    }
    static R enter(Arguments... arguments) {
        RoutineCall call{type.load(), current_irql()};
        (read_level(arguments, call), ...);
        std::int64_t result = routine_entered(std::move(call));
        if constexpr (!std::is_void_v<R>) {
            if constexpr (std::is_class_v<R>)
                return R{};
            else
                return pointer_or_number<R>(reinterpret_cast<void*>(static_cast<std::uintptr_t>(result)));
        }
    }
    template <class Argument>
    static void read_level(Argument argument, RoutineCall& call) {
        if constexpr (std::is_same_v<Argument, unsigned char*>) {
            *argument = static_cast<unsigned char>(call.level);
            call.stored = call.level;
        } else if constexpr (std::is_same_v<Argument, unsigned char>) {
            call.given = argument;
        }
    }
};

template <class T>
T routine(const char* type) {
    T found = nullptr;
    auto look = [&]<int... slots>(std::integer_sequence<int, slots...>) {
        (void)((Routine<T, slots>::takes(type) ? (found = &Routine<T, slots>::enter, true) : false) || ...);
    };
    look(std::make_integer_sequence<int, 16>{});
    return found;
}

}  // namespace ddi::suite
