// Clauses about other calls for the same object, before and after.
#include <fmt/format.h>

#include <algorithm>

#include "generator/emit/wrappers/planner.h"
#include "generator/text/escape.h"

namespace ddi::emit::wrappers {

using model::Rule;
namespace clause = facts::clause;

void Planner::add(const Rule& rule, const clause::PrecededBy& c) {
    auto ref = shown(c.object);
    if (ref && locks_.initializer_is_known(*ref, {}) && context_.are_seen(c.functions))
        before(Rank::preceded, rule, fmt::format("call.preceded_by({}, {});", constant(rule), name_object(*ref)), &*ref);
}

void Planner::add(const Rule& rule, const clause::FollowedBy& c) {
    // A lock that is still held is reported as that.
    if (!context_.are_seen(c.functions) || releases_it(c)) return;
    auto ref = shown(c.object);
    auto condition = condition_after(rule, ref ? &*ref : nullptr);
    if (!condition) return;
    // A call that failed did nothing that would have to be undone.
    if (condition->empty() && is_status(result_)) condition = success();
    push(false, Rank::notes, nullptr, *condition,
         fmt::format("call.followed_by({}, {}, {});", constant(rule), ref ? ref->key : "0", c.immediately));
    also_checked_.insert(&rule);
}

void Planner::add(const Rule& rule, const clause::AfterwardsOnly& c) {
    auto ref = shown(c.object);
    auto condition = ref ? condition_after(rule, &*ref) : std::nullopt;
    if (!condition) return;
    push(false, Rank::notes, nullptr, *condition, fmt::format("call.afterwards_only({}, {});", constant(rule), name_object(*ref)));
    also_checked_.insert(&rule);
}

void Planner::add(const Rule& rule, const clause::SetsState& c) {
    auto ref = locks_.object(api_, c.object);
    if (!ref || ref->per_thread || ref->key.empty()) return;
    auto condition = condition_after(rule, &*ref);
    if (!condition) return;
    if (condition->empty() && is_status(result_)) condition = success();
    push(false, Rank::notes, nullptr, *condition,
         fmt::format("call.sets_state({}, \"{}\");", ref->after_call ? ref->text() : name_object(*ref), text::escape_c_string(c.state)));
}

void Planner::add(const Rule& rule, const clause::ArgumentSame& c) {
    if (also_checked_.contains(&rule)) return;
    const auto* argument = parameter(c.parameter);
    if (argument == nullptr || !argument->array.empty() || !rules_of<clause::Release>(api_).empty()) return;
    if (context_.are_seen(c.functions) && context_.are_given(c, argument->type))
        before(Rank::same_argument, rule, fmt::format("call.argument_given({}, contract::key({}));", constant(rule), c.parameter));
}

/// Tags, counts and contexts that other functions' pages want to see again.
void Planner::add_given() {
    auto wanted = context_.wanted.find(api_.name);
    if (wanted == context_.wanted.end() || api_.kind != page::PageKind::function) return;
    for (const auto& want : wanted->second) {
        auto expression = given_expression(api_, want, locks_.types());
        if (!expression) continue;
        bool from_result = expression->find("result") != std::string::npos;
        std::string condition = acquisition_ != nullptr ? acquired_ : from_result || is_void() ? std::string() : success();
        push(false, Rank::notes, nullptr, condition, fmt::format("call.gives(\"{}\", contract::key({}));", want.name, *expression));
    }
}

void Planner::add_touches() {
    if (api_.kind != page::PageKind::function) return;
    auto asks = rules_of<clause::ReturnsValue>(api_);
    bool only_asks =
        rules_of<clause::SetsState>(api_).empty() && rules_of<clause::Acquire>(api_).empty() && rules_of<clause::Release>(api_).empty() &&
        std::any_of(asks.begin(), asks.end(), [](const Rule* rule) {
            const std::string& quantity = get<clause::ReturnsValue>(*rule)->quantity;
            return quantity == "current-state" || quantity == "hold-count" || quantity == "waiter-count" || quantity == "depth";
        });
    for (const auto& ref : locks_.objects(api_)) {
        if (auto first = context_.first_of.find(api_.name); first != context_.first_of.end() && first->second.contains(ref.domain))
            push(true, Rank::combined, nullptr, "", fmt::format("call.note_use({});", name_object(ref)));
        if (!context_.has_history(ref.domain)) continue;
        bool named = false;
        for (const auto& rule : api_.rules) {
            std::visit(
                [&](const auto& content) {
                    if constexpr (requires { content.object; }) {
                        auto object = locks_.object(api_, content.object);
                        named = named || (object && object->parameter == ref.parameter);
                    }
                },
                rule.clause.content);
        }
        // What a page says nothing about may be kept and changed at any time.
        const char* use = only_asks ? ", contract::Use::asks" : named ? "" : ", contract::Use::keeps";
        push(true, Rank::restricted, nullptr, "", fmt::format("call.touches({}{});", name_object(ref), use));
    }
}

void Planner::add(const Rule& rule, const clause::Pending& c) {
    auto status = comparison("result", "==", c.status, result_, locks_.types());
    if (is_void() || !status) return;
    auto request_types = context_.noted.find(c.before);
    if (request_types == context_.noted.end()) return;
    for (const auto& request : api_.signature->parameters) {
        if (!request_types->second.contains(type_of(request).base)) continue;
        push(false, Rank::result_effect, &rule, "",
             fmt::format("call.pending({}, {}, contract::key({}));", constant(rule), *status, request.name));
        return;
    }
}

void Planner::add_notes() {
    if (auto noted = context_.noted.find(api_.name); noted != context_.noted.end() && api_.kind == page::PageKind::function) {
        for (const auto& request : api_.signature->parameters) {
            if (!noted->second.contains(type_of(request).base)) continue;
            push(false, Rank::notes, nullptr, "", fmt::format("call.note(contract::key({}));", request.name));
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
        if (!ref || ref->per_thread || ref->after_call || ref->key.empty()) continue;
        push(true, Rank::combined, nullptr, "",
             fmt::format("call.not_combined(ddi_rules::{}::{}, {});", other->name, rule_constant(*other, *rule), name_object(*ref)));
        return;
    }
}

}  // namespace ddi::emit::wrappers
