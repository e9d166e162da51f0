// An enumeration's declaration → the enumerators that are written, with the values that they need, and those that cannot be.
// Enumerators of all enumerations share one name space with functions and types: a name that two enumerations have is guarded.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "generator/facts/declaration.h"

namespace ddi::emit::stubs {

/// "0x10", "(A | 2) << 1": its value, where every name has one.
std::optional<std::int64_t> constant_value(std::string_view text,
                                           const std::function<std::optional<std::int64_t>(std::string_view)>& value_of);

struct Enumerator {
    const facts::DeclaredMember* member = nullptr;
    std::string value;     // as it is to be written; empty: one more than the one before
    bool guarded = false;  // another enumeration has the name too
    std::string left_out;  // why it is not written; empty: it is
};

/// `refused`: why that one cannot be written, or empty. `guarded`: names that other enumerations have. What follows one that may not
/// be there has its value written out.
std::vector<Enumerator> plan_enumerators(const std::vector<facts::DeclaredMember>& members,
                                         const std::function<std::string(const facts::DeclaredMember&)>& refused,
                                         const std::set<std::string, std::less<>>& guarded);

}  // namespace ddi::emit::stubs
