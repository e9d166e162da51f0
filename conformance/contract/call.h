// One checked call of a documented function, from entry to return. Generated wrappers read like the page:
//
//     Call call("KeReleaseSpinLock", DDI_CALLER);
//     call.entry_irql(rule::irql_entry, Levels::at(Level::dispatch));
//     call.releases({.release = rule::release, .releases = &rule::releases}, spin_lock);
//     call.argument_saved(rule::argument_NewIrql, NewIrql);
//     call.enter();
//     KeReleaseSpinLock(SpinLock, NewIrql);
//     call.leave();
//     call.restored(rule::irql_restore, NewIrql);
//
// Members above enter() check what the caller must keep, members below leave() what the function promises; each takes the rule that it
// enforces. Only the first broken rule of a call is reported, so the order of the lines is the precedence (contract.h). What is known of
// locks and objects is updated even after a violation, because the real call is made then (unless the handler threw).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "conformance/contract/rule.h"
#include "conformance/contract/tracker.h"

#define DDI_CALLER __builtin_return_address(0)

namespace ddi::contract {

/// The rules that a release may break. Null: the page has no such clause.
struct ReleaseRules {
    const Rule& release;
    const Rule* releases = nullptr;           // lists the acquirers that this function belongs to
    const Rule* releases_not = nullptr;       // lists acquirers that it must not be used with
    const Rule* owner = nullptr;              // only the holding thread may call it
    std::optional<Mode> mode = std::nullopt;  // none: it ends holds of either mode
};

class Call {
  public:
    /// `function` is static text. `caller`: the return address of the wrapper, to say where a lock was acquired.
    Call(const char* function, const void* caller);
    /// Gives back what enter() took if the real function left by an exception: a bug check or a raised status changes no lock.
    ~Call();
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

    // Before the call.
    void entry_irql(const Rule& rule, Levels allowed);
    /// Within a critical or guarded region (all: guarded region), or at IRQL >= APC_LEVEL, where no APC arrives either.
    void requires_apcs_disabled(const Rule& rule, Apcs apcs);
    /// Initialized through a wrapper: by a function that the rule lists, or if it lists none, as an object of this domain.
    void requires_initialized(const Rule& rule, const Object& object);
    /// None of the other functions that the rule lists was used on the object since it was initialized.
    void not_combined(const Rule& rule, const Object& object);
    void releases(const ReleaseRules& rules, const Object& object);
    void owner(const Rule& rule, const Object& object);
    void recursion_deadlocks(const Rule& rule, const Object& object);
    /// A function that re-enables APCs without releasing anything: they must be disabled.
    void enables_apcs(const Rule& rule, Apcs apcs);
    /// The argument compares so with the current IRQL; `op` is "==", "<=" or ">=".
    void argument_irql(const Rule& rule, unsigned char value, const char* op);
    /// The argument is the IRQL at which the lock that this call releases was acquired.
    void argument_saved(const Rule& rule, unsigned char value);
    /// The argument is an IRQL that one of the rule's functions raised from in this thread, not yet lowered to.
    void argument_raised(const Rule& rule, unsigned char value);
    /// Blocks: not at DISPATCH_LEVEL or above. For functions of which no page states the entry IRQL.
    void waits(const Rule& rule);
    /// Callbacks: the caller holds the lock. One that the host took without a wrapper counts if the implementation says so; it is
    /// then taken for held until the callback returns.
    void held_on_entry(const Rule& rule, const Object& object);
    void enter();

    // After the call.
    void leave();
    void initialized(const Object& object);
    void destroyed(const Object& object);
    /// The calling thread holds the lock now; nobody else may, if it is exclusive.
    void acquired(const Rule& rule, const Rule* release_with, const Object& object, Mode mode = Mode::exclusive);
    void raised(const Rule& rule, Level to);
    void raised(const Rule& rule, unsigned char to);
    /// `value` is what the function stored: the level before the call.
    void saved(const Rule& rule, unsigned char value);
    void restored(const Rule& rule, unsigned char to);
    /// Restores the level that the released lock kept.
    void restored(const Rule& rule);
    void irql_unchanged(const Rule& rule);
    void apcs_disabled(const Rule& rule, Apcs apcs);
    void apcs_enabled(const Rule& rule, Apcs apcs);
    void returns_previous_irql(const Rule& rule, unsigned char value);
    void returns_current_irql(const Rule& rule, unsigned char value);
    /// The page says what is returned in this case; `kept`: it was.
    void returns(const Rule& rule, bool kept, const char* required);
    /// The caller was given the level before the call, to lower to it later.
    void gives_irql_back();
    /// The caller has lowered to `level` itself.
    void lowers(unsigned char level);
    /// Notes that this function was called for the object (a request marked pending, …).
    void note(Key object);
    /// The callback returned the status that says "pending": one of the rule's functions must have been called for the object in it.
    /// Call it whatever was returned; the note is used up.
    void pending(const Rule& rule, bool returned_pending, Key object);

    // What conditions of clauses need.
    /// Compares the entry IRQL with a level; `op` as in C.
    bool irql(const char* op, Level level) const;
    bool held_by_caller(const Object& object) const;
    bool is_known(const Object& object) const;

  private:
    bool skips(const Object& object) const { return failed_ || !is_known(object); }
    void violate(const Rule& rule, bool before, std::string observed, std::string required);
    void check_irql(const Rule& rule, unsigned char expected, const char* what);
    void note_use(const Object& object);
    bool pair_is_named(const ReleaseRules& rules, const Hold& hold) const;

    const char* function_;
    const void* caller_;
    std::uint64_t thread_;
    unsigned char before_;
    unsigned char after_;
    bool failed_ = false;
    bool entered_ = false;
    bool left_ = false;
    std::vector<Hold> released_;          // found by releases(), taken from the table by enter()
    std::vector<std::uint64_t> adopted_;  // holds of the host, for the time of a callback
    std::vector<Key> uses_;
};

}  // namespace ddi::contract
