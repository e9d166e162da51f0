// A folder on disk → Source. Assumes the folder does not change while it is read.
#pragma once

#include <memory>
#include <string>

#include "generator/source/source.h"

namespace ddi::source {

/// Every *.md file below `folder`; hidden folders (.git) are left out. Throws EnvironmentError.
std::unique_ptr<Source> open_folder(const std::string& folder);

}  // namespace ddi::source
