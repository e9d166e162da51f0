#include "generator/emit/wrappers/guards.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <set>

#include "generator/emit/wrappers/conditions.h"
#include "generator/text/escape.h"
#include "generator/text/writer.h"

namespace ddi::emit::wrappers {

namespace clause = facts::clause;
using model::Api;
using model::Parameter;

namespace {

template <class Content>
const Content* first(const Api& api) {
    for (const auto& rule : api.rules) {
        if (const auto* content = std::get_if<Content>(&rule.clause.content)) return content;
    }
    return nullptr;
}

struct Guard {
    std::string name;
    const Api* acquire = nullptr;
    const Api* release = nullptr;
    std::vector<std::string> parameters;  // "PKSPIN_LOCK SpinLock"
    std::vector<std::string> members;     // "PKSPIN_LOCK SpinLock_;"
    std::vector<std::string> initializers;
    std::string acquire_call;  // "old_ = KeAcquireSpinLockRaiseToDpc(SpinLock)"
    std::string release_call;
    std::string capability;
    bool shared = false;
};

bool lists(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// The release that ends what `acquire` began: one that either page names for the other, else the only one of the object.
const Api* release_of(const Api& acquire, const std::map<std::string, WrappedHeader>& headers, const Context& context) {
    const auto* with = first<clause::ReleaseWith>(acquire);
    auto object = context.locks.object(acquire, first<clause::Acquire>(acquire)->object);
    std::vector<const Api*> named, fitting;
    for (const auto& [name, header] : headers) {
        for (const Api* api : header.functions) {
            const auto* release = first<clause::Release>(*api);
            if (release == nullptr) continue;
            const auto* not_from = first<clause::ReleasesNot>(*api);
            const auto* from = first<clause::Releases>(*api);
            if (not_from != nullptr && lists(not_from->acquired_by, acquire.name)) continue;
            bool by_acquirer = with != nullptr && lists(with->with, api->name);
            if (with != nullptr && !with->with.empty() && !by_acquirer) continue;
            bool by_releaser = from != nullptr && lists(from->acquired_by, acquire.name);
            if (from != nullptr && !from->acquired_by.empty() && !by_releaser) continue;
            auto ref = context.locks.object(*api, release->object);
            if (by_acquirer || by_releaser)
                named.push_back(api);
            else if (object && ref && ref->domain == object->domain && ref->handle.empty() == object->handle.empty())
                fitting.push_back(api);
        }
    }
    // The first name on the acquirer's page is the one that it recommends.
    if (with != nullptr) {
        for (const auto& name : with->with) {
            auto found = std::find_if(named.begin(), named.end(), [&](const Api* api) { return api->name == name; });
            if (found != named.end()) return *found;
        }
    }
    if (!named.empty()) return named.front();
    return fitting.size() == 1 ? fitting.front() : nullptr;
}

std::optional<Guard> build(const Api& acquire, const Api& release, const Context& context, const Capabilities& capabilities) {
    const auto* acquisition = first<clause::Acquire>(acquire);
    auto object = context.locks.object(acquire, acquisition->object);
    CType result = context.types.of(acquire.signature->return_type);
    if (!object || acquisition->attempt || is_status(result) || is_boolean(result) || object->only_known) return std::nullopt;
    Guard guard;
    guard.name = guard_name(acquire.name);
    guard.acquire = &acquire;
    guard.release = &release;
    guard.shared = acquisition->mode == facts::Mode::shared;
    const auto* save = first<clause::IrqlSave>(acquire);
    std::string saved;  // the member that keeps the IRQL
    std::string arguments;
    std::map<std::string, std::string> kept;  // base type of a parameter → expression of the kept argument, for the release
    std::map<std::string, std::string> kept_by_name;
    bool returns_irql =
        first<clause::ReturnsPreviousIrql>(acquire) != nullptr || (save != nullptr && save->where.kind == facts::Place::Kind::result);
    for (const auto& parameter : acquire.signature->parameters) {
        CType type = context.types.of(parameter.type);
        if (!parameter.array.empty()) return std::nullopt;
        std::string member = parameter.name + "_";
        bool keeps_irql = save != nullptr && save->where.parameter == parameter.name && type.depth == 1;
        bool is_handle = !object->handle.empty() && object->handle == fmt::format("contract::key({})", parameter.name);
        if (keeps_irql || is_handle) {
            guard.members.push_back(fmt::format("{} {}{{}};", type.base, member));
            arguments += (arguments.empty() ? "&" : ", &") + member;
            if (keeps_irql)
                saved = member;
            else
                kept_by_name[parameter.name] = kept[type.base] = "&" + member;
            if (is_handle && capabilities.locked_parameter(acquire) == "*" + parameter.name) guard.capability = member;
            continue;
        }
        guard.parameters.push_back(parameter.type + " " + parameter.name);
        guard.members.push_back(fmt::format("{} {};", parameter.type, member));
        guard.initializers.push_back(fmt::format("{}({})", member, parameter.name));
        arguments += (arguments.empty() ? "" : ", ") + member;
        kept_by_name[parameter.name] = member;
        kept.try_emplace(type.base, member);
        if (capabilities.locked_parameter(acquire) == "*" + parameter.name) guard.capability = "*" + parameter.name;
    }
    guard.acquire_call = fmt::format("{}({})", acquire.name, arguments);
    if (returns_irql && !(result.base == "void" && result.depth == 0)) {
        saved = "irql_";
        guard.members.push_back(fmt::format("{} irql_;", acquire.signature->return_type));
        guard.acquire_call = "irql_ = " + guard.acquire_call;
    }
    arguments.clear();
    const auto* restore = first<clause::IrqlRestore>(release);
    for (const auto& parameter : release.signature->parameters) {
        CType type = context.types.of(parameter.type);
        std::string value;
        bool wants_irql = type.depth == 0 && ((restore != nullptr && restore->from.parameter == parameter.name) || type.base == "KIRQL");
        if (wants_irql)
            value = saved;
        else if (auto same = kept_by_name.find(parameter.name); same != kept_by_name.end())
            value = same->second;
        else if (auto same_type = kept.find(type.base); same_type != kept.end())
            value = same_type->second;
        if (value.empty()) return std::nullopt;
        arguments += (arguments.empty() ? "" : ", ") + value;
    }
    guard.release_call = fmt::format("{}({})", release.name, arguments);
    return guard;
}

void write(text::Writer& out, const Guard& guard) {
    out.line("/// {} in the constructor, {} in the destructor.", guard.acquire->name, guard.release->name);
    bool checked = !guard.capability.empty();
    std::string acquires = checked ? fmt::format(" DDI_ACQUIRE{}({})", guard.shared ? "_SHARED" : "", guard.capability) : std::string();
    std::string initializers = guard.initializers.empty() ? "" : fmt::format(" : {}", fmt::join(guard.initializers, ", "));
    out.line("class [[nodiscard]] {}{} {{", checked ? "DDI_SCOPED_CAPABILITY " : "", guard.name);
    out.raw_line("  public:");
    {
        auto body = out.indent();
        out.line("[[nodiscard]] {}{}({}){}{} {{ {}; }}", guard.parameters.size() == 1 ? "explicit " : "", guard.name,
                 fmt::join(guard.parameters, ", "), acquires, initializers, guard.acquire_call);
        out.line("~{}(){} {{ {}; }}", guard.name, checked ? " DDI_RELEASE()" : "", guard.release_call);
        out.line("{0}(const {0}&) = delete;", guard.name);
        out.line("{0}& operator=(const {0}&) = delete;", guard.name);
        if (!guard.members.empty()) out.raw_line("");
    }
    if (!guard.members.empty()) out.raw_line("  private:");
    {
        auto body = out.indent();
        for (const auto& member : guard.members) out.raw_line(member);
    }
    out.raw_line("};");
}

}  // namespace

std::string guard_name(const std::string& function) {
    std::string name = function;
    constexpr std::array kVerbs = {"Acquire", "Enter", "Take", "Lock"};
    for (const char* verb : kVerbs) {
        auto at = name.find(verb);
        if (at == std::string::npos || at + std::string(verb).size() == name.size()) continue;
        name.erase(at, std::string(verb).size());
        break;
    }
    // "Ke", "Ex", "Ks": the two letters of a kernel component.
    auto upper = [&](std::size_t i) { return i < name.size() && std::isupper(static_cast<unsigned char>(name[i])); };
    if (name.size() > 3 && upper(0) && !upper(1) && upper(2)) name.erase(0, 2);
    return name;
}

std::string include_guard(const std::string& header) {
    std::string name = text::to_identifier(header);
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return "DDI_WRAPPERS_" + name;
}

std::string emit_guards(const model::Model&, const std::map<std::string, WrappedHeader>& headers, const Context& context,
                        const Capabilities& capabilities, const std::string& head) {
    text::Writer out;
    out.raw(head);
    out.raw_line(
        "/* Guards for C++: a constructor acquires, the destructor releases. Include this after the headers whose locks are used.\n"
        " * With Clang's -Wthread-safety, guards of lock types count as scoped capabilities. */");
    out.raw_line(
        "#ifndef DDI_WRAPPERS_GUARDS_HPP\n#define DDI_WRAPPERS_GUARDS_HPP\n\n#ifdef __cplusplus\n#include \"ddi_capabilities.h\"\n");
    std::set<std::string> names;
    for (const auto& [header, wrapped] : headers) {
        std::vector<Guard> guards;
        for (const Api* api : wrapped.functions) {
            if (first<clause::Acquire>(*api) == nullptr) continue;
            const Api* release = release_of(*api, headers, context);
            if (release == nullptr) continue;
            auto guard = build(*api, *release, context, capabilities);
            if (!guard) continue;
            if (!names.insert(guard->name).second) {
                guard->name = api->name;
                names.insert(guard->name);
            }
            guards.push_back(std::move(*guard));
        }
        if (guards.empty()) continue;
        out.line("#ifdef {}", include_guard(header));
        out.raw_line("namespace ddi::guard {");
        for (const auto& guard : guards) {
            out.line();
            write(out, guard);
        }
        out.raw_line("\n}  // namespace ddi::guard");
        out.raw_line("#endif\n");
    }
    out.raw_line("#endif\n#endif");
    return out.take();
}

}  // namespace ddi::emit::wrappers
