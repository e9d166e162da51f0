// Model → for each documented header: how many functions, structures, enumerations, callbacks, interfaces and IOCTLs its stub header
// declares, from which origin, and what it does not declare in full, and why.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "generator/cli/pipeline.h"

namespace ddi::cli {

/// {"totals": counts by kind, "headers": {file: {"technology", counts by kind, "not_whole": [{"name", "kind", "state", "reason",
/// "page"}]}}}. The technology is the one that most of the header's pages belong to.
nlohmann::ordered_json header_coverage_json(const Documentation& documentation);

/// A line a header, the totals, then what is not declared in full: "wdm.h: function X: missing: reason".
std::string header_coverage_text(const nlohmann::ordered_json& coverage);

}  // namespace ddi::cli
