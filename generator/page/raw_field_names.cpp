#include "generator/page/raw_field_names.h"

#include <algorithm>
#include <cctype>

namespace ddi::page {

namespace {

/// The text of a heading, without its hashes; empty: the line is none.
std::string_view heading_of(std::string_view line) {
    const std::size_t hashes = std::min(line.find_first_not_of('#'), line.size());
    if (hashes < 3 || hashes > 6 || hashes == line.size() || line[hashes] != ' ') return {};
    return line.substr(std::min(line.find_first_not_of(' ', hashes), line.size()));
}

}  // namespace

std::set<std::string> read_raw_field_names(std::string_view bytes) {
    std::set<std::string> names;
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t end = std::min(bytes.find('\n', at), bytes.size());
        std::string_view heading = heading_of(bytes.substr(at, end - at));
        at = end + 1;
        std::size_t prefix = heading.starts_with("-field ") ? 7 : heading.starts_with("- ") ? 2 : 0;
        if (prefix == 0) continue;
        heading.remove_prefix(std::min(heading.find_first_not_of(' ', prefix), heading.size()));
        std::string name;
        for (char c : heading) {
            if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_') {
                name += c;
                continue;
            }
            if (!name.empty()) names.insert(name);
            name.clear();
            if (c != '.') break;
        }
        if (!name.empty()) names.insert(std::move(name));
    }
    return names;
}

}  // namespace ddi::page
