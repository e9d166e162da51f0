// Collects blocks and headings into sections, and holds what a block is by where it stands (in a list, a cell, a quote).
// The markdown and the HTML reader both write into one outline.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "generator/text/document.h"

namespace ddi::page {

/// What a block becomes at the present place of the document.
struct Context {
    text::BlockKind kind = text::BlockKind::paragraph;
    std::uint32_t depth = 0;
    std::uint32_t row = 0;
    std::uint32_t column = 0;
    std::uint32_t list = 0;
    bool header = false;
    bool ordered = false;
    std::string language;  // quote: the alert's word

    bool in_cell() const { return kind == text::BlockKind::table_cell; }
    bool top_level() const { return kind == text::BlockKind::paragraph && depth == 0; }
};

class Outline {
  public:
    /// Decoded text can be longer than its source, so spans and places are kept inside the file.
    explicit Outline(std::size_t file_size) : file_size_(static_cast<std::uint32_t>(file_size)) {}

    void heading(std::uint32_t level, text::Block block);
    /// Adds a block of running text; nothing is added for an empty one or for the mail link at the foot of old pages.
    void add(text::Block block, const Context& context);
    /// Adds code or a comment, which keep their own kind wherever they stand.
    void add_verbatim(text::BlockKind kind, text::Block block, const Context& context);
    std::uint32_t new_list() { return ++lists_; }
    std::vector<text::Section> take() { return std::move(sections_); }

  private:
    void place(text::Block& block, const Context& context);
    text::Section& current();

    std::vector<text::Section> sections_;
    std::uint32_t lists_ = 0;
    std::uint32_t file_size_;
};

}  // namespace ddi::page
