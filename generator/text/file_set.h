// The output of an emitter: relative paths and contents, in a fixed order. Emitters never touch the disk.
#pragma once

#include <map>
#include <string>

namespace ddi::text {

/// Relative path with '/' separators → whole content. std::map: the order of writing never depends on the order of work.
using FileSet = std::map<std::string, std::string>;

}  // namespace ddi::text
