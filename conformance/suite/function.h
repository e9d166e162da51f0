// How generated tests describe documented functions to the suite: a call with all arguments bound, the levels and the APC state it may
// be called in, and how a lock is taken and given back. Plain constants; the choreography is in behaviour*.cpp and misuse*.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <type_traits>

#include "conformance/contract/rule.h"
#include "conformance/suite/implementation.h"

namespace ddi::suite {

using contract::Level;
using contract::Levels;

class Objects;

template <class T>
T pointer_or_number(void* value) {
    if constexpr (std::is_pointer_v<T>)
        return static_cast<T>(value);
    else
        return static_cast<T>(reinterpret_cast<std::uintptr_t>(value));
}

/// The address with these low bits set: a driver's mark on it.
template <class T>
T with_bits(T pointer, std::uintptr_t bits) {
    return reinterpret_cast<T>(reinterpret_cast<std::uintptr_t>(pointer) | bits);
}

/// Stores a number in an integer, or in a structure that is one (a LARGE_INTEGER).
template <class T>
void assign(T& place, long long value) {
    if constexpr (std::is_class_v<T> || std::is_union_v<T>) {
        static_assert(sizeof(T) == sizeof value);
        std::memcpy(&place, &value, sizeof value);
    } else {
        place = static_cast<T>(value);
    }
}

/// A moment that no test lives to see: an hour from now, in units of 100 ns.
template <class T>
T far_ahead() {
    T time{};
    assign(time, -36'000'000'000);
    return time;
}

/// An integer, a pointer or a structure that is a number, as a number.
template <class T>
std::int64_t as_number(T value) {
    if constexpr (std::is_pointer_v<T>) {
        return static_cast<std::int64_t>(reinterpret_cast<std::uintptr_t>(value));
    } else if constexpr (std::is_class_v<T> || std::is_union_v<T>) {
        std::int64_t number = 0;
        std::memcpy(&number, &value, sizeof value < sizeof number ? sizeof value : sizeof number);
        return number;
    } else {
        return static_cast<std::int64_t>(value);
    }
}

/// What one caller keeps from one call to the next: the IRQL it was given, the queue handle, the result.
struct Hand {
    unsigned char irql = 0;     // saved by an acquisition, or asked for
    unsigned char target = 15;  // the level to raise to: one that every caller may ask for
    std::int64_t result = 0;
    int regions[2] = {0, 0};  // regions the suite entered for this caller, by Apcs
    alignas(16) std::byte handle_bytes[128] = {};
    alignas(16) std::byte out_bytes[4][256] = {};
    std::int64_t stored = 0;   // what the call stored where its page says
    std::int64_t operand = 1;  // the number that an interlocked operation is given
    std::int64_t second = 0;
    std::int64_t agreement = 1;  // a tag, a count
    int element = 0;             // which entry it is given

    template <class T>
    T handle() {
        return pointer_or_number<T>(handle_bytes);
    }
    template <class T>
    T out(int place = 0) {
        return pointer_or_number<T>(out_bytes[place]);
    }
    template <class T>
    T irql_out() {
        return pointer_or_number<T>(&irql);
    }
    template <class T>
    void keep(T value) {
        result = as_number(value);
    }
    /// A pointer to the operand, or to the second number of an operation that has two.
    template <class T>
    T input(int place) {
        std::remove_pointer_t<T>* number = out<T>(2 + place);
        assign(*number, place == 0 ? operand : second);
        return number;
    }
    /// What two calls have to agree on.
    template <class T>
    T agreed() const {
        if constexpr (std::is_pointer_v<T>)
            return reinterpret_cast<T>(static_cast<std::uintptr_t>(agreement));
        else
            return static_cast<T>(agreement);
    }
    /// The operand in the type of a parameter.
    template <class T>
    T given() const {
        T value{};
        assign(value, operand);
        return value;
    }
};

using Call = void (*)(Objects&, Hand&);

struct Function {
    const char* name;
    Call call;
    Levels levels = {};              // allowed on entry; empty: the page does not say
    std::optional<Apcs> needs = {};  // APCs that must be disabled on entry
    const Function* before[6] = {};  // what makes the other objects of the call; null: no more
};

/// One way to hold an object and to give it back. Parts that a protocol does not have are null.
struct Way {
    const Function* initialize = nullptr;
    const Function* acquire = nullptr;  // or any function under test that neither acquires nor releases
    const Function* release = nullptr;
    const Function* destroy = nullptr;
    bool (*acquired)(const Hand&) = nullptr;  // whether the acquisition succeeded; null: always when it returns
    bool shared = false;                      // others may hold it at the same time
    const Function* arrange[3] = {};          // bring the initialized object into the state that the test is about; null: no more
    const Function* before[3] = {};           // make the object that `initialize` initializes again; null: no more
    const Way* hold = nullptr;                // how the caller holds the object while it makes the call `acquire`; null: it need not
    const Function* end = nullptr;            // ends that hold once the call is made; null: as it would have ended without it
};

/// Where an argument points to.
using Address = const void* (*)(Objects&, Hand&);

/// A condition on what a call left in the hand.
using Expectation = bool (*)(const Hand&);

}  // namespace ddi::suite
