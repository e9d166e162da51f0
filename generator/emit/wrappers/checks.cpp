#include "generator/emit/wrappers/checks.h"

#include <algorithm>
#include <variant>

#include "generator/emit/stubs/header_name.h"
#include "generator/emit/stubs/header_plan.h"
#include "generator/emit/wrappers/selection.h"
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

std::set<std::string> declared_functions(const model::Model& model) {
    std::set<std::string> names;
    for (const auto& [header, stub] : stub_headers(model)) {
        for (const Api* api : stub.functions) names.insert(api->name);
    }
    return names;
}

/// The functions that the clause wants to see called before or after.
const std::vector<std::string>* listed(const facts::ClauseContent& content) {
    if (const auto* c = std::get_if<clause::PrecededBy>(&content)) return &c->functions;
    if (const auto* c = std::get_if<clause::FollowedBy>(&content)) return &c->functions;
    if (const auto* c = std::get_if<clause::AfterwardsOnly>(&content)) return &c->functions;
    if (const auto* c = std::get_if<clause::ArgumentSame>(&content)) return &c->functions;
    return nullptr;
}

}  // namespace

bool Context::are_seen(const std::vector<std::string>& functions) const {
    return !functions.empty() && std::all_of(functions.begin(), functions.end(), [&](const std::string& name) {
        auto macro = macros_.find(name);
        const std::string& called = macro == macros_.end() ? name : macro->second;
        return declared.contains(called) && is_watched(called);
    });
}

std::optional<std::string> given_expression(const Api& api, const Context::Wanted& wanted, const TypeTable& types) {
    CType type = types.of(wanted.type);
    auto result_fits = [&] {
        return wanted.given && types.of(api.signature->return_type) == type && !is_boolean(type) && !is_status(type);
    };
    if (result_fits()) return "result";
    std::optional<std::string> by_type;
    bool unique = true;
    for (const auto& parameter : api.signature->parameters) {
        CType own = types.of(parameter.type);
        if (!parameter.array.empty()) continue;
        if (wanted.given && own == CType{type.base, type.depth + 1}) return "*" + parameter.name;
        if (own != type) continue;
        if (parameter.name == wanted.name) return parameter.name;
        unique = !by_type;
        by_type = parameter.name;
    }
    return unique ? by_type : std::nullopt;
}

bool Context::are_given(const clause::ArgumentSame& same, const std::string& type) const {
    return !same.functions.empty() && std::all_of(same.functions.begin(), same.functions.end(), [&](const std::string& name) {
        auto found = givers_.find(name);
        return found != givers_.end() && declared.contains(name) &&
               given_expression(*found->second, {same.parameter, type, same.given}, types).has_value();
    });
}

void Context::find_history(const model::Model& model) {
    for (const auto& macro : model.macros) macros_.emplace(macro.name, macro.function);
    for (const auto& api : model.apis) {
        if (!is_wrappable(api)) continue;
        for (const auto& rule : api.rules) {
            const auto& content = rule.clause.content;
            if (const auto* names = listed(content)) {
                for (const auto& name : *names) {
                    for (const Api* function : model.find_name(name)) {
                        if (is_wrappable(*function) && function->kind == page::PageKind::function) watched_.insert(name);
                    }
                }
            }
            if (const auto* same = std::get_if<clause::ArgumentSame>(&content)) {
                for (const auto& parameter : api.signature->parameters) {
                    if (parameter.name != same->parameter) continue;
                    for (const auto& name : same->functions) {
                        wanted[name].insert({parameter.name, parameter.type, same->given});
                        for (const Api* function : model.find_name(name)) {
                            if (is_wrappable(*function) && function->kind == page::PageKind::function) givers_[name] = function;
                        }
                    }
                }
            }
            auto note = [&](const facts::Object& object, std::set<std::string>& domains) {
                auto ref = locks.object(api, object);
                if (ref && !ref->domain.empty()) domains.insert(ref->domain);
            };
            if (const auto* c = std::get_if<clause::SetsState>(&content)) note(c->object, historic_);
            if (const auto* c = std::get_if<clause::AfterwardsOnly>(&content)) note(c->object, historic_);
            if (const auto* c = std::get_if<clause::FollowedBy>(&content); c && !c->immediately) note(c->object, historic_);
            if (const auto* c = std::get_if<clause::PrecededBy>(&content)) {
                for (const auto& name : c->functions) note(c->object, first_of[name]);
            }
            for (const auto& compare : rule.clause.when.all) {
                if (compare.subject != facts::Comparison::Subject::state || compare.name == "region" || compare.name == "wait" ||
                    compare.name == "call" || compare.value == "invalid")
                    continue;
                bool held = compare.value.starts_with("held") || compare.value == "freed";
                for (const auto& ref : locks.objects(api)) {
                    if (!held && !ref.domain.empty()) historic_.insert(ref.domain);
                }
            }
        }
    }
    // Whatever a function does to such an object: that it was called for it must be known.
    for (const auto& api : model.apis) {
        if (!is_wrappable(api) || api.kind != page::PageKind::function) continue;
        auto objects = locks.objects(api);
        if (std::any_of(objects.begin(), objects.end(), [&](const ObjectRef& ref) { return has_history(ref.domain); }))
            watched_.insert(api.name);
    }
}

const Api& Context::effective(const Api& api) const {
    auto home = homes.find(api.name);
    if (home == homes.end() || home->second->kind != api.kind || !same_prototype(*home->second, api, types)) return api;
    return joined.at(api.name);
}

Context::Context(const model::Model& model) : declared(declared_functions(model)), types(model), locks(model, types, declared) {
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
    find_history(model);
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
                using Content = std::decay_t<decltype(content)>;
                // These list what may be called for an object; the function itself is one of them.
                if constexpr (std::is_same_v<Content, clause::NotCombined> || std::is_same_v<Content, clause::AfterwardsOnly>)
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
