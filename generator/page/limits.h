// Limits that a page is checked against before a parser sees it: cmark-gfm and gumbo have inputs on which they abort, overflow
// the stack or take quadratic time. Every limit is several times what the largest real page needs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "generator/text/source_text.h"

namespace ddi::page {

struct Limits {
    std::size_t file_bytes = 1 << 20;       // largest real page: 175 KB
    std::size_t line_bytes = 64 << 10;      // 10,358
    std::size_t front_matter_keys = 256;    // 36
    std::size_t front_matter_lines = 4096;  // 51
    std::size_t headings = 4096;            // 737 (730 parameters)
    std::size_t table_columns = 100;        // 22
    std::size_t table_cells = 50'000;       // columns times rows of one page's pipe tables
    std::size_t line_markers = 128;         // quote and list markers at the start of one line
    std::size_t images = 500;               // `![`: 2
    std::size_t declarations = 100;         // `<?` and `<!` of one page: 2
    std::size_t tags = 40'000;              // `<`: 7,126
    std::size_t html_depth = 200;           // open HTML elements
};

/// A limit that a text exceeds.
struct Excess {
    std::string what;  // "a table of 3,000 columns"
    text::Span span;   // where it does, relative to the text
    bool found = false;
};

/// The first limit that a whole file exceeds.
Excess check_limits(std::string_view bytes, const Limits& limits = {});

/// Upper bound of the depth of the element tree that a piece of HTML makes.
std::size_t html_depth(std::string_view html);

}  // namespace ddi::page
