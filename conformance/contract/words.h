// Phrases that several reports have in common.
#pragma once

#include <cstdint>
#include <string>

#include "conformance/contract/rule.h"
#include "conformance/contract/tracker.h"

namespace ddi::contract {

/// "spin lock held by thread 2, acquired by KeAcquireSpinLock".
std::string holder(const Hold& hold, std::uint64_t thread);
/// "A B" → "A, B".
std::string one_of(const char* functions);
/// "0x1f40".
std::string hex(Key value);

}  // namespace ddi::contract
