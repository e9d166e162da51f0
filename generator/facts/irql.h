// The IRQL grammar: every spelling of req.irql, and the same expressions inside sentences.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ddi::facts {

/// Levels by name, lowest first. Numbers depend on the architecture and are not the documentation's business.
enum class Level : std::uint8_t { passive, apc, dispatch, dirql, profile, clock, synch, ipi, power, high };
inline constexpr int level_count = 10;

const char* level_name(Level level);                          // "PASSIVE_LEVEL", …, "DIRQL", …
std::optional<Level> level_from_name(std::string_view name);  // also "PASSIVE", "passive level", "DISPATCH LEVEL", "DPC_LEVEL"

/// A set of levels.
struct LevelSet {
    std::uint16_t bits = 0;

    static LevelSet all();
    static LevelSet at(Level level);
    static LevelSet at_most(Level level);
    static LevelSet at_least(Level level);
    bool contains(Level level) const { return (bits >> static_cast<int>(level)) & 1U; }
    bool empty() const { return bits == 0; }
    std::vector<Level> levels() const;  // ascending
    friend bool operator==(const LevelSet&, const LevelSet&) = default;
};

/// "<= DISPATCH_LEVEL", "PASSIVE_LEVEL", "any level", ">= DISPATCH_LEVEL and <= DIRQL" …: canonical text; parses back to the same set.
std::string to_string(LevelSet levels);

/// One alternative of an expression: levels, and the condition's words if it has one ("if Wait is FALSE").
struct IrqlAlternative {
    LevelSet levels;
    std::string condition;  // verbatim, empty: unconditional
    friend bool operator==(const IrqlAlternative&, const IrqlAlternative&) = default;
};

enum class IrqlStatus {
    absent,          // blank
    understood,      // levels are known
    deferred,        // "See Remarks": nothing but a pointer to the text
    not_applicable,  // says that an IRQL has no meaning here (user mode, "N/A")
    junk,            // not about IRQL at all: SAL, a library name: a defect of the documentation
    not_understood,  // about IRQL, but not in the grammar: a diagnostic
};

struct IrqlExpression {
    IrqlStatus status = IrqlStatus::absent;
    std::vector<IrqlAlternative> alternatives;  // understood: at least one
    bool see_remarks = false;                   // the value also points to the remarks
    /// Levels allowed under some condition or none (union of the alternatives).
    LevelSet levels() const;
    friend bool operator==(const IrqlExpression&, const IrqlExpression&) = default;
};

/// True if a req.irql value states one set of levels and points to the remarks, and the remarks allow these levels and more: they are
/// meant.
bool is_widened_by(const IrqlExpression& front_matter, const IrqlExpression& remarks);

/// Parses a req.irql value. Total: never fails, status says what it was.
IrqlExpression parse_irql(std::string_view value);

/// Canonical spelling; parse_irql(print_irql(x)) == x for understood expressions.
std::string print_irql(const IrqlExpression& expression);

/// Finds a level expression in running text that begins at or after `from`: "IRQL <= APC_LEVEL", "IRQL = PASSIVE_LEVEL",
/// "at DISPATCH_LEVEL or below", "any IRQL", "PASSIVE_LEVEL or APC_LEVEL". `begin`/`end` are offsets into `sentence`.
struct IrqlInText {
    LevelSet levels;
    std::size_t begin = 0;
    std::size_t end = 0;
};
std::optional<IrqlInText> find_irql(std::string_view sentence, std::size_t from = 0);

}  // namespace ddi::facts
