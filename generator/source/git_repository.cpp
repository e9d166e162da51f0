#include "generator/source/git_repository.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <utility>

#include "generator/text/environment_error.h"

namespace ddi::source {
namespace {

/// A git bundle is one file that starts with this line; libgit2 cannot read it.
bool is_bundle(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string first;
    return std::getline(file, first) && first.find("git bundle") != std::string::npos;
}

}  // namespace

std::string last_git_error() {
    const git_error* error = git_error_last();
    return error != nullptr && error->message != nullptr ? error->message : "unknown error";
}

Repository::Repository(std::string path) : path_(std::move(path)) {
    std::error_code error;
    if (!std::filesystem::exists(path_, error)) throw text::EnvironmentError(fmt::format("there is no repository at {}", path_));
    if (std::filesystem::is_regular_file(path_, error)) {
        if (is_bundle(path_))
            throw text::EnvironmentError(
                fmt::format("{} is a git bundle; clone it first: git clone {} FOLDER, then name FOLDER@REVISION", path_, path_));
        throw text::EnvironmentError(fmt::format("{} is a file, not a git repository", path_));
    }
    idle_.push_back(open());
}

RepositoryPtr Repository::open() const {
    git_repository* handle = nullptr;
    if (git_repository_open_ext(&handle, path_.c_str(), GIT_REPOSITORY_OPEN_NO_SEARCH, nullptr) != 0) {
        throw text::EnvironmentError(fmt::format("{} is not a git repository that can be opened: {}", path_, last_git_error()));
    }
    return RepositoryPtr(handle);
}

Repository::Handle Repository::borrow() const {
    {
        const std::lock_guard lock(mutex_);
        if (!idle_.empty()) {
            RepositoryPtr handle = std::move(idle_.back());
            idle_.pop_back();
            return {*this, std::move(handle)};
        }
    }
    return {*this, open()};
}

Repository::Handle::~Handle() {
    if (!handle_) return;
    const std::lock_guard lock(owner_->mutex_);
    owner_->idle_.push_back(std::move(handle_));
}

}  // namespace ddi::source
