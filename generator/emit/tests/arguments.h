// Conditions over parameters → values to call with: which argument values a function's clauses tell apart, and a choice of them under
// which a clause applies. A value is a word: "TRUE", "FALSE", "NULL", "zero" and "other" (a pointer to zero, to something else).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "generator/emit/wrappers/c_types.h"
#include "generator/model/model.h"

namespace ddi::emit::tests {

/// "without 2": an address that has all bits set that the page wants but this one.
inline const std::string kWithout = "without ";

struct Arguments {
    std::map<std::string, std::string> values;  // parameter → word
    std::string broken = {};                    // the parameter whose value no page allows
    /// "_Wait_TRUE", for names; empty for the usual values.
    std::string tag() const;
    friend bool operator==(const Arguments&, const Arguments&) = default;
};

/// Every combination of the values that the rules of the function tell apart; the usual one (FALSE, NULL) first.
std::vector<Arguments> argument_choices(const model::Api& api, const wrappers::TypeTable& types);

/// What a condition says about arguments holds under this choice. Comparisons of other kinds count as true.
bool holds(const facts::Condition& condition, const Arguments& arguments);

}  // namespace ddi::emit::tests
