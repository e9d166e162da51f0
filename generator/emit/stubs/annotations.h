// Facts → SAL: what the annotations of a declaration say is what its clauses and parameters say.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "generator/model/model.h"

namespace ddi::emit::stubs {

/// The macros that ddi_sal.h knows.
using SalNames = std::set<std::string, std::less<>>;

/// Annotations of the function (or callback), in the order of writing: IRQL, locks, result. Clauses under a condition that SAL cannot
/// say are left out; annotations of the page's own declaration are added where the facts say nothing of that kind.
std::vector<std::string> function_annotations(const model::Api& api, const SalNames& known);

/// "_Inout_", "_Out_ _IRQL_saves_" …: by the parameter's direction; a sized annotation of the declaration ("_In_reads_(Length)") takes
/// its place where it says the same direction.
std::string parameter_annotation(const model::Api& api, const model::Parameter& parameter, const SalNames& known);

}  // namespace ddi::emit::stubs
