// FileSet → disk. The only place that writes: unchanged files are not touched, changed ones appear whole (temporary file, rename),
// files that ddigen wrote earlier and no page explains any more are removed. Nothing else in the folder is ever touched.
#pragma once

#include <string>
#include <vector>

#include "generator/text/file_set.h"

namespace ddi::cli {

struct WriteResult {
    std::size_t written = 0;
    std::size_t unchanged = 0;
    std::size_t removed = 0;
};

/// Writes `files` below `folder` (made if missing). `parts` are the first path components this run is responsible for: only files below
/// them are candidates for removal. Throws EnvironmentError before anything is changed where the folder cannot be written.
WriteResult write_files(const std::string& folder, const text::FileSet& files, const std::vector<std::string>& parts);

/// Differences between the folder and what would be written: "missing: p", "differs: p", "not generated: p". Changes nothing.
std::vector<std::string> check_files(const std::string& folder, const text::FileSet& files, const std::vector<std::string>& parts);

}  // namespace ddi::cli
