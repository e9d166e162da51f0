// What was called for which object in which order, as far as clauses of other functions ask for it: calls that must be followed by
// another one, objects for which most functions are over, values that functions were given. Beside the tracker (who holds what), with a
// mutex of its own; where nothing of the kind is pending, a question costs one atomic load.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "conformance/contract/rule.h"

namespace ddi::contract {

/// A call that one of the rule's functions must follow, for the same object.
struct Obligation {
    const Rule* rule = nullptr;
    const char* function = "";  // whose call it was
    Key object = 0;             // 0: whatever object
    std::uint64_t thread = 0;
    const void* caller = nullptr;
};

/// Only the rule's functions may still be called for the object.
struct Restriction {
    const Rule* rule = nullptr;
    const char* function = "";
    std::uint64_t thread = 0;
};

class History {
  public:
    void oblige(Obligation obligation);
    /// `function` is called, for the object or (0) for none that can be told: what wanted it has come. One call is enough for all.
    void fulfil(const char* function, Key object);
    /// Ends the thread's obligations and gives them.
    std::vector<Obligation> take_obligations(std::uint64_t thread);

    void restrict(Key object, Restriction restriction);
    std::optional<Restriction> restriction(Key object) const;
    /// The object begins a new life, or a permitted function was called for it.
    void lift(Key object);

    void gave(const char* function, Key value);
    bool was_given(const Rule& rule, Key value) const;

    void forget_everything();

  private:
    mutable std::mutex mutex_;
    std::atomic<std::size_t> obliged_{0}, restricted_{0};
    std::vector<Obligation> obligations_;
    std::map<Key, Restriction> restrictions_;
    std::map<std::string, std::set<Key>> given_;
};

History& history();

}  // namespace ddi::contract
