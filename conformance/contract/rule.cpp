#include "conformance/contract/rule.h"

#include "conformance/contract/tracker.h"

namespace ddi::contract {

namespace {
constexpr const char* kNames[] = {"PASSIVE_LEVEL", "APC_LEVEL",   "DISPATCH_LEVEL", "DIRQL",       "PROFILE_LEVEL",
                                  "CLOCK_LEVEL",   "SYNCH_LEVEL", "IPI_LEVEL",      "POWER_LEVEL", "HIGH_LEVEL"};
constexpr int kCount = 10;
}  // namespace

const char* level_name(Level level) { return kNames[static_cast<int>(level)]; }

std::string to_string(Levels levels) {
    if (levels.bits == Levels::at_most(Level::high).bits) return "any level";
    std::string list;
    for (int i = 0; i < kCount; ++i) {
        Level level = static_cast<Level>(i);
        if (levels.bits == Levels::at(level).bits) return kNames[i];
        if (levels.bits == Levels::at_most(level).bits) return std::string("<= ") + kNames[i];
        if (levels.bits == Levels::at_least(level).bits) return std::string(">= ") + kNames[i];
        if (levels.bits & Levels::at(level).bits) list += (list.empty() ? "" : " or ") + std::string(kNames[i]);
    }
    return list.empty() ? "no level" : list;
}

Levels levels_of_x64(unsigned char irql) {
    if (irql <= 2) return Levels::at(static_cast<Level>(irql));
    if (irql < 12) return Levels::at(Level::dirql);
    if (irql == 12) return Levels::of({Level::dirql, Level::synch});
    if (irql == 13) return Levels::at(Level::clock);
    if (irql == 14) return Levels::of({Level::ipi, Level::power});
    return Levels::of({Level::profile, Level::high});
}

Object thread_object(const char* noun) { return {noun, noun, static_cast<Key>(thread_number()), 0, 0, false, true}; }

}  // namespace ddi::contract
