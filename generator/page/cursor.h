// A stretch of markdown source and the decoded text nodes that cmark-gfm made of it → where each piece of text stands.
// Assumes that the nodes come in the source's order.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "generator/text/source_text.h"

namespace ddi::page {

/// Follows the source while cmark's nodes come by. cmark's own columns are wrong behind entities, tabs and table cells; but its
/// text nodes are decoded copies of the source in the source's order, so each is aligned with it from the last one on.
class Cursor {
  public:
    Cursor(std::string_view file, text::Span range)
        : file_(file.substr(0, std::min<std::size_t>(range.end, file.size()))), at_(std::min<std::size_t>(range.begin, file_.size())) {}

    /// Hands `text` to `emit(part, place)` in parts that are verbatim copies of the source, and moves behind it.
    template <class Emit>
    void align(std::string_view text, Emit emit) {
        if (file_.substr(at_, text.size()) != text) at_ = find(text);
        std::size_t begin = 0, at = 0, place = at_;
        const auto end_part = [&](std::size_t next_place) {
            if (at > begin) emit(text.substr(begin, at - begin), static_cast<std::uint32_t>(place));
            begin = at;
            place = next_place;
        };
        std::size_t source = at_;
        while (at < text.size()) {
            const Match match = match_at(text, at, source);
            if (match.text == 0) break;
            if (match.text != match.source) {
                end_part(source + match.offset);
                at += match.text;
                source += match.source;
                end_part(source);
            } else {
                at += match.text;
                source += match.source;
            }
        }
        at_ = source;
        at = text.size();
        end_part(source);
    }

    /// As align, for text of which only the beginning's place matters.
    std::uint32_t take(std::string_view text) {
        if (file_.substr(at_, text.size()) != text) at_ = find(text);
        const std::size_t place = at_;
        at_ = std::min(at_ + text.size(), file_.size());
        return static_cast<std::uint32_t>(place);
    }

    /// Where the line behind the present one starts.
    std::uint32_t next_line() const;

    /// Behind a link's `](target "title")`.
    void leave_link(std::string_view target);

  private:
    /// How many bytes of decoded text and of source stand for the same character; offset: where in the source it stands.
    struct Match {
        std::size_t text = 0;
        std::size_t source = 0;
        std::size_t offset = 0;
    };
    Match match_at(std::string_view text, std::size_t at, std::size_t source) const;
    /// Where in the rest of the source the text starts: its first few characters must match. Where it is not found: here.
    std::size_t find(std::string_view text) const;

    std::string_view file_;  // up to the end of the range
    std::size_t at_;
};

}  // namespace ddi::page
