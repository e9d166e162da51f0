#include "generator/emit/stubs/annotations.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "generator/emit/stubs/c_tokens.h"
#include "generator/text/escape.h"

namespace ddi::emit::stubs {

namespace {

using facts::Direction;
using facts::Level;
using facts::Place;
namespace clause = facts::clause;

/// DIRQL stands for a range and has no constant.
std::optional<std::string> level_constant(Level level) {
    if (level == Level::dirql) return std::nullopt;
    return facts::level_name(level);
}

const model::Parameter* parameter_of(const model::Api& api, const std::string& name) {
    if (!api.signature) return nullptr;
    for (const auto& parameter : api.signature->parameters) {
        if (parameter.name == name) return &parameter;
    }
    return nullptr;
}

bool is_pointer(const model::Parameter& parameter) {
    const std::string& type = parameter.type;
    bool pointer_name = type.size() > 1 && type[0] == 'P' && type[1] >= 'A' && type[1] <= 'Z';
    return type.find('*') != std::string::npos || pointer_name;
}

/// "*SpinLock", or the WDK's way to name a lock that no argument names: _Global_critical_region_.
std::string lock_expression(const model::Api& api, const facts::Object& object) {
    const auto* parameter = parameter_of(api, object.parameter);
    if (parameter == nullptr) return fmt::format("_Global_{}_", text::to_identifier(object.noun));
    return fmt::format("{}{}", is_pointer(*parameter) ? "*" : "", text::to_identifier(parameter->name));
}

/// The condition as SAL writes it; empty optional: SAL cannot say it.
std::optional<std::string> condition(const facts::Condition& when) {
    if (when.unconditional()) return std::string();
    if (when.all.empty()) return std::nullopt;
    std::string words;
    for (const auto& comparison : when.all) {
        std::string subject;
        switch (comparison.subject) {
            case facts::Comparison::Subject::parameter:
                subject = text::to_identifier(comparison.name);
                break;
            case facts::Comparison::Subject::pointee:
                subject = fmt::format("*{}", text::to_identifier(comparison.name));
                break;
            case facts::Comparison::Subject::result:
                subject = "return";
                break;
            case facts::Comparison::Subject::irql:
            case facts::Comparison::Subject::state:
                return std::nullopt;
        }
        if (!value_words(comparison.value).valid || comparison.op.find_first_not_of("=!<>&") != std::string::npos) return std::nullopt;
        words += fmt::format("{}{} {} {}", words.empty() ? "" : " && ", subject, comparison.op, comparison.value);
    }
    return words;
}

std::vector<std::string> entry_annotations(facts::LevelSet levels) {
    auto list = levels.levels();
    if (list.empty()) return {};
    // "Any level" is a statement of the page as any other.
    if (levels == facts::LevelSet::all()) return {fmt::format("_IRQL_requires_max_({})", facts::level_name(Level::high))};
    auto low = level_constant(list.front());
    auto high = level_constant(list.back());
    // Nothing is below PASSIVE_LEVEL: the most that is allowed there is all that is.
    if (list.size() == 1 && list.front() != Level::passive)
        return low ? std::vector<std::string>{fmt::format("_IRQL_requires_({})", *low)} : std::vector<std::string>{};
    std::vector<std::string> result;
    if (low && list.front() != Level::passive) result.push_back(fmt::format("_IRQL_requires_min_({})", *low));
    if (high && list.back() != Level::high) result.push_back(fmt::format("_IRQL_requires_max_({})", *high));
    return result;
}

/// What one clause says on the function as a whole.
std::vector<std::string> clause_annotations(const model::Api& api, const facts::ClauseContent& content) {
    if (const auto* raise = std::get_if<clause::IrqlRaise>(&content)) {
        if (!raise->parameter.empty()) return {fmt::format("_IRQL_raises_({})", text::to_identifier(raise->parameter))};
        auto level = level_constant(raise->to);
        return level ? std::vector<std::string>{fmt::format("_IRQL_raises_({})", *level)} : std::vector<std::string>{};
    }
    if (const auto* save = std::get_if<clause::IrqlSave>(&content)) {
        if (save->where.kind == Place::Kind::result) return {"_IRQL_saves_"};
        if (save->where.kind != Place::Kind::object || save->where.parameter.empty()) return {};
        return {fmt::format("_IRQL_saves_global_({0}, {0})", text::to_identifier(save->where.parameter))};
    }
    if (const auto* restore = std::get_if<clause::IrqlRestore>(&content)) {
        if (restore->from.kind != Place::Kind::object || restore->from.parameter.empty()) return {};
        return {fmt::format("_IRQL_restores_global_({0}, {0})", text::to_identifier(restore->from.parameter))};
    }
    if (std::holds_alternative<clause::IrqlUnchanged>(content)) return {"_IRQL_requires_same_"};
    if (const auto* acquire = std::get_if<clause::Acquire>(&content)) {
        const char* mode = acquire->mode == facts::Mode::shared ? "shared_" : "";
        std::string words = fmt::format("_Acquires_{}lock_({})", mode, lock_expression(api, acquire->object));
        if (acquire->attempt) words = fmt::format("_When_(return != 0, {})", words);
        return {words};
    }
    if (const auto* release = std::get_if<clause::Release>(&content)) {
        const char* mode = release->mode == facts::Mode::shared ? "shared_" : "";
        std::string lock = lock_expression(api, release->object);
        return {fmt::format("_Requires_{}lock_held_({})", mode, lock), fmt::format("_Releases_{}lock_({})", mode, lock)};
    }
    if (const auto* recursion = std::get_if<clause::Recursion>(&content)) {
        if (recursion->rule == clause::RecursionRule::counted) return {};
        return {fmt::format("_Requires_lock_not_held_({})", lock_expression(api, recursion->object))};
    }
    if (const auto* owner = std::get_if<clause::Owner>(&content))
        return {fmt::format("_Requires_lock_held_({})", lock_expression(api, owner->object))};
    if (const auto* held = std::get_if<clause::HeldOnEntry>(&content))
        return {fmt::format("_Requires_lock_held_({})", lock_expression(api, held->object))};
    if (const auto* held = std::get_if<clause::RequiresHeld>(&content)) {
        const char* mode = !held->mode ? "" : *held->mode == facts::Mode::shared ? "shared_" : "exclusive_";
        return {fmt::format("_Requires_{}lock_held_({})", mode, lock_expression(api, held->object))};
    }
    if (const auto* held = std::get_if<clause::NotHeldOnEntry>(&content))
        return {fmt::format("_Requires_lock_not_held_({})", lock_expression(api, held->object))};
    return {};
}

std::string macro_of(const std::string& annotation) { return annotation.substr(0, annotation.find('(')); }

/// The page's own annotation can be written: a macro we know, with arguments of plain C.
bool writable(const std::string& annotation, const SalNames& known) {
    if (!known.contains(macro_of(annotation))) return false;
    int depth = 0;
    for (char c : annotation) {
        if (c == '(') ++depth;
        if (c == ')' && --depth < 0) return false;
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     std::string_view("_ (),*!=<>&|+-./").find(c) != std::string_view::npos;
        if (!plain) return false;
    }
    bool comment = annotation.find("//") != std::string::npos || annotation.find("/*") != std::string::npos ||
                   annotation.find("*/") != std::string::npos;
    return depth == 0 && !comment && (annotation.back() == ')' || annotation.find('(') == std::string::npos);
}

bool is_irql(const std::string& annotation) {
    return annotation.find("_IRQL_") != std::string::npos || annotation.find("IRQL") != std::string::npos;
}

void add_once(std::vector<std::string>& list, std::string annotation) {
    if (std::find(list.begin(), list.end(), annotation) == list.end()) list.push_back(std::move(annotation));
}

}  // namespace

std::vector<std::string> function_annotations(const model::Api& api, const SalNames& known) {
    std::vector<std::string> result;
    if (api.irql.entry) {
        for (auto& annotation : entry_annotations(*api.irql.entry)) add_once(result, std::move(annotation));
    }
    for (const auto& rule : api.rules) {
        auto when = condition(rule.clause.when);
        if (!when) continue;
        for (auto& annotation : clause_annotations(api, rule.clause.content)) {
            add_once(result, when->empty() ? std::move(annotation) : fmt::format("_When_({}, {})", *when, annotation));
        }
    }
    bool irql = std::any_of(result.begin(), result.end(), is_irql);
    if (api.signature) {
        for (const auto& annotation : api.signature->sal) {
            if (writable(annotation, known) && !(irql && is_irql(annotation))) add_once(result, annotation);
        }
    }
    return result;
}

std::string parameter_annotation(const model::Api& api, const model::Parameter& parameter, const SalNames& known) {
    std::string plain;
    switch (parameter.direction) {
        case Direction::in:
            plain = parameter.optional ? "_In_opt_" : "_In_";
            break;
        case Direction::out:
            plain = parameter.optional ? "_Out_opt_" : "_Out_";
            break;
        case Direction::in_out:
            plain = parameter.optional ? "_Inout_opt_" : "_Inout_";
            break;
        case Direction::unknown:
            break;
    }
    if (parameter.reserved) plain = "_Reserved_";
    std::string result = plain;
    std::string rest;
    for (const auto& annotation : parameter.sal) {
        std::string macro = macro_of(annotation);
        if (!writable(annotation, known) || macro == plain || is_irql(annotation)) continue;
        bool in = macro.starts_with("_In_"), out = macro.starts_with("_Out"), inout = macro.starts_with("_Inout_");
        if (in || out || inout) {
            bool agrees = (in && parameter.direction == Direction::in) || (out && parameter.direction == Direction::out) ||
                          (inout && parameter.direction == Direction::in_out);
            bool optional = macro.find("_opt_") != std::string::npos;
            bool says_more = macro != "_In_" && macro != "_Out_" && macro != "_Inout_" && macro != "_In_opt_" && macro != "_Out_opt_" &&
                             macro != "_Inout_opt_";
            if (agrees && says_more && optional == parameter.optional && !parameter.reserved) result = annotation;
        } else if (macro != "_Reserved_" && annotation != plain) {
            rest.append(" ").append(annotation);
        }
    }
    for (const auto& rule : api.rules) {
        const auto* save = std::get_if<clause::IrqlSave>(&rule.clause.content);
        const auto* restore = std::get_if<clause::IrqlRestore>(&rule.clause.content);
        bool here = rule.clause.when.unconditional();
        if (save != nullptr && here && save->where.kind == Place::Kind::pointee && save->where.parameter == parameter.name)
            rest += " _IRQL_saves_";
        if (restore != nullptr && here && restore->from.parameter == parameter.name &&
            (restore->from.kind == Place::Kind::parameter || restore->from.kind == Place::Kind::pointee)) {
            rest += " _IRQL_restores_";
        }
    }
    if (result.empty() && !rest.empty()) return rest.substr(1);
    return result + rest;
}

}  // namespace ddi::emit::stubs
