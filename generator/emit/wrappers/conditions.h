// A clause's condition → a C++ expression of the wrapper's parameters, or none where it cannot be evaluated at a call: then the
// clause is documented and not checked.
#pragma once

#include <optional>
#include <string>

#include "generator/emit/wrappers/locks.h"
#include "generator/facts/clause.h"
#include "generator/model/model.h"

namespace ddi::emit::wrappers {

struct Evaluation {
    std::string expression;     // empty: always true
    bool needs_result = false;  // only after the call
    bool before_only = false;   // memory or state that the call may change: evaluated before it
    std::string still;          // after the call: what was evaluated before it is still certain; empty: always
    bool of_state = false;      // it is about what the checker knows; where that is nothing, the condition counts as not fulfilled
};

/// `object`: the lock that a condition about state means; may be null.
std::optional<Evaluation> evaluate(const facts::Condition& condition, const model::Api& api, const Locks& locks, const ObjectRef* object);

/// `value` as an expression that compares with an argument or result of that type: "TRUE", "0", "NULL", "STATUS_PENDING",
/// "DISPATCH_LEVEL", an enumerator.
std::optional<std::string> value_expression(const std::string& value, const CType& type, const TypeTable& types);
/// `left op value`; TRUE is anything but zero.
std::optional<std::string> comparison(const std::string& left, const std::string& op, const std::string& value, const CType& type,
                                      const TypeTable& types);

/// "contract::Level::dispatch", "contract::Levels::at_most(contract::Level::dispatch)".
std::string level_expression(facts::Level level);
std::string levels_expression(facts::LevelSet levels);

}  // namespace ddi::emit::wrappers
