// The statements of one wrapper; what the whole model must tell first is in checks.cpp.
#include "generator/emit/wrappers/checks.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>

#include "generator/emit/wrappers/conditions.h"
#include "generator/text/escape.h"

namespace ddi::emit::wrappers {

using model::Api;
using model::Rule;
namespace clause = facts::clause;
using facts::Place;

namespace {

// Precedence within a phase; contract.h documents it.
enum Rank {
    irql,
    held_on_entry,
    apcs,
    initialized,
    combined,
    state,
    recursion,
    arguments,
    waiting,
    init_effect,
    hold_effect,
    irql_effect,
    saved_effect,
    apc_effect,
    result_effect,
    memory
};

struct Statement {
    bool before = true;
    int rank = 0;
    bool conditional = false;
    std::size_t order = 0;
    std::string text;
    const Rule* rule = nullptr;
    auto key() const { return std::tie(rank, conditional, order); }
};

template <class Content>
const Content* get(const Rule& rule) {
    return std::get_if<Content>(&rule.clause.content);
}

template <class Content>
std::vector<const Rule*> rules_of(const Api& api) {
    std::vector<const Rule*> found;
    for (const auto& rule : api.rules) {
        if (get<Content>(rule) != nullptr) found.push_back(&rule);
    }
    return found;
}

const char* apcs_text(clause::Apcs apcs) { return apcs == clause::Apcs::all ? "contract::Apcs::all" : "contract::Apcs::normal"; }

class Planner {
  public:
    Planner(const Api& api, const Context& context) : api_(context.effective(api)), context_(context), locks_(context.locks) {
        result_ = locks_.types().of(api_.signature->return_type);
        find_acquisition();
        for (const auto& rule : api_.rules) add(rule);
        // What a lowering function's page lists gives its caller the level to lower to, even if its own page forgets to say so.
        if (acquisition_ == nullptr && context.gives_irql_back.contains(api_.name)) gives_back();
        add_release();
        add_foreign_recursion();
        add_notes();
        std::stable_sort(statements_.begin(), statements_.end(), [](const Statement& a, const Statement& b) { return a.key() < b.key(); });
    }

    Plan plan() const {
        Plan plan;
        plan.objects = objects_;
        plan.captured = captured_;
        for (const auto& statement : statements_)
            (!statement.before ? plan.after : statement.rank == irql ? plan.entry : plan.before).push_back(statement.text);
        plan.uses_rules = std::any_of(statements_.begin(), statements_.end(),
                                      [](const Statement& s) { return s.text.find("rule::") != std::string::npos; });
        return plan;
    }

    Checked when(const Rule& rule) const {
        for (const auto& statement : statements_) {
            if (statement.rule != nullptr && statement.rule->id == rule.id) return statement.before ? Checked::before : Checked::after;
        }
        bool also = std::any_of(also_checked_.begin(), also_checked_.end(), [&](const Rule* other) { return other->id == rule.id; });
        return also ? Checked::before : Checked::never;
    }

  private:
    std::string constant(const Rule& rule) const { return "rule::" + rule_constant(api_, rule); }
    bool is_void() const { return result_.base == "void" && result_.depth == 0; }

    /// The variable that holds the object; one for each different object.
    std::string name_object(const ObjectRef& ref) {
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
    bool is_taken(const std::string& name) const {
        return name == "call" || name == "result" || name == "acquired" ||
               std::any_of(api_.signature->parameters.begin(), api_.signature->parameters.end(),
                           [&](const auto& p) { return p.name == name; });
    }

    void push(bool before, int rank, const Rule* rule, const std::string& condition, const std::string& text) {
        Statement statement{before, rank, !condition.empty(), statements_.size(), text, rule};
        if (!condition.empty()) statement.text = fmt::format("if ({}) {}", condition, text);
        statements_.push_back(std::move(statement));
    }

    /// Before the call; nothing if the condition cannot be known then.
    void before(int rank, const Rule& rule, const std::string& text, const ObjectRef* object = nullptr) {
        auto evaluation = evaluate(rule.clause.when, api_, locks_, object);
        if (!evaluation || evaluation->needs_result) return;
        push(true, rank, &rule, evaluation->expression, text);
    }

    /// After the call. `on_success`: only if this call acquired the lock.
    void after(int rank, const Rule& rule, const std::string& text, bool on_success = false, const ObjectRef* object = nullptr) {
        auto evaluation = evaluate(rule.clause.when, api_, locks_, object);
        if (!evaluation) return;
        std::string condition = evaluation->expression;
        if (evaluation->before_only) {
            std::string name = "when_" + rule_constant(api_, rule);
            captured_.push_back(fmt::format("const bool {} = {};", name, condition));
            condition = name;
        }
        if (on_success && !acquired_.empty()) {
            // The effect's own condition may be a part of the acquisition's.
            bool part = condition.empty() || condition == acquired_ || acquired_.starts_with(condition + " && ");
            condition = part ? acquired_ : acquired_ + " && " + condition;
        }
        push(false, rank, &rule, condition, text);
    }

    std::string success() const {
        if (is_void()) return {};
        if (is_boolean(result_)) return "result != 0";
        if (is_status(result_)) return "result == 0";
        return {};
    }

    /// When the call has taken the lock, as far as arguments and result tell. A condition in words only: the result says enough.
    std::string acquisition_condition(const Rule& rule, const ObjectRef& ref) {
        std::vector<std::string> parts;
        auto evaluation = evaluate(rule.clause.when, api_, locks_, &ref);
        bool says_result = evaluation && evaluation->needs_result;
        if (evaluation && !evaluation->expression.empty() && !evaluation->before_only) parts.push_back(evaluation->expression);
        bool may_fail = get<clause::Acquire>(rule)->attempt || is_status(result_);
        if (!says_result && may_fail && !success().empty()) parts.push_back(success());
        if (ref.only_known) parts.push_back(fmt::format("call.is_known({})", name_object(ref)));
        return fmt::format("{}", fmt::join(parts, " && "));
    }

    void find_acquisition() {
        auto acquisitions = rules_of<clause::Acquire>(api_);
        for (const Rule* rule : acquisitions) {
            auto ref = locks_.object(api_, get<clause::Acquire>(*rule)->object);
            if (!ref || ref->after_call) continue;
            acquisition_ = rule;
            // With one acquisition, its condition is that of its effects too; with several (by mode), only the result is common.
            acquired_ = acquisitions.size() == 1               ? acquisition_condition(*rule, *ref)
                        : get<clause::Acquire>(*rule)->attempt ? success()
                                                               : std::string();
        }
    }

    void add(const Rule& rule) {
        std::visit([&](const auto& content) { add(rule, content); }, rule.clause.content);
    }

    template <class Content>
    void add(const Rule&, const Content&) {}  // documented, not checked
    void add(const Rule& rule, const clause::IrqlEntry& c) {
        // "Any level" cannot be broken.
        if (!c.allowed.empty() && c.allowed != facts::LevelSet::all())
            before(irql, rule, fmt::format("call.entry_irql({}, {});", constant(rule), levels_expression(c.allowed)));
    }
    void add(const Rule& rule, const clause::RequiresApcsDisabled& c) {
        before(apcs, rule, fmt::format("call.requires_apcs_disabled({}, {});", constant(rule), apcs_text(c.apcs)));
    }
    void add(const Rule& rule, const clause::RequiresInitialized& c) {
        auto ref = locks_.object(api_, c.object);
        if (!ref || ref->per_thread || ref->after_call || ref->key.empty() || !locks_.initializer_is_known(*ref, c.by)) return;
        before(initialized, rule, fmt::format("call.requires_initialized({}, {});", constant(rule), name_object(*ref)), &*ref);
    }
    void add(const Rule& rule, const clause::NotCombined& c) {
        auto ref = locks_.object(api_, c.object);
        if (ref && !ref->per_thread && !ref->after_call && !ref->key.empty())
            before(combined, rule, fmt::format("call.not_combined({}, {});", constant(rule), name_object(*ref)));
    }
    void add(const Rule& rule, const clause::Recursion& c) {
        auto ref = locks_.object(api_, c.object);
        if (c.rule != clause::RecursionRule::deadlock || !ref || acquisition_ == nullptr) return;
        before(recursion, rule, fmt::format("call.recursion_deadlocks({}, {});", constant(rule), name_object(*ref)), &*ref);
    }
    void add(const Rule& rule, const clause::Owner& c) {
        if (!rules_of<clause::Release>(api_).empty()) return;  // part of the release
        if (auto ref = locks_.object(api_, c.object); ref && !ref->after_call)
            before(state, rule, fmt::format("call.owner({}, {});", constant(rule), name_object(*ref)), &*ref);
    }
    void add(const Rule& rule, const clause::HeldOnEntry& c) {
        auto ref = locks_.object(api_, c.object);
        ObjectRef any;
        any.noun = any.domain = c.object.noun;
        if (ref && (ref->per_thread || ref->after_call)) ref.reset();
        before(held_on_entry, rule, fmt::format("call.held_on_entry({}, {});", constant(rule), name_object(ref ? *ref : any)));
    }
    void add(const Rule& rule, const clause::Argument& c) {
        auto parameter = std::find_if(api_.signature->parameters.begin(), api_.signature->parameters.end(),
                                      [&](const auto& p) { return p.name == c.parameter; });
        if (parameter == api_.signature->parameters.end()) return;
        CType type = locks_.types().of(parameter->type);
        if (type.depth != 0 || !locks_.types().is_scalar(type.base)) return;
        if (!c.op.empty()) {
            if (c.op == ">=" || c.op == "<=" || c.op == "==")
                before(arguments, rule, fmt::format("call.argument_irql({}, {}, \"{}\");", constant(rule), c.parameter, c.op));
            return;
        }
        bool releases = !rules_of<clause::Release>(api_).empty();
        before(arguments, rule, fmt::format("call.argument_{}({}, {});", releases ? "saved" : "raised", constant(rule), c.parameter));
    }
    void add(const Rule& rule, const clause::Waits& c) {
        // Where a page states the entry IRQL, that is the rule; spinning at a raised IRQL is what spin locks are for.
        bool spins = c.object.noun.find("spin") != std::string::npos;
        if (c.waits && !spins && rules_of<clause::IrqlEntry>(api_).empty() && rules_of<clause::IrqlRaise>(api_).empty())
            before(waiting, rule, fmt::format("call.waits({});", constant(rule)));
    }

    void add(const Rule& rule, const clause::Initialize& c) {
        auto ref = locks_.object(api_, c.object);
        if (!ref || ref->per_thread || ref->key.empty()) return;
        auto evaluation = evaluate(rule.clause.when, api_, locks_, nullptr);
        std::string condition = evaluation && !evaluation->expression.empty() ? evaluation->expression
                                : is_status(result_)                          ? success()
                                                                              : std::string();
        push(false, init_effect, nullptr, condition,
             fmt::format("call.initialized({});", ref->after_call ? ref->text() : name_object(*ref)));
    }
    void add(const Rule&, const clause::Destroy& c) {
        auto ref = locks_.object(api_, c.object);
        if (!ref || ref->per_thread || ref->after_call || ref->key.empty()) return;
        push(false, init_effect, nullptr, is_status(result_) ? success() : std::string(),
             fmt::format("call.destroyed({});", name_object(*ref)));
    }
    void add(const Rule& rule, const clause::Acquire& c) {
        auto ref = locks_.object(api_, c.object);
        if (!ref || ref->after_call || !locks_.is_tracked(*ref)) return;
        const Rule* with = nullptr;
        for (const Rule* other : rules_of<clause::ReleaseWith>(api_)) {
            if (get<clause::ReleaseWith>(*other)->object.noun == c.object.noun || with == nullptr) with = other;
        }
        std::string mode = c.mode == facts::Mode::shared ? ", contract::Mode::shared" : "";
        std::string text = fmt::format("call.acquired({}, {}, {}{});", constant(rule), with != nullptr ? "&" + constant(*with) : "nullptr",
                                       name_object(*ref), mode);
        if (with != nullptr) also_checked_.insert(with);
        push(false, hold_effect, &rule, acquisition_condition(rule, *ref), text);
    }
    void add(const Rule&, const clause::Release&) {}  // add_release
    void add(const Rule&, const clause::Releases&) {}
    void add(const Rule&, const clause::ReleasesNot&) {}
    void add(const Rule&, const clause::ReleaseWith&) {}  // kept with the hold
    void add(const Rule&, const clause::SameObject&) {}   // part of the key

    void add(const Rule& rule, const clause::IrqlRaise& c) {
        std::string to = c.parameter.empty() ? level_expression(c.to) : c.parameter;
        after(irql_effect, rule, fmt::format("call.raised({}, {});", constant(rule), to), true);
    }
    void add(const Rule& rule, const clause::IrqlSave& c) {
        auto value = stored(c.where);
        if (value) after(saved_effect, rule, guarded(c.where, fmt::format("call.saved({}, {});", constant(rule), *value)), true);
        if (value && acquisition_ == nullptr) gives_back();
    }
    void add(const Rule& rule, const clause::ReturnsPreviousIrql&) {
        if (is_void()) return;
        after(result_effect, rule, fmt::format("call.returns_previous_irql({}, result);", constant(rule)));
        if (acquisition_ == nullptr) gives_back();
    }
    void add(const Rule& rule, const clause::ReturnsCurrentIrql&) {
        if (!is_void()) after(result_effect, rule, fmt::format("call.returns_current_irql({}, result);", constant(rule)));
    }
    void add(const Rule& rule, const clause::IrqlRestore& c) {
        if (c.from.kind == Place::Kind::object || c.from.kind == Place::Kind::none) {
            if (!rules_of<clause::Release>(api_).empty()) after(irql_effect, rule, fmt::format("call.restored({});", constant(rule)));
            return;
        }
        auto value = stored(c.from);
        if (!value) return;
        after(irql_effect, rule, guarded(c.from, fmt::format("call.restored({}, {});", constant(rule), *value)));
        if (rules_of<clause::Release>(api_).empty() && rules_of<clause::IrqlRaise>(api_).empty())
            push(false, memory, nullptr, "", fmt::format("call.lowers({});", *value));
    }
    void add(const Rule& rule, const clause::IrqlUnchanged&) {
        after(irql_effect, rule, fmt::format("call.irql_unchanged({});", constant(rule)));
    }
    void add(const Rule& rule, const clause::ApcDisable& c) {
        after(apc_effect, rule, fmt::format("call.apcs_disabled({}, {});", constant(rule), apcs_text(c.apcs)), true);
    }
    void add(const Rule& rule, const clause::ApcEnable& c) {
        if (rules_of<clause::Release>(api_).empty())
            before(state, rule, fmt::format("call.enables_apcs({}, {});", constant(rule), apcs_text(c.apcs)));
        after(apc_effect, rule, fmt::format("call.apcs_enabled({}, {});", constant(rule), apcs_text(c.apcs)));
    }
    void add(const Rule& rule, const clause::Returns& c) {
        // "Returns TRUE" without a condition is one of several results unless the page lists no other.
        if (is_void() || (rule.clause.when.unconditional() && rules_of<clause::Returns>(api_).size() > 1)) return;
        auto kept = comparison("result", "==", c.value, result_, locks_.types());
        if (!kept) return;
        std::optional<ObjectRef> ref;
        for (const auto& other : api_.rules) {
            if (const auto* acquire = get<clause::Acquire>(other)) ref = locks_.object(api_, acquire->object);
            if (const auto* release = get<clause::Release>(other)) ref = locks_.object(api_, release->object);
        }
        after(result_effect, rule, fmt::format("call.returns({}, {}, \"{}\");", constant(rule), *kept, text::escape_c_string(c.value)),
              false, ref ? &*ref : nullptr);
    }
    void add(const Rule& rule, const clause::Pending& c) {
        auto status = comparison("result", "==", c.status, result_, locks_.types());
        if (is_void() || !status) return;
        auto request_types = context_.noted.find(c.before);
        if (request_types == context_.noted.end()) return;
        for (const auto& parameter : api_.signature->parameters) {
            if (!request_types->second.contains(locks_.types().of(parameter.type).base)) continue;
            push(false, result_effect, &rule, "",
                 fmt::format("call.pending({}, {}, contract::key({}));", constant(rule), *status, parameter.name));
            return;
        }
    }

    std::optional<std::string> stored(const Place& place) const {
        if (place.kind == Place::Kind::result) return is_void() || result_.depth != 0 ? std::nullopt : std::optional<std::string>("result");
        auto parameter = std::find_if(api_.signature->parameters.begin(), api_.signature->parameters.end(),
                                      [&](const auto& p) { return p.name == place.parameter; });
        if (parameter == api_.signature->parameters.end()) return std::nullopt;
        CType type = locks_.types().of(parameter->type);
        if (!locks_.types().is_scalar(type.base)) return std::nullopt;
        if (place.kind == Place::Kind::parameter && type.depth == 0) return parameter->name;
        // Pages say "stored in OldIrql" of a pointer too.
        if ((place.kind == Place::Kind::pointee || place.kind == Place::Kind::parameter) && type.depth == 1) return "*" + parameter->name;
        return std::nullopt;
    }
    std::string guarded(const Place& place, std::string text) const {
        auto parameter = std::find_if(api_.signature->parameters.begin(), api_.signature->parameters.end(),
                                      [&](const auto& p) { return p.name == place.parameter; });
        if (parameter == api_.signature->parameters.end() || !parameter->optional) return text;
        return fmt::format("if ({} != nullptr) {}", parameter->name, text);
    }
    void gives_back() {
        bool raises = !rules_of<clause::IrqlRaise>(api_).empty();
        if (!raises ||
            std::any_of(statements_.begin(), statements_.end(), [](const Statement& s) { return s.text == "call.gives_irql_back();"; }))
            return;
        push(false, memory, nullptr, "", "call.gives_irql_back();");
    }

    void add_release();
    void add_foreign_recursion();
    void add_notes();

    const Api& api_;
    const Context& context_;
    const Locks& locks_;
    CType result_;
    const Rule* acquisition_ = nullptr;
    std::string acquired_;  // expression after the call: this call took the lock; empty: always
    std::vector<Statement> statements_;
    std::vector<std::string> objects_;
    std::vector<std::string> captured_;
    std::map<std::string, std::string> object_names_;
    std::set<const Rule*> also_checked_;
};

void Planner::add_release() {
    for (const Rule* rule : rules_of<clause::Release>(api_)) {
        const auto& content = *get<clause::Release>(*rule);
        auto ref = locks_.object(api_, content.object);
        if (!ref || ref->after_call || !locks_.is_tracked(*ref)) continue;
        std::string fields = ".release = " + constant(*rule);
        auto attach = [&](const char* field, const std::vector<const Rule*>& others, auto object_of) {
            for (const Rule* other : others) {
                const facts::Object& object = object_of(*other);
                bool same = object.noun == content.object.noun || object.parameter == content.object.parameter ||
                            rules_of<clause::Release>(api_).size() == 1;
                auto evaluation = evaluate(other->clause.when, api_, locks_, &*ref);
                if (!same || !evaluation || !evaluation->expression.empty()) continue;
                fields += fmt::format(", .{} = &{}", field, constant(*other));
                also_checked_.insert(other);
                return;
            }
        };
        attach("releases", rules_of<clause::Releases>(api_),
               [](const Rule& r) -> const facts::Object& { return get<clause::Releases>(r)->object; });
        attach("releases_not", rules_of<clause::ReleasesNot>(api_),
               [](const Rule& r) -> const facts::Object& { return get<clause::ReleasesNot>(r)->object; });
        attach("owner", rules_of<clause::Owner>(api_), [](const Rule& r) -> const facts::Object& { return get<clause::Owner>(r)->object; });
        if (locks_.modes_matter(content.object.noun))
            fields += content.mode == facts::Mode::shared ? ", .mode = contract::Mode::shared" : ", .mode = contract::Mode::exclusive";
        before(state, *rule, fmt::format("call.releases({{{}}}, {});", fields, name_object(*ref)), &*ref);
    }
}

/// The page that initializes the lock may say for all who acquire it that nobody may do so twice.
void Planner::add_foreign_recursion() {
    if (acquisition_ == nullptr || get<clause::Acquire>(*acquisition_)->attempt || !rules_of<clause::Recursion>(api_).empty()) return;
    auto ref = locks_.object(api_, get<clause::Acquire>(*acquisition_)->object);
    auto found = ref ? context_.recursion.find(ref->domain) : context_.recursion.end();
    if (found == context_.recursion.end() || found->second.first->header.value != api_.header.value || !locks_.is_tracked(*ref)) return;
    const auto& [page, rule] = found->second;
    push(true, recursion, nullptr, "",
         fmt::format("call.recursion_deadlocks(ddi_rules::{}::{}, {});", page->name, rule_constant(*page, *rule), name_object(*ref)));
}

void Planner::add_notes() {
    if (auto noted = context_.noted.find(api_.name); noted != context_.noted.end() && api_.kind == page::PageKind::function) {
        for (const auto& parameter : api_.signature->parameters) {
            if (!noted->second.contains(locks_.types().of(parameter.type).base)) continue;
            push(false, memory, nullptr, "", fmt::format("call.note(contract::key({}));", parameter.name));
            break;
        }
    }
    auto partners = context_.partners.find(api_.name);
    if (partners == context_.partners.end() || !rules_of<clause::NotCombined>(api_).empty()) return;
    for (const auto& [other, rule] : partners->second) {
        if (other->header.value != api_.header.value) continue;
        std::optional<ObjectRef> ref;
        for (const auto& own : api_.rules) {
            if (ref) break;
            if (const auto* acquire = get<clause::Acquire>(own)) ref = locks_.object(api_, acquire->object);
            if (const auto* release = get<clause::Release>(own)) ref = locks_.object(api_, release->object);
        }
        if (!ref) ref = locks_.object(api_, get<clause::NotCombined>(*rule)->object);
        if (!ref || ref->per_thread || ref->key.empty()) continue;
        push(true, combined, nullptr, "",
             fmt::format("call.not_combined(ddi_rules::{}::{}, {});", other->name, rule_constant(*other, *rule), name_object(*ref)));
        return;
    }
}

}  // namespace

Plan plan_checks(const Api& api, const Context& context) { return Planner(api, context).plan(); }

Checked checked(const Api& api, const Rule& rule, const Context& context) {
    if (!is_wrappable(api)) return Checked::never;
    for (const auto& [domain, foreign] : context.recursion) {
        if (foreign.second->id == rule.id) return context.locks.is_acquired(domain) ? Checked::before : Checked::never;
    }
    return Planner(api, context).when(rule);
}

}  // namespace ddi::emit::wrappers
