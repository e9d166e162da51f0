#include "generator/cli/attribution.h"

#include <fmt/format.h>

namespace ddi::cli {

std::string attribution_line(const std::string& source_name, const std::optional<std::string>& licence) {
    if (!licence || licence->find("Attribution 4.0 International") == std::string::npos) return {};
    return fmt::format(
        "Contains text of the Windows driver documentation (c) Microsoft Corporation, read from {}, licensed under Creative Commons "
        "Attribution 4.0 International (https://creativecommons.org/licenses/by/4.0/); excerpted and rearranged by ddigen.",
        source_name);
}

}  // namespace ddi::cli
