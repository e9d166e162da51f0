// Running text (text::Block) → HTML. Text is escaped here and nowhere else; markup comes only from marks and block kinds.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "generator/text/document.h"

namespace ddi::emit::reference {

/// Where a link leads: a relative or absolute address, or empty for plain text (a target that is not an address, a dead link).
using LinkTarget = std::function<std::string(const std::string& target)>;

/// One block's text with its marks, no element around it. Marks that overlap without nesting are cut where they cross.
std::string inline_html(const text::Block& block, const LinkTarget& link);

/// A run of blocks with paragraphs, lists, tables, definition lists, quotes and code around them. Comments are left out.
std::string blocks_html(const std::vector<text::Block>& blocks, const LinkTarget& link);

}  // namespace ddi::emit::reference
