// Lines of a page's body as cmark-gfm counts them (a lone CR ends a line, too) → byte offsets in the file.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "generator/text/source_text.h"

namespace ddi::page {

class BodyLines {
  public:
    BodyLines(std::string_view file, std::uint32_t body_begin);

    /// Where a one-based line starts; past the last one: the end of the file.
    std::uint32_t begin(int line) const;
    /// Where its text ends, without the line end.
    std::uint32_t end(int line) const;
    /// From the start of one line to the end of another.
    text::Span span(int first, int last) const { return {begin(first), end(last)}; }
    /// Where `tail`, the last part of a line, starts in the file: a container's markers or indentation stand before it.
    std::uint32_t place_of_tail(int line, std::string_view tail) const;
    std::string_view file() const { return file_; }

  private:
    std::string_view file_;
    std::vector<std::uint32_t> begins_;
};

}  // namespace ddi::page
