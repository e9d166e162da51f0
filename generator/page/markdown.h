// The body of a page, markdown with HTML in it → sections of plain text. The only header behind which cmark-gfm stands.
// Assumes that the body is within limits.h's limits and that the front matter is not part of it.
#pragma once

#include <cstdint>
#include <vector>

#include "generator/text/diagnostic.h"
#include "generator/text/document.h"
#include "generator/text/source_text.h"

namespace ddi::page {

/// Reads the bytes from `body_begin` on.
std::vector<text::Section> read_markdown(const text::SourcePtr& source, std::uint32_t body_begin, text::Diagnostics& diagnostics);

}  // namespace ddi::page
