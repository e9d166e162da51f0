// Clauses of all functions → which object a function's clause is about, as an expression of its arguments: what makes a release find
// its acquisition. Known from types and protocols alone:
//   - a type that some function initializes is a lock (KSPIN_LOCK): its address and type identify it, whatever noun a page uses;
//   - an untyped parameter (PVOID) of a function that takes such a lock is checked only for objects known to be of that type;
//   - a release that names not the lock but a type that acquisitions take beside it names the queue handle;
//   - an object that only has the lock (a pin, a device) identifies it together with the noun; where a page says that the lock is its
//     parent's, through the function that returns the parent;
//   - a number names one of the locks of the object that is passed beside it, if one is (a device's numbered locks);
//   - no parameter: a region is the thread's own, a lock is the system's, unless the function is called for some object: then that one's.
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
    std::string base;   // base type of the parameter, its parent's where the lock is the parent's; empty: none
    std::string owner;  // key of the object that has several numbered locks; empty: this is not one of them
    /// `contract::Object{…}` or `contract::thread_object(…)`.
    std::string text() const;
};

/// The objects of an array, of which a function takes one or all (a wait for several objects).
struct ArrayRef {
    std::string domain, noun;
    std::string objects, count;  // parameters
    std::string all;             // expression: all of them; empty: always one
};

class Locks {
  public:
    /// `declared`: functions that stubs declare, so that wrappers see their calls.
    Locks(const model::Model& model, const TypeTable& types, std::set<std::string> declared);

    /// None where the page does not say which argument is meant.
    std::optional<ObjectRef> object(const model::Api& api, const facts::Object& object) const;
    /// The same for a parameter that is an array.
    std::optional<ArrayRef> array(const model::Api& api, const facts::Object& object) const;
    /// Every parameter that is an object of a kind that some function initializes, or that a clause of the function names.
    std::vector<ObjectRef> objects(const model::Api& api) const;
    /// The parameter that says how many times the lock is acquired or released at once; empty: once.
    std::string units(const model::Api& api, const ObjectRef& object) const;
    bool is_declared(const std::string& function) const { return declared_.contains(function); }
    /// A page says that acquiring such an object twice deadlocks, and none that it is counted.
    bool recursion_deadlocks(const std::string& domain) const { return deadlocks_.contains(domain) && !counted_.contains(domain); }
    /// Some function that wrappers see initializes objects of that kind; `by`: all of these are such functions.
    bool initializer_is_known(const ObjectRef& object, const std::vector<std::string>& by) const;
    /// Some release of the noun ends shared holds only, and this one ends holds of its own mode only: then its mode matters.
    bool modes_matter(const model::Api& release, const std::string& noun) const {
        return shared_releases_.contains(noun) && !both_modes_.contains(release.name);
    }
    /// Some function releases what is acquired as this object, and the other way round: without both, a hold would never end, or a
    /// release never be right, because a page does not say it or a stub does not declare it.
    bool is_tracked(const ObjectRef& object) const { return fits(acquired_, object) && fits(released_, object); }
    bool is_tracked(const ArrayRef& array) const;
    bool is_acquired(const std::string& domain) const;
    /// The object of an initialization, by the name that tells kinds of one type apart: a PRKMUTANT is no "mutex" where another function
    /// initializes PRKMUTEX as one.
    std::string initialized_noun(const model::Api& api, const ObjectRef& ref) const;
    bool releases(const std::string& function, const std::string& domain) const { return releasers_.contains({function, domain}); }
    const TypeTable& types() const { return *types_; }

  private:
    using Kinds = std::set<std::pair<std::string, std::string>>;  // domain, base type
    static bool fits(const Kinds& kinds, const ObjectRef& object);
    bool is_seen(const model::Api& api) const;
    std::optional<ObjectRef> without_parameter(const model::Api& api, ObjectRef ref, bool creates) const;
    /// Keys of the objects that a function is called for, in the order of its parameters.
    std::vector<std::string> owners(const model::Api& api, const std::string& but) const;
    const model::Parameter* parameter_of(const model::Api& api, const facts::Object& object) const;
    std::optional<std::string> handle_of(const model::Api& api, const model::Parameter& lock) const;
    void find_parents(const model::Model& model);
    void find_both_modes(const model::Model& model);
    void find_short_nouns(const model::Model& model);
    const std::string& full_noun(const std::string& noun, const std::string& base) const;

    const TypeTable* types_;
    std::set<std::string> declared_;
    std::set<std::string> lock_types_;
    std::map<std::string, std::set<std::string>> noun_types_;    // noun → base types of its parameters
    std::map<std::string, std::string> handle_domains_;          // handle's base type → domain of the locks acquired with it
    std::set<std::string> release_bases_;                        // base types of what releases name
    std::map<std::string, std::set<std::string>> initializers_;  // domain → functions
    std::set<std::string> initializer_names_;
    std::set<std::string> spelled_nouns_;  // nouns that the type of some initializer's parameter spells
    std::set<std::string> shared_releases_;
    std::set<std::string> both_modes_;           // functions that release readers' and writers' holds
    std::set<std::string> deadlocks_, counted_;  // domains
    Kinds acquired_, released_;
    std::set<std::pair<std::string, std::string>> releasers_;                            // function, domain
    std::map<std::string, std::set<std::string>> acquired_units_, released_units_;       // domain → parameters that are counts
    std::map<std::string, std::string> full_nouns_;                                      // "control mutex" → "filter control mutex"
    std::map<std::pair<std::string, std::string>, std::string> full_nouns_of_;           // noun, base type → the noun of its pair
    std::map<std::pair<std::string, std::string>, std::string> parents_, parent_bases_;  // noun, base type → function, its base type
};

/// A function that can be wrapped: every type is written, no variable arguments, names that are C identifiers.
bool is_wrappable(const model::Api& api);

}  // namespace ddi::emit::wrappers
