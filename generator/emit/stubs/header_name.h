// req.header → the file that stands for it: "Wdm.h (include Ntddk.h)" → "wdm.h". Empty if the value names no header.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ddi::emit::stubs {

/// First header that the value names, in lower case, as a file name.
std::string header_file(std::string_view value);

/// Every header that the value names ("Wdm.h, Ntddk.h, Ntifs.h"), in lower case, in order.
std::vector<std::string> header_files(std::string_view value);

}  // namespace ddi::emit::stubs
