// Model → what was understood, what was not, and where facts came from.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "generator/cli/pipeline.h"

namespace ddi::cli {

/// The counts, keys in a fixed order. README.md says what each one means.
nlohmann::ordered_json coverage_json(const Documentation& documentation);

/// The same as a table for people.
std::string coverage_text(const nlohmann::ordered_json& coverage);

}  // namespace ddi::cli
