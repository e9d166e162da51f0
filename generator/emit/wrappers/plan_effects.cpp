// Clauses that the implementation keeps: what is different after the call, and what it returns.
#include <fmt/format.h>

#include <algorithm>

#include "generator/emit/wrappers/planner.h"
#include "generator/text/escape.h"

namespace ddi::emit::wrappers {

using facts::Place;
using model::Rule;
namespace clause = facts::clause;

namespace {

const char* apcs_text(clause::Apcs apcs) { return apcs == clause::Apcs::all ? "contract::Apcs::all" : "contract::Apcs::normal"; }

}  // namespace

void Planner::add(const Rule& rule, const clause::Initialize& c) {
    auto ref = locks_.object(api_, c.object);
    if (!ref || ref->per_thread || ref->key.empty()) return;
    auto evaluation = evaluate(rule.clause.when, api_, locks_, nullptr);
    bool made = ref->key.find("(result)") != std::string::npos;
    std::string condition = evaluation && !evaluation->expression.empty() ? evaluation->expression
                            : made                                        ? "result != nullptr"
                            : is_status(result_)                          ? success()
                                                                          : std::string();
    // What has to be initialized already is made new again.
    auto required = rules_of<clause::RequiresInitialized>(api_);
    bool anew = std::any_of(required.begin(), required.end(), [&](const Rule* other) {
        auto own = locks_.object(api_, get<clause::RequiresInitialized>(*other)->object);
        return own && own->text() == ref->text();
    });
    ref->noun = locks_.initialized_noun(api_, *ref);
    push(false, Rank::init_effect, nullptr, condition,
         fmt::format("call.initialized{}({});", anew ? "_anew" : "", ref->after_call ? ref->text() : name_object(*ref)));
}

void Planner::add(const Rule&, const clause::Destroy& c) {
    if (auto ref = shown(c.object))
        push(false, Rank::init_effect, nullptr, is_status(result_) ? success() : std::string(),
             fmt::format("call.destroyed({});", name_object(*ref)));
}

void Planner::add(const Rule& rule, const clause::IrqlRaise& c) {
    std::string to = c.parameter.empty() ? level_expression(c.to) : c.parameter;
    if (!c.parameter.empty() && parameter(c.parameter) == nullptr) return;
    after(Rank::irql_effect, rule, fmt::format("call.raised({}, {});", constant(rule), to), true);
}

void Planner::add(const Rule& rule, const clause::IrqlSave& c) {
    auto value = stored(c.where);
    if (value) after(Rank::saved_effect, rule, guarded(c.where, fmt::format("call.saved({}, {});", constant(rule), *value)), true);
    if (value && acquisition_ == nullptr) gives_back();
}

void Planner::add(const Rule& rule, const clause::ReturnsPreviousIrql&) {
    if (is_void()) return;
    after(Rank::result_effect, rule, fmt::format("call.returns_previous_irql({}, result);", constant(rule)));
    if (acquisition_ == nullptr) gives_back();
}

void Planner::add(const Rule& rule, const clause::ReturnsCurrentIrql&) {
    if (!is_void()) after(Rank::result_effect, rule, fmt::format("call.returns_current_irql({}, result);", constant(rule)));
}

void Planner::add(const Rule& rule, const clause::IrqlRestore& c) {
    if (c.from.kind == Place::Kind::object || c.from.kind == Place::Kind::none) {
        if (!rules_of<clause::Release>(api_).empty()) after(Rank::irql_effect, rule, fmt::format("call.restored({});", constant(rule)));
        return;
    }
    auto value = stored(c.from);
    if (!value) return;
    after(Rank::irql_effect, rule, guarded(c.from, fmt::format("call.restored({}, {});", constant(rule), *value)));
    if (rules_of<clause::Release>(api_).empty() && rules_of<clause::IrqlRaise>(api_).empty())
        push(false, Rank::notes, nullptr, "", fmt::format("call.lowers({});", *value));
}

void Planner::add(const Rule& rule, const clause::IrqlUnchanged&) {
    after(Rank::irql_effect, rule, fmt::format("call.irql_unchanged({});", constant(rule)));
}

void Planner::add(const Rule& rule, const clause::ApcDisable& c) {
    std::string text = fmt::format("call.apcs_disabled({}, {});", constant(rule), apcs_text(c.apcs));
    // A wait takes whatever it is given; only locks of the kind that the page speaks of disable APCs.
    const auto* acquire = acquisition_ != nullptr ? get<clause::Acquire>(*acquisition_) : nullptr;
    auto many = acquire != nullptr ? locks_.array(api_, acquire->object) : std::nullopt;
    auto one = acquire != nullptr ? locks_.object(api_, acquire->object) : std::nullopt;
    std::string noun = many ? many->noun : one && one->only_known ? one->noun : std::string();
    if (!noun.empty()) text = fmt::format("if (call.took(\"{}\")) {}", text::escape_c_string(noun), text);
    after(Rank::apc_effect, rule, text, true);
}

void Planner::add(const Rule& rule, const clause::ApcEnable& c) {
    if (rules_of<clause::Release>(api_).empty())
        before(Rank::state, rule, fmt::format("call.enables_apcs({}, {});", constant(rule), apcs_text(c.apcs)));
    after(Rank::apc_effect, rule, fmt::format("call.apcs_enabled({}, {});", constant(rule), apcs_text(c.apcs)));
}

void Planner::add(const Rule& rule, const clause::Returns& c) {
    // "Returns TRUE" without a condition is one of several results unless the page lists no other.
    if (is_void() || (rule.clause.when.unconditional() && rules_of<clause::Returns>(api_).size() > 1)) return;
    auto evaluation = evaluate(rule.clause.when, api_, locks_, object_ ? &*object_ : nullptr);
    auto asks_result = [](const facts::Comparison& one) {
        return one.subject == facts::Comparison::Subject::result ||
               (one.subject == facts::Comparison::Subject::state && one.name == "wait");
    };
    // The result cannot be the reason for itself.
    if (!evaluation || std::any_of(rule.clause.when.all.begin(), rule.clause.when.all.end(), asks_result)) return;
    auto kept = comparison("result", "==", c.value, result_, locks_.types());
    if (!kept) return;
    std::optional<ObjectRef> ref;
    for (const auto& other : api_.rules) {
        if (const auto* acquire = get<clause::Acquire>(other)) ref = locks_.object(api_, acquire->object);
        if (const auto* release = get<clause::Release>(other)) ref = locks_.object(api_, release->object);
    }
    after(Rank::result_effect, rule, fmt::format("call.returns({}, {}, \"{}\");", constant(rule), *kept, text::escape_c_string(c.value)),
          false, ref ? &*ref : nullptr);
}

void Planner::add(const Rule& rule, const clause::ReturnsValue& c) {
    if (is_void() || result_.depth != 0 || !locks_.types().is_number(result_.base)) return;
    auto ref = c.object.noun.empty() && c.object.parameter.empty() ? object_ : shown(c.object);
    if (!ref || ref->per_thread || ref->key.empty() || ref->only_known) return;
    if (c.quantity == "hold-count" && !is_boolean(result_) && locks_.is_tracked(*ref) && locks_.initializer_is_known(*ref, {})) {
        after(Rank::result_effect, rule,
              fmt::format("call.returns_hold_count({}, {}, static_cast<std::uint64_t>(result));", constant(rule), name_object(*ref)), false,
              &*ref);
    }
    if ((c.quantity != "previous-state" && c.quantity != "current-state") || !context_.has_history(ref->domain)) return;
    auto condition = condition_after(rule, &*ref);
    if (!condition) return;
    std::string name = "signaled_" + rule_constant(api_, rule);
    captured_.push_back(fmt::format("const bool {} = call.state_is({}, \"signaled\");", name, name_object(*ref)));
    push(false, Rank::result_effect, &rule,
         fmt::format("{} && call.undisturbed({}){}", name, name_object(*ref), condition->empty() ? "" : " && " + *condition),
         fmt::format("call.returns({}, result != 0, \"anything but zero\");", constant(rule)));
}

std::optional<std::string> Planner::stored(const Place& place) const {
    if (place.kind == Place::Kind::result) return is_void() || result_.depth != 0 ? std::nullopt : std::optional<std::string>("result");
    const auto* where = parameter(place.parameter);
    if (where == nullptr) return std::nullopt;
    CType type = type_of(*where);
    if (!locks_.types().is_number(type.base)) return std::nullopt;
    if (place.kind == Place::Kind::parameter && type.depth == 0) return where->name;
    // Pages say "stored in OldIrql" of a pointer too.
    if ((place.kind == Place::Kind::pointee || place.kind == Place::Kind::parameter) && type.depth == 1) return "*" + where->name;
    return std::nullopt;
}

std::string Planner::guarded(const Place& place, std::string text) const {
    const auto* where = parameter(place.parameter);
    if (where == nullptr || !where->optional) return text;
    return fmt::format("if ({} != nullptr) {}", where->name, text);
}

void Planner::gives_back() {
    bool raises = !rules_of<clause::IrqlRaise>(api_).empty();
    bool known =
        std::any_of(statements_.begin(), statements_.end(), [](const Statement& s) { return s.text == "call.gives_irql_back();"; });
    if (raises && !known) push(false, Rank::notes, nullptr, "", "call.gives_irql_back();");
}

}  // namespace ddi::emit::wrappers
