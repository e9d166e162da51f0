// Constants that pages and overlays state → those that can be #defined: plain C, under a name that is nothing else.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "generator/model/model.h"

namespace ddi::emit::stubs {

class Constants {
  public:
    Constants() = default;
    /// `is_other`: types, functions and enumerators have that name too, or the base headers.
    Constants(const model::Model& model, const std::function<bool(const std::string&)>& is_other);

    /// Null: there is none that can be written.
    const model::Constant* find(std::string_view name) const;
    /// Its number; none where a name in it has none. Only such a constant can be the size of an array.
    std::optional<std::int64_t> value(std::string_view name) const { return value_of(name, 0); }
    /// By name.
    const std::vector<const model::Constant*>& of(const std::string& header) const;

  private:
    std::optional<std::int64_t> value_of(std::string_view name, int depth) const;

    std::map<std::string, const model::Constant*, std::less<>> by_name_;
    std::map<std::string, std::vector<const model::Constant*>, std::less<>> by_header_;
};

/// "0x10", "((TYPE)8)", "CTL_CODE(A, 1, B, C)": words, numbers and operators in balanced parentheses, and nothing else.
bool is_plain_expression(std::string_view text);

}  // namespace ddi::emit::stubs
