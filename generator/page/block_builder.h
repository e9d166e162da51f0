// Pieces of running text, as a parser meets them → one text::Block: white space folded, marks trimmed to words, places kept.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "generator/text/document.h"

namespace ddi::page {

class BlockBuilder {
  public:
    /// Appends decoded text that stands at `place` in the file; white space and U+00A0 fold into one blank, none at the ends.
    void text(std::string_view text, std::uint32_t place);
    void blank() { pending_blank_ = !block_.text.empty(); }
    void open(text::MarkKind kind, std::string target = {});
    /// Closes the innermost open mark of this kind; nothing happens if there is none.
    void close(text::MarkKind kind);
    bool empty() const { return block_.text.empty(); }
    /// The block, with all marks closed; the builder starts afresh.
    text::Block finish();

  private:
    struct OpenMark {
        text::MarkKind kind;
        std::string target;
        std::uint32_t begin;  // unset until a character follows
    };
    static constexpr std::uint32_t unset = ~0u;
    void append(std::string_view run, std::uint32_t place);
    void end_mark(OpenMark& mark);

    text::Block block_;
    std::vector<OpenMark> open_;
    bool pending_blank_ = false;
    std::uint32_t next_place_ = unset;  // where the next character stands if it follows the last one in the file
};

/// Removes the first `count` bytes of a block's text; marks and places move along.
void drop_front(text::Block& block, std::uint32_t count);

}  // namespace ddi::page
