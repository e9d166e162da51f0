#include "generator/emit/tests/call_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "generator/emit/tests/cast.h"
#include "generator/text/escape.h"

namespace ddi::emit::tests {

namespace clause = facts::clause;
using facts::Place;
using model::Parameter;

namespace {

constexpr std::array kLevels = {"passive", "apc", "dispatch", "dirql", "profile", "clock", "synch", "ipi", "power", "high"};

/// A level of one byte, as all but a few functions keep it.
bool is_level_sized(const wrappers::CType& type) { return type.base == "KIRQL" || type.base == "UCHAR"; }

/// Clauses ask what the parameter points to, so it points to a number.
bool points_to_number(const Parameter& parameter, const Api& api) {
    return std::any_of(api.rules.begin(), api.rules.end(), [&](const Rule& rule) {
        const auto& all = rule.clause.when.all;
        return std::any_of(all.begin(), all.end(), [&](const auto& comparison) {
            return comparison.subject == facts::Comparison::Subject::pointee && comparison.name == parameter.name;
        });
    });
}

std::string chosen_text(const Parameter& parameter, const std::string& word, const Api& api, std::string& before) {
    const std::string& name = parameter.type;
    if (word == "TRUE" || word == "FALSE") return word;
    if (word == "NULL") return "nullptr";
    if (word != "zero" && word != "other") return fmt::format("static_cast<{}>({})", name, word);
    before += fmt::format("std::remove_pointer_t<{}> {}_value{{}}; ", name, parameter.name);
    // Far enough away that only a broken implementation reaches it: a minute from now, in units of 100 ns.
    if (points_to_number(parameter, api))
        before += fmt::format("assign({}_value, {}); ", parameter.name, word == "zero" ? "0" : "-600000000");
    return fmt::format("&{}_value", parameter.name);
}

std::optional<std::string> argument_text(const Parameter& parameter, const Role& role, const Step& step, const Knowledge& knowledge,
                                         std::string& before) {
    const std::string& name = parameter.type;
    auto type = knowledge.types().of(name);
    switch (role.kind) {
        case Role::Kind::object:
            return fmt::format("objects.object<{}>(\"{}\")", name, role.slot);
        case Role::Kind::creates:
            return fmt::format("objects.creating<{}>(\"{}\")", name, role.slot);
        case Role::Kind::handle:
            return fmt::format("hand.handle<{}>()", name);
        case Role::Kind::level_saved:
            return is_level_sized(type) ? fmt::format("hand.irql_out<{}>()", name) : fmt::format("hand.out<{}>(3)", name);
        case Role::Kind::level_given:
            return type.depth == 0 ? "hand.irql" : fmt::format("hand.irql_out<{}>()", name);
        case Role::Kind::level_asked:
            return "hand.target";
        case Role::Kind::level_present:
            return "current_irql()";
        case Role::Kind::chosen:
            if (role.value == "invalid") return fmt::format("objects.unknown<{}>()", name);
            return chosen_text(parameter, role.value, *step.api, before);
        case Role::Kind::time:
            return role.value == "now" ? name + "{}" : fmt::format("far_ahead<{}>()", name);
        case Role::Kind::routine:
            return fmt::format("reinterpret_cast<{}>(routine<{} (*)(PVOID)>(\"{}\"))", name,
                               text::escape_c_string(step.api->signature->return_type), text::escape_c_string(parameter.name));
        case Role::Kind::null:
            return "nullptr";
        case Role::Kind::variable:
            return fmt::format("objects.plain<{}>(\"{}\")", name, role.slot);
        case Role::Kind::element:
            return fmt::format("objects.plain<{}>(\"{}\", hand.element)", name, role.slot);
        case Role::Kind::operand:
            return fmt::format("hand.given<{}>()", name);
        case Role::Kind::input:
            return fmt::format("hand.input<{}>({})", name, role.place);
        case Role::Kind::agreed:
            return fmt::format("hand.agreed<{}>()", name);
        case Role::Kind::number:
            return role.value == "TRUE" || role.value == "FALSE" ? role.value : fmt::format("static_cast<{}>({})", name, role.value);
        case Role::Kind::size:
            return fmt::format("static_cast<{}>(objects.remembered(\"{}\"))", name, text::escape_c_string(role.value));
        case Role::Kind::out:
            return fmt::format("hand.out<{}>({})", name, role.place);
        case Role::Kind::array:
            return fmt::format("objects.array<{}>(\"{}\", {})", name, role.slot, role.count);
        case Role::Kind::host: {
            std::string object =
                fmt::format("objects.host<{}>(\"{}\", \"{}\", \"{}\")", name, text::escape_c_string(step.api->header.value),
                            text::escape_c_string(name), text::escape_c_string(parameter.name));
            return role.bits.empty() ? object : fmt::format("with_bits({}, {})", object, role.bits);
        }
        case Role::Kind::unknown:
            break;
    }
    return std::nullopt;
}

/// After a call that leaves only certain others for the object, an address that it was given is what these know the owner by, where they
/// want the owner as a number.
std::string new_owner_text(const Step& step, const std::vector<Role>& roles, const Knowledge& knowledge) {
    const auto* only = find_clause<clause::AfterwardsOnly>(*step.api);
    if (only == nullptr) return {};
    for (std::size_t i = 0; i < roles.size(); ++i) {
        const auto& parameter = step.api->signature->parameters[i];
        auto type = knowledge.types().of(parameter.type);
        if (roles[i].kind != Role::Kind::host || type.depth != 1 || type.base != "void") continue;
        for (const auto& name : only->functions) {
            const Api* next = knowledge.callable(name, step.api->header.value);
            if (next == nullptr) continue;
            auto its = cast({next, {}}, knowledge);
            for (std::size_t k = 0; k < its.size(); ++k) {
                const std::string& owner = next->signature->parameters[k].type;
                if (its[k].kind != Role::Kind::host || knowledge.types().of(owner).depth != 0) continue;
                std::string before;
                return fmt::format(" objects.adopt(\"{}\", {});", text::escape_c_string(owner),
                                   *argument_text(parameter, roles[i], step, knowledge, before));
            }
        }
    }
    return {};
}

/// What the call leaves behind beside its result: an object it made, a value it stored.
std::string stored_text(const Step& step, const Knowledge& knowledge) {
    std::string text;
    auto roles = cast(step, knowledge);
    for (std::size_t i = 0; i < roles.size(); ++i) {
        const auto& parameter = step.api->signature->parameters[i];
        if (roles[i].kind == Role::Kind::level_saved && !is_level_sized(knowledge.types().of(parameter.type)))
            text += fmt::format(" hand.irql = static_cast<unsigned char>(*hand.out<{}>(3));", parameter.type);
    }
    text += new_owner_text(step, roles, knowledge);
    for_each_clause<clause::ReturnsValue>(*step.api, [&](const Rule&, const clause::ReturnsValue& c) {
        if (c.quantity == "size") text += fmt::format(" objects.remember(\"{}\", hand.result);", text::escape_c_string(step.api->name));
    });
    if (std::string made = knowledge.made_type(*step.api); !made.empty()) text += fmt::format(" objects.made(\"{}\", hand.result);", made);
    for (std::size_t i = 0; i < roles.size(); ++i) {
        const auto& parameter = step.api->signature->parameters[i];
        bool entry = find_clause<clause::Operation>(*step.api) && knowledge.types().of(parameter.type).depth > 1;
        bool stored = entry;
        for_each_clause<clause::Stores>(*step.api,
                                        [&](const Rule&, const clause::Stores& c) { stored = stored || c.parameter == parameter.name; });
        if (!stored || roles[i].kind != Role::Kind::out) continue;
        text += fmt::format(" hand.stored = as_number(*hand.out<{}>({}));", parameter.type, roles[i].place);
        break;
    }
    return text;
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

std::string call_name(const Step& step) {
    std::string name = fmt::format("call_{}{}", step.api->name, step.arguments.tag());
    if (!step.as.empty()) name += "_on_" + step.as;
    return step.number == 0 ? name : fmt::format("{}_{}", name, step.number);
}

std::string way_name(const Way& way) {
    std::string end = way.release ? fmt::format("_{}{}", way.release->api->name, way.release->arguments.tag()) : std::string();
    std::string name = fmt::format("way_{}{}", call_name(way.acquire).substr(5), end);
    for (const auto& step : way.before) name += "_once_" + call_name(step).substr(5);
    for (const auto& step : way.arrange) name += "_after_" + call_name(step).substr(5);
    for (const auto& hold : way.hold) name += "_holding_" + way_name(hold).substr(4);
    return name + way.variant;
}

std::optional<ArgumentText> arguments_text(const Step& step, const Knowledge& knowledge) {
    ArgumentText result;
    auto roles = cast(step, knowledge);
    for (std::size_t i = 0; i < roles.size(); ++i) {
        auto argument = argument_text(step.api->signature->parameters[i], roles[i], step, knowledge, result.before);
        if (!argument) return std::nullopt;
        // What the call has to store there must not be there already.
        const std::string& type = step.api->signature->parameters[i].type;
        if (roles[i].kind == Role::Kind::out && knowledge.types().of(type).depth > 1)
            result.before += fmt::format("*{} = reinterpret_cast<std::remove_pointer_t<{}>>(1); ", *argument, type);
        if (!result.list.empty()) result.list += ", ";
        result.list += *argument;
    }
    return result;
}

std::optional<std::string> argument_named(const Step& step, const std::string& parameter, const Knowledge& knowledge) {
    auto roles = cast(step, knowledge);
    for (std::size_t i = 0; i < roles.size(); ++i) {
        std::string before;
        const auto& candidate = step.api->signature->parameters[i];
        if (candidate.name == parameter) return argument_text(candidate, roles[i], step, knowledge, before);
    }
    return std::nullopt;
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
    body += stored_text(step, knowledge);
    auto used = [&](const char* name) {
        return body.find(fmt::format("{}.", name)) != std::string::npos ? fmt::format(" {}", name) : std::string();
    };
    std::string text = fmt::format("const Function {}{{\n    \"{}\",\n    [](Objects&{}, Hand&{}) {{ {} }}", call_name(step),
                                   text::escape_c_string(api.name), used("objects"), used("hand"), body);
    auto levels = knowledge.levels(step);
    auto needs = knowledge.needs(step);
    auto others = others_of(step, knowledge);
    if (levels || needs || !others.empty()) text += fmt::format(",\n    {}", levels ? levels_text(*levels) : "Levels{}");
    if (needs || !others.empty()) text += fmt::format(", {}", needs ? apcs_text(*needs) : "{}");
    if (!others.empty()) {
        std::vector<std::string> names;
        for (const auto& other : others) names.push_back("&" + call_name(other));
        text += fmt::format(", {{{}}}", fmt::join(names, ", "));
    }
    return text + "};";
}

std::string way_text(const Way& way) {
    std::string text = fmt::format("const Way {}{{{}, &{}, {}, {}", way_name(way), pointer_to(way.initialize), call_name(way.acquire),
                                   pointer_to(way.release), pointer_to(way.destroy));
    if (!way.acquired.empty())
        text += fmt::format(", [](const Hand& hand) {{ return {}; }}", way.acquired);
    else if (way.shared || !way.arrange.empty() || !way.before.empty() || !way.hold.empty())
        text += ", nullptr";
    if (way.shared || !way.arrange.empty() || !way.before.empty() || !way.hold.empty()) text += way.shared ? ", true" : ", false";
    auto list = [](const std::vector<Step>& steps) {
        std::vector<std::string> names;
        for (const auto& step : steps) names.push_back("&" + call_name(step));
        return fmt::format(", {{{}}}", fmt::join(names, ", "));
    };
    if (!way.arrange.empty() || !way.before.empty() || !way.hold.empty()) text += list(way.arrange);
    if (!way.before.empty() || !way.hold.empty()) text += list(way.before);
    if (!way.hold.empty()) text += ", &" + way_name(way.hold.front());
    if (way.end) text += ", " + pointer_to(way.end);
    return text + "};";
}

}  // namespace ddi::emit::tests
