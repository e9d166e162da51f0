#include "generator/emit/tests/call_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "generator/text/escape.h"

namespace ddi::emit::tests {

namespace clause = facts::clause;
using facts::Direction;
using facts::Place;
using model::Parameter;

namespace {

constexpr std::array kLevels = {"passive", "apc", "dispatch", "dirql", "profile", "clock", "synch", "ipi", "power", "high"};

/// What a parameter of a level means for the caller.
enum class LevelPart { none, saved_in, taken_from, asked_for, present };

LevelPart level_part(const Parameter& parameter, const Api& api, const wrappers::CType& type) {
    LevelPart part = LevelPart::none;
    for_each_clause<clause::IrqlSave>(api, [&](const Rule&, const clause::IrqlSave& c) {
        if (c.where.parameter == parameter.name && c.where.kind != Place::Kind::object) part = LevelPart::saved_in;
    });
    for_each_clause<clause::IrqlRestore>(api, [&](const Rule&, const clause::IrqlRestore& c) {
        if (c.from.parameter == parameter.name && c.from.kind != Place::Kind::object) part = LevelPart::taken_from;
    });
    for_each_clause<clause::Argument>(api, [&](const Rule&, const clause::Argument& c) {
        if (c.parameter == parameter.name && part == LevelPart::none && !c.saved_by.empty()) part = LevelPart::taken_from;
    });
    for_each_clause<clause::IrqlRaise>(api, [&](const Rule&, const clause::IrqlRaise& c) {
        if (c.parameter == parameter.name) part = LevelPart::asked_for;
    });
    if (part != LevelPart::none) return part;
    bool level = type.base == "KIRQL";
    if (level && type.depth == 1) return LevelPart::saved_in;
    if (level && type.depth == 0) return find_clause<clause::Release>(api) ? LevelPart::taken_from : LevelPart::present;
    return part;
}

/// The parameter is the queue handle that an acquisition fills, or the object, or neither.
enum class ObjectPart { none, object, creates, handle };

ObjectPart object_part(const Parameter& parameter, const Api& api, const Knowledge& knowledge) {
    auto type = knowledge.types().of(parameter.type);
    ObjectPart part = ObjectPart::none;
    for (const auto& rule : api.rules) {
        std::visit(
            [&](const auto& content) {
                if constexpr (requires { content.object; }) {
                    auto ref = knowledge.context().locks.object(api, content.object);
                    if (!ref) return;
                    if (ref->handle == "contract::key(" + parameter.name + ")")
                        part = ObjectPart::handle;
                    else if (ref->parameter != parameter.name)
                        return;
                    else if (ref->after_call)
                        part = ObjectPart::creates;
                    else if (ref->own_type || ref->only_known)
                        part = ObjectPart::object;
                }
            },
            rule.clause.content);
        if (part != ObjectPart::none) return part;
    }
    if (type.depth == 1 && knowledge.is_lock_type(type.base)) return ObjectPart::object;
    if (type.depth == 1 && knowledge.is_handle_type(type.base)) return ObjectPart::handle;
    return part;
}

std::optional<std::string> argument_text(const Parameter& parameter, const Step& step, const Knowledge& knowledge, std::string& before) {
    const Api& api = *step.api;
    const std::string& name = parameter.type;
    auto type = knowledge.types().of(name);
    if (!parameter.array.empty()) return std::nullopt;
    switch (object_part(parameter, api, knowledge)) {
        case ObjectPart::object:
            return fmt::format("objects.object<{}>()", name);
        case ObjectPart::creates:
            return fmt::format("objects.creating<{}>()", name);
        case ObjectPart::handle:
            return fmt::format("hand.handle<{}>()", name);
        case ObjectPart::none:
            break;
    }
    switch (level_part(parameter, api, type)) {
        case LevelPart::saved_in:
            return type.depth == 1 ? std::optional(fmt::format("hand.irql_out<{}>()", name)) : std::nullopt;
        case LevelPart::taken_from:
            return type.depth == 0 ? "hand.irql" : fmt::format("hand.irql_out<{}>()", name);
        case LevelPart::asked_for:
            return "hand.target";
        case LevelPart::present:
            return "current_irql()";
        case LevelPart::none:
            break;
    }
    if (auto chosen = step.arguments.values.find(parameter.name); chosen != step.arguments.values.end()) {
        const std::string& word = chosen->second;
        if (word == "TRUE" || word == "FALSE") return word;
        if (word == "NULL") return "nullptr";
        // Far enough away that only a broken implementation reaches it: a minute from now, in units of 100 ns.
        before += fmt::format("std::remove_pointer_t<{}> {}_value{{}}; assign({}_value, {}); ", name, parameter.name, parameter.name,
                              word == "zero" ? "0" : "-600000000");
        return fmt::format("&{}_value", parameter.name);
    }
    if (type.depth == 0) {
        if (wrappers::is_boolean(type)) return "FALSE";
        if (knowledge.types().is_scalar(type.base)) return fmt::format("static_cast<{}>(0)", name);
        return fmt::format("objects.host<{}>(\"{}\", \"{}\", \"{}\")", name, text::escape_c_string(api.header.value),
                           text::escape_c_string(name), text::escape_c_string(parameter.name));
    }
    bool written = parameter.direction == Direction::out;
    bool scalar = knowledge.types().is_scalar(type.base);
    if (parameter.optional && !written) return "nullptr";
    if (type.depth == 1 && (written || scalar) && type.base != "void") return fmt::format("hand.out<{}>()", name);
    return fmt::format("objects.host<{}>(\"{}\", \"{}\", \"{}\")", name, text::escape_c_string(api.header.value),
                       text::escape_c_string(name), text::escape_c_string(parameter.name));
}

std::string pointer_to(const std::optional<Step>& step) { return step ? fmt::format("&{}", call_name(*step)) : "nullptr"; }

}  // namespace

std::string level_text(facts::Level level) { return fmt::format("Level::{}", kLevels[static_cast<std::size_t>(level)]); }

std::string levels_text(facts::LevelSet set) {
    auto levels = set.levels();
    if (levels.size() == 1) return fmt::format("Levels::at({})", level_text(levels[0]));
    if (set == facts::LevelSet::all()) return "kEveryLevel";
    for (auto level : levels) {
        if (set == facts::LevelSet::at_most(level)) return fmt::format("Levels::at_most({})", level_text(level));
        if (set == facts::LevelSet::at_least(level)) return fmt::format("Levels::at_least({})", level_text(level));
    }
    std::vector<std::string> names;
    for (auto level : levels) names.push_back(level_text(level));
    return fmt::format("Levels::of({{{}}})", fmt::join(names, ", "));
}

const char* apcs_text(clause::Apcs apcs) { return apcs == clause::Apcs::all ? "Apcs::all" : "Apcs::normal"; }

std::string call_name(const Step& step) { return fmt::format("call_{}{}", step.api->name, step.arguments.tag()); }

std::string way_name(const Way& way) {
    std::string end = way.release ? fmt::format("_{}{}", way.release->api->name, way.release->arguments.tag()) : std::string();
    return fmt::format("way_{}{}{}", way.acquire.api->name, way.acquire.arguments.tag(), end);
}

std::optional<ArgumentText> arguments_text(const Step& step, const Knowledge& knowledge) {
    ArgumentText result;
    for (const auto& parameter : step.api->signature->parameters) {
        auto argument = argument_text(parameter, step, knowledge, result.before);
        if (!argument) return std::nullopt;
        if (!result.list.empty()) result.list += ", ";
        result.list += *argument;
    }
    return result;
}

std::optional<std::string> function_text(const Step& step, const Knowledge& knowledge) {
    const Api& api = *step.api;
    auto arguments = arguments_text(step, knowledge);
    if (!arguments) return std::nullopt;
    std::string call = fmt::format("{}({})", api.name, arguments->list);
    auto result = knowledge.types().of(api.signature->return_type);
    bool saves = find_clause<clause::ReturnsPreviousIrql>(api) != nullptr;
    for_each_clause<clause::IrqlSave>(
        api, [&](const Rule&, const clause::IrqlSave& c) { saves = saves || c.where.kind == Place::Kind::result; });
    if (result.depth > 0 || result.base != "void") call = fmt::format("hand.keep({})", call);
    std::string body = arguments->before + call + ";";
    if (saves) body += " hand.irql = static_cast<unsigned char>(hand.result);";
    auto used = [&](const char* name) {
        return body.find(fmt::format("{}.", name)) != std::string::npos ? fmt::format(" {}", name) : std::string();
    };
    std::string text = fmt::format("const Function {}{{\n    \"{}\",\n    [](Objects&{}, Hand&{}) {{ {} }}", call_name(step),
                                   text::escape_c_string(api.name), used("objects"), used("hand"), body);
    auto levels = knowledge.levels(step);
    auto needs = knowledge.needs(step);
    if (levels || needs) text += fmt::format(",\n    {}", levels ? levels_text(*levels) : "Levels{}");
    if (needs) text += fmt::format(", {}", apcs_text(*needs));
    return text + "};";
}

std::string way_text(const Way& way) {
    std::string text = fmt::format("const Way {}{{{}, &{}, {}, {}", way_name(way), pointer_to(way.initialize), call_name(way.acquire),
                                   pointer_to(way.release), pointer_to(way.destroy));
    if (!way.acquired.empty())
        text += fmt::format(", [](const Hand& hand) {{ return {}; }}", way.acquired);
    else if (way.shared)
        text += ", nullptr";
    if (way.shared) text += ", true";
    return text + "};";
}

}  // namespace ddi::emit::tests
