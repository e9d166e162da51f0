// One rule → the tests that show it: what an implementation must do, and which misuse a checker must report; or the reason why not.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "generator/emit/tests/test_file.h"

namespace ddi::emit::tests {

/// Lines of a test's body, or why there is none.
struct Case {
    std::vector<std::string> body;
    std::string reason;  // set if the body is empty
};

/// Behaviour that any implementation must show.
Case behaviour_case(const Api& api, const Rule& rule, const Knowledge& knowledge, TestFile& file);
/// A misuse that the checking wrappers must report under exactly this rule.
Case violation_case(const Api& api, const Rule& rule, const Knowledge& knowledge, TestFile& file);

}  // namespace ddi::emit::tests
