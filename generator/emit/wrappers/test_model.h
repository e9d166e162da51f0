// Small models for the tests of this folder, written as pages would give them: an imaginary lock family with the roles of real ones.
#pragma once

#include <string>
#include <vector>

#include "generator/model/model.h"

namespace ddi::emit::wrappers::testing {

struct ApiText {
    std::string header, name, return_type;
    std::vector<std::pair<std::string, std::string>> parameters;  // type, name
};

inline model::Api make_api(const ApiText& text, page::PageKind kind = page::PageKind::function) {
    model::Api api;
    api.kind = kind;
    api.name = text.name;
    api.header.value = text.header;
    api.page = text.header.substr(0, text.header.rfind('.')) + "/nf-" + text.name + ".md";
    model::Signature signature;
    signature.return_type = text.return_type;
    for (const auto& [type, name] : text.parameters) {
        model::Parameter parameter;
        parameter.type = type;
        parameter.name = name;
        signature.parameters.push_back(std::move(parameter));
    }
    api.signature = std::move(signature);
    return api;
}

inline void add_rule(model::Api& api, const std::string& kind, facts::ClauseContent content, facts::Condition when = {}) {
    model::Rule rule;
    rule.id = "DDI-" + api.header.value.substr(0, api.header.value.rfind('.')) + "-" + api.name + "-" + kind;
    rule.clause.content = std::move(content);
    rule.clause.when = std::move(when);
    rule.clause.cite.source = std::make_shared<text::SourceText>(api.page, "first line\nsecond line\n");
    rule.clause.cite.span = {11, 20};
    rule.clause.cite.verbatim = "A sentence about \"" + kind + "\".";
    api.rules.push_back(std::move(rule));
}

inline facts::Condition when(facts::Comparison::Subject subject, std::string name, std::string op, std::string value) {
    facts::Condition condition;
    condition.all.push_back({subject, std::move(name), std::move(op), std::move(value)});
    condition.text = "if so";
    return condition;
}

inline model::Type make_type(std::string name, std::string tag, std::string definition, std::vector<std::string> pointers) {
    model::Type type;
    type.name = std::move(name);
    type.tag = std::move(tag);
    type.definition = std::move(definition);
    type.pointers = std::move(pointers);
    type.size = 8;
    return type;
}

/// Spin locks with a saved level, a queued variant with a handle, a try, and a wait on untyped objects.
model::Model lock_model();

}  // namespace ddi::emit::wrappers::testing
