// The hand-written headers → the names that they declare, and which of them has to be included for a name.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "generator/emit/stubs/c_tokens.h"

namespace ddi::emit::stubs {

struct BaseHeaders {
    DeclaredNames names;
    std::map<std::string, std::string, std::less<>> file_of;                  // types of headers that only some generated ones include
    std::map<std::string, std::vector<std::string>, std::less<>> interfaces;  // COM interface → its methods, inherited ones too
    std::string interface_file;                                               // the header with the macros that declare interfaces
};

/// (file name, its text): the first is in every generated header, the others where one of their names is used.
using HeaderTexts = std::vector<std::pair<std::string, std::string_view>>;
BaseHeaders read_base_headers(const HeaderTexts& headers);

/// The headers that ddigen brings with it.
const BaseHeaders& built_in_headers();
const HeaderTexts& built_in_header_texts();

}  // namespace ddi::emit::stubs
