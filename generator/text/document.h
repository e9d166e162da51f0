// Running text without syntax: headings and blocks of plain text with marks. page/ makes it, facts/ reads it, the reference renders it.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "generator/text/source_text.h"

namespace ddi::text {

enum class MarkKind { bold, italic, code, link };

/// A stretch of a block's text with a meaning. Offsets are into Block::text.
struct Mark {
    MarkKind kind = MarkKind::bold;
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    std::string target;  // link: as written, e.g. "nf-wdm-keraiseirql.md" or "https://docs.microsoft.com/…"
};

enum class BlockKind { paragraph, list_item, code, table_cell, term, definition, quote, html_comment };

/// The smallest piece of running text: a paragraph, one list item's paragraph, one cell.
/// `text` has entities decoded, escapes resolved, white space folded (not in code), U+00A0 as a blank (not in code).
struct Block {
    BlockKind kind = BlockKind::paragraph;
    std::string text;
    std::vector<Mark> marks;
    std::string language;     // code: the fence's info string; quote: the alert's word in lower case ("note", "warning") if it is one
    std::uint32_t depth = 0;  // nesting of lists and quotes
    /// table_cell: zero-based; row 0 is the header row if header is set. list_item, term, definition: index in its list.
    std::uint32_t row = 0;
    std::uint32_t column = 0;
    bool header = false;     // table_cell in a header row
    bool ordered = false;    // list_item of a numbered list
    std::uint32_t list = 0;  // same non-zero number: same list, table or definition list of this page
    Span span;               // whole block in the file
    /// (offset in text, byte offset in the file) pairs, ascending, at least one: where a stretch of text stands in the file.
    /// Exact at each pair, and for the bytes after it as long as the text was copied verbatim.
    std::vector<std::pair<std::uint32_t, std::uint32_t>> places;
};

/// File offset of an offset into a block's text (best effort within the line; the line is right).
std::uint32_t place_of(const Block& block, std::uint32_t text_offset);

/// A heading and what stands below it up to the next heading of any level.
struct Section {
    std::uint32_t level = 0;  // 1..6; 0: text before the first heading
    std::string heading;      // plain text: "-param SpinLock [in, out]", "KsReleaseDevice function", "- SpinLock [in, out]"
    Span heading_span;
    std::vector<Block> blocks;
};

}  // namespace ddi::text
