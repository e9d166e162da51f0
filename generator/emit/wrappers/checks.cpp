#include "generator/emit/wrappers/checks.h"

#include <algorithm>
#include <variant>

#include "generator/text/escape.h"

namespace ddi::emit::wrappers {

using model::Api;
using model::Rule;
namespace clause = facts::clause;

Context::Context(const model::Model& model) : types(model), locks(model, types) {
    std::map<std::string, std::set<std::string>> requests;
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
            if constexpr (requires { content.before; content.status; }) names = {content.before};
        },
        rule.clause.content);
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    std::string text;
    for (const auto& name : names) text += (text.empty() ? "" : " ") + name;
    return text;
}

}  // namespace ddi::emit::wrappers
