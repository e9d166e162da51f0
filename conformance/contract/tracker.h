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
#include <utility>
#include <vector>

#include "conformance/contract/contract.h"
#include "conformance/contract/rule.h"

namespace ddi::contract {

/// The calling thread's number, from 1, never reused.
std::uint64_t thread_number();

/// An argument or result of an acquisition, under the name that the release's rule uses.
struct Given {
    const char* name = "";
    Key value = 0;
};

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
    unsigned char held_irql = 0;   // when the acquisition had returned
    std::optional<std::uint32_t> processor = std::nullopt;
    std::size_t units = 1;  // acquisitions that one call made
    std::vector<Given> given = {};
    Key owner = 0;  // whose lock it is, where several locks have an order
    int place = 0;  // in that order, from 1; 0: none
    bool attempt = false;
    bool converted = false;  // to another mode: the acquirer's page no longer says what ends it
};

struct Initialized {
    std::string domain;
    std::string function;  // empty: by code without wrappers
    bool destroyed = false;
    std::uint64_t only_thread = 0;      // the one thread that made calls for the object so far; 0: several, or unknown
    std::string noun = {};              // what its initializer's page calls it, where several kinds have one type
    std::set<std::string> states = {};  // certain ones: only that thread's calls set them
};

/// What a call may do to the state of an object that it is given.
enum class Use : std::uint8_t {
    asks,     // leaves it as it is
    changes,  // may change it before it returns
    keeps,    // may change it at any time from now on
};

/// What a release looks for among the holds of a lock.
struct Wanted {
    std::optional<Mode> mode = std::nullopt;
    const char* given = "";  // name and value of an argument of the acquisition
    Key value = 0;
};

class Tracker {
  public:
    void initialized(const Object& object, const char* function, std::uint64_t thread = 0);
    void destroyed(const Object& object);
    std::optional<Initialized> state(Key key) const;

    /// Adds and gives its serial.
    std::uint64_t add(Hold hold);
    void remove(std::uint64_t serial) { remove(serial, ~std::size_t{0}); }
    /// Takes that many units from the hold; without units left it ends.
    void remove(std::uint64_t serial, std::size_t units);
    void change(std::uint64_t serial, Mode mode);
    void give(std::uint64_t serial, Given given);
    /// The thread's holds of the lock are nobody's own from now on.
    void disown(std::uint64_t thread, const Object& object);
    /// The newest hold of exactly this lock (by object, not by handle) by this thread.
    std::optional<Hold> held_by(std::uint64_t thread, const Object& object) const;
    /// An exclusive hold of this lock by any other thread.
    std::optional<Hold> held_by_other(std::uint64_t thread, const Object& object) const;
    /// The hold that a release of this object (or handle) ends: the newest that fits what is wanted best; of several, the thread's own.
    std::optional<Hold> to_release(std::uint64_t thread, const Object& object, const Wanted& wanted = {}) const;
    /// All holds of the lock, oldest first.
    std::vector<Hold> holds_of(const Object& object) const;
    /// Nobody knows any more who holds the lock, until it is initialized again: nothing is said about it.
    void lose(const Object& object);
    bool is_lost(const Object& object) const;
    /// Any hold with that noun by this thread.
    std::optional<Hold> held_by_noun(std::uint64_t thread, const std::string& noun) const;
    std::vector<Hold> holds(std::uint64_t thread) const;

    /// `function` was used on the object; gives another one of `functions` (blank-separated) that was used on it before.
    void used(Key key, const char* function);
    std::optional<std::string> used_before(Key key, const Rule& rule, const char* function) const;

    /// An event of an object: "IoMarkIrpPending was called for this IRP". take_event forgets it.
    void event(Key key, const char* function);
    bool take_event(Key key, const Rule& rule);

    /// A call for the object by that thread.
    void touch(Key key, std::uint64_t thread, Use use);
    void set_state(Key key, std::uint64_t thread, const std::string& state);

    void forget_everything();

  private:
    mutable std::mutex mutex_;
    std::uint64_t serials_ = 0;
    std::vector<Hold> holds_;
    std::map<Key, Initialized> objects_;
    std::map<Key, std::set<std::string>> used_;
    std::map<Key, std::set<std::string>> events_;
    std::set<std::pair<std::string, Key>> lost_;
};

/// The process's table. A checker that saw only some of the calls would report nonsense, so there is one.
Tracker& tracker();

enum class Apcs : std::uint8_t { normal, all };

/// An IRQL that a function raised from and gave to its caller.
struct SavedIrql {
    std::string function;
    unsigned char level = 0;
};

/// What the thread's last call wants to come next.
struct Next {
    const Rule* rule;
    const char* function;
};

/// What only the calling thread can change.
struct ThreadState {
    std::optional<Next> next;
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
