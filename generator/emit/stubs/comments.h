// Facts → the Doxygen comment of one declaration. Page text goes through escape_c_comment here and nowhere else.
#pragma once

#include <string>
#include <vector>

#include "generator/emit/stubs/type_table.h"
#include "generator/model/model.h"

namespace ddi::emit::stubs {

/// A whole block comment from lines of plain text; long lines are broken. `doxygen` opens it with "/**".
std::string block_comment(const std::vector<std::string>& lines, bool doxygen);

/// One line: "/**< text */".
std::string member_comment(const std::string& text);

/// Function or callback: brief, parameters with directions, result, IRQL, requirements, rules, and where each was read.
std::string routine_comment(const model::Api& api);

/// Structure, enumeration, interface, overlay type or inferred name. `problem`: why there is no definition, or empty.
std::string type_comment(const TypeEntry& entry, const std::string& problem);

/// Control code.
std::string code_comment(const model::Api& api, bool has_code);

/// "wdm/nf-wdm-keacquirespinlock.md:28".
std::string place(const model::Cite& cite);

/// "declaration of docs-2018-04-03", "overlay: …", "declaration on the page", "inferred".
std::string origin_words(const model::Cite& cite, bool stale);

/// First paragraph of a description.
std::string first_paragraph(const std::vector<text::Block>& blocks);

}  // namespace ddi::emit::stubs
