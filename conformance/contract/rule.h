// The constants that a generated wrapper hands to the checker: a rule with its citation, sets of IRQLs, the object of a lock.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>

namespace ddi::contract {

/// One clause of a page. All text is static: generated tables are constexpr.
struct Rule {
    const char* id;
    const char* sentence;
    const char* page;
    unsigned line;
    const char* functions = "";  // the functions that the clause lists, separated by blanks
    constexpr bool lists(std::string_view name) const;
};

/// Levels by name, lowest first; numbers depend on the architecture.
enum class Level : std::uint8_t { passive, apc, dispatch, dirql, profile, clock, synch, ipi, power, high };
const char* level_name(Level level);

struct Levels {
    std::uint16_t bits = 0;
    static constexpr Levels at(Level level) { return {static_cast<std::uint16_t>(1U << static_cast<unsigned>(level))}; }
    static constexpr Levels at_most(Level level) { return {static_cast<std::uint16_t>((2U << static_cast<unsigned>(level)) - 1)}; }
    static constexpr Levels at_least(Level level) {
        return {static_cast<std::uint16_t>(0x3FFU & ~((1U << static_cast<unsigned>(level)) - 1))};
    }
    static constexpr Levels of(std::initializer_list<Level> levels) {
        Levels set;
        for (Level level : levels) set.bits = static_cast<std::uint16_t>(set.bits | at(level).bits);
        return set;
    }
};
/// "<= APC_LEVEL", "DISPATCH_LEVEL", "PASSIVE_LEVEL or DISPATCH_LEVEL".
std::string to_string(Levels levels);
/// The levels that a number stands for in 64-bit Windows: 14 is IPI_LEVEL and POWER_LEVEL, 3 … 11 are device levels.
Levels levels_of_x64(unsigned char irql);

using Key = std::uintptr_t;

/// What identifies an object: its address, or the number where a lock has a number.
template <class T>
Key key(T value) {
    if constexpr (std::is_pointer_v<T>)
        return reinterpret_cast<Key>(value);
    else
        return static_cast<Key>(value);
}

/// An object that is one of several of another one: a numbered lock of a device. Parts mix so that different pairs hardly ever meet.
template <class Owner, class Number>
Key key(Owner owner, Number number) {
    return (key(owner) * 31 + key(number)) * static_cast<Key>(0x9E3779B97F4A7C15ULL);
}

enum class Mode : std::uint8_t { exclusive, shared };

/// One lock or other object at one call. Locks with equal domain and key are the same lock: the domain is the lock's own type where the
/// object is the lock ("KSPIN_LOCK"), and the noun where the object only has it (a pin has a processing mutex and a control mutex).
struct Object {
    const char* domain;
    const char* noun;  // the documentation's word, for reports
    Key key = 0;
    Key handle = 0;           // the caller's queue handle, where the release names that and not the lock
    Key alias = 0;            // the object that was named, where the lock is another's: a pin's control mutex is its filter's
    bool only_known = false;  // the parameter is untyped: checked only if it was initialized as an object of this domain
    bool per_thread = false;  // a region: nobody waits for it
};
/// A lock without an object, such as a critical region: each thread has its own.
Object thread_object(const char* noun);

constexpr bool Rule::lists(std::string_view name) const {
    std::string_view rest = functions;
    while (!rest.empty()) {
        auto end = rest.find(' ');
        if (rest.substr(0, end) == name) return true;
        if (end == std::string_view::npos) break;
        rest.remove_prefix(end + 1);
    }
    return false;
}

}  // namespace ddi::contract
