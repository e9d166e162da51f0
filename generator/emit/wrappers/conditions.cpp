#include "generator/emit/wrappers/conditions.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>
#include <vector>

#include "generator/text/escape.h"

namespace ddi::emit::wrappers {

using facts::Comparison;

namespace {

bool is_number(const std::string& text) {
    if (text.empty()) return false;
    std::size_t begin = text[0] == '-' ? 1 : 0;
    bool hex = text.compare(begin, 2, "0x") == 0;
    if (hex) begin += 2;
    return begin < text.size() && std::all_of(text.begin() + static_cast<std::ptrdiff_t>(begin), text.end(),
                                              [&](unsigned char c) { return hex ? std::isxdigit(c) != 0 : std::isdigit(c) != 0; });
}

/// Status codes by their published numbers, so that a wrapper compiles wherever its stub does.
constexpr std::array<std::pair<const char*, const char*>, 2> kLimits = {{{"MAXLONG", "0x7FFFFFFF"}, {"MAXULONG", "0xFFFFFFFF"}}};
constexpr std::array<std::pair<const char*, const char*>, 20> kStatus = {{{"STATUS_SUCCESS", "0x00000000"},
                                                                          {"STATUS_WAIT_0", "0x00000000"},
                                                                          {"STATUS_WAIT_1", "0x00000001"},
                                                                          {"NO_ERROR", "0x00000000"},
                                                                          {"NDIS_STATUS_SUCCESS", "0x00000000"},
                                                                          {"STOR_STATUS_SUCCESS", "0x00000000"},
                                                                          {"STATUS_ABANDONED", "0x00000080"},
                                                                          {"STATUS_ABANDONED_WAIT_0", "0x00000080"},
                                                                          {"STATUS_USER_APC", "0x000000C0"},
                                                                          {"STATUS_KERNEL_APC", "0x00000100"},
                                                                          {"STATUS_ALERTED", "0x00000101"},
                                                                          {"STATUS_TIMEOUT", "0x00000102"},
                                                                          {"STATUS_PENDING", "0x00000103"},
                                                                          {"STATUS_UNSUCCESSFUL", "0xC0000001"},
                                                                          {"STATUS_INVALID_PARAMETER", "0xC000000D"},
                                                                          {"STATUS_MUTANT_NOT_OWNED", "0xC0000046"},
                                                                          {"STATUS_SEMAPHORE_LIMIT_EXCEEDED", "0xC0000047"},
                                                                          {"STATUS_DELETE_PENDING", "0xC0000056"},
                                                                          {"STATUS_INSUFFICIENT_RESOURCES", "0xC000009A"},
                                                                          {"STATUS_MUTANT_LIMIT_EXCEEDED", "0xC0000191"}}};

bool is_operator(const std::string& op) {
    constexpr std::array kOperators = {"==", "!=", "<", "<=", ">", ">=", "&"};
    return std::find(kOperators.begin(), kOperators.end(), op) != kOperators.end();
}

}  // namespace

std::optional<std::string> value_expression(const std::string& value, const CType& type, const TypeTable& types) {
    if (type.depth > 0) {
        if (value == "NULL" || value == "0") return "nullptr";
        return std::nullopt;
    }
    if (!types.is_number(type.base)) return std::nullopt;
    if (value == "FALSE") return "0";
    if (is_number(value)) return value;
    for (const auto& [name, number] : kLimits) {
        if (value == name && !types.is_constant(name)) return number;
    }
    for (const auto& [name, number] : kStatus) {
        if (value == name) return fmt::format("static_cast<{}>({}) /* {} */", type.base, number, name);
    }
    if (auto level = facts::level_from_name(value)) {
        constexpr std::array kFixed = {"PASSIVE_LEVEL", "APC_LEVEL", "DISPATCH_LEVEL"};  // the same number on every architecture
        if (static_cast<std::size_t>(*level) < kFixed.size()) return kFixed[static_cast<std::size_t>(*level)];
        return std::nullopt;
    }
    if (types.is_enumerator(value) || types.is_constant(value)) return value;
    return std::nullopt;
}

std::optional<std::string> comparison(const std::string& left, const std::string& op, const std::string& value, const CType& type,
                                      const TypeTable& types) {
    if (!is_operator(op)) return std::nullopt;
    if (value == "TRUE") {
        if (type.depth > 0 || !types.is_number(type.base) || (op != "==" && op != "!=")) return std::nullopt;
        return fmt::format("{} {} 0", left, op == "==" ? "!=" : "==");
    }
    auto right = value_expression(value, type, types);
    if (!right) return std::nullopt;
    if (op == "&") return fmt::format("({} & {}) != 0", left, *right);
    return fmt::format("{} {} {}", left, op, *right);
}

namespace {

bool is_large(const CType& type) { return type.depth == 0 && (type.base == "LARGE_INTEGER" || type.base == "ULARGE_INTEGER"); }

/// Only what is certain: the caller's own holds, its regions, and states that nobody else can have changed. The opposite of a state is
/// not certain where the state is not known.
std::optional<std::string> evaluate_state(const Comparison& compare, const model::Api& api, const Locks& locks, const ObjectRef* object,
                                          Evaluation& evaluation) {
    if (compare.op != "==") return std::nullopt;
    evaluation.of_state = true;
    if (compare.value == "invalid") return std::nullopt;  // handles are the implementation's own
    if (compare.name == "call") return std::nullopt;      // what success is, the result alone says
    if (compare.name == "region") {
        evaluation.before_only = true;
        return fmt::format("call.in_region(\"{} region\")", compare.value);
    }
    if (compare.name == "wait") {
        // The result is how a wait says how it ended.
        if (compare.value != "satisfied" || !is_status(locks.types().of(api.signature->return_type))) return std::nullopt;
        evaluation.needs_result = true;
        return "result == 0";
    }
    ObjectRef of_parameter;
    if (compare.name != "object") {
        auto found = locks.object(api, {"", compare.name});
        if (!found || found->domain.empty()) return std::nullopt;
        of_parameter = std::move(*found);
        object = &of_parameter;
    }
    if (object == nullptr || object->after_call || object->key.empty()) return std::nullopt;
    const std::string& state = compare.value;
    if (state == "freed") {
        evaluation.needs_result = true;
        return fmt::format("call.freed({})", object->text());
    }
    if (object->per_thread || state == "held-by-other") return std::nullopt;
    evaluation.before_only = true;
    if (state == "held" || state == "held-by-caller") {
        // Who may take a lock twice is not kept out by holding it.
        bool acquires = std::any_of(api.rules.begin(), api.rules.end(),
                                    [](const auto& rule) { return std::holds_alternative<facts::clause::Acquire>(rule.clause.content); });
        if (acquires && state == "held" && !locks.recursion_deadlocks(object->domain)) return std::nullopt;
        return fmt::format("call.held_by_caller({}, contract::Mode::exclusive)", object->text());
    }
    if (state == "held-shared") return fmt::format("call.held_by_caller({}, contract::Mode::shared)", object->text());
    // These end by themselves: a timer expires, a routine is run, a list or a gate is changed without a call for it.
    constexpr std::array kPassing = {"queued", "not-signaled", "empty", "not-empty", "open", "closed"};
    if (std::find(kPassing.begin(), kPassing.end(), state) != kPassing.end()) return std::nullopt;
    evaluation.still += fmt::format("{}call.undisturbed({})", evaluation.still.empty() ? "" : " && ", object->text());
    if (state == "free") return fmt::format("call.is_free({})", object->text());
    return fmt::format("call.state_is({}, \"{}\")", object->text(), text::escape_c_string(state));
}

std::optional<std::string> evaluate_one(const Comparison& compare, const model::Api& api, const Locks& locks, const ObjectRef* object,
                                        Evaluation& evaluation, std::vector<std::string>& parts) {
    const TypeTable& types = locks.types();
    auto parameter = std::find_if(api.signature->parameters.begin(), api.signature->parameters.end(),
                                  [&](const auto& p) { return p.name == compare.name; });
    switch (compare.subject) {
        case Comparison::Subject::parameter:
            if (parameter == api.signature->parameters.end()) return std::nullopt;
            if (is_large(types.of(parameter->type)))
                return comparison(parameter->name + ".QuadPart", compare.op, compare.value, {"LONGLONG", 0}, types);
            return comparison(parameter->name, compare.op, compare.value, types.of(parameter->type), types);
        case Comparison::Subject::pointee: {
            if (parameter == api.signature->parameters.end()) return std::nullopt;
            CType type = types.of(parameter->type);
            if (type.depth != 1) return std::nullopt;
            bool large = is_large({type.base, 0});
            std::string value = large ? parameter->name + "->QuadPart" : "*" + parameter->name;
            auto text = comparison(value, compare.op, compare.value, {large ? "LONGLONG" : type.base, 0}, types);
            if (!text) return std::nullopt;
            evaluation.before_only = true;
            // The null check is a part of its own: the page may name it as well.
            parts.push_back(parameter->name + " != nullptr");
            return text;
        }
        case Comparison::Subject::result:
            evaluation.needs_result = true;
            return comparison("result", compare.op, compare.value, types.of(api.signature->return_type), types);
        case Comparison::Subject::irql: {
            auto level = facts::level_from_name(compare.value);
            if (!level || !is_operator(compare.op) || compare.op == "&") return std::nullopt;
            return fmt::format("call.irql(\"{}\", {})", compare.op, level_expression(*level));
        }
        case Comparison::Subject::state:
            return evaluate_state(compare, api, locks, object, evaluation);
    }
    return std::nullopt;
}

}  // namespace

std::optional<Evaluation> evaluate(const facts::Condition& condition, const model::Api& api, const Locks& locks, const ObjectRef* object) {
    Evaluation evaluation;
    if (condition.unconditional()) return evaluation;
    if (condition.all.empty() || !api.signature) return std::nullopt;
    std::vector<std::string> parts;
    for (const auto& compare : condition.all) {
        auto text = evaluate_one(compare, api, locks, object, evaluation, parts);
        if (!text) return std::nullopt;
        parts.push_back(*text);
    }
    // Null checks first, each part once.
    std::stable_partition(parts.begin(), parts.end(), [](const std::string& part) { return part.ends_with(" != nullptr"); });
    std::vector<std::string> once;
    for (const auto& part : parts) {
        if (std::find(once.begin(), once.end(), part) == once.end()) once.push_back(part);
    }
    evaluation.expression = fmt::format("{}", fmt::join(once, " && "));
    // What the call may change and what only the call tells cannot both be known at one moment.
    if (evaluation.needs_result && evaluation.before_only) return std::nullopt;
    return evaluation;
}

std::string level_expression(facts::Level level) {
    constexpr std::array kLevels = {"passive", "apc", "dispatch", "dirql", "profile", "clock", "synch", "ipi", "power", "high"};
    return std::string("contract::Level::") + kLevels[static_cast<std::size_t>(level)];
}

std::string levels_expression(facts::LevelSet set) {
    auto levels = set.levels();
    if (levels.size() == 1) return "contract::Levels::at(" + level_expression(levels[0]) + ")";
    for (auto level : levels) {
        if (set == facts::LevelSet::at_most(level)) return "contract::Levels::at_most(" + level_expression(level) + ")";
        if (set == facts::LevelSet::at_least(level)) return "contract::Levels::at_least(" + level_expression(level) + ")";
    }
    std::string list;
    for (auto level : levels) list += (list.empty() ? "" : ", ") + level_expression(level);
    return "contract::Levels::of({" + list + "})";
}

}  // namespace ddi::emit::wrappers
