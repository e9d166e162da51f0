// The constants that pages name → one value each.
#pragma once

#include <string>
#include <vector>

#include "generator/model/model.h"

namespace ddi::model {

/// A constant and the header of its page.
struct StatedConstant {
    std::string header;
    facts::ConstantFact fact;
};

/// A name for which pages state different values is left out, with a finding; so is the name of an enumerator, which has its own value.
std::vector<Constant> resolve_constants(std::vector<StatedConstant> stated, const std::vector<Api>& apis, text::Diagnostics& diagnostics);

}  // namespace ddi::model
