// Numbers → levels and back to words, with the implementation's numbering; and the APC state as three answers.
#pragma once

#include <string>

#include "conformance/contract/environment.h"
#include "conformance/contract/rule.h"
#include "conformance/contract/tracker.h"

namespace ddi::contract {

Levels levels_of(unsigned char irql);
/// One of the levels that the number stands for is `level` or above.
bool irql_at_least(unsigned char irql, Level level);
/// "DISPATCH_LEVEL (2)".
std::string irql_text(unsigned char irql);
/// At IRQL >= APC_LEVEL no APC arrives, whatever the thread's counters say.
Answer apcs_are_disabled(unsigned char irql, Apcs apcs);

}  // namespace ddi::contract
