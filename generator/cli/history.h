// Declarations that today's pages have lost, from the newest earlier revision that has one.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "generator/cli/progress.h"
#include "generator/model/resolve.h"
#include "generator/source/source.h"

namespace ddi::cli {

/// Searches `revisions` (newest first) for declarations of the wanted UID keys. A page is matched by its UID (without ~rN), or, where a
/// page of another header is gone today, by kind and name; `known` are the keys of all of today's pages, so that files which plainly belong
/// to another page need not be read.
model::History find_historic_declarations(const std::vector<source::Revision>& revisions, const std::set<std::string>& wanted,
                                          const std::set<std::string>& known, Progress& progress);

}  // namespace ddi::cli
