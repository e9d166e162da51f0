// Where a page shows its declaration.
#pragma once

#include "generator/page/page.h"
#include "generator/text/document.h"

namespace ddi::facts {

/// The first code block below -syntax or -prototype, or null.
const text::Block* find_declaration_block(const page::Page& page);

}  // namespace ddi::facts
