// Which lock was acquired while which other one was held: a graph of locks, in which a circle is a potential deadlock. Off until a handler
// is set (contract.h); what counts and what does not is written there.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "conformance/contract/contract.h"
#include "conformance/contract/tracker.h"

namespace ddi::contract {

class LockOrder {
  public:
    bool is_watched() const { return watched_.load(std::memory_order_relaxed); }
    void watch(LockOrderHandler handler);

    /// `held`: what the thread held before, oldest first. Calls the handler, without any lock of its own held.
    void acquired(const Hold& hold, const std::vector<Hold>& held);
    /// The lock begins or ends its life: what was known of its address is void.
    void forget(const Object& object);
    void forget_everything();

  private:
    using Node = std::pair<std::string, Key>;  // domain, key
    /// One time that the second lock was acquired while the first was held.
    struct Step {
        Hold first, then;
        std::vector<Hold> held;
    };
    using Path = std::vector<const Step*>;

    static Node node(const Hold& hold) { return {hold.object.domain, hold.object.key}; }
    bool add(const Hold& first, const Hold& then, const std::vector<Hold>& held);
    /// Extends the path from its last lock to `goal`, such that all its steps could be made at the same time.
    bool close(Path& path, std::set<Node>& visited, const Node& goal, std::size_t& budget) const;
    bool fits(const Path& path, const Step& next, const Node& goal) const;

    std::atomic<bool> watched_{false};
    mutable std::mutex mutex_;
    LockOrderHandler handler_;
    std::map<Node, std::map<Node, std::vector<Step>>> edges_;
    std::set<std::set<Node>> reported_;
};

LockOrder& lock_order();

}  // namespace ddi::contract
