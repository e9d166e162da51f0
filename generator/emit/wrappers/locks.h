// Clauses of all functions → which object a function's clause is about, as an expression of its arguments: what makes a release find
// its acquisition. Known from types and protocols alone:
//   - a type that some function initializes is a lock (KSPIN_LOCK): its address and type identify it, whatever noun a page uses;
//   - an untyped parameter (PVOID) of a function that takes such a lock is checked only for objects known to be of that type;
//   - a release that names not the lock but a type that acquisitions take beside it names the queue handle;
//   - an object that only has the lock (a pin, a device) identifies it together with the noun; where a page says that the lock is its
//     parent's, through the function that returns the parent;
//   - no parameter: each thread has its own.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "generator/emit/wrappers/c_types.h"
#include "generator/model/model.h"

namespace ddi::emit::wrappers {

struct ObjectRef {
    std::string domain;  // the lock's type, or the noun
    std::string noun;
    std::string key;  // C++ expressions of the wrapper's parameters; empty: none
    std::string handle;
    std::string alias;
    bool only_known = false;
    bool per_thread = false;
    bool after_call = false;  // *Parameter: known only when the function has returned
    bool own_type = false;    // the parameter's type is the lock
    std::string parameter;
    /// `contract::Object{…}` or `contract::thread_object(…)`.
    std::string text() const;
};

class Locks {
  public:
    Locks(const model::Model& model, const TypeTable& types);

    /// None where the page does not say which argument is meant.
    std::optional<ObjectRef> object(const model::Api& api, const facts::Object& object) const;
    /// Some function that wrappers see initializes objects of that kind; `by`: all of these are such functions.
    bool initializer_is_known(const ObjectRef& object, const std::vector<std::string>& by) const;
    /// Some release of the noun ends shared holds only: then a release's mode matters.
    bool modes_matter(const std::string& noun) const { return shared_releases_.contains(noun); }
    /// Some function releases what is acquired as this object, and the other way round: without both, a hold would never end, or a
    /// release never be right, because a page does not say it or a stub does not declare it.
    bool is_tracked(const ObjectRef& object) const { return acquired_.contains(object.domain) && released_.contains(object.domain); }
    bool is_acquired(const std::string& domain) const { return acquired_.contains(domain); }
    const TypeTable& types() const { return *types_; }

  private:
    const model::Parameter* parameter_of(const model::Api& api, const facts::Object& object) const;
    std::optional<std::string> handle_of(const model::Api& api, const model::Parameter& lock) const;
    void find_parents(const model::Model& model);
    void find_short_nouns(const model::Model& model);
    const std::string& full_noun(const std::string& noun) const;

    const TypeTable* types_;
    std::set<std::string> lock_types_;
    std::map<std::string, std::set<std::string>> noun_types_;    // noun → base types of its parameters
    std::map<std::string, std::string> handle_domains_;          // handle's base type → domain of the locks acquired with it
    std::set<std::string> release_bases_;                        // base types of what releases name
    std::map<std::string, std::set<std::string>> initializers_;  // domain → functions
    std::set<std::string> initializer_names_;
    std::set<std::string> shared_releases_;
    std::set<std::string> acquired_, released_;                           // domains
    std::map<std::string, std::string> full_nouns_;                       // "control mutex" → "filter control mutex"
    std::map<std::pair<std::string, std::string>, std::string> parents_;  // noun, base type → function that returns the parent
};

/// A function that can be wrapped: every type is written, no variable arguments, names that are C identifiers.
bool is_wrappable(const model::Api& api);

}  // namespace ddi::emit::wrappers
