// libgit2's handles with owners, and one handle per thread: libgit2 lets no two threads use one repository handle at once.
#pragma once

#include <git2.h>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace ddi::source {

template <auto Free>
struct GitFree {
    template <class T>
    void operator()(T* handle) const {
        Free(handle);
    }
};
using RepositoryPtr = std::unique_ptr<git_repository, GitFree<git_repository_free>>;
using ObjectPtr = std::unique_ptr<git_object, GitFree<git_object_free>>;
using CommitPtr = std::unique_ptr<git_commit, GitFree<git_commit_free>>;
using TreePtr = std::unique_ptr<git_tree, GitFree<git_tree_free>>;
using OdbPtr = std::unique_ptr<git_odb, GitFree<git_odb_free>>;
using OdbObjectPtr = std::unique_ptr<git_odb_object, GitFree<git_odb_object_free>>;

/// libgit2 counts initialisations; each owner of handles holds one of these for as long as its handles live.
class LibraryUse {
  public:
    LibraryUse() {
        git_libgit2_init();
        // As git itself: an object that is read is not hashed again (a tenth of all time); `git fsck` is for that. zlib's checksums stay.
        git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
    }
    ~LibraryUse() { git_libgit2_shutdown(); }
    LibraryUse(const LibraryUse&) = delete;
    LibraryUse& operator=(const LibraryUse&) = delete;
};

/// A repository on disk and a pool of handles on it. borrow() may be called from many threads; each gets a handle of its own.
class Repository {
  public:
    /// `path`: a working tree, a bare repository or anything inside a working tree's root. Throws EnvironmentError.
    explicit Repository(std::string path);

    class Handle {
      public:
        Handle(const Repository& owner, RepositoryPtr handle) : owner_(&owner), handle_(std::move(handle)) {}
        Handle(Handle&&) = default;
        Handle& operator=(Handle&&) = delete;
        ~Handle();
        git_repository* get() const { return handle_.get(); }

      private:
        const Repository* owner_;
        RepositoryPtr handle_;
    };
    Handle borrow() const;
    const std::string& path() const { return path_; }

  private:
    RepositoryPtr open() const;

    LibraryUse library_;
    std::string path_;
    mutable std::mutex mutex_;
    mutable std::vector<RepositoryPtr> idle_;
};

/// libgit2's words for the last failure on this thread.
std::string last_git_error();

}  // namespace ddi::source
