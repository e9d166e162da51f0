#include "generator/text/document.h"

#include <algorithm>

namespace ddi::text {

std::uint32_t place_of(const Block& block, std::uint32_t text_offset) {
    if (block.places.empty()) return block.span.begin;
    auto after = std::upper_bound(block.places.begin(), block.places.end(), text_offset,
                                  [](std::uint32_t offset, const auto& place) { return offset < place.first; });
    if (after == block.places.begin()) return after->second;
    const auto& [text_begin, file_begin] = *std::prev(after);
    std::uint32_t place = file_begin + (text_offset - text_begin);
    // Text that was not copied verbatim (an entity, folded blanks) must not run into the next stretch.
    if (after != block.places.end() && after->second >= file_begin) place = std::min(place, after->second);
    return block.span.end > block.span.begin ? std::clamp(place, block.span.begin, block.span.end) : place;
}

}  // namespace ddi::text
