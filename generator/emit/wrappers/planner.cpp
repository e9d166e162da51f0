// The order and conditions of a wrapper's statements; the clauses themselves are in plan_*.cpp, what the whole model must tell first is in
// checks.cpp.
#include "generator/emit/wrappers/planner.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "generator/text/escape.h"

namespace ddi::emit::wrappers {

using model::Api;
using model::Rule;
namespace clause = facts::clause;

Planner::Planner(const Api& api, const Context& context) : api_(context.effective(api)), context_(context), locks_(context.locks) {
    result_ = locks_.types().of(api_.signature->return_type);
    auto objects = locks_.objects(api_);
    if (!objects.empty()) object_ = objects.front();
    find_acquisition();
    for (const auto& rule : api_.rules) add(rule);
    // What a lowering function's page lists gives its caller the level to lower to, even if its own page forgets to say so.
    if (acquisition_ == nullptr && context.gives_irql_back.contains(api_.name)) gives_back();
    add_releases();
    add_foreign_recursion();
    add_touches();
    add_given();
    add_notes();
    std::stable_sort(statements_.begin(), statements_.end(), [](const Statement& a, const Statement& b) { return a.key() < b.key(); });
}

Plan Planner::plan() const {
    Plan plan;
    plan.objects = objects_;
    plan.captured = captured_;
    for (const auto& statement : statements_)
        (!statement.before ? plan.after : statement.rank == Rank::irql ? plan.entry : plan.before).push_back(statement.text);
    auto cites = [](const std::string& text) { return text.find("rule::") != std::string::npos; };
    plan.uses_rules = std::any_of(statements_.begin(), statements_.end(), [&](const Statement& s) { return cites(s.text); });
    return plan;
}

Checked Planner::when(const Rule& rule) const {
    for (const auto& statement : statements_) {
        if (statement.rule != nullptr && statement.rule->id == rule.id) return statement.before ? Checked::before : Checked::after;
    }
    bool also = std::any_of(also_checked_.begin(), also_checked_.end(), [&](const Rule* other) { return other->id == rule.id; });
    return also ? Checked::before : Checked::never;
}

const model::Parameter* Planner::parameter(const std::string& name) const {
    for (const auto& parameter : api_.signature->parameters) {
        if (parameter.name == name) return &parameter;
    }
    return nullptr;
}

std::string Planner::name_object(const ObjectRef& ref) {
    std::string text = ref.text();
    if (auto known = object_names_.find(text); known != object_names_.end()) return known->second;
    std::string name = text::to_identifier(ref.noun);
    while (std::any_of(object_names_.begin(), object_names_.end(), [&](const auto& entry) { return entry.second == name; }) ||
           is_taken(name))
        name += "_";
    object_names_[text] = name;
    // An aggregate is written as a declaration's own braces.
    constexpr std::string_view kType = "contract::Object";
    bool braces = text.starts_with(std::string(kType) + "{");
    objects_.push_back(fmt::format("const {} {}{};", kType, name, braces ? text.substr(kType.size()) : " = " + text));
    return name;
}

bool Planner::is_taken(const std::string& name) const {
    return name == "call" || name == "result" || name == "rule" || parameter(name) != nullptr;
}

void Planner::push(bool before, Rank rank, const Rule* rule, const std::string& condition, const std::string& text) {
    Statement statement{before, rank, !condition.empty(), statements_.size(), text, rule};
    if (!condition.empty()) statement.text = fmt::format("if ({}) {}", condition, text);
    statements_.push_back(std::move(statement));
}

void Planner::before(Rank rank, const Rule& rule, const std::string& text, const ObjectRef* object) {
    if (object == nullptr && object_) object = &*object_;
    auto evaluation = evaluate(rule.clause.when, api_, locks_, object);
    if (!evaluation || evaluation->needs_result) return;
    push(true, rank, &rule, evaluation->expression, text);
}

std::optional<std::string> Planner::condition_after(const Rule& rule, const ObjectRef* object) {
    if (object == nullptr && object_) object = &*object_;
    auto evaluation = evaluate(rule.clause.when, api_, locks_, object);
    if (!evaluation) return std::nullopt;
    if (!evaluation->before_only) return evaluation->expression;
    std::string name = "when_" + rule_constant(api_, rule);
    std::string text = fmt::format("const bool {} = {};", name, evaluation->expression);
    if (std::find(captured_.begin(), captured_.end(), text) == captured_.end()) captured_.push_back(text);
    return evaluation->still.empty() ? name : name + " && " + evaluation->still;
}

void Planner::after(Rank rank, const Rule& rule, const std::string& text, bool on_success, const ObjectRef* object) {
    auto condition = condition_after(rule, object);
    if (!condition) return;
    if (on_success && !acquired_.empty()) {
        // The effect's own condition may be a part of the acquisition's.
        bool part = condition->empty() || *condition == acquired_ || acquired_.starts_with(*condition + " && ");
        condition = part ? acquired_ : acquired_ + " && " + *condition;
    }
    push(false, rank, &rule, *condition, text);
}

std::string Planner::success() const {
    if (is_void()) return {};
    if (is_boolean(result_)) return "result != 0";
    if (is_status(result_)) return "result == 0";
    return {};
}

std::optional<ObjectRef> Planner::shown(const facts::Object& object) const {
    auto ref = locks_.object(api_, object);
    if (!ref || ref->per_thread || ref->after_call || ref->key.empty()) return std::nullopt;
    return ref;
}

Plan plan_checks(const Api& api, const Context& context) { return Planner(api, context).plan(); }

Checked checked(const Api& api, const Rule& rule, const Context& context) {
    if (!is_wrappable(api)) return Checked::never;
    for (const auto& [domain, foreign] : context.recursion) {
        if (foreign.second->id == rule.id) return context.locks.is_acquired(domain) ? Checked::before : Checked::never;
    }
    return Planner(api, context).when(rule);
}

}  // namespace ddi::emit::wrappers
