// Rules of one function → the statements that its wrapper makes, in the order of precedence that conformance/contract/contract.h states.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "generator/emit/wrappers/locks.h"
#include "generator/model/model.h"

namespace ddi::emit::wrappers {

/// When a rule is checked: not at all (behaviour that only a test can provoke, or a condition that no call shows), before the
/// call (misuse: the caller's fault), or after it (the implementation's fault).
///   before   irql-entry, held-on-entry, requires-apcs-disabled, requires-initialized, not-combined, releases, releases-not, owner,
///            recursion (deadlock), argument, waits: if the clause's condition shows in arguments and in what the checker knows
///            release-with, followed-by, afterwards-only: reported at the wrong release, at quiescence or at the next call; also misuse.
///            Of an acquisition that its release must follow, release-with is reported (followed-by, if there is no release-with)
///            release: what is not held; requires-held, not-held-on-entry, convert: the hold that it needs or must not find; these and
///            preceded-by only for objects of which wrappers see every acquisition and release (Locks::is_tracked), or the initialization
///            (not-held-on-entry: not of the lock that the function acquires, where recursion is reported in its place;
///            convert: not where a requires-held of the same mode is reported in its place)
///            same-processor, same-irql: with the release that they are about; order: where each name is a number that the parameter can
///            have; argument-same: at a release, the first that is not about the lock or its handle, if each acquirer has such a parameter;
///            elsewhere, if wrappers see all `functions`
///            argument-value: where the values are numbers, constants or NULL (never "points-to-size"); aligned, resident: of pointers
///   after    acquire, irql-raise, -save, -restore, -unchanged, apc-disable, apc-enable, returns-previous-irql, returns-current-irql,
///            pending; returns: where its condition is certain at the call (evaluate in conditions.h says what is); returns-value: only
///            "hold-count", and "previous-state", "current-state" of objects whose state is certainly "signaled"
///   never    initialize, destroy, sets-state, same-object (what others are checked with), optional, stores, operation, atomic,
///            raises-status, bug-check, calls (documented; tests show them), and whatever else the conditions above exclude
enum class Checked { never, before, after };

/// What a wrapper does beside calling the real function.
struct Plan {
    std::vector<std::string> objects;   // local constants
    std::vector<std::string> entry;     // statements that need no object: asking for a pin's parent is itself a call with an entry IRQL
    std::vector<std::string> before;    // further statements before the call
    std::vector<std::string> captured;  // conditions evaluated before the call and used after it
    std::vector<std::string> after;
    bool uses_rules = false;
    bool empty() const { return entry.empty() && before.empty() && after.empty(); }
};

/// Facts about the whole model that single functions need.
struct Context {
    explicit Context(const model::Model& model);
    /// The function with the rules of all pages that document it: several headers declare some functions, and one implementation
    /// serves them all. A rule of one page that another page has as well is there once, from the header that the others include.
    const model::Api& effective(const model::Api& api) const;

    /// An argument that a clause of another function wants to see again: its name there, whether this function gives it.
    struct Wanted {
        std::string name;
        std::string type;
        bool given = false;
        friend auto operator<=>(const Wanted&, const Wanted&) = default;
    };

    std::set<std::string> declared;  // functions that stubs declare
    TypeTable types;
    Locks locks;
    std::map<std::string, std::set<Wanted>> wanted;         // function → what of its arguments others name again
    std::map<std::string, std::set<std::string>> first_of;  // function → domains of objects on which others must come after it
    std::map<std::string, const model::Api*> homes;         // function documented more than once → the page whose rules come first
    std::map<std::string, model::Api> joined;               // … → with the rules of the other pages
    std::set<std::string> gives_irql_back;                  // functions whose saved level another function's argument clause names
    /// Functions that clauses of others speak of: their calls must be seen, even if no page states a rule for them.
    bool is_watched(const std::string& function) const { return watched_.contains(function); }
    /// Wrappers see all of these functions' calls.
    bool are_seen(const std::vector<std::string>& functions) const;
    /// Some clause is about what happened to objects of that domain before: states, functions that are over for them or must follow.
    bool has_history(const std::string& domain) const { return historic_.contains(domain); }
    /// Each of the clause's functions has (or gives) such an argument, so that its wrapper remembers it.
    bool are_given(const facts::clause::ArgumentSame& same, const std::string& type) const;

    using Foreign = std::pair<const model::Api*, const model::Rule*>;
    std::map<std::string, Foreign> recursion;  // domain → "cannot be acquired twice" on a page that acquires nothing (its initializer's)
    std::map<std::string, std::set<std::string>> noted;    // functions that a `pending` clause asks for → base types of their request
    std::map<std::string, std::vector<Foreign>> partners;  // function → not-combined rules of others that list it

  private:
    void find_history(const model::Model& model);

    std::map<std::string, const model::Api*> givers_;
    std::set<std::string> watched_, historic_;
    std::map<std::string, std::string> macros_;  // another name → the function that calls by it reach
};

/// What the function is given, or gives, as the other function's argument: by its name, else by its type. C++, after the call.
std::optional<std::string> given_expression(const model::Api& api, const Context::Wanted& wanted, const TypeTable& types);

Plan plan_checks(const model::Api& api, const Context& context);
/// The same knowledge per rule: for tests and coverage. `never` also for a rule whose twin on another page is reported in its place.
Checked checked(const model::Api& api, const model::Rule& rule, const Context& context);

/// Name of a rule's constant in generated code: "irql_entry", "returns_TRUE".
std::string rule_constant(const model::Api& api, const model::Rule& rule);
/// Functions that the clause lists, blank-separated; empty where the kind has no list.
std::string rule_functions(const model::Api& api, const model::Rule& rule);

}  // namespace ddi::emit::wrappers
