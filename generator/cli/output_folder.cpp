#include "generator/cli/output_folder.h"

#include <fcntl.h>
#include <tbb/parallel_for.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

#include "generator/text/environment_error.h"

namespace ddi::cli {

namespace fs = std::filesystem;
using text::EnvironmentError;

namespace {

/// The list of what ddigen wrote, one path a line: what it may remove later.
constexpr const char* manifest_name = ".ddigen-files";

std::optional<std::string> read_file(const fs::path& path) {
    std::ifstream stream(path, std::ios::binary);
    if (!stream) return std::nullopt;
    return std::string(std::istreambuf_iterator<char>(stream), {});
}

std::string system_message() { return std::strerror(errno); }

/// Writes beside the target and renames, so that a reader sees the old file or the new one.
void replace_file(const fs::path& path, const std::string& content) {
    fs::path temporary = path;
    temporary += ".ddigen-new";
    int file = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (file < 0) throw EnvironmentError("cannot write " + temporary.string() + ": " + system_message());
    auto fail = [&](const std::string& what) {
        std::string message = system_message();
        ::close(file);
        ::unlink(temporary.c_str());
        throw EnvironmentError(what + " " + temporary.string() + ": " + message);
    };
    for (std::size_t done = 0; done < content.size();) {
        ssize_t count = ::write(file, content.data() + done, content.size() - done);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) fail("cannot write");
        done += static_cast<std::size_t>(count);
    }
    if (::close(file) != 0) {
        std::string message = system_message();
        ::unlink(temporary.c_str());
        throw EnvironmentError("cannot write " + temporary.string() + ": " + message);
    }
    if (::rename(temporary.c_str(), path.c_str()) != 0) {
        std::string message = system_message();
        ::unlink(temporary.c_str());
        throw EnvironmentError("cannot replace " + path.string() + ": " + message);
    }
}

std::set<std::string> read_manifest(const fs::path& folder) {
    std::set<std::string> paths;
    auto text = read_file(folder / manifest_name);
    if (!text) return paths;
    for (std::size_t at = 0; at < text->size();) {
        std::size_t end = std::min(text->find('\n', at), text->size());
        std::string path = text->substr(at, end - at);
        // A manifest is a file like any other: a path that leads out of the folder is not ours to touch.
        bool leaves = path.empty() || path.front() == '/' || path.find("..") != std::string::npos;
        if (!leaves) paths.insert(std::move(path));
        at = end + 1;
    }
    return paths;
}

bool below(const std::string& path, const std::vector<std::string>& parts) {
    std::string first = path.substr(0, path.find('/'));
    return std::find(parts.begin(), parts.end(), first) != parts.end();
}

/// Makes the folder and proves that files can be made in it, before anything else is touched.
void prepare_folder(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) throw EnvironmentError("cannot make the folder " + folder.string() + ": " + error.message());
    fs::path probe = folder / ".ddigen-probe";
    int file = ::open(probe.c_str(), O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (file < 0) throw EnvironmentError("cannot write to the folder " + folder.string() + ": " + system_message());
    ::close(file);
    ::unlink(probe.c_str());
}

}  // namespace

WriteResult write_files(const std::string& folder, const text::FileSet& files, const std::vector<std::string>& parts) {
    fs::path root(folder);
    prepare_folder(root);
    std::set<std::string> folders;
    for (const auto& [path, content] : files) folders.insert((root / path).parent_path().string());
    for (const auto& path : folders) {
        std::error_code error;
        fs::create_directories(path, error);
        if (error) throw EnvironmentError("cannot make the folder " + path + ": " + error.message());
    }
    std::set<std::string> manifest = read_manifest(root);
    std::set<std::string> known = manifest;
    for (const auto& [path, content] : files) known.insert(path);
    auto write_manifest = [&](const std::set<std::string>& paths) {
        std::string text;
        for (const auto& path : paths) text += path + "\n";
        if (read_file(root / manifest_name) != text) replace_file(root / manifest_name, text);
    };
    // First: a run that is cut short leaves only files that the next run knows to be its own.
    write_manifest(known);

    std::vector<const text::FileSet::value_type*> list;
    list.reserve(files.size());
    for (const auto& file : files) list.push_back(&file);
    std::vector<char> changed(list.size());
    tbb::parallel_for(std::size_t{0}, list.size(), [&](std::size_t i) {
        fs::path path = root / list[i]->first;
        if (read_file(path) == list[i]->second) return;
        replace_file(path, list[i]->second);
        changed[i] = 1;
    });

    WriteResult result;
    result.written = static_cast<std::size_t>(std::count(changed.begin(), changed.end(), 1));
    result.unchanged = list.size() - result.written;
    for (const auto& path : manifest) {
        if (files.contains(path) || !below(path, parts)) continue;
        std::error_code error;
        if (fs::remove(root / path, error)) ++result.removed;
        if (error) throw EnvironmentError("cannot remove " + (root / path).string() + ": " + error.message());
        // Folders that became empty go too; remove() refuses the others.
        for (fs::path up = (root / path).parent_path(); up != root && fs::remove(up, error); up = up.parent_path()) {
        }
        known.erase(path);
    }
    write_manifest(known);
    return result;
}

std::vector<std::string> check_files(const std::string& folder, const text::FileSet& files, const std::vector<std::string>& parts) {
    std::vector<std::string> findings;
    fs::path root(folder);
    for (const auto& [path, content] : files) {
        auto present = read_file(root / path);
        if (!present) {
            findings.push_back("missing: " + path);
        } else if (*present != content) {
            findings.push_back("differs: " + path);
        }
    }
    for (const auto& part : parts) {
        std::error_code error;
        if (fs::is_regular_file(root / part, error)) {
            if (!files.contains(part)) findings.push_back("not generated: " + part);
            continue;
        }
        for (fs::recursive_directory_iterator at(root / part, error), end; !error && at != end; at.increment(error)) {
            std::string path = at->path().lexically_relative(root).generic_string();
            if (at->is_regular_file() && !files.contains(path)) findings.push_back("not generated: " + path);
        }
    }
    std::sort(findings.begin(), findings.end());
    return findings;
}

}  // namespace ddi::cli
