// One input file's bytes and the mapping from byte offsets to lines and columns.
// Everything that points into a page holds a Span; only the edge (diagnostics, citations) turns it into line and column.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ddi::text {

/// Half-open byte range [begin, end) in one SourceText. begin == end marks a point.
struct Span {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    friend bool operator==(const Span&, const Span&) = default;
};

/// One-based line and column; the column counts bytes.
struct Position {
    std::uint32_t line = 1;
    std::uint32_t column = 1;
    friend bool operator==(const Position&, const Position&) = default;
};

/// Bytes of one file as they were read (CRLF and BOM kept) with a line index. Immutable; shared by everything that cites it.
class SourceText {
  public:
    /// `path` is relative to the documentation's root and is what diagnostics print.
    SourceText(std::string path, std::string bytes);

    const std::string& path() const { return path_; }
    std::string_view bytes() const { return bytes_; }
    /// Position of a byte offset; offsets past the end give the last position.
    Position position(std::uint32_t offset) const;
    /// Text of a one-based line without its line end; empty past the last line.
    std::string_view line(std::uint32_t number) const;
    /// Byte offset at which a one-based line starts; past the last line: size.
    std::uint32_t line_begin(std::uint32_t number) const;
    std::uint32_t line_count() const { return static_cast<std::uint32_t>(line_begins_.size()); }

  private:
    std::string path_;
    std::string bytes_;
    std::vector<std::uint32_t> line_begins_;
};

using SourcePtr = std::shared_ptr<const SourceText>;

}  // namespace ddi::text
