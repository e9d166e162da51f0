#include "generator/source/source.h"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

#include "generator/source/folder_source.h"
#include "generator/source/git_source.h"
#include "generator/text/environment_error.h"

namespace ddi::source {
namespace {

using text::EnvironmentError;

/// REPOSITORY@REVISION split at the last '@' that can part them: a revision may itself hold one ("HEAD@{1}", "@"), a folder too.
std::pair<std::string, std::string> split_revision(const std::string& spec) {
    for (std::size_t at = spec.find('@'); at != std::string::npos; at = spec.find('@', at + 1)) {
        std::error_code error;
        if (at > 0 && std::filesystem::exists(spec.substr(0, at), error)) return {spec.substr(0, at), spec.substr(at + 1)};
    }
    const std::size_t at = spec.find('@');
    if (at == std::string::npos || at == 0) return {spec, {}};
    return {spec.substr(0, at), spec.substr(at + 1)};
}

bool is_folder(const std::string& spec) {
    std::error_code error;
    return std::filesystem::is_directory(spec, error);
}

}  // namespace

std::unique_ptr<Source> open_source(std::string_view spec_view) {
    const std::string spec(spec_view);
    if (spec.empty()) throw EnvironmentError("no source named: give a folder or REPOSITORY@REVISION");
    std::unique_ptr<Source> source;
    if (is_folder(spec)) {
        source = open_folder(spec);
    } else {
        const auto [repository, revision] = split_revision(spec);
        std::error_code error;
        if (revision.empty()) {
            if (spec.ends_with('@')) throw EnvironmentError(fmt::format("{} names no revision after the @", spec));
            if (std::filesystem::exists(spec, error))
                throw EnvironmentError(
                    fmt::format("{} is a file, not a folder; a git repository is named REPOSITORY@REVISION (clone a bundle first)", spec));
            throw EnvironmentError(fmt::format("there is no folder {}", spec));
        }
        source = open_git(repository, revision);
    }
    if (source->entries().empty()) throw EnvironmentError(fmt::format("there is no markdown file in {}", spec));
    return source;
}

std::vector<Revision> open_history(std::string_view spec_view, const std::vector<std::string>& only) {
    const std::string spec(spec_view);
    if (is_folder(spec)) return {};
    const auto [repository, revision] = split_revision(spec);
    if (revision.empty()) throw EnvironmentError(fmt::format("there is no folder {}", spec));
    return open_git_history(repository, revision, only);
}

}  // namespace ddi::source
