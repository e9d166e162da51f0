// The text of a C integer → its value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace ddi::model {

/// "0x10", "16", "16UL", "(0x10)"; nothing for other text.
std::optional<std::int64_t> c_number(const std::string& text);

}  // namespace ddi::model
