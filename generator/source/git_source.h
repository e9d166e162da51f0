// A revision of a git repository → Source, and the revisions before it. Reads the object database through libgit2; nothing is
// checked out. Assumes that the repository is not repacked by others while it is read (libgit2 copes with most of that, too).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "generator/source/source.h"

namespace ddi::source {

/// Throws EnvironmentError if there is no such repository or revision.
std::unique_ptr<Source> open_git(const std::string& repository, const std::string& revision);

/// As open_history, for a repository and a revision.
std::vector<Revision> open_git_history(const std::string& repository, const std::string& revision, const std::vector<std::string>& only);

}  // namespace ddi::source
