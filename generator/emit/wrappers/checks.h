// Rules of one function → the statements that its wrapper makes, in the order of precedence that conformance/contract/contract.h states.
#pragma once

#include <string>
#include <vector>

#include "generator/emit/wrappers/locks.h"
#include "generator/model/model.h"

namespace ddi::emit::wrappers {

/// When a rule is checked: not at all (behaviour that only a test can provoke, or a condition that no call shows), before the
/// call (misuse: the caller's fault), or after it (the implementation's fault).
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

    TypeTable types;
    Locks locks;
    std::map<std::string, const model::Api*> homes;  // function documented more than once → the page whose rules come first
    std::map<std::string, model::Api> joined;        // … → with the rules of the other pages
    std::set<std::string> gives_irql_back;           // functions whose saved level another function's argument clause names
    using Foreign = std::pair<const model::Api*, const model::Rule*>;
    std::map<std::string, Foreign> recursion;  // domain → "cannot be acquired twice" on a page that acquires nothing (its initializer's)
    std::map<std::string, std::set<std::string>> noted;    // functions that a `pending` clause asks for → base types of their request
    std::map<std::string, std::vector<Foreign>> partners;  // function → not-combined rules of others that list it
};

Plan plan_checks(const model::Api& api, const Context& context);
/// The same knowledge per rule: for tests and coverage. `never` also for a rule whose twin on another page is reported in its place.
Checked checked(const model::Api& api, const model::Rule& rule, const Context& context);

/// Name of a rule's constant in generated code: "irql_entry", "returns_TRUE".
std::string rule_constant(const model::Api& api, const model::Rule& rule);
/// Functions that the clause lists, blank-separated; empty where the kind has no list.
std::string rule_functions(const model::Api& api, const model::Rule& rule);

}  // namespace ddi::emit::wrappers
