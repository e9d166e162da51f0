// One API of the model → its JSON object.
#pragma once

#include "generator/emit/data/clause_json.h"

namespace ddi::emit::data {

/// Function or callback.
Json routine_json(const model::Api& api);
/// Structure (also union, interface) or enumeration.
Json aggregate_json(const model::Api& api);
/// I/O control code.
Json ioctl_json(const model::Api& api);
/// A documented constant.
Json constant_json(const model::Constant& constant);
/// A type from an overlay.
Json type_json(const model::Type& type);

}  // namespace ddi::emit::data
