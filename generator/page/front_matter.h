// The YAML at the top of a page → fields. Pages of January 2018 are not YAML in 5,129 cases (`*PX`, `a: b: c`, `> x`); they
// are read line by line as their authors meant them, with a diagnostic. Assumes `key: value` and `- item` at the first level.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "generator/page/page.h"

namespace ddi::page {

struct FrontMatter {
    std::vector<Field> fields;
    std::uint32_t body_begin = 0;  // first byte after the closing line; after a BOM if there is no front matter
    bool present = false;
};

/// Reads the front matter, and a second one where a page has it twice.
FrontMatter read_front_matter(const text::SourcePtr& source, text::Diagnostics& diagnostics);

}  // namespace ddi::page
