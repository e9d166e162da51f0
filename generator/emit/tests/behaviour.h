// One rule → the calls of choreographies (conformance/suite/behaviour.h) that show what it promises. One member a kind of clause; they are
// grouped by subject in behaviour_*.cpp.
#pragma once

#include <optional>
#include <string>

#include "generator/emit/tests/case_writer.h"

namespace ddi::emit::tests {

class Behaviour : public CaseWriter {
  public:
    using CaseWriter::CaseWriter;
    Case run();

  private:
    template <class Content>
    void show(const Content&) {
        because("no choreography shows this kind of clause");
    }

    // Levels, APCs, callbacks (behaviour_cases.cpp).
    void show(const facts::clause::IrqlEntry& c);
    void show(const facts::clause::IrqlRaise& c);
    void show(const facts::clause::IrqlSave& c);
    void show(const facts::clause::IrqlRestore&);
    void show(const facts::clause::IrqlUnchanged&);
    void show(const facts::clause::ReturnsPreviousIrql&);
    void show(const facts::clause::ReturnsCurrentIrql&);
    void show(const facts::clause::Argument& c);
    void show(const facts::clause::ApcDisable& c);
    void show(const facts::clause::ApcEnable& c);
    void show(const facts::clause::RequiresApcsDisabled& c);
    void show(const facts::clause::HeldOnEntry& c);
    void show(const facts::clause::Pending& c);
    void show(const facts::clause::Called& c);

    // Holding and giving back (behaviour_hold.cpp).
    void show(const facts::clause::Initialize&);
    void show(const facts::clause::Destroy&);
    void show(const facts::clause::RequiresInitialized& c);
    void show(const facts::clause::Acquire& c);
    void show(const facts::clause::Release&);
    void show(const facts::clause::ReleaseWith& c);
    void show(const facts::clause::Releases& c);
    void show(const facts::clause::ReleasesNot&);
    void show(const facts::clause::NotCombined& c);
    void show(const facts::clause::Owner&);
    void show(const facts::clause::Recursion& c);
    void show(const facts::clause::Waits& c);
    void show(const facts::clause::SameObject& c);
    void show(const facts::clause::Convert& c);
    void show(const facts::clause::RequiresHeld&);
    void show(const facts::clause::NotHeldOnEntry&);
    void show(const facts::clause::SameProcessor&);
    void show(const facts::clause::SameIrql&);

    // Results and states (behaviour_state.cpp).
    void show(const facts::clause::Returns& c);
    void show(const facts::clause::ReturnsValue& c);
    void show(const facts::clause::Stores& c);
    void show(const facts::clause::SetsState& c);
    void show(const facts::clause::RaisesStatus& c);
    void show(const facts::clause::BugCheck& c);
    void show(const facts::clause::Calls& c);

    // Numbers and lists (behaviour_operation.cpp).
    void show(const facts::clause::Operation& c);
    void show(const facts::clause::Atomic& c);

    // Arguments, memory, order of calls (behaviour_order.cpp).
    void show(const facts::clause::Resident&);
    void show(const facts::clause::Aligned&);
    void show(const facts::clause::ArgumentValue& c);
    void show(const facts::clause::Optional& c);
    void show(const facts::clause::ArgumentSame& c);
    void show(const facts::clause::PrecededBy&);
    void show(const facts::clause::FollowedBy& c);
    void show(const facts::clause::AfterwardsOnly& c);
    void show(const facts::clause::Order& c);

    bool acquires() const { return find_clause<facts::clause::Acquire>(api_) != nullptr; }
    /// The function works when it is called as it should be: all that a requirement promises.
    void works();

    /// `choreography(way, more…);`
    bool say(const char* choreography, const Way& way, const std::string& more = {}) { return add(choreography, {}, way, more); }
    bool say(const char* choreography, const std::optional<Way>& way, const std::string& more = {}) {
        return way && say(choreography, *way, more);
    }
    /// The function at all of its levels, wherever it stands in its way: `more` follows the function, the levels come last.
    void say_by_level(const char* choreography, const std::string& more = {});
    void each_way_to(const char* choreography, const std::string& more = {});
    /// All ways that this function ends, or the one it begins: effects that both kinds have.
    void around(const char* choreography, const std::string& more = {});

    /// The type of the routine that the function, or its object's initialization, is given under that name; empty: neither.
    std::string routine_type(const Api& api, const std::string& name, const Way& way) const;
    /// A callback that is one half of an object's lock: the functions that call both.
    void locks_by_routines();
    /// The first of the clause's functions that can be called, as it comes back soonest.
    std::optional<Way> following(const facts::clause::FollowedBy& c) const;
    /// What has to follow the call at once under these arguments.
    std::optional<Way> following_at_once() const;
    bool completes_pending();
    /// How to hold what a callback's caller holds: by the function that takes what the callback is given; any other of that noun otherwise.
    std::optional<Way> way_of_caller(const facts::Object& held) const;
    std::string pending_status() const;
    /// What another function of the object was given comes back.
    void gives_back();
    int count_returns() const;
    bool is_refusal_of_arguments(const std::string& value) const;
    /// The result in a state of being held that other functions bring about.
    void returns_while_held(const std::string& condition, const std::string& value);
    /// A call that tells the state: one that only looks if there is one, otherwise a wait.
    struct Observer {
        Step step;
        std::string tells;
        bool changes = false;  // it also changes the state, so that it can be asked only once
    };
    std::optional<Observer> observer(const std::string& domain, const std::string& state) const;
    /// Results in a state and its opposite, which both have to be reached.
    /// Whether it is held, by the caller or, for dispatcher objects, by nobody.
    void returns_whether_held();
    void returns_in_states(const std::string& on, const std::string& off);
    void waits_for_holders(bool waits);
    /// It ends a hold after which nobody gets another one.
    bool ends_use() const;
    /// Both can be gone on one object: the page of the other one allows the initializer.
    bool goes_with(const Way& way, const Way& other) const;
    /// Somebody's way to hold the object in that mode, preferably one that is (or is not) an attempt.
    /// `beside`: and goes with that one.
    std::optional<Way> way_in_mode(facts::Mode mode, bool attempt, const Way* beside = nullptr) const;
    /// "{&call_Add, true, &call_Remove, false, false, \"entry LIST_ENTRY\"}" for the list that this function works on; empty: no partner.
    std::string list_functions();
};

/// The page says that a wrong call is refused.
bool is_refused(const std::string& consequence);

}  // namespace ddi::emit::tests
