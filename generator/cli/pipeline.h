// Source → Model: the stages in order, each parallel over pages (oneTBB), results in the order of the source's entries.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "generator/cli/progress.h"
#include "generator/model/model.h"

namespace ddi::cli {

struct ReadOptions {
    std::string source = "docs-src";   // folder or REPOSITORY@REVISION
    std::vector<std::string> history;  // revisions to search for declarations; empty: all earlier ones
    std::string overlays;              // folder; empty: SRC/overlays if it is there, else the built-in ones
    bool want_history = true;
};

/// What was read, before it became a model.
struct ReadCounts {
    std::size_t pages = 0;  // markdown files
    std::size_t api_pages = 0;
    std::size_t other_pages = 0;  // readable, and a diagnostic says why they are not API pages
    std::size_t unreadable = 0;   // no text could be made of them
};

struct Documentation {
    model::Model model;
    ReadCounts counts;
};

/// Throws EnvironmentError. Diagnostics of every stage are in the model.
Documentation read_documentation(const ReadOptions& options, Progress& progress);

}  // namespace ddi::cli
