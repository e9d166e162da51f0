// What the wrappers have seen so far: which locks are held by whom, which objects are initialized, which IRQLs were saved, how often
// APCs were disabled. One table for the process behind one mutex, never held while the implementation is called; per-thread
// counters beside it. Stale entries cannot mislead for long: initializing an object forgets all that was known of its address.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "conformance/contract/contract.h"
#include "conformance/contract/rule.h"

namespace ddi::contract {

/// The calling thread's number, from 1, never reused.
std::uint64_t thread_number();

struct Hold {
    Object object;
    Mode mode = Mode::exclusive;
    const char* function = "";  // the acquirer
    const Rule* acquire = nullptr;
    const Rule* release_with = nullptr;  // may be null
    unsigned char saved_irql = 0;        // before the acquisition
    std::uint64_t thread = 0;
    const void* caller = nullptr;  // return address of the acquiring call
    std::uint64_t serial = 0;      // identifies the hold; ascending
};

struct Initialized {
    std::string domain;
    std::string function;  // empty: by code without wrappers
    bool destroyed = false;
};

class Tracker {
  public:
    void initialized(const Object& object, const char* function);
    void destroyed(const Object& object);
    std::optional<Initialized> state(Key key) const;

    /// Adds and gives its serial.
    std::uint64_t add(Hold hold);
    void remove(std::uint64_t serial);
    /// The newest hold of exactly this lock (by object, not by handle) by this thread.
    std::optional<Hold> held_by(std::uint64_t thread, const Object& object) const;
    /// An exclusive hold of this lock by any other thread.
    std::optional<Hold> held_by_other(std::uint64_t thread, const Object& object) const;
    /// The hold that a release of this object (or handle) ends: the newest by this thread, else the newest by any thread.
    std::optional<Hold> to_release(std::uint64_t thread, const Object& object) const;
    /// Any hold with that noun by this thread.
    std::optional<Hold> held_by_noun(std::uint64_t thread, const std::string& noun) const;
    std::vector<Hold> holds(std::uint64_t thread) const;

    /// `function` was used on the object; gives another one of `functions` (blank-separated) that was used on it before.
    void used(Key key, const char* function);
    std::optional<std::string> used_before(Key key, const Rule& rule, const char* function) const;

    /// An event of an object: "IoMarkIrpPending was called for this IRP". take_event forgets it.
    void event(Key key, const char* function);
    bool take_event(Key key, const Rule& rule);

    void forget_everything();

  private:
    mutable std::mutex mutex_;
    std::uint64_t serials_ = 0;
    std::vector<Hold> holds_;
    std::map<Key, Initialized> objects_;
    std::map<Key, std::set<std::string>> used_;
    std::map<Key, std::set<std::string>> events_;
};

/// The process's table. A checker that saw only some of the calls would report nonsense, so there is one.
Tracker& tracker();

enum class Apcs : std::uint8_t { normal, all };

/// An IRQL that a function raised from and gave to its caller.
struct SavedIrql {
    std::string function;
    unsigned char level = 0;
};

/// What only the calling thread can change.
struct ThreadState {
    std::vector<SavedIrql> raises;
    int disabled[2] = {0, 0};                // by Apcs: calls that disabled minus calls that enabled
    std::optional<bool> before_disabled[2];  // APC state before the first of them; none where the IRQL alone would disable
    std::uint64_t generation = 0;
};
ThreadState& thread_state();

/// "driver+0x1f40": where an address stands in its file.
std::string place_name(const void* address);
HeldLock describe(const Hold& hold);

}  // namespace ddi::contract
