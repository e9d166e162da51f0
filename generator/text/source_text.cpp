#include "generator/text/source_text.h"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <utility>

namespace ddi::text {

SourceText::SourceText(std::string path, std::string bytes) : path_(std::move(path)), bytes_(std::move(bytes)) {
    // Spans are 32 bits wide; the reader's own limit on file size is far below, so this is a broken invariant.
    if (bytes_.size() >= std::numeric_limits<std::uint32_t>::max()) throw std::length_error("source file over 4 GiB");
    line_begins_.reserve(bytes_.size() / 48 + 1);
    line_begins_.push_back(0);
    for (std::size_t i = bytes_.find('\n'); i != std::string::npos; i = bytes_.find('\n', i + 1)) {
        line_begins_.push_back(static_cast<std::uint32_t>(i + 1));
    }
}

Position SourceText::position(std::uint32_t offset) const {
    offset = std::min(offset, static_cast<std::uint32_t>(bytes_.size()));
    auto after = std::upper_bound(line_begins_.begin(), line_begins_.end(), offset);
    auto line = static_cast<std::uint32_t>(after - line_begins_.begin());
    return {line, offset - line_begins_[line - 1] + 1};
}

std::uint32_t SourceText::line_begin(std::uint32_t number) const {
    if (number == 0) return 0;
    if (number > line_begins_.size()) return static_cast<std::uint32_t>(bytes_.size());
    return line_begins_[number - 1];
}

std::string_view SourceText::line(std::uint32_t number) const {
    if (number == 0 || number > line_begins_.size()) return {};
    std::uint32_t begin = line_begins_[number - 1];
    std::uint32_t end = number < line_begins_.size() ? line_begins_[number] - 1 : static_cast<std::uint32_t>(bytes_.size());
    if (end > begin && bytes_[end - 1] == '\r') --end;
    return std::string_view(bytes_).substr(begin, end - begin);
}

}  // namespace ddi::text
