// From the checker to the handler: one violation.
#pragma once

#include "conformance/contract/contract.h"

namespace ddi::contract {

/// Calls the process's handler, or prints and aborts. Throws what the handler throws.
void deliver(const Violation& violation);

}  // namespace ddi::contract
