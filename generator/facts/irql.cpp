#include "generator/facts/irql.h"

#include <array>
#include <cctype>

namespace ddi::facts {

namespace {

struct LevelName {
    std::string_view name;
    Level level;
};

// The first ten are canonical, in the order of Level; the rest are what pages also call them.
constexpr std::array<LevelName, 19> names{{
    {"PASSIVE_LEVEL", Level::passive}, {"APC_LEVEL", Level::apc},      {"DISPATCH_LEVEL", Level::dispatch}, {"DIRQL", Level::dirql},
    {"PROFILE_LEVEL", Level::profile}, {"CLOCK_LEVEL", Level::clock},  {"SYNCH_LEVEL", Level::synch},       {"IPI_LEVEL", Level::ipi},
    {"POWER_LEVEL", Level::power},     {"HIGH_LEVEL", Level::high},    {"LOW_LEVEL", Level::passive},       {"PASSIVE", Level::passive},
    {"DISPATCH", Level::dispatch},     {"DPC_LEVEL", Level::dispatch}, {"CLOCK1_LEVEL", Level::clock},      {"CLOCK2_LEVEL", Level::clock},
    {"DIRQL_LEVEL", Level::dirql},     {"DEVICE_LEVEL", Level::dirql}, {"INTERRUPT_LEVEL", Level::dirql},
}};

bool same_name(std::string_view spelled, std::string_view canonical) {
    if (spelled.size() != canonical.size()) return false;
    for (std::size_t i = 0; i < spelled.size(); ++i) {
        char c = static_cast<char>(std::toupper(static_cast<unsigned char>(spelled[i])));
        if (c == ' ') c = '_';
        if (c != canonical[i]) return false;
    }
    return true;
}

}  // namespace

const char* level_name(Level level) { return names[static_cast<std::size_t>(level)].name.data(); }

std::optional<Level> level_from_name(std::string_view name) {
    for (const LevelName& known : names)
        if (same_name(name, known.name)) return known.level;
    return std::nullopt;
}

LevelSet LevelSet::all() { return {static_cast<std::uint16_t>((1U << level_count) - 1)}; }

LevelSet LevelSet::at(Level level) { return {static_cast<std::uint16_t>(1U << static_cast<unsigned>(level))}; }

LevelSet LevelSet::at_most(Level level) { return {static_cast<std::uint16_t>((2U << static_cast<unsigned>(level)) - 1)}; }

LevelSet LevelSet::at_least(Level level) { return {static_cast<std::uint16_t>(all().bits & ~((1U << static_cast<unsigned>(level)) - 1))}; }

std::vector<Level> LevelSet::levels() const {
    std::vector<Level> result;
    for (int i = 0; i < level_count; ++i)
        if (contains(static_cast<Level>(i))) result.push_back(static_cast<Level>(i));
    return result;
}

std::string to_string(LevelSet levels) {
    if (levels.empty()) return "no level";
    if (levels == LevelSet::all()) return "any level";
    std::string result;
    for (int low = 0; low < level_count;) {
        if (!levels.contains(static_cast<Level>(low))) {
            ++low;
            continue;
        }
        int high = low;
        while (high + 1 < level_count && levels.contains(static_cast<Level>(high + 1))) ++high;
        const std::string from = level_name(static_cast<Level>(low));
        const std::string to = level_name(static_cast<Level>(high));
        if (!result.empty()) result += " or ";
        if (low == high)
            result += from;
        else if (low == 0)
            result += "<= " + to;
        else if (high == level_count - 1)
            result += ">= " + from;
        else
            result += ">= " + from + " and <= " + to;
        low = high + 1;
    }
    return result;
}

LevelSet IrqlExpression::levels() const {
    LevelSet result;
    for (const IrqlAlternative& alternative : alternatives) result.bits |= alternative.levels.bits;
    return result;
}

std::string print_irql(const IrqlExpression& expression) {
    switch (expression.status) {
        case IrqlStatus::absent:
            return "";
        case IrqlStatus::deferred:
            return "See Remarks";
        case IrqlStatus::not_applicable:
            return "Not applicable";
        case IrqlStatus::junk:
        case IrqlStatus::not_understood:
            return "";
        case IrqlStatus::understood:
            break;
    }
    std::string result;
    for (const IrqlAlternative& alternative : expression.alternatives) {
        if (!result.empty()) result += "; ";
        result += to_string(alternative.levels);
        if (!alternative.condition.empty()) result += " " + alternative.condition;
    }
    if (expression.see_remarks) result += " (see Remarks section)";
    return result;
}

bool is_widened_by(const IrqlExpression& front_matter, const IrqlExpression& remarks) {
    const auto general = [](const IrqlExpression& e) {
        return e.status == IrqlStatus::understood && e.alternatives.size() == 1 && e.alternatives.front().condition.empty();
    };
    if (!front_matter.see_remarks || !general(front_matter) || !general(remarks)) return false;
    const auto narrow = front_matter.levels().bits, wide = remarks.levels().bits;
    return narrow != wide && (narrow & wide) == narrow;
}

}  // namespace ddi::facts
