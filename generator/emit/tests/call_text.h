// A call with its choice of arguments → C++: the constants (Function, Way) that a generated test file defines, from parameter types,
// directions and the parts that clauses give them.
#pragma once

#include <optional>
#include <string>

#include "generator/emit/tests/knowledge.h"

namespace ddi::emit::tests {

/// "Levels::at_most(Level::dispatch)".
std::string levels_text(facts::LevelSet levels);
std::string level_text(facts::Level level);  // "Level::dispatch"
const char* apcs_text(facts::clause::Apcs apcs);

/// "call_KeReleaseMutex", "call_KeReleaseMutex_Wait_TRUE".
std::string call_name(const Step& step);
/// "way_KeAcquireSpinLock_KeReleaseSpinLock".
std::string way_name(const Way& way);

/// Arguments of a call, comma-separated, and statements that have to come before it; none if a type cannot be supplied.
struct ArgumentText {
    std::string list;
    std::string before;
};
std::optional<ArgumentText> arguments_text(const Step& step, const Knowledge& knowledge);

/// The argument for one parameter, by name; none if the call cannot be written.
std::optional<std::string> argument_named(const Step& step, const std::string& parameter, const Knowledge& knowledge);
/// Definition of the constant `call_name(step)`; none if some argument cannot be supplied.
std::optional<std::string> function_text(const Step& step, const Knowledge& knowledge);
/// Definition of the constant `way_name(way)`.
std::string way_text(const Way& way);

}  // namespace ddi::emit::tests
