// Where pages come from: a folder, or a revision of a git repository (libgit2, no checkout), and that repository's earlier revisions.
// Assumes nothing about content; paths are relative to the source's root, with '/' separators, sorted bytewise.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ddi::source {

/// One markdown file of a source.
struct Entry {
    std::string path;        // "wdk-ddi-src/content/wdm/nf-wdm-keraiseirql.md" or "wdm/nf-wdm-keraiseirql.md"
    std::string content_id;  // git blob id, or empty for a folder; equal ids mean equal bytes
};

/// A readable set of markdown files. read() may be called from many threads at once.
class Source {
  public:
    virtual ~Source() = default;
    /// Every *.md file (case-insensitive ending), sorted by path. Throws EnvironmentError.
    virtual const std::vector<Entry>& entries() const = 0;
    /// Bytes of one entry. Throws EnvironmentError if it cannot be read.
    virtual std::string read(const Entry& entry) const = 0;
    /// What the user named: "docs-src" or "corpus@docs-2024-03-27".
    virtual const std::string& name() const = 0;
    /// Commit id for a revision, empty for a folder.
    virtual const std::string& revision() const = 0;
    /// The LICENSE file of the documentation (of a folder: the nearest one above it within the same checkout), or nothing.
    virtual std::optional<std::string> licence() const = 0;
};

/// `spec` is a folder or REPOSITORY@REVISION (REVISION: anything libgit2's revparse takes that is a commit).
/// Throws EnvironmentError with one sentence if there is no such folder, repository or revision, or no markdown file in it.
std::unique_ptr<Source> open_source(std::string_view spec);

/// An earlier revision of the same documentation, newest first in a history.
struct Revision {
    std::string id;     // commit id
    std::string label;  // tag name if one points at it, else the short id
    std::string date;   // committer date, YYYY-MM-DD
    std::unique_ptr<Source> pages;
};

/// Revisions older than the source's own (first-parent ancestors and tags that are ancestors, or tags older by date where the
/// history is a set of unrelated snapshots), newest first. Of more than 60, the newest of each month and all tagged ones. Empty for a
/// folder. With `only`, exactly those revisions, in that order.
std::vector<Revision> open_history(std::string_view spec, const std::vector<std::string>& only = {});

}  // namespace ddi::source
