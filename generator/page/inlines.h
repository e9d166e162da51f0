// The inline nodes of one cmark-gfm block (text, emphasis, links, code, HTML tags) → one text::Block with places.
#pragma once

#include <cmark-gfm.h>

#include "generator/page/block_builder.h"
#include "generator/text/document.h"
#include "generator/text/source_text.h"

namespace ddi::page {

class HtmlRun;

/// `range` is the part of the file the nodes come from.
text::Block read_inlines(cmark_node* parent, std::string_view file, text::Span range);

/// True if an HTML tag among the nodes begins or ends a block (`<ul>`, `</td>`, `<p>`): then the paragraph is not one.
bool has_block_tags(cmark_node* parent);

/// The same nodes as HTML.
void render_inlines(cmark_node* parent, std::string_view file, text::Span range, HtmlRun& run);

}  // namespace ddi::page
