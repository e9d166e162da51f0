// Which files are pages: those that end in .md, in any case.
#pragma once

#include <string_view>

namespace ddi::source {

inline bool is_markdown_name(std::string_view path) {
    if (path.size() < 3) return false;
    const std::string_view end = path.substr(path.size() - 3);
    return end[0] == '.' && (end[1] == 'm' || end[1] == 'M') && (end[2] == 'd' || end[2] == 'D');
}

}  // namespace ddi::source
