#include "generator/emit/wrappers/checks.h"

#include <algorithm>
#include <variant>

#include "generator/emit/stubs/header_name.h"
#include "generator/emit/stubs/header_plan.h"
#include "generator/text/escape.h"

namespace ddi::emit::wrappers {

using model::Api;
using model::Rule;
namespace clause = facts::clause;

namespace {

std::string suffix(const Api& api, const Rule& rule) { return rule_constant(api, rule); }

bool same_prototype(const Api& a, const Api& b, const TypeTable& types) {
    const auto& left = a.signature->parameters;
    const auto& right = b.signature->parameters;
    return left.size() == right.size() && types.of(a.signature->return_type) == types.of(b.signature->return_type) &&
           std::equal(left.begin(), left.end(), right.begin(),
                      [&](const auto& l, const auto& r) { return l.name == r.name && types.of(l.type) == types.of(r.type); });
}

}  // namespace

const Api& Context::effective(const Api& api) const {
    auto home = homes.find(api.name);
    if (home == homes.end() || home->second->kind != api.kind || !same_prototype(*home->second, api, types)) return api;
    return joined.at(api.name);
}

Context::Context(const model::Model& model) : types(model), locks(model, types) {
    auto near = stubs::near_headers(model);
    auto includes = [&](const Api& outer, const Api& inner) {
        auto found = near.find(stubs::header_file(outer.header.value));
        std::string wanted = stubs::header_file(inner.header.value);
        return found != near.end() && std::find(found->second.begin(), found->second.end(), wanted) != found->second.end();
    };
    std::map<std::string, std::vector<const Api*>> by_name;
    for (const auto& api : model.apis) {
        if (is_wrappable(api) && api.kind == page::PageKind::function) by_name[api.name].push_back(&api);
    }
    for (auto& [name, pages] : by_name) {
        if (pages.size() < 2) continue;
        const Api* home = pages.front();
        for (const Api* page : pages) {
            if (includes(*home, *page) && same_prototype(*home, *page, types)) home = page;
        }
        Api all = *home;
        for (const Api* page : pages) {
            if (page == home || !same_prototype(*home, *page, types)) continue;
            for (const auto& rule : page->rules) {
                bool known = std::any_of(all.rules.begin(), all.rules.end(),
                                         [&](const Rule& own) { return suffix(all, own) == suffix(*page, rule); });
                if (!known) all.rules.push_back(rule);
            }
        }
        homes[name] = home;
        joined[name] = std::move(all);
    }
    for (const auto& api : model.apis) {
        for (const auto& rule : api.rules) {
            if (const auto* pending = std::get_if<clause::Pending>(&rule.clause.content)) {
                for (const Api* function : model.find_name(pending->before)) {
                    if (!is_wrappable(*function) || !api.signature) continue;
                    for (const auto& parameter : function->signature->parameters) {
                        std::string base = types.of(parameter.type).base;
                        bool taken = std::any_of(api.signature->parameters.begin(), api.signature->parameters.end(),
                                                 [&](const auto& own) { return types.of(own.type).base == base; });
                        if (taken) noted[function->name].insert(base);
                    }
                }
            }
            if (const auto* once = std::get_if<clause::Recursion>(&rule.clause.content);
                once && once->rule == clause::RecursionRule::deadlock) {
                bool acquires = std::any_of(api.rules.begin(), api.rules.end(),
                                            [](const Rule& r) { return std::holds_alternative<clause::Acquire>(r.clause.content); });
                auto ref =
                    is_wrappable(api) && !acquires && rule.clause.when.unconditional() ? locks.object(api, once->object) : std::nullopt;
                if (ref && ref->own_type) recursion.try_emplace(ref->domain, &api, &rule);
            }
            if (const auto* argument = std::get_if<clause::Argument>(&rule.clause.content))
                gives_irql_back.insert(argument->saved_by.begin(), argument->saved_by.end());
            if (const auto* combined = std::get_if<clause::NotCombined>(&rule.clause.content)) {
                for (const auto& name : combined->functions) {
                    if (name != api.name && is_wrappable(api)) partners[name].push_back({&api, &rule});
                }
            }
        }
    }
}

std::string rule_constant(const Api& api, const Rule& rule) {
    std::string prefix = "-" + api.name + "-";
    auto at = rule.id.find(prefix);
    return text::to_identifier(at == std::string::npos ? rule.id : rule.id.substr(at + prefix.size()));
}

std::string rule_functions(const Api& api, const Rule& rule) {
    std::vector<std::string> names;
    std::visit(
        [&](const auto& content) {
            if constexpr (requires { content.with; }) names = content.with;
            if constexpr (requires { content.acquired_by; }) names = content.acquired_by;
            if constexpr (requires { content.by; }) names = content.by;
            if constexpr (requires { content.saved_by; }) names = content.saved_by;
            if constexpr (requires { content.functions; }) {
                names = content.functions;
                names.push_back(api.name);
            }
            if constexpr (requires {
                              content.before;
                              content.status;
                          })
                names = {content.before};
        },
        rule.clause.content);
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    std::string text;
    for (const auto& name : names) text += (text.empty() ? "" : " ") + name;
    return text;
}

}  // namespace ddi::emit::wrappers
