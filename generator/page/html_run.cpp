#include <algorithm>

#include "generator/page/html.h"

namespace ddi::page {
namespace {

constexpr std::string_view node_marker = "<ddi-node></ddi-node>";

}  // namespace

void HtmlRun::add_line(std::string_view line, std::uint32_t place) {
    places_.emplace_back(static_cast<std::uint32_t>(text_.size()), place);
    text_ += line;
}

void HtmlRun::add_text(std::string_view text, std::uint32_t place) {
    places_.emplace_back(static_cast<std::uint32_t>(text_.size()), place);
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c != '&' && c != '<' && c != '>') {
            text_ += c;
            continue;
        }
        text_ += c == '&' ? "&amp;" : c == '<' ? "&lt;" : "&gt;";
        places_.emplace_back(static_cast<std::uint32_t>(text_.size()), place + static_cast<std::uint32_t>(i) + 1);
    }
}

void HtmlRun::add_node(std::size_t number) {
    nodes_.emplace_back(static_cast<std::uint32_t>(text_.size()), number);
    text_ += node_marker;
    text_ += '\n';
}

std::uint32_t HtmlRun::place_of(std::size_t offset) const {
    auto after = std::upper_bound(places_.begin(), places_.end(), offset,
                                  [](std::size_t offset, const auto& place) { return offset < place.first; });
    if (after == places_.begin()) return places_.empty() ? 0 : places_.front().second;
    --after;
    return after->second + static_cast<std::uint32_t>(offset - after->first);
}

std::optional<std::size_t> HtmlRun::node_at(std::size_t offset) const {
    const auto found =
        std::lower_bound(nodes_.begin(), nodes_.end(), offset, [](const auto& node, std::size_t offset) { return node.first < offset; });
    if (found == nodes_.end() || found->first != offset) return std::nullopt;
    return found->second;
}

}  // namespace ddi::page
