// Which memory is pageable: what was said through ddi_contract_set_pageable, and what the implementation says.
#pragma once

#include "conformance/contract/rule.h"

namespace ddi::contract {

bool is_pageable(Key address);

}  // namespace ddi::contract
