#include "conformance/contract/history.h"

#include <algorithm>

namespace ddi::contract {

void History::oblige(Obligation obligation) {
    std::lock_guard lock(mutex_);
    obligations_.push_back(obligation);
    obliged_.store(obligations_.size(), std::memory_order_relaxed);
}

void History::fulfil(const char* function, Key object) {
    if (obliged_.load(std::memory_order_relaxed) == 0) return;
    std::lock_guard lock(mutex_);
    std::erase_if(obligations_, [&](const Obligation& obligation) {
        return obligation.rule->lists(function) && (obligation.object == 0 || object == 0 || obligation.object == object);
    });
    obliged_.store(obligations_.size(), std::memory_order_relaxed);
}

std::vector<Obligation> History::take_obligations(std::uint64_t thread) {
    std::lock_guard lock(mutex_);
    std::vector<Obligation> taken;
    std::erase_if(obligations_, [&](const Obligation& obligation) {
        if (obligation.thread == thread) taken.push_back(obligation);
        return obligation.thread == thread;
    });
    obliged_.store(obligations_.size(), std::memory_order_relaxed);
    return taken;
}

void History::restrict(Key object, Restriction restriction) {
    std::lock_guard lock(mutex_);
    restrictions_[object] = restriction;
    restricted_.store(restrictions_.size(), std::memory_order_relaxed);
}

std::optional<Restriction> History::restriction(Key object) const {
    if (restricted_.load(std::memory_order_relaxed) == 0) return std::nullopt;
    std::lock_guard lock(mutex_);
    auto found = restrictions_.find(object);
    if (found == restrictions_.end()) return std::nullopt;
    return found->second;
}

void History::lift(Key object) {
    if (restricted_.load(std::memory_order_relaxed) == 0) return;
    std::lock_guard lock(mutex_);
    restrictions_.erase(object);
    restricted_.store(restrictions_.size(), std::memory_order_relaxed);
}

void History::gave(const char* function, Key value) {
    std::lock_guard lock(mutex_);
    given_[function].insert(value);
}

bool History::was_given(const Rule& rule, Key value) const {
    std::lock_guard lock(mutex_);
    return std::any_of(given_.begin(), given_.end(),
                       [&](const auto& function) { return rule.lists(function.first) && function.second.contains(value); });
}

void History::forget_everything() {
    std::lock_guard lock(mutex_);
    obligations_.clear();
    restrictions_.clear();
    given_.clear();
    obliged_ = 0;
    restricted_ = 0;
}

History& history() {
    static History instance;
    return instance;
}

}  // namespace ddi::contract
