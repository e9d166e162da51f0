// A stretch of HTML in a page → blocks. Markdown that stands inside it (a paragraph between <td> and </td>) is a node that the
// caller reads when its place in the HTML is known. Only this file's source knows gumbo.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "generator/page/arena.h"
#include "generator/page/outline.h"

namespace ddi::page {

class HtmlRun {
  public:
    /// HTML of at most one line, with its line end, that stands at `place` in the file.
    void add_line(std::string_view line, std::uint32_t place);
    /// Plain text, which is escaped here.
    void add_text(std::string_view text, std::uint32_t place);
    /// HTML that does not stand in the file.
    void add_tag(std::string_view tag) { text_ += tag; }
    /// Something that is not HTML; `read_html` hands its number back.
    void add_node(std::size_t number);

    std::string_view text() const { return text_; }
    /// File offset of an offset into text().
    std::uint32_t place_of(std::size_t offset) const;
    /// Number of the node of which the marker starts at an offset, if there is one. A page cannot forge one.
    std::optional<std::size_t> node_at(std::size_t offset) const;

  private:
    std::string text_;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> places_;  // offset in text_, offset in the file
    std::vector<std::pair<std::uint32_t, std::size_t>> nodes_;     // offset in text_, number
};

using ReadNode = std::function<void(std::size_t number, const Context& context)>;

/// Assumes that html_depth(run.text()) is within the limits. The tree is left to the arena.
void read_html(const HtmlRun& run, const Context& context, Outline& outline, Arena& arena, const ReadNode& read_node);

}  // namespace ddi::page
