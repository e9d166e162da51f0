#include "generator/cli/overlays.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "embedded/built_in_overlays.h"
#include "generator/text/environment_error.h"

namespace ddi::cli {

model::Overlay load_overlays(const std::string& folder, text::Diagnostics& diagnostics) {
    model::Overlay overlay;
    if (folder.empty()) {
        for (const auto& file : built_in_overlays) {
            model::read_overlay(std::make_shared<const text::SourceText>(std::string(file.path), std::string(file.text)), overlay,
                                diagnostics);
        }
        return overlay;
    }
    std::error_code error;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        if (entry.path().extension() == ".yaml") files.push_back(entry.path());
    }
    if (error) throw text::EnvironmentError("cannot read the overlays in " + folder + ": " + error.message());
    std::sort(files.begin(), files.end());
    for (const auto& path : files) {
        std::ifstream stream(path, std::ios::binary);
        std::string bytes{std::istreambuf_iterator<char>(stream), {}};
        if (!stream) throw text::EnvironmentError("cannot read " + path.string());
        model::read_overlay(std::make_shared<const text::SourceText>("overlays/" + path.filename().string(), std::move(bytes)), overlay,
                            diagnostics);
    }
    return overlay;
}

}  // namespace ddi::cli
