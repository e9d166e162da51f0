#include "generator/source/folder_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include "generator/source/markdown_name.h"
#include "generator/text/environment_error.h"

namespace ddi::source {
namespace {

namespace fs = std::filesystem;
using text::EnvironmentError;

class FolderSource final : public Source {
  public:
    explicit FolderSource(const std::string& folder) : name_(folder), root_(folder) {
        std::error_code error;
        fs::recursive_directory_iterator files(root_, error);
        if (error) throw EnvironmentError(fmt::format("cannot read the folder {}: {}", folder, error.message()));
        for (; files != fs::recursive_directory_iterator(); files.increment(error)) {
            const std::string file = files->path().filename().string();
            const bool is_folder = files->is_directory(error);
            if (is_folder && file.size() > 1 && file.front() == '.') files.disable_recursion_pending();
            if (!is_folder && is_markdown_name(file) && files->is_regular_file(error))
                entries_.push_back({files->path().lexically_relative(root_).generic_string(), {}});
        }
        if (error) throw EnvironmentError(fmt::format("cannot read the folder {}: {}", folder, error.message()));
        std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) { return a.path < b.path; });
    }

    const std::vector<Entry>& entries() const override { return entries_; }
    const std::string& name() const override { return name_; }
    const std::string& revision() const override { return revision_; }

    std::string read(const Entry& entry) const override {
        const fs::path path = root_ / fs::path(entry.path);
        std::ifstream file(path, std::ios::binary);
        std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
        if (!file.is_open() || file.bad()) throw EnvironmentError(fmt::format("cannot read the file {}", path.string()));
        return bytes;
    }

    std::optional<std::string> licence() const override {
        std::error_code error;
        for (fs::path folder = fs::weakly_canonical(root_, error); !error; folder = folder.parent_path()) {
            std::ifstream file(folder / "LICENSE", std::ios::binary);
            if (file) return std::string{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
            if (fs::exists(folder / ".git", error) || folder == folder.parent_path()) break;
        }
        return std::nullopt;
    }

  private:
    std::string name_;
    std::string revision_;
    fs::path root_;
    std::vector<Entry> entries_;
};

}  // namespace

std::unique_ptr<Source> open_folder(const std::string& folder) { return std::make_unique<FolderSource>(folder); }

}  // namespace ddi::source
