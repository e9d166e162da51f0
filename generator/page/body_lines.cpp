#include "generator/page/body_lines.h"

#include <algorithm>

namespace ddi::page {

BodyLines::BodyLines(std::string_view file, std::uint32_t body_begin) : file_(file) {
    begins_.reserve((file.size() - body_begin) / 32 + 2);
    begins_.push_back(body_begin);
    std::size_t carriage = file.find('\r', body_begin);
    for (std::size_t at = body_begin; at < file.size();) {
        const std::size_t feed = std::min(file.find('\n', at), file.size());
        // Returns on their own, before the line feed's own one.
        while (carriage < feed && carriage + 1 != feed) {
            if (carriage >= at) begins_.push_back(static_cast<std::uint32_t>(carriage + 1));
            carriage = file.find('\r', carriage + 1);
        }
        if (carriage < feed) carriage = file.find('\r', feed);
        if (feed == file.size()) break;
        at = feed + 1;
        begins_.push_back(static_cast<std::uint32_t>(at));
    }
}

std::uint32_t BodyLines::begin(int line) const {
    if (line < 1) return begins_.front();
    const auto index = static_cast<std::size_t>(line) - 1;
    return index < begins_.size() ? begins_[index] : static_cast<std::uint32_t>(file_.size());
}

std::uint32_t BodyLines::end(int line) const {
    const std::uint32_t first = begin(line);
    std::uint32_t last = begin(line + 1);
    while (last > first && (file_[last - 1] == '\n' || file_[last - 1] == '\r')) --last;
    return last;
}

std::uint32_t BodyLines::place_of_tail(int line, std::string_view tail) const {
    while (!tail.empty() && (tail.back() == '\n' || tail.back() == '\r')) tail.remove_suffix(1);
    const text::Span whole = span(line, line);
    const std::string_view text = file_.substr(whole.begin, whole.end - whole.begin);
    return text.ends_with(tail) ? whole.end - static_cast<std::uint32_t>(tail.size()) : whole.begin;
}

}  // namespace ddi::page
