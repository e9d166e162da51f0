#include "conformance/contract/residency.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <shared_mutex>

#include "conformance/contract/contract.h"
#include "conformance/contract/environment.h"

namespace ddi::contract {

namespace {

/// Ranges that do not overlap, by their first address.
class Ranges {
  public:
    void add(Key begin, Key end) {
        remove(begin, end);
        std::unique_lock lock(mutex_);
        ranges_[begin] = end;
        count_.store(ranges_.size(), std::memory_order_relaxed);
    }
    void remove(Key begin, Key end) {
        std::unique_lock lock(mutex_);
        auto range = ranges_.upper_bound(begin);
        if (range != ranges_.begin()) --range;
        while (range != ranges_.end() && range->first < end) {
            auto [first, last] = *range;
            if (last <= begin) {
                ++range;
                continue;
            }
            range = ranges_.erase(range);
            if (first < begin) ranges_[first] = begin;
            if (last > end) ranges_[end] = last;
        }
        count_.store(ranges_.size(), std::memory_order_relaxed);
    }
    bool contain(Key address) const {
        if (count_.load(std::memory_order_relaxed) == 0) return false;
        std::shared_lock lock(mutex_);
        auto range = ranges_.upper_bound(address);
        return range != ranges_.begin() && address < std::prev(range)->second;
    }

  private:
    mutable std::shared_mutex mutex_;
    std::map<Key, Key> ranges_;
    std::atomic<std::size_t> count_{0};
};

Ranges& ranges() {
    static Ranges instance;
    return instance;
}

}  // namespace

bool is_pageable(Key address) {
    auto ask = implementation().is_pageable;
    return ranges().contain(address) || (ask != nullptr && ask(address));
}

}  // namespace ddi::contract

extern "C" void ddi_contract_set_pageable(const void* begin, size_t size, int pageable) {
    using namespace ddi::contract;
    Key first = key(begin);
    if (size == 0) return;
    if (pageable != 0)
        ranges().add(first, first + size);
    else
        ranges().remove(first, first + size);
}
