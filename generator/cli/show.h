// One API of the model → text for a terminal.
#pragma once

#include <string>
#include <vector>

#include "generator/model/model.h"
#include "generator/text/escape.h"

namespace ddi::cli {

std::string show_text(const model::Api& api);

/// At most three names closest to a mistyped one (case apart, then by edit distance); empty if none is close.
std::vector<std::string> nearest_names(const model::Model& model, const std::string& name);

}  // namespace ddi::cli
