// Clauses that the caller keeps with its state and arguments alone.
#include <fmt/format.h>

#include <algorithm>

#include "generator/emit/wrappers/planner.h"
#include "generator/text/escape.h"

namespace ddi::emit::wrappers {

using model::Rule;
namespace clause = facts::clause;

namespace {

const char* apcs_text(clause::Apcs apcs) { return apcs == clause::Apcs::all ? "contract::Apcs::all" : "contract::Apcs::normal"; }

/// What every value of the type fulfils cannot be broken.
bool always(const std::string& op, const std::string& value, const CType& type) {
    bool is_unsigned = type.base.starts_with("U") || type.base == "SIZE_T" || type.base == "DWORD" || type.base == "BYTE";
    if (type.depth != 0) return false;
    if (is_unsigned) return op == ">=" && value == "0";
    return type.base == "LONG" && op == "<=" && (value == "MAXLONG" || value == "0x7FFFFFFF");
}

bool same(const facts::Condition& a, const facts::Condition& b) {
    return std::equal(a.all.begin(), a.all.end(), b.all.begin(), b.all.end(), [](const auto& l, const auto& r) {
        return l.subject == r.subject && l.name == r.name && l.op == r.op && l.value == r.value;
    });
}

bool may_be_null(const model::Api& api, const std::string& name) {
    return std::any_of(api.signature->parameters.begin(), api.signature->parameters.end(),
                       [&](const auto& parameter) { return parameter.name == name && parameter.optional; });
}

}  // namespace

void Planner::add(const Rule& rule, const clause::IrqlEntry& c) {
    // "Any level" cannot be broken.
    if (!c.allowed.empty() && c.allowed != facts::LevelSet::all())
        before(Rank::irql, rule, fmt::format("call.entry_irql({}, {});", constant(rule), levels_expression(c.allowed)));
}

void Planner::add(const Rule& rule, const clause::RequiresApcsDisabled& c) {
    before(Rank::apcs, rule, fmt::format("call.requires_apcs_disabled({}, {});", constant(rule), apcs_text(c.apcs)));
}

void Planner::add(const Rule& rule, const clause::RequiresInitialized& c) {
    auto ref = shown(c.object);
    if (!ref || !locks_.initializer_is_known(*ref, c.by)) return;
    // An object that need not be given need not be initialized either.
    std::string given = may_be_null(api_, ref->parameter) ? fmt::format("if ({} != nullptr) ", ref->parameter) : std::string();
    before(Rank::initialized, rule, given + fmt::format("call.requires_initialized({}, {});", constant(rule), name_object(*ref)), &*ref);
}

void Planner::add(const Rule& rule, const clause::NotCombined& c) {
    if (auto ref = shown(c.object))
        before(Rank::combined, rule, fmt::format("call.not_combined({}, {});", constant(rule), name_object(*ref)));
}

void Planner::add(const Rule& rule, const clause::HeldOnEntry& c) {
    auto ref = locks_.object(api_, c.object);
    ObjectRef any;
    any.noun = any.domain = c.object.noun;
    if (ref && (ref->per_thread || ref->after_call)) ref.reset();
    before(Rank::held_on_entry, rule, fmt::format("call.held_on_entry({}, {});", constant(rule), name_object(ref ? *ref : any)));
}

void Planner::add(const Rule& rule, const clause::Argument& c) {
    const auto* argument = parameter(c.parameter);
    if (argument == nullptr || type_of(*argument).depth != 0 || !locks_.types().is_number(type_of(*argument).base)) return;
    if (!c.op.empty()) {
        if (c.op == ">=" || c.op == "<=" || c.op == "==")
            before(Rank::arguments, rule, fmt::format("call.argument_irql({}, {}, \"{}\");", constant(rule), c.parameter, c.op));
        return;
    }
    bool releases = !rules_of<clause::Release>(api_).empty();
    before(Rank::arguments, rule, fmt::format("call.argument_{}({}, {});", releases ? "saved" : "raised", constant(rule), c.parameter));
}

void Planner::add(const Rule& rule, const clause::ArgumentValue& c) {
    const auto* argument = parameter(c.parameter);
    if (argument == nullptr || c.values.empty() || !argument->array.empty()) return;
    CType type = type_of(*argument);
    if (c.values.size() == 1 && always(c.op, c.values.front(), type)) return;
    bool large = type.depth == 0 && (type.base == "LARGE_INTEGER" || type.base == "ULARGE_INTEGER");
    std::string kept, required;
    for (const auto& value : c.values) {
        bool bit = type.depth > 0 && c.op == "&" && !value.empty() && value.find_first_not_of("0123456789") == std::string::npos;
        auto one = bit     ? fmt::format("(contract::key({}) & {}) != 0", c.parameter, value)
                   : large ? comparison(c.parameter + ".QuadPart", c.op, value, {"LONGLONG", 0}, locks_.types())
                           : comparison(c.parameter, c.op, value, type, locks_.types());
        if (!one) return;
        // One of several equal values, or none of several others.
        kept += (kept.empty() ? "" : c.op == "==" ? " || " : " && ") + *one;
        required += (required.empty() ? fmt::format("{} {} ", c.parameter, c.op) : " or ") + value;
    }
    before(Rank::argument_value, rule,
           fmt::format("call.argument({}, {}, \"{}\");", constant(rule), kept, text::escape_c_string(required)));
}

void Planner::add(const Rule& rule, const clause::Aligned& c) {
    const auto* argument = parameter(c.parameter);
    if (argument == nullptr || c.bytes < 2 || (type_of(*argument).depth == 0 && argument->array.empty())) return;
    before(Rank::memory, rule, fmt::format("call.aligned({}, contract::key({}), {});", constant(rule), c.parameter, c.bytes));
}

void Planner::add(const Rule& rule, const clause::Resident& c) {
    const auto* argument = parameter(c.parameter);
    if (argument == nullptr || (type_of(*argument).depth == 0 && argument->array.empty())) return;
    before(Rank::memory, rule, fmt::format("call.resident({}, contract::key({}));", constant(rule), c.parameter));
}

void Planner::add(const Rule& rule, const clause::Waits& c) {
    // Spinning at a raised IRQL is what spin locks are for.
    bool spins = c.object.noun.find("spin") != std::string::npos || !rules_of<clause::IrqlRaise>(api_).empty();
    if (!c.waits || spins) return;
    auto entries = rules_of<clause::IrqlEntry>(api_);
    // Where a page states the entry IRQL, that is the rule; for a wait under a condition, if it states it under that condition.
    bool stated = std::any_of(entries.begin(), entries.end(), [&](const Rule* entry) {
        return rule.clause.when.all.empty() || same(entry->clause.when, rule.clause.when) ||
               !(get<clause::IrqlEntry>(*entry)->allowed.contains(facts::Level::dispatch) || !entry->clause.when.unconditional());
    });
    if (!stated) before(Rank::waiting, rule, fmt::format("call.waits({});", constant(rule)));
}

}  // namespace ddi::emit::wrappers
