// "Include wdf.h": headers that pages name as the one to include and that no page belongs to → the documented headers that each brings.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "generator/model/model.h"

namespace ddi::emit::stubs {

/// File → the documented headers of which at least half the pages name that file, by name. A file that serves no header so is none.
std::map<std::string, std::vector<std::string>> umbrella_headers(const model::Model& model);

/// The file's text: the includes, and where they come from.
std::string print_umbrella(const std::string& file, const std::vector<std::string>& headers, const model::Model& model);

}  // namespace ddi::emit::stubs
