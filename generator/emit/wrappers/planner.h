// The statements of one wrapper, collected clause by clause and put in order. Internal to this folder: others ask checks.h.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "generator/emit/wrappers/checks.h"
#include "generator/emit/wrappers/conditions.h"

namespace ddi::emit::wrappers {

/// Precedence within a phase; contract.h documents it.
enum class Rank {
    irql,
    held_on_entry,
    apcs,
    initialized,
    combined,
    restricted,
    preceded,
    state,
    held,
    converts,
    not_held,
    recursion,
    order,
    arguments,
    same_argument,
    argument_value,
    memory,
    waiting,
    init_effect,
    hold_effect,
    irql_effect,
    saved_effect,
    apc_effect,
    result_effect,
    notes
};

template <class Content>
const Content* get(const model::Rule& rule) {
    return std::get_if<Content>(&rule.clause.content);
}

template <class Content>
std::vector<const model::Rule*> rules_of(const model::Api& api) {
    std::vector<const model::Rule*> found;
    for (const auto& rule : api.rules) {
        if (get<Content>(rule) != nullptr) found.push_back(&rule);
    }
    return found;
}

class Planner {
  public:
    Planner(const model::Api& api, const Context& context);
    Plan plan() const;
    Checked when(const model::Rule& rule) const;

  private:
    using Rule = model::Rule;
    struct Statement {
        bool before = true;
        Rank rank = Rank::irql;
        bool conditional = false;
        std::size_t order = 0;
        std::string text;
        const Rule* rule = nullptr;
        auto key() const { return std::tie(rank, conditional, order); }
    };

    void add(const Rule& rule) {
        std::visit([&](const auto& content) { add(rule, content); }, rule.clause.content);
    }
    template <class Content>
    void add(const Rule&, const Content&) {}  // documented, or part of what another clause checks

    // plan_preconditions.cpp
    void add(const Rule& rule, const facts::clause::IrqlEntry& c);
    void add(const Rule& rule, const facts::clause::RequiresApcsDisabled& c);
    void add(const Rule& rule, const facts::clause::RequiresInitialized& c);
    void add(const Rule& rule, const facts::clause::NotCombined& c);
    void add(const Rule& rule, const facts::clause::HeldOnEntry& c);
    void add(const Rule& rule, const facts::clause::Argument& c);
    void add(const Rule& rule, const facts::clause::ArgumentValue& c);
    void add(const Rule& rule, const facts::clause::Aligned& c);
    void add(const Rule& rule, const facts::clause::Resident& c);
    void add(const Rule& rule, const facts::clause::Waits& c);
    // plan_holds.cpp
    void add(const Rule& rule, const facts::clause::Acquire& c);
    void add(const Rule& rule, const facts::clause::Owner& c);
    void add(const Rule& rule, const facts::clause::Recursion& c);
    void add(const Rule& rule, const facts::clause::RequiresHeld& c);
    void add(const Rule& rule, const facts::clause::NotHeldOnEntry& c);
    void add(const Rule& rule, const facts::clause::Convert& c);
    void add(const Rule& rule, const facts::clause::Order& c);
    void add_releases();
    void add_release(const Rule& rule);
    std::string refused_arguments() const;
    void add_foreign_recursion();
    void find_acquisition();
    std::string acquisition_condition(const Rule& rule, const ObjectRef& ref);
    /// What must follow is the release of what this function acquires.
    bool releases_it(const facts::clause::FollowedBy& c) const;
    bool is_recursion(const Rule& rule, const ObjectRef& ref) const;
    bool loses(const Rule& rule, const ObjectRef& ref) const;
    // plan_history.cpp
    void add(const Rule& rule, const facts::clause::PrecededBy& c);
    void add(const Rule& rule, const facts::clause::FollowedBy& c);
    void add(const Rule& rule, const facts::clause::AfterwardsOnly& c);
    void add(const Rule& rule, const facts::clause::SetsState& c);
    void add(const Rule& rule, const facts::clause::ArgumentSame& c);
    void add(const Rule& rule, const facts::clause::Pending& c);
    void add_touches();
    void add_given();
    void add_notes();
    // plan_effects.cpp
    void add(const Rule& rule, const facts::clause::Initialize& c);
    void add(const Rule& rule, const facts::clause::Destroy& c);
    void add(const Rule& rule, const facts::clause::IrqlRaise& c);
    void add(const Rule& rule, const facts::clause::IrqlSave& c);
    void add(const Rule& rule, const facts::clause::IrqlRestore& c);
    void add(const Rule& rule, const facts::clause::IrqlUnchanged& c);
    void add(const Rule& rule, const facts::clause::ApcDisable& c);
    void add(const Rule& rule, const facts::clause::ApcEnable& c);
    void add(const Rule& rule, const facts::clause::Returns& c);
    void add(const Rule& rule, const facts::clause::ReturnsValue& c);
    void add(const Rule& rule, const facts::clause::ReturnsPreviousIrql& c);
    void add(const Rule& rule, const facts::clause::ReturnsCurrentIrql& c);
    std::optional<std::string> stored(const facts::Place& place) const;
    std::string guarded(const facts::Place& place, std::string text) const;
    void gives_back();

    std::string constant(const Rule& rule) const { return "rule::" + rule_constant(api_, rule); }
    bool is_void() const { return result_.base == "void" && result_.depth == 0; }
    const model::Parameter* parameter(const std::string& name) const;
    CType type_of(const model::Parameter& parameter) const { return locks_.types().of(parameter.type); }
    /// The variable that holds the object; one for each different object.
    std::string name_object(const ObjectRef& ref);
    bool is_taken(const std::string& name) const;
    void push(bool before, Rank rank, const Rule* rule, const std::string& condition, const std::string& text);
    /// Before the call; nothing if the condition cannot be known then. `object`: what the condition means; null: the function's object.
    void before(Rank rank, const Rule& rule, const std::string& text, const ObjectRef* object = nullptr);
    /// After the call. `on_success`: only if this call acquired the lock.
    void after(Rank rank, const Rule& rule, const std::string& text, bool on_success = false, const ObjectRef* object = nullptr);
    /// The condition as an expression after the call; what must be known before it is captured. None if it cannot be known.
    std::optional<std::string> condition_after(const Rule& rule, const ObjectRef* object);
    /// The result says that all went well; empty: it does not say.
    std::string success() const;
    /// An object whose state checks ask for, and that a call shows.
    std::optional<ObjectRef> shown(const facts::Object& object) const;

    const model::Api& api_;
    const Context& context_;
    const Locks& locks_;
    CType result_;
    std::optional<ObjectRef> object_;  // what most clauses of the function are about
    const Rule* acquisition_ = nullptr;
    std::string acquired_;  // expression after the call: this call took the lock; empty: always
    std::vector<Statement> statements_;
    std::vector<std::string> objects_;
    std::vector<std::string> captured_;
    std::map<std::string, std::string> object_names_;
    std::set<const Rule*> also_checked_;
};

}  // namespace ddi::emit::wrappers
