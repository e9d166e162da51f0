// Clauses about holding locks: taking them, giving them back, needing them.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <sstream>

#include "generator/emit/wrappers/planner.h"
#include "generator/text/escape.h"

namespace ddi::emit::wrappers {

using model::Rule;
namespace clause = facts::clause;

namespace {

const char* mode_text(facts::Mode mode) { return mode == facts::Mode::shared ? "contract::Mode::shared" : "contract::Mode::exclusive"; }

}  // namespace

/// When the call has taken the lock, as far as arguments and result tell. A condition in words only: the result says enough.
std::string Planner::acquisition_condition(const Rule& rule, const ObjectRef& ref) {
    std::vector<std::string> parts;
    auto evaluation = evaluate(rule.clause.when, api_, locks_, &ref);
    bool says_result = evaluation && evaluation->needs_result;
    if (evaluation && !evaluation->expression.empty() && !evaluation->of_state) {
        if (auto condition = condition_after(rule, &ref)) parts.push_back(*condition);
    }
    bool may_fail = get<clause::Acquire>(rule)->attempt || is_status(result_) || is_boolean(result_);
    if (!says_result && may_fail && !success().empty()) parts.push_back(success());
    if (ref.only_known) parts.push_back(fmt::format("call.is_known({})", name_object(ref)));
    return fmt::format("{}", fmt::join(parts, " && "));
}

void Planner::find_acquisition() {
    auto acquisitions = rules_of<clause::Acquire>(api_);
    for (const Rule* rule : acquisitions) {
        const auto& content = *get<clause::Acquire>(*rule);
        if (auto many = locks_.array(api_, content.object); many && locks_.is_tracked(*many)) {
            acquisition_ = rule;
            acquired_ = "call.took_lock()";
            continue;
        }
        auto ref = locks_.object(api_, content.object);
        if (!ref || ref->after_call) continue;
        // A region beside a lock is taken whatever becomes of the lock.
        if (acquisition_ != nullptr && ref->per_thread) continue;
        acquisition_ = rule;
        // With one acquisition, its condition is that of its effects too; with several (by mode), only the result is common.
        bool may_fail = content.attempt || is_boolean(result_) || is_status(result_);
        acquired_ = acquisitions.size() == 1 ? acquisition_condition(*rule, *ref) : may_fail ? success() : std::string();
    }
}

/// Nobody can say whether the call does it, so nobody knows from then on who holds the lock.
bool Planner::loses(const Rule& rule, const ObjectRef& ref) const {
    const auto& when = rule.clause.when;
    if (when.unconditional()) return false;
    auto evaluation = evaluate(when, api_, locks_, &ref);
    if (evaluation) return false;
    const auto* acquire = get<clause::Acquire>(rule);
    bool others = rules_of<clause::Acquire>(api_).size() > 1;
    // "If the mutex is free": the result says whether it was.
    return acquire == nullptr || success().empty() || others;
}

bool Planner::releases_it(const clause::FollowedBy& c) const {
    auto ref = locks_.object(api_, c.object);
    return ref && acquisition_ != nullptr &&
           std::any_of(c.functions.begin(), c.functions.end(), [&](const std::string& name) { return locks_.releases(name, ref->domain); });
}

void Planner::add(const Rule& rule, const clause::Acquire& c) {
    const Rule* with = nullptr;
    for (const Rule* other : rules_of<clause::ReleaseWith>(api_)) {
        if (get<clause::ReleaseWith>(*other)->object.noun == c.object.noun || with == nullptr) with = other;
    }
    // "Each call must be followed by a call of the release" says the same.
    for (const Rule* other : rules_of<clause::FollowedBy>(api_)) {
        const auto& next = *get<clause::FollowedBy>(*other);
        if (with == nullptr && other->clause.when.unconditional() && releases_it(next)) with = other;
    }
    std::string release_with = with != nullptr ? "&" + constant(*with) : "nullptr";
    if (auto many = locks_.array(api_, c.object); many && locks_.is_tracked(*many) && is_status(result_)) {
        // STATUS_WAIT_0 and STATUS_ABANDONED_WAIT_0 count the objects.
        std::string text =
            fmt::format("call.acquired_among({}, {}, {{\"{}\", \"{}\"}}, {}, {}, {}, static_cast<std::size_t>(result & 0x3F));",
                        constant(rule), release_with, text::escape_c_string(many->domain), text::escape_c_string(many->noun), many->objects,
                        many->count, many->all.empty() ? "false" : many->all);
        if (with != nullptr) also_checked_.insert(with);
        push(false, Rank::hold_effect, &rule, "(static_cast<unsigned>(result) & ~0xBFU) == 0", text);
        return;
    }
    auto ref = locks_.object(api_, c.object);
    if (!ref || ref->after_call || !locks_.is_tracked(*ref)) return;
    if (loses(rule, *ref)) {
        if (!ref->per_thread) push(false, Rank::hold_effect, nullptr, "", fmt::format("call.loses({});", name_object(*ref)));
        return;
    }
    // Nobody waits in an attempt; a call that says whether it succeeded waits only if its page says so.
    auto waits = rules_of<clause::Waits>(api_);
    bool may_wait = std::any_of(waits.begin(), waits.end(), [](const Rule* r) { return get<clause::Waits>(*r)->waits; });
    bool attempt = c.attempt || (is_boolean(result_) && !may_wait);
    std::string units = locks_.units(api_, *ref);
    std::vector<std::string> how;
    if (attempt) how.push_back(".attempt = true");
    if (!units.empty()) how.push_back(".units = static_cast<std::size_t>(" + units + ")");
    std::string mode = c.mode == facts::Mode::shared || !how.empty() ? fmt::format(", {}", mode_text(c.mode)) : "";
    if (!how.empty()) mode += fmt::format(", {{{}}}", fmt::join(how, ", "));
    if (with != nullptr) also_checked_.insert(with);
    std::string text = fmt::format("call.acquired({}, {}, {}{});", constant(rule), release_with, name_object(*ref), mode);
    push(false, Rank::hold_effect, &rule, acquisition_condition(rule, *ref), text);
    // Who ended with the lock in its hands left it to the waiter all the same.
    if (ref->only_known && is_status(result_)) push(false, Rank::hold_effect, nullptr, "result == 0x80 /* STATUS_ABANDONED */", text);
}

void Planner::add_releases() {
    for (const Rule* rule : rules_of<clause::Release>(api_)) add_release(*rule);
}

void Planner::add_release(const Rule& rule) {
    const auto& content = *get<clause::Release>(rule);
    auto ref = locks_.object(api_, content.object);
    if (!ref || ref->after_call || !locks_.is_tracked(*ref)) return;
    auto own = evaluate(rule.clause.when, api_, locks_, &*ref);
    if (!own || own->needs_result || own->of_state) {
        if (!ref->per_thread) push(false, Rank::hold_effect, nullptr, "", fmt::format("call.loses({});", name_object(*ref)));
        return;
    }
    std::string fields = ".release = " + constant(rule);
    bool only = rules_of<clause::Release>(api_).size() == 1;
    auto attach = [&](const char* field, const std::vector<const Rule*>& others, auto object_of) {
        for (const Rule* other : others) {
            const facts::Object& object = object_of(*other);
            bool same = object.noun == content.object.noun || object.parameter == content.object.parameter || only;
            auto evaluation = evaluate(other->clause.when, api_, locks_, &*ref);
            if (!same || !evaluation || !evaluation->expression.empty()) continue;
            fields += fmt::format(", .{} = &{}", field, constant(*other));
            also_checked_.insert(other);
            return;
        }
    };
    using facts::Object;
    attach("releases", rules_of<clause::Releases>(api_), [](const Rule& r) -> const Object& { return get<clause::Releases>(r)->object; });
    attach("releases_not", rules_of<clause::ReleasesNot>(api_),
           [](const Rule& r) -> const Object& { return get<clause::ReleasesNot>(r)->object; });
    attach("owner", rules_of<clause::Owner>(api_), [](const Rule& r) -> const Object& { return get<clause::Owner>(r)->object; });
    if (locks_.modes_matter(api_, ref->noun)) fields += fmt::format(", .mode = {}", mode_text(content.mode));
    for (const Rule* other : rules_of<clause::ArgumentSame>(api_)) {
        const auto& same = *get<clause::ArgumentSame>(*other);
        const auto* argument = parameter(same.parameter);
        // That the lock itself (or its handle) is the same one is what makes it the matching acquisition.
        bool is_lock = same.parameter == ref->parameter || ref->handle == fmt::format("contract::key({})", same.parameter);
        if (argument == nullptr || is_lock || !other->clause.when.unconditional() || ref->per_thread ||
            !context_.are_given(same, argument->type))
            continue;
        fields += fmt::format(", .same = {{&{}, \"{}\", contract::key({})}}", constant(*other), same.parameter, same.parameter);
        also_checked_.insert(other);
        break;
    }
    attach("same_processor", rules_of<clause::SameProcessor>(api_),
           [](const Rule& r) -> const Object& { return get<clause::SameProcessor>(r)->object; });
    attach("same_irql", rules_of<clause::SameIrql>(api_), [](const Rule& r) -> const Object& { return get<clause::SameIrql>(r)->object; });
    if (auto units = locks_.units(api_, *ref); !units.empty()) fields += fmt::format(", .units = static_cast<std::size_t>({})", units);
    for (const auto& other : api_.signature->parameters) {
        bool names_thread = other.name.find("Thread") != std::string::npos || other.type.find("THREAD") != std::string::npos;
        if (names_thread && other.name != content.object.parameter) fields += ", .for_thread = true";
    }
    std::string condition = own->expression, refused = refused_arguments();
    if (!refused.empty()) condition = condition.empty() ? fmt::format("!({})", refused) : fmt::format("({}) && !({})", condition, refused);
    push(true, Rank::state, &rule, condition, fmt::format("call.releases({{{}}}, {});", fields, name_object(*ref)));
}

/// Arguments for which the page promises an error: such a call does nothing else.
std::string Planner::refused_arguments() const {
    std::string refused;
    for (const Rule* rule : rules_of<clause::Returns>(api_)) {
        const auto& value = get<clause::Returns>(*rule)->value;
        auto evaluation = evaluate(rule->clause.when, api_, locks_, nullptr);
        bool error = value.find("STATUS_") != std::string::npos && !value.ends_with("SUCCESS");
        if (!error || !evaluation || evaluation->expression.empty() || evaluation->needs_result || evaluation->of_state) continue;
        refused += (refused.empty() ? "" : " || ") + evaluation->expression;
    }
    return refused;
}

void Planner::add(const Rule& rule, const clause::Owner& c) {
    if (!rules_of<clause::Release>(api_).empty()) return;  // part of the release
    auto ref = locks_.object(api_, c.object);
    if (ref && !ref->after_call && locks_.is_tracked(*ref))
        before(Rank::held, rule, fmt::format("call.owner({}, {});", constant(rule), name_object(*ref)), &*ref);
}

void Planner::add(const Rule& rule, const clause::Recursion& c) {
    auto ref = locks_.object(api_, c.object);
    if (c.rule != clause::RecursionRule::deadlock || !ref || ref->after_call || acquisition_ == nullptr) return;
    // An attempt to take it again fails and does not wait.
    bool attempt = get<clause::Acquire>(*acquisition_)->attempt;
    if (!attempt) before(Rank::recursion, rule, fmt::format("call.recursion_deadlocks({}, {});", constant(rule), name_object(*ref)), &*ref);
}

/// The page that initializes the lock may say for all who acquire it that nobody may do so twice.
void Planner::add_foreign_recursion() {
    if (acquisition_ == nullptr || get<clause::Acquire>(*acquisition_)->attempt || !rules_of<clause::Recursion>(api_).empty()) return;
    auto ref = locks_.object(api_, get<clause::Acquire>(*acquisition_)->object);
    if (!ref) return;
    auto found = context_.recursion.find(ref->domain);
    auto stated = rules_of<clause::NotHeldOnEntry>(api_);
    if (std::any_of(stated.begin(), stated.end(), [&](const Rule* other) {
            auto object = locks_.object(api_, get<clause::NotHeldOnEntry>(*other)->object);
            return other->clause.when.unconditional() && object && object->text() == ref->text();
        }))
        return;
    if (found == context_.recursion.end() || found->second.first->header.value != api_.header.value || !locks_.is_tracked(*ref)) return;
    const auto& [page, rule] = found->second;
    push(true, Rank::recursion, nullptr, "",
         fmt::format("call.recursion_deadlocks(ddi_rules::{}::{}, {});", page->name, rule_constant(*page, *rule), name_object(*ref)));
}

void Planner::add(const Rule& rule, const clause::RequiresHeld& c) {
    auto ref = locks_.object(api_, c.object);
    if (!ref || ref->after_call || !locks_.is_tracked(*ref) || (ref->key.empty() && !ref->per_thread)) return;
    std::string mode = c.mode ? fmt::format(", {}", mode_text(*c.mode)) : "";
    before(Rank::held, rule, fmt::format("call.requires_held({}, {}{});", constant(rule), name_object(*ref), mode), &*ref);
}

/// "Must not be held already", of a lock that the function acquires, where the page says that taking it twice deadlocks: one misuse.
bool Planner::is_recursion(const Rule& rule, const ObjectRef& ref) const {
    if (!rule.clause.when.unconditional() || acquisition_ == nullptr || get<clause::Acquire>(*acquisition_)->attempt) return false;
    auto rules = rules_of<clause::Recursion>(api_);
    return std::any_of(rules.begin(), rules.end(), [&](const Rule* other) {
        const auto& content = *get<clause::Recursion>(*other);
        auto object = locks_.object(api_, content.object);
        return content.rule == clause::RecursionRule::deadlock && other->clause.when.unconditional() && object &&
               object->text() == ref.text();
    });
}

void Planner::add(const Rule& rule, const clause::NotHeldOnEntry& c) {
    auto ref = locks_.object(api_, c.object);
    if (ref && !ref->after_call && locks_.is_tracked(*ref) && (!ref->key.empty() || ref->per_thread) && !is_recursion(rule, *ref))
        before(Rank::not_held, rule, fmt::format("call.not_held({}, {});", constant(rule), name_object(*ref)), &*ref);
}

void Planner::add(const Rule& rule, const clause::Convert& c) {
    auto ref = shown(c.object);
    if (!ref || !locks_.is_tracked(*ref)) return;
    auto evaluation = evaluate(rule.clause.when, api_, locks_, &*ref);
    bool may_fail = c.attempt || is_status(result_) || is_boolean(result_);
    std::string done = evaluation && evaluation->needs_result ? evaluation->expression : may_fail ? success() : std::string();
    if (!evaluation || evaluation->of_state || (may_fail && done.empty())) {
        push(false, Rank::hold_effect, nullptr, "", fmt::format("call.loses({});", name_object(*ref)));
        return;
    }
    std::string condition = evaluation->needs_result ? std::string() : evaluation->expression;
    // A page that says what must be held says it better.
    auto needs = rules_of<clause::RequiresHeld>(api_);
    bool stated = std::any_of(needs.begin(), needs.end(), [&](const Rule* need) {
        const auto& held = *get<clause::RequiresHeld>(*need);
        auto object = locks_.object(api_, held.object);
        return held.mode == c.from && need->clause.when.unconditional() && object && object->text() == ref->text();
    });
    push(true, Rank::converts, stated ? nullptr : &rule, condition,
         fmt::format("call.converts({}, {}, {}, {});", constant(rule), name_object(*ref), mode_text(c.from), mode_text(c.to)));
    if (!condition.empty()) {
        auto known = condition_after(rule, &*ref);
        done = done.empty() ? *known : *known + " && " + done;
    }
    push(false, Rank::hold_effect, nullptr, done,
         fmt::format("call.converted({}, {}, {});", constant(rule), name_object(*ref), mode_text(c.to)));
}

void Planner::add(const Rule& rule, const clause::Order& c) {
    const auto* number = parameter(c.parameter);
    if (number == nullptr || acquisition_ == nullptr) return;
    auto ref = locks_.object(api_, get<clause::Acquire>(*acquisition_)->object);
    if (!ref || ref->per_thread || ref->after_call || !locks_.is_tracked(*ref)) return;
    std::string place, names;
    int count = 0;
    for (const auto& step : c.first_to_last) {
        // "DpcLock|StartIoLock": either of them, in any order.
        std::istringstream names_of_step(step);
        ++count;
        for (std::string name; std::getline(names_of_step, name, '|');) {
            auto is_it = comparison(c.parameter, "==", name, type_of(*number), locks_.types());
            if (!is_it) return;
            place += fmt::format("{} ? {} : ", *is_it, count);
            names += (names.empty() ? "" : names.ends_with("or ") ? "" : ", ") + name;
            if (!names_of_step.eof()) names += " or ";
        }
    }
    before(Rank::order, rule,
           fmt::format("call.order({}, {}, {}, {}0, \"{}\");", constant(rule), name_object(*ref), ref->owner.empty() ? "0" : ref->owner,
                       place, text::escape_c_string(names)),
           &*ref);
}

}  // namespace ddi::emit::wrappers
