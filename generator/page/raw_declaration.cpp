#include "generator/page/page.h"
namespace ddi::page {
std::optional<RawDeclaration> read_raw_declaration(std::string_view) { return std::nullopt; }
}  // namespace ddi::page
