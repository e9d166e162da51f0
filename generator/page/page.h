// One documentation page as read: front matter, headings, and blocks of plain text with marks. No markdown, HTML or YAML
// syntax is left in it; facts/ reads it without knowing any of the three.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "generator/text/diagnostic.h"
#include "generator/text/document.h"
#include "generator/text/source_text.h"

namespace ddi::page {

/// One key of the front matter. Scalars have one value (possibly empty); lists have any number.
struct Field {
    std::string key;
    std::vector<std::string> values;
    bool is_list = false;
    text::Span key_span;
    text::Span value_span;  // the raw value in the file, quotes and all
};

enum class PageKind { function, structure, callback, enumeration, ioctl, interface, list, area, index, other };

/// A page. `sections` are in document order; a "-param" section belongs to the "-parameters" section before it.
struct Page {
    text::SourcePtr source;
    PageKind kind = PageKind::other;
    std::string uid;            // from the front matter, as written; empty if none
    std::vector<Field> fields;  // in file order; duplicates kept (first wins, with a diagnostic)
    std::vector<text::Section> sections;
    text::Diagnostics diagnostics;
    bool is_api = false;  // has a UID of an API kind; else a diagnostic says why not ("not-an-api-page")

    const Field* field(std::string_view key) const;      // first with that key, or null
    std::string_view value(std::string_view key) const;  // first value, or empty
    /// First section of which the heading is `name` (case-insensitive, e.g. "-remarks"), or null.
    const text::Section* section(std::string_view name) const;
};

const char* kind_name(PageKind kind);  // "function", "structure", …

/// Reads one file. Never throws for content; never returns without either is_api or a diagnostic that says why not.
Page read_page(std::string path, std::string bytes);

/// The fenced block below `-syntax` or `-prototype` (or a fence with a declaration at those places) and nothing else: a fast path for
/// old revisions, without the markdown parser. Empty if the page has none. The span is the block's content in the file.
struct RawDeclaration {
    std::string text;
    text::Span span;
};
std::optional<RawDeclaration> read_raw_declaration(std::string_view bytes);

}  // namespace ddi::page
