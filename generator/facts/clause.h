// Contract clauses: what one sentence (or one front-matter value) of a page requires or promises, in a form that wrappers can
// check and tests can provoke. A closed family; every kind has a payload of its own.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "generator/facts/fact.h"
#include "generator/facts/irql.h"

namespace ddi::facts {

/// The thing a clause is about. `noun` is the documentation's own term, singular, lower case ("spin lock", "filter control mutex",
/// "critical region"). `parameter` names the parameter that identifies it; empty: the calling thread or the system.
struct Object {
    std::string noun;
    std::string parameter;
    friend bool operator==(const Object&, const Object&) = default;
};

enum class Mode { exclusive, shared };

/// A place where an IRQL is kept between two calls.
struct Place {
    enum class Kind {
        none,
        parameter,
        pointee,
        result,
        object
    } kind = Kind::none;  // pointee: *parameter; object: inside the lock or its handle
    std::string parameter;
    friend bool operator==(const Place&, const Place&) = default;
};

/// One comparison that can be evaluated at a call. `state` compares what is known of an object or thread:
///   name "object"    before the call: "held" | "held-by-other" | "held-shared" | "free"; "freed": the call itself left the object free (a
///                    recursive lock's last release); or a state that `sets-state` clauses set: "signaled" | "not-signaled" |
///                    "queued" | "not-queued" | "run-down" | "empty" | "not-empty" | "open" | "closed" | "locked" | "unlocked"
///                    "invalid": a handle that no object has
///   name of a parameter   the same for that parameter's object (the list of an interlocked operation, the mutex that a wait is for)
///   name "region"    "critical" | "guarded": the calling thread is inside such a region
///   name "call"      "successful": the call does what it is for
///   name of a thing that only its host puts into states (the word, "filter")   the page's own word for the state, in capitals: "STOP"
///   name "wait"      how the call's wait ended: "satisfied" | "timed-out" | "alerted" | "user-apc" | "abandoned"
struct Comparison {
    enum class Subject { parameter, pointee, result, irql, state } subject = Subject::parameter;
    std::string name;   // parameter's name; empty for result and irql
    std::string op;     // "==", "!=", "<", "<=", ">", ">=", "&"
    std::string value;  // "TRUE", "NULL", "0", "PASSIVE_LEVEL", …
    friend bool operator==(const Comparison&, const Comparison&) = default;
};

/// All comparisons hold. No comparison but text: a condition we cannot evaluate; such a clause is documented and never checked.
struct Condition {
    std::vector<Comparison> all;
    std::string text;  // verbatim words; not part of the clause's content
    bool unconditional() const { return all.empty() && text.empty(); }
};

namespace clause {

struct IrqlEntry {
    LevelSet allowed;
};  // irql-entry
struct IrqlRaise {
    Level to = Level::dispatch;
    std::string parameter;
};  // irql-raise: to a level, or to a parameter's value
struct IrqlSave {
    Place where;
};  // irql-save: the level before the call is stored there
struct IrqlRestore {
    Place from;
};                        // irql-restore
struct IrqlUnchanged {};  // irql-unchanged
struct Initialize {
    Object object;
};  // initialize
struct Destroy {
    Object object;
};  // destroy
struct RequiresInitialized {
    Object object;
    std::vector<std::string> by;
    bool further = false;  // not the page's own thing: the rule's id names the parameter
};                         // requires-initialized: by one of these functions (empty: any)
struct Acquire {
    Object object;
    Mode mode = Mode::exclusive;
    bool attempt = false;
};  // acquire; attempt: may fail (try)
struct Release {
    Object object;
    Mode mode = Mode::exclusive;
};  // release
struct ReleaseWith {
    Object object;
    std::vector<std::string> with;
};  // release-with: what this call acquired is released by one of these
struct Releases {
    Object object;
    std::vector<std::string> acquired_by;
};  // releases: what one of these acquired
struct ReleasesNot {
    Object object;
    std::vector<std::string> acquired_by;
};  // releases-not: an error if one of these acquired it
struct Owner {
    Object object;
};  // owner: only the holding thread may call this
enum class RecursionRule { counted, deadlock };
struct Recursion {
    Object object;
    RecursionRule rule = RecursionRule::counted;
};  // recursion
struct Waits {
    Object object;
    bool waits = true;
};  // waits: may block until the object is free / never blocks
enum class Apcs { normal, all };
struct ApcDisable {
    Apcs apcs = Apcs::normal;
};  // apc-disable: from return until the matching call
struct ApcEnable {
    Apcs apcs = Apcs::normal;
};  // apc-enable: undoes one apc-disable of the same kind
struct RequiresApcsDisabled {
    Apcs apcs = Apcs::normal;
};  // requires-apcs-disabled: within a region, or at IRQL >= APC_LEVEL
struct Returns {
    std::string value;
};                              // returns-<value>: when is in the condition
struct ReturnsPreviousIrql {};  // returns-previous-irql
struct ReturnsCurrentIrql {};   // returns-current-irql
/// argument-<parameter>: the argument must be the IRQL that one of `saved_by` saved at the matching call, or compare with the current IRQL
struct Argument {
    std::string parameter;
    std::vector<std::string> saved_by;
    std::string op;
};  // op: ">=" "<=" "==" against the current IRQL, or empty
struct HeldOnEntry {
    Object object;
};  // held-on-entry: the caller of a callback holds it
struct NotCombined {
    Object object;
    std::vector<std::string> functions;
};  // not-combined: never both on the same object (this function is one of them)
struct Pending {
    std::string status;
    std::string before;
    std::string after;
};  // pending: before returning `status` call `before`; later `after`
struct SameObject {
    Object object;
    std::string parent;
};  // same-object: the parameter's object is its parent's ("parent" noun: filter)

// Memory and arguments.
struct Resident {
    std::string parameter;
};  // resident: what the parameter points to is nonpaged (pool, a device extension, a KernelMode stack)
struct Aligned {
    std::string parameter;
    unsigned bytes = 0;
};  // aligned: the address is a multiple of this on 64-bit Windows
/// argument-value: `parameter op one of values` must be true (op "==" with several values: one of them; "points-to-size": the buffer that
/// the parameter points to has at least this size, an expression of the page; "&": this bit of it is set).
struct ArgumentValue {
    std::string parameter;
    std::string op;
    std::vector<std::string> values;
};
struct Optional {
    std::string parameter;
};  // optional: NULL (or zero) is accepted
/// argument-same: the argument is the one that the matching call of one of `functions` was given (a tag, a count), or gave (`given`: a
/// handle or pointer that it returned or stored).
struct ArgumentSame {
    std::string parameter;
    std::vector<std::string> functions;
    bool given = false;
};

// Order of calls on one object.
struct PrecededBy {
    Object object;
    std::vector<std::string> functions;
};  // preceded-by: one of these was called for the object since its last initialization
struct FollowedBy {
    Object object;
    std::vector<std::string> functions;
    bool immediately = false;
};  // followed-by: the calling thread's next documented call (immediately), or a later one, is one of these
struct AfterwardsOnly {
    Object object;
    std::vector<std::string> functions;
};  // afterwards-only: from now on only these may be called for the object
struct Order {
    std::string parameter;
    std::vector<std::string> first_to_last;
};  // order: locks of this function's kinds, chosen by the parameter, are acquired in this order only ("A|B": a step of two kinds)

// State of objects that are not only held or free.
struct SetsState {
    Object object;
    std::string state;
};  // sets-state: the object is in this state when the call returns (the words of Comparison)
struct Convert {
    Object object;
    Mode from = Mode::exclusive;
    Mode to = Mode::shared;
    bool attempt = false;
};  // convert: the caller's hold changes its mode
struct RequiresHeld {
    Object object;
    std::optional<Mode> mode;
    std::vector<std::string> acquired_by;
};  // requires-held: the caller holds the object on entry (and still on return)
struct NotHeldOnEntry {
    Object object;
};  // not-held-on-entry: the caller must not hold it (the function takes it itself)
struct SameProcessor {
    Object object;
};  // same-processor: released on the processor that acquired it
struct SameIrql {
    Object object;
};  // same-irql: released at the IRQL at which it was acquired

// Results and effects.
/// returns-value: what the result is, where it is no constant: "previous-state", "current-state", "waiter-count", "hold-count",
/// "initial-value", "new-value", "first-entry", "last-entry", "removed-entry", "depth", "callback-result", "created-object", "size",
/// "processor-number", "processor-index", "removed-request", …; "unused": nobody looks at what a callback returns
struct ReturnsValue {
    std::string quantity;
    Object object;
};
struct Stores {
    std::string parameter;
    std::string quantity;
};  // stores: the same into *parameter
/// operation: what an interlocked function does to the variable or list of `parameter`: "add", "increment", "decrement", "exchange",
/// "compare-exchange", "insert-head", "insert-tail", "remove-head", "push", "pop", "flush".
struct Operation {
    std::string verb;
    std::string parameter;
};
struct Atomic {
    std::string lock;
    std::vector<std::string> functions;
};  // atomic: with respect to calls of these (a pattern may end with "Xxx") and the spin lock parameter `lock`, if any
struct RaisesStatus {
    std::string status;
};  // raises-status: an exception with this status
struct BugCheck {
    std::string code;
};  // bug-check: the system stops with this code ("0xC"; empty: the page names none)
/// calls: invokes the routine of this parameter (or that the object was initialized with), at these levels, holding the object.
struct Calls {
    std::string parameter;
    std::optional<LevelSet> levels;
    Object held;
};
/// called: of a callback: the system invokes it in the cases that its page lists. `may_hold`: what the caller may, or may not, hold
/// meanwhile; the routine must not rely on either, and the system works with both. No noun: the page names nothing.
struct Called {
    Object may_hold;
};

}  // namespace clause

using ClauseContent =
    std::variant<clause::IrqlEntry, clause::IrqlRaise, clause::IrqlSave, clause::IrqlRestore, clause::IrqlUnchanged, clause::Initialize,
                 clause::Destroy, clause::RequiresInitialized, clause::Acquire, clause::Release, clause::ReleaseWith, clause::Releases,
                 clause::ReleasesNot, clause::Owner, clause::Recursion, clause::Waits, clause::ApcDisable, clause::ApcEnable,
                 clause::RequiresApcsDisabled, clause::Returns, clause::ReturnsPreviousIrql, clause::ReturnsCurrentIrql, clause::Argument,
                 clause::HeldOnEntry, clause::NotCombined, clause::Pending, clause::SameObject, clause::Resident, clause::Aligned,
                 clause::ArgumentValue, clause::Optional, clause::ArgumentSame, clause::PrecededBy, clause::FollowedBy,
                 clause::AfterwardsOnly, clause::Order, clause::SetsState, clause::Convert, clause::RequiresHeld, clause::NotHeldOnEntry,
                 clause::SameProcessor, clause::SameIrql, clause::ReturnsValue, clause::Stores, clause::Operation, clause::Atomic,
                 clause::RaisesStatus, clause::BugCheck, clause::Calls, clause::Called>;

struct Clause {
    ClauseContent content;
    Condition when;
    std::string consequence;  // what the page says happens otherwise: "bug check", "deadlock", "exception", "error", or empty
    Cite cite;
    std::vector<Cite> also = {};  // other sentences of the page that say the same
};

/// The kind part of a rule id: "irql-entry", "release-with", "returns", …
const char* clause_kind(const ClauseContent& content);
/// The what part of a rule id, or empty: "TRUE" for returns, the parameter for argument, the noun with dashes for held-on-entry,
/// the parameter and value of an evaluable condition ("Wait-FALSE").
std::string clause_what(const Clause& clause);
/// Content and condition as one canonical line (not the citation): equal lines mean the same clause. Function lists are sorted.
std::string canonical_clause(const Clause& clause);

}  // namespace ddi::facts
