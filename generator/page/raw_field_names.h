// An old page's bytes → the names in the headings of its fields, line by line: thousands of pages of each revision are searched.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace ddi::page {

/// From "### -field u.Name", and "#### - Name" that conversions left behind: each part of a dotted name by itself.
std::set<std::string> read_raw_field_names(std::string_view bytes);

}  // namespace ddi::page
