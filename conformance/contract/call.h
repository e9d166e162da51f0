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
#include <utility>
#include <vector>

#include "conformance/contract/rule.h"
#include "conformance/contract/tracker.h"

#define DDI_CALLER __builtin_return_address(0)

namespace ddi::contract {

/// An argument of a release that must be one that a matching acquisition was given, or gave (Call::gives, under the same name).
struct SameArgument {
    const Rule* rule = nullptr;
    const char* name = "";
    Key value = 0;
};

/// The rules that a release may break. Null: the page has no such clause.
struct ReleaseRules {
    const Rule& release;
    const Rule* releases = nullptr;           // lists the acquirers that this function belongs to
    const Rule* releases_not = nullptr;       // lists acquirers that it must not be used with
    const Rule* owner = nullptr;              // only the holding thread may call it
    std::optional<Mode> mode = std::nullopt;  // none: it ends holds of either mode
    SameArgument same = {};
    const Rule* same_processor = nullptr;  // as the acquisition
    const Rule* same_irql = nullptr;       // the level of the acquiring call, or the one that it returned at
    std::size_t units = 1;                 // acquisitions that it ends
    bool for_thread = false;               // an argument names the thread whose hold it ends; the checker cannot tell which one
};

/// How a lock was acquired, where that differs from the usual.
struct Acquisition {
    bool attempt = false;   // it could not have waited
    std::size_t units = 1;  // as many single acquisitions
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
    /// This function was used on the object: what preceded_by() of others asks for.
    void note_use(const Object& object);
    /// The object is an argument: calls that are over for it (afterwards_only) are reported, wanted ones (followed_by) have come.
    /// From now on no other thread can be sure of the object's state; this one neither, if the function keeps the object.
    void touches(const Object& object, Use use = Use::changes);
    /// One of the functions that the rule lists was used on the object since it was initialized. Objects that no wrapper saw being
    /// initialized are not checked.
    void preceded_by(const Rule& rule, const Object& object);
    /// The caller holds it: in this mode, if one is given; acquired by a function that the rule lists, if it lists any.
    void requires_held(const Rule& rule, const Object& object, std::optional<Mode> mode = std::nullopt);
    void not_held(const Rule& rule, const Object& object);
    /// The caller's hold is of mode `from`; a change to shared counts from enter() on.
    void converts(const Rule& rule, const Object& object, Mode from, Mode to);
    /// Locks of one `owner` (a device; 0: of the system) are acquired by ascending `place`. `order` for the report: "A, then B".
    void order(const Rule& rule, const Object& object, Key owner, int place, const char* order);
    /// A function that re-enables APCs without releasing anything: they must be disabled.
    void enables_apcs(const Rule& rule, Apcs apcs);
    /// The argument compares so with the current IRQL; `op` is "==", "<=" or ">=".
    void argument_irql(const Rule& rule, unsigned char value, const char* op);
    /// The argument is the IRQL at which the lock that this call releases was acquired.
    void argument_saved(const Rule& rule, unsigned char value);
    /// The argument is an IRQL that one of the rule's functions raised from in this thread, not yet lowered to.
    void argument_raised(const Rule& rule, unsigned char value);
    /// The page says what the argument must be; `kept`: it is.
    void argument(const Rule& rule, bool kept, const char* required);
    /// One of the functions that the rule lists was given, or gave, this value before (Call::gives).
    void argument_given(const Rule& rule, Key value);
    void aligned(const Rule& rule, Key address, unsigned bytes);
    /// The memory is not pageable, as far as anybody said (contract.h, environment.h).
    void resident(const Rule& rule, Key address);
    /// Blocks: not at DISPATCH_LEVEL or above. For functions of which no page states the entry IRQL.
    void waits(const Rule& rule);
    /// Callbacks: the caller holds the lock. One that the host took without a wrapper counts if the implementation says so; it is
    /// then taken for held until the callback returns.
    void held_on_entry(const Rule& rule, const Object& object);
    void enter();

    // After the call.
    void leave();
    void initialized(const Object& object);
    /// The same for an object that was initialized before: who may use it still goes by its first initializer.
    void initialized_anew(const Object& object);
    void destroyed(const Object& object);
    /// The calling thread holds the lock now; nobody else may, if it is exclusive.
    void acquired(const Rule& rule, const Rule* release_with, const Object& object, Mode mode = Mode::exclusive, Acquisition how = {});
    /// A wait for several objects ended: for all of them, or for the one at `index`. What is not known to be of the object's domain is
    /// no lock and is passed over. `any`: the domain and noun; its key is not used.
    void acquired_among(const Rule& rule, const Rule* release_with, Object any, const void* const* objects, std::size_t count, bool all,
                        std::size_t index);
    /// Nobody can say whether the function acquired or released it: nothing is said about it until it is initialized again.
    void loses(const Object& object);
    /// What converts() found has the new mode now.
    void converted(const Rule& rule, const Object& object, Mode to);
    /// An argument or result that a later call must name again: kept with the lock that this call acquired, and with the function.
    void gives(const char* name, Key value);
    /// The thread's next call (immediately) or a later one for the object (key 0: whatever object) must be one that the rule lists.
    void followed_by(const Rule& rule, Key object, bool immediately);
    /// From now on only functions that the rule lists may be called for the object, by this thread; a hold of it is nobody's own.
    void afterwards_only(const Rule& rule, const Object& object);
    /// The object is in that state: "signaled", "run-down", … A word ends its opposite.
    void sets_state(const Object& object, const char* state);
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
    /// The number of times that the caller holds the object; checked where no other call can have changed it.
    void returns_hold_count(const Rule& rule, const Object& object, std::uint64_t value);
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
    bool held_by_caller(const Object& object, Mode mode) const;
    /// The calling thread is inside a region of that name ("critical region") that it entered through a wrapper.
    bool in_region(const char* noun) const;
    /// Certainly so: since a wrapper saw the object's initialization only this thread has made calls for it, it was given to no function
    /// that may keep it. Only for states that nothing but calls for the object ends: a timer that is queued expires by itself.
    bool state_is(const Object& object, const char* state) const;
    /// Certainly held by nobody, for the same reasons.
    bool is_free(const Object& object) const;
    /// This call released the object, and the caller holds it no more.
    bool freed(const Object& object) const;
    /// Whether what state_is() or is_free() said before the call was still certain when it returned.
    bool undisturbed(const Object& object) const;
    /// acquired() or acquired_among() took note of a lock in this call.
    bool took_lock() const { return took_; }
    /// The same, and that lock was initialized as one of that name: a mutex and a mutant have one type and differ in what they do.
    bool took(const char* noun) const;

  private:
    bool skips(const Object& object) const { return failed_ || !is_known(object); }
    void violate(const Rule& rule, bool before, std::string observed, std::string required);
    void check_irql(const Rule& rule, unsigned char expected, const char* what);
    bool pair_is_named(const ReleaseRules& rules, const Hold& hold) const;
    /// The rule that this release of the hold breaks, if any; nothing is reported twice.
    void check_release(const ReleaseRules& rules, const Hold& hold);
    std::uint64_t own_count(const Object& object) const;

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
    std::vector<std::pair<Key, Use>> touched_;
    std::vector<Hold> converting_;
    std::vector<std::uint64_t> added_;  // serials of what acquired() noted
    Key order_owner_ = 0;
    int place_ = 0;
    bool took_ = false;
    Object taken_ = {"", "", 0};
    bool untracked_ = false;  // a release for some thread: nobody can say whose holds are left
};

}  // namespace ddi::contract
