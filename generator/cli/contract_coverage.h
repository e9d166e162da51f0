// Model → for each normative sentence of the routines' contract text: the clauses that it became, or the category that says why it became
// none, or neither.
#pragma once

#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "generator/cli/pipeline.h"

namespace ddi::cli {

/// UIDs of a file: one a line, or the column "uid" of a table with tabs. Throws EnvironmentError if it cannot be read.
std::set<std::string> read_uids(const std::string& path);

/// Counts, and every sentence with page, line, text and what became of it. `uids`: the routines to look at; empty: all.
nlohmann::ordered_json contract_coverage_json(const Documentation& documentation, const std::set<std::string>& uids);

/// The counts, then the sentences that are neither clause nor category, as page:line: text.
std::string contract_coverage_text(const nlohmann::ordered_json& coverage);

}  // namespace ddi::cli
