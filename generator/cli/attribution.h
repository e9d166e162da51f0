// The licence of a documentation → the line that everything made from its text carries.
#pragma once

#include <optional>
#include <string>

namespace ddi::cli {

/// Empty for text that is ours (no licence file, or not a Creative Commons one).
std::string attribution_line(const std::string& source_name, const std::optional<std::string>& licence);

}  // namespace ddi::cli
