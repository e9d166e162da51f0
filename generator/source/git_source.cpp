#include "generator/source/git_source.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "generator/source/git_repository.h"
#include "generator/source/markdown_name.h"
#include "generator/text/environment_error.h"

namespace ddi::source {
namespace {

using text::EnvironmentError;

/// What the history needs to know about a commit, as a value.
struct Commit {
    git_oid id{};
    git_oid tree{};
    std::int64_t time = 0;  // seconds since 1970, UTC
    int zone = 0;           // committer's minutes east of UTC
    std::optional<git_oid> first_parent;
};

std::string hex(const git_oid& id) {
    char buffer[GIT_OID_HEXSZ + 1];
    return git_oid_tostr(buffer, sizeof buffer, &id);
}

Commit describe(git_commit* commit) {
    Commit out;
    out.id = *git_commit_id(commit);
    out.tree = *git_commit_tree_id(commit);
    out.time = git_commit_time(commit);
    out.zone = git_commit_time_offset(commit);
    if (git_commit_parentcount(commit) > 0) out.first_parent = *git_commit_parent_id(commit, 0);
    return out;
}

/// The commit a revision names, or nothing if it names none.
std::optional<Commit> find_commit(git_repository* repository, const std::string& revision) {
    git_object* object = nullptr;
    if (git_revparse_single(&object, repository, revision.c_str()) != 0) return std::nullopt;
    const ObjectPtr owner(object);
    git_object* peeled = nullptr;
    if (git_object_peel(&peeled, object, GIT_OBJECT_COMMIT) != 0) return std::nullopt;
    const ObjectPtr commit(peeled);
    return describe(reinterpret_cast<git_commit*>(commit.get()));
}

Commit commit_of(git_repository* repository, const std::string& path, const std::string& revision) {
    std::optional<Commit> commit = find_commit(repository, revision);
    if (!commit) throw EnvironmentError(fmt::format("{} has no revision {}", path, revision));
    return *commit;
}

std::string date_of(const Commit& commit) {
    return fmt::format("{:%Y-%m-%d}", fmt::gmtime(static_cast<std::time_t>(commit.time + std::int64_t{commit.zone} * 60)));
}

class GitSource final : public Source {
  public:
    GitSource(std::shared_ptr<const Repository> repository, std::string name, const Commit& commit)
        : repository_(std::move(repository)), name_(std::move(name)), revision_(hex(commit.id)), tree_(commit.tree) {}

    /// Listed when first asked for: a history may have thousands of revisions of which few are read.
    const std::vector<Entry>& entries() const override {
        std::call_once(listed_, [&] { entries_ = list(); });
        return entries_;
    }
    const std::string& name() const override { return name_; }
    const std::string& revision() const override { return revision_; }

    std::string read(const Entry& entry) const override {
        const Repository::Handle handle = repository_->borrow();
        git_odb* odb_handle = nullptr;
        git_odb_object* object = nullptr;
        git_oid id{};
        if (git_oid_fromstr(&id, entry.content_id.c_str()) != 0 || git_repository_odb(&odb_handle, handle.get()) != 0) fail(entry.path);
        const OdbPtr odb(odb_handle);
        if (git_odb_read(&object, odb.get(), &id) != 0) fail(entry.path);
        const OdbObjectPtr owner(object);
        return {static_cast<const char*>(git_odb_object_data(object)), git_odb_object_size(object)};
    }

    std::optional<std::string> licence() const override {
        git_tree* tree_handle = nullptr;
        const Repository::Handle handle = repository_->borrow();
        if (git_tree_lookup(&tree_handle, handle.get(), &tree_) != 0) fail("the file list");
        const TreePtr tree(tree_handle);
        const git_tree_entry* entry = git_tree_entry_byname(tree.get(), "LICENSE");
        if (entry == nullptr) return std::nullopt;
        return read({"LICENSE", hex(*git_tree_entry_id(entry))});
    }

  private:
    [[noreturn]] void fail(const std::string& what) const {
        throw EnvironmentError(fmt::format("cannot read {} of {}: {}", what, name_, last_git_error()));
    }

    std::vector<Entry> list() const {
        const Repository::Handle handle = repository_->borrow();
        git_tree* tree_handle = nullptr;
        if (git_tree_lookup(&tree_handle, handle.get(), &tree_) != 0) fail("the file list");
        const TreePtr tree(tree_handle);
        std::vector<Entry> entries;
        const auto visit = [](const char* root, const git_tree_entry* entry, void* payload) -> int {
            const char* file = git_tree_entry_name(entry);
            if (git_tree_entry_type(entry) == GIT_OBJECT_BLOB && git_tree_entry_filemode(entry) != GIT_FILEMODE_LINK &&
                is_markdown_name(file)) {
                static_cast<std::vector<Entry>*>(payload)->push_back({std::string(root) + file, hex(*git_tree_entry_id(entry))});
            }
            return 0;
        };
        if (git_tree_walk(tree.get(), GIT_TREEWALK_PRE, visit, &entries) != 0) fail("the file list");
        std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.path < b.path; });
        return entries;
    }

    std::shared_ptr<const Repository> repository_;
    std::string name_;
    std::string revision_;
    git_oid tree_;
    mutable std::once_flag listed_;
    mutable std::vector<Entry> entries_;
};

/// Every tag that leads to a commit, by name.
std::map<std::string, Commit> tagged_commits(git_repository* repository) {
    std::map<std::string, Commit> tags;
    git_strarray names{};
    if (git_tag_list(&names, repository) != 0) return tags;
    for (std::size_t i = 0; i < names.count; ++i) {
        if (auto commit = find_commit(repository, std::string("refs/tags/") + names.strings[i])) tags.emplace(names.strings[i], *commit);
    }
    git_strarray_dispose(&names);
    return tags;
}

/// First-parent ancestors, newest first, without the commit itself.
std::vector<Commit> ancestors_of(git_repository* repository, const Commit& start) {
    std::vector<Commit> out;
    std::optional<git_oid> next = start.first_parent;
    while (next) {
        git_commit* handle = nullptr;
        if (git_commit_lookup(&handle, repository, &*next) != 0) break;  // a shallow clone ends here
        const CommitPtr owner(handle);
        out.push_back(describe(handle));
        next = out.back().first_parent;
    }
    return out;
}

/// Ancestors, and tags that are ancestors off the first-parent line. A commit without a parent is one of a set of unrelated
/// snapshots: then tags that are older by date.
std::vector<Commit> older_commits(git_repository* repository, const Commit& start, const std::map<std::string, Commit>& tags) {
    std::vector<Commit> out = ancestors_of(repository, start);
    const bool snapshots = out.empty();
    std::set<std::string> known{hex(start.id)};
    for (const Commit& commit : out) known.insert(hex(commit.id));
    for (const auto& [name, commit] : tags) {
        if (known.contains(hex(commit.id))) continue;
        const bool older = snapshots ? commit.time < start.time : git_graph_descendant_of(repository, &start.id, &commit.id) == 1;
        if (!older) continue;
        known.insert(hex(commit.id));
        out.push_back(commit);
    }
    // Ancestors stay in their order where dates agree with it; a rebased commit's date may not, so only strays move.
    std::stable_sort(out.begin(), out.end(), [](const Commit& a, const Commit& b) { return a.time > b.time; });
    return out;
}

/// The documentation's own repository has thousands of commits, each with all pages, and a declaration that once stood on a page stood
/// there for months: of a long history, the newest commit of each month is enough, and those that somebody found worth a tag.
std::vector<Commit> thin_out(std::vector<Commit> commits, const std::map<std::string, Commit>& tags) {
    constexpr std::size_t long_history = 60;
    if (commits.size() <= long_history) return commits;
    std::set<std::string> tagged, months;
    for (const auto& [name, commit] : tags) tagged.insert(hex(commit.id));
    std::erase_if(commits, [&](const Commit& commit) {
        const bool newest_of_month = months.insert(date_of(commit).substr(0, 7)).second;
        return !newest_of_month && !tagged.contains(hex(commit.id));
    });
    return commits;
}

}  // namespace

std::unique_ptr<Source> open_git(const std::string& repository, const std::string& revision) {
    auto shared = std::make_shared<const Repository>(repository);
    const Commit commit = commit_of(shared->borrow().get(), repository, revision);
    return std::make_unique<GitSource>(std::move(shared), fmt::format("{}@{}", repository, revision), commit);
}

std::vector<Revision> open_git_history(const std::string& repository, const std::string& revision, const std::vector<std::string>& only) {
    auto shared = std::make_shared<const Repository>(repository);
    const Repository::Handle handle = shared->borrow();
    const Commit start = commit_of(handle.get(), repository, revision);
    const std::map<std::string, Commit> tags = tagged_commits(handle.get());

    std::vector<Commit> commits;
    if (only.empty()) commits = thin_out(older_commits(handle.get(), start, tags), tags);
    for (const std::string& name : only) commits.push_back(commit_of(handle.get(), repository, name));

    std::map<std::string, std::string> label_of;
    for (const auto& [name, commit] : tags) label_of.emplace(hex(commit.id), name);
    std::vector<Revision> out;
    for (const Commit& commit : commits) {
        const std::string id = hex(commit.id);
        const auto label = label_of.find(id);
        Revision older{id, label != label_of.end() ? label->second : id.substr(0, 12), date_of(commit), nullptr};
        older.pages = std::make_unique<GitSource>(shared, fmt::format("{}@{}", repository, older.label), commit);
        out.push_back(std::move(older));
    }
    return out;
}

}  // namespace ddi::source
