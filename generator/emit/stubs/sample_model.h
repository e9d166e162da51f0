// Small models for tests, written as declarations: what resolve_model would make of pages that carry them.
#pragma once

#include <string>

#include "generator/model/model.h"

namespace ddi::emit::stubs {

/// Adds an API whose page has that declaration; a signature for functions and callbacks, the declaration itself for types.
inline model::Api& add_api(model::Model& model, page::PageKind kind, const std::string& header, const std::string& name,
                           const std::string& declaration) {
    model::Api api;
    api.kind = kind;
    api.name = name;
    api.uid.text = "XX:" + header.substr(0, header.find('.')) + "." + name;
    api.header.value = header;
    api.page = header.substr(0, header.find('.')) + "/" + name + ".md";
    api.source = std::make_shared<text::SourceText>(api.page, "first line\nsecond line\n");
    model::Cite cite;
    cite.origin = facts::Origin::declaration;
    cite.source = api.source;
    cite.span = {11, 12};
    cite.verbatim = declaration;
    auto parsed = facts::parse_declaration(declaration, name).declaration;
    if (parsed && api.is_routine()) {
        model::Signature signature;
        signature.return_type = parsed->return_type;
        signature.calling_convention = parsed->calling_convention;
        signature.variadic = parsed->variadic;
        signature.sal = parsed->sal;
        signature.cite = cite;
        for (const auto& declared : parsed->parameters) {
            model::Parameter parameter;
            parameter.name = declared.name;
            parameter.type = declared.type;
            parameter.array = declared.array;
            parameter.direction = declared.direction;
            parameter.optional = declared.optional;
            parameter.sal = declared.sal;
            signature.parameters.push_back(std::move(parameter));
        }
        api.signature = std::move(signature);
    } else if (parsed) {
        api.declaration = facts::Fact<facts::Declaration>{*parsed, cite};
    }
    model.headers[header].push_back(model.apis.size());
    model.apis.push_back(std::move(api));
    return model.apis.back();
}

inline model::Type opaque_type(const std::string& name, const std::string& pointer, std::size_t size, const std::string& header) {
    model::Type type;
    type.name = name;
    type.tag = "_" + name;
    type.pointers = {pointer};
    type.size = size;
    type.alignment = 8;
    type.header = header;
    type.cite.origin = facts::Origin::overlay;
    type.cite.note = "a header";
    return type;
}

inline void add_rule(model::Api& api, facts::ClauseContent content, facts::Condition when = {}) {
    model::Rule rule;
    rule.id = "DDI-" + api.name + "-" + std::to_string(api.rules.size());
    rule.clause.content = std::move(content);
    rule.clause.when = std::move(when);
    rule.clause.cite.source = api.source;
    rule.clause.cite.verbatim = "A sentence.";
    api.rules.push_back(std::move(rule));
}

}  // namespace ddi::emit::stubs
