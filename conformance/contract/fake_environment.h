// An implementation of almost nothing, for the checker's own tests: an IRQL and APC counters that a test sets as it likes.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <utility>

namespace ddi::contract::fake {

struct Thread {
    unsigned char irql = 0;
    int critical_regions = 0;
    int guarded_regions = 0;
    unsigned processor = 0;
    std::set<std::pair<std::string, std::uintptr_t>> host_locks;  // held without any wrapper
};
Thread& thread();

}  // namespace ddi::contract::fake
