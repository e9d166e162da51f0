// Which functions are wrapped, and in which header: one implementation a function, also where several headers document it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "generator/emit/wrappers/checks.h"
#include "generator/model/model.h"

namespace ddi::emit::wrappers {

struct WrappedHeader {
    std::vector<const model::Api*> functions;  // by name
    std::vector<const model::Api*> callbacks;
    std::vector<std::string> includes;         // headers whose wrappers carry functions that this header documents as well
};

/// Header file name → what its wrapper holds. Headers without anything to check are absent.
std::map<std::string, WrappedHeader> select_wrapped(const model::Model& model, const Context& context);

}  // namespace ddi::emit::wrappers
