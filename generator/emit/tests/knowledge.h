// Clauses of all functions → how tests use them: which call takes and gives back which object, what has to come first, at which
// levels. Everything comes from clauses, protocols and types; no function is known by name.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "generator/emit/tests/arguments.h"
#include "generator/emit/wrappers/checks.h"
#include "generator/emit/wrappers/selection.h"
#include "generator/model/model.h"

namespace ddi::emit::tests {

using model::Api;
using model::Rule;
using wrappers::ObjectRef;

/// One call with its choice of arguments.
struct Step {
    const Api* api = nullptr;
    Arguments arguments;
    std::string as = {};  // the type that an untyped object is of; empty: the one that the page means
    int number = 0;       // which of several objects of that type
    friend bool operator==(const Step&, const Step&) = default;
};

/// How an object is made, taken, given back and deleted. Parts that do not exist are empty.
struct Way {
    std::optional<Step> initialize;
    std::vector<Step> before;   // the initialization: makes the object that is initialized again
    std::vector<Step> arrange;  // after it: brings the object into the state that a test is about
    Step acquire;
    std::optional<Step> release;
    std::optional<Step> destroy;
    std::string acquired;  // C++ condition on `hand` under which the acquisition succeeded; empty: always
    bool shared = false;
    bool per_thread = false;  // each thread has its own object
    std::string variant;      // names what is not the usual beginning or end
    std::vector<Way> hold;    // at most one: how the caller holds the object while it makes the call `acquire`
    std::optional<Step> end;  // ends that hold once the call is made; none: as it would have ended without it

    void begin_with(const Step& step) { initialize = step, variant += "_by_" + step.api->name + step.arguments.tag(); }
    void end_with(const Step& step) { destroy = step, variant += "_until_" + step.api->name + step.arguments.tag(); }
};

class Knowledge {
  public:
    explicit Knowledge(const model::Model& model);

    const model::Model& model() const { return *model_; }
    const wrappers::Context& context() const { return context_; }
    const wrappers::TypeTable& types() const { return context_.types; }

    /// A stub declares it with a complete prototype, so that a test can call it.
    bool is_callable(const Api& api) const;
    /// The function of that name that tests call: of this header, otherwise of any.
    const Api* callable(const std::string& name, const std::string& header) const;
    /// The object that a function's clauses are about, if a call shows it. The first clause that has one decides.
    std::optional<ObjectRef> object(const Api& api) const;
    /// The one that this clause is about. Of an array of objects the tests pass one, so it is that one.
    std::optional<ObjectRef> object(const Api& api, const facts::Object& object) const;

    /// The type that names the storage of that object in this call; empty: it is the host's, or the thread's.
    std::string slot_type(const Step& step, const ObjectRef& ref) const;

    /// Levels allowed on entry under this choice of arguments; none: no page says.
    std::optional<facts::LevelSet> levels(const Step& step) const;
    std::optional<facts::clause::Apcs> needs(const Step& step) const;

    /// Every function that can end what this acquisition begins.
    std::vector<const Api*> releases_of(const Step& acquire) const { return releases_for(*acquire.api); }
    /// The best way that begins with this acquisition (or raises, or enters); none if nothing is known to end it.
    std::optional<Way> way_from(const Step& acquire) const;
    /// The way with exactly this end.
    std::optional<Way> way_between(const Step& acquire, const Step& release) const;
    /// The ways that this call ends, best partners only.
    std::vector<Way> ways_to(const Step& release) const;
    /// The way in which the function plays its part: acquisition, release, initialization, destruction, or alone on an initialized object.
    std::optional<Way> way_of(const Step& step) const;
    Way alone(const Step& step) const;
    /// What ends the hold after a call of this function, if not its usual release.
    std::optional<Step> end_after(const Api& api, const Way& hold) const;
    /// The way in the other mode whose calls are named most like those of this one.
    std::optional<Way> converted(const Way& from, facts::Mode to) const;
    /// For a release: a release is tried at a level at which its acquisition can be called too, so each level has a way of its own.
    /// For any other function its only way, for all levels.
    std::vector<std::pair<Way, facts::LevelSet>> ways_by_level(const Step& step) const;
    /// Every acquisition of the same kind of object, in model order.
    std::vector<Step> acquisitions(const std::string& domain) const;

    /// The same for tests of `api`: those of its header first, then those that take objects of any kind.
    std::vector<Step> acquisitions(const std::string& domain, const Api& api) const;

    /// The type of the objects that the function makes and returns (or stores); empty: it makes none.
    std::string made_type(const Api& api) const;
    /// The type of the objects that pages call so; empty: several, or none.
    std::string type_of_noun(const std::string& noun) const;
    /// It initializes an object that was initialized before.
    bool makes_anew(const Api& api) const;
    /// No page asks for another function to have initialized the object.
    bool accepts(const Api& api, const Api& initializer) const;
    /// The function that makes objects of this type, for a call of `api`.
    std::optional<Step> initializer(const Api& api, const std::string& domain) const;
    /// Calls that leave an object of this domain in that state; those that need nothing else first.
    std::vector<Step> setters(const std::string& domain, const std::string& state) const;
    /// For a call that ends a state of an object of the host's (a lock on a stream pointer): what brings that state about.
    std::optional<Step> first_of_host(const Api& api) const;
    /// Every initialization of such objects leaves them in that state, whatever its arguments.
    bool is_made_in(const std::string& domain, const std::string& state) const;
    /// A call that waits for any object of this domain, by the word for its time limit ("zero": without lasting); its result is a status.
    std::optional<Step> wait_for(const std::string& domain, const std::string& limit) const;
    /// Calls that bring an initialized object of this domain into that state; empty: no documented ones do.
    std::vector<Step> bring_about(const std::string& domain, const std::string& state) const;
    /// A scalar type that no page or overlay defines, so that no host knows anything special about it.
    bool is_basic(const std::string& type) const { return !defined_types_.contains(type); }

    /// A type of which objects are storage that a function initializes, not made by the host.
    bool is_lock_type(const std::string& base) const { return lock_types_.contains(base); }
    bool is_handle_type(const std::string& base) const { return handle_types_.contains(base); }
    /// Rules of the function are checked by the wrapper that tests call.
    bool is_wrapped(const Api& api) const { return wrapped_.contains(api.name); }

  private:
    struct Part {
        const Api* api;
        std::string domain;
    };
    void add_creator(const Api& api, const std::string& type);

    int score(const Step& acquire, const Api& release) const;
    std::vector<const Api*> releases_for(const Api& acquire) const;
    std::optional<Step> destroyer(const std::string& domain) const;
    /// Functions that a page names as the makers of what this one frees, in model order.
    std::vector<const Api*> makers(const Api& destroyer) const;
    /// Pairs the beginning and the end of an object's life: what one page names with another belongs to it alone.
    void pair_ends(Way& way, bool end_is_given) const;
    std::string success(const Step& acquire) const;
    void finish(Way& way) const;
    /// How the caller has to hold the object when it calls the function, and how the hold ends after it; none if it need not.
    std::optional<Way> holder(const Api& api) const;

    const model::Model* model_;
    wrappers::Context context_;
    std::map<std::string, std::vector<const Api*>> by_name_;
    std::vector<Part> acquire_, release_, initialize_, destroy_;
    std::set<std::string> declared_, wrapped_, lock_types_, handle_types_, defined_types_;
};

/// The first rule of that kind, with its clause's payload.
template <class Content>
const Content* find_clause(const Api& api) {
    for (const auto& rule : api.rules) {
        if (const auto* content = std::get_if<Content>(&rule.clause.content)) return content;
    }
    return nullptr;
}

/// Calls visit(rule, content) for every rule of that kind.
template <class Content, class Visit>
void for_each_clause(const Api& api, Visit&& visit) {
    for (const auto& rule : api.rules) {
        if (const auto* content = std::get_if<Content>(&rule.clause.content)) visit(rule, *content);
    }
}

}  // namespace ddi::emit::tests
