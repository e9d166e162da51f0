#include "generator/emit/data/api_json.h"

#include "generator/emit/irql_effect.h"

namespace ddi::emit::data {

namespace {

const char* status_name(facts::IrqlStatus status) {
    switch (status) {
        case facts::IrqlStatus::absent:
            return "absent";
        case facts::IrqlStatus::understood:
            return "understood";
        case facts::IrqlStatus::deferred:
            return "deferred";
        case facts::IrqlStatus::not_applicable:
            return "not-applicable";
        case facts::IrqlStatus::junk:
            return "junk";
        case facts::IrqlStatus::not_understood:
            return "not-understood";
    }
    return "";
}

const char* form_name(facts::DeclarationForm form) {
    switch (form) {
        case facts::DeclarationForm::function:
            return "function";
        case facts::DeclarationForm::callback:
            return "callback";
        case facts::DeclarationForm::macro:
            return "macro";
        case facts::DeclarationForm::structure:
            return "struct";
        case facts::DeclarationForm::union_:
            return "union";
        case facts::DeclarationForm::enumeration:
            return "enum";
        case facts::DeclarationForm::typedef_:
            return "typedef";
        case facts::DeclarationForm::interface:
            return "interface";
    }
    return "";
}

Json or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

/// Running text as paragraphs; code and cells too, a block a line.
std::string plain_text(const std::vector<text::Block>& blocks) {
    std::string text;
    for (const auto& block : blocks) {
        if (block.kind == text::BlockKind::html_comment || block.text.empty()) continue;
        if (!text.empty()) text += '\n';
        text += block.text;
    }
    return text;
}

Json parameter_json(const model::Parameter& parameter) {
    Json json;
    json["name"] = parameter.name;
    json["type"] = or_null(parameter.type);
    if (!parameter.array.empty()) json["array"] = parameter.array;
    json["direction"] = facts::direction_name(parameter.direction);
    json["optional"] = parameter.optional;
    json["reserved"] = parameter.reserved;
    json["type_origin"] = facts::origin_name(parameter.type_origin);
    json["direction_origin"] = facts::origin_name(parameter.direction_origin);
    if (!parameter.sal.empty()) json["sal"] = parameter.sal;
    json["text"] = plain_text(parameter.text);
    json["page"] = parameter.cite.source ? Json(parameter.cite.source->path()) : Json(nullptr);
    json["line"] = parameter.cite.source ? Json(parameter.cite.source->position(parameter.cite.span.begin).line) : Json(nullptr);
    return json;
}

Json signature_json(const model::Api& api) {
    if (!api.signature) return nullptr;
    const auto& signature = *api.signature;
    Json json;
    json["return"] = or_null(signature.return_type);
    json["parameters"] = Json::array();
    for (const auto& parameter : signature.parameters) json["parameters"].push_back(parameter_json(parameter));
    json["variadic"] = signature.variadic;
    if (!signature.calling_convention.empty()) json["calling_convention"] = signature.calling_convention;
    if (!signature.sal.empty()) json["sal"] = signature.sal;
    json["typed"] = signature.typed();
    json["stale"] = signature.stale;
    add_cite(json, signature.cite);
    json["origin"] = facts::origin_name(signature.origin);
    return json;
}

Json level_names(facts::LevelSet levels) {
    Json names = Json::array();
    for (auto level : levels.levels()) names.push_back(facts::level_name(level));
    return names;
}

Json irql_json(const model::Api& api) {
    const auto& irql = api.irql;
    Json json;
    json["verbatim"] = irql.verbatim;
    json["status"] = status_name(irql.status);
    json["entry"] = irql.entry ? level_names(*irql.entry) : Json(nullptr);
    json["conditions"] = Json::array();
    for (const auto& alternative : irql.conditions) {
        json["conditions"].push_back({{"levels", level_names(alternative.levels)}, {"text", alternative.condition}});
    }
    json["effect"] = or_null(irql_effect(api.rules));
    json["origin"] = irql.verbatim.empty() && !irql.entry ? Json(nullptr) : Json(facts::origin_name(irql.origin));
    json["line"] = irql.cite.source ? Json(irql.cite.source->position(irql.cite.span.begin).line) : Json(nullptr);
    return json;
}

Json head_json(const model::Api& api) {
    Json json;
    json["name"] = api.name;
    json["uid"] = api.uid.text;
    json["kind"] = page::kind_name(api.kind);
    json["header"] = or_null(api.header.value);
    json["include_header"] = or_null(api.include_header.value);
    json["library"] = or_null(api.library.value);
    json["dll"] = or_null(api.dll.value);
    json["min_client"] = or_null(api.min_client.value);
    json["min_server"] = or_null(api.min_server.value);
    json["kmdf"] = or_null(api.kmdf.value);
    json["umdf"] = or_null(api.umdf.value);
    json["target_type"] = or_null(api.target_type.value);
    json["page"] = api.page;
    json["title"] = api.title;
    json["brief"] = api.brief;
    return json;
}

Json members_json(const std::vector<facts::DeclaredMember>& members) {
    Json list = Json::array();
    for (const auto& member : members) {
        Json json;
        json["name"] = member.name;
        json["type"] = or_null(member.type);
        if (!member.array.empty()) json["array"] = member.array;
        if (!member.bits.empty()) json["bits"] = member.bits;
        if (!member.value.empty()) json["value"] = member.value;
        if (!member.aggregate.empty()) {
            json["aggregate"] = member.aggregate;
            json["members"] = members_json(member.members);
        }
        if (member.origin != facts::Origin::declaration) json["origin"] = facts::origin_name(member.origin);
        list.push_back(std::move(json));
    }
    return list;
}

}  // namespace

Json routine_json(const model::Api& api) {
    Json json = head_json(api);
    json["macro"] = api.is_macro;
    json["compliance"] = api.compliance;
    json["signature"] = signature_json(api);
    if (!api.signature_missing.empty()) json["signature_missing"] = api.signature_missing;
    json["returns"] = api.returns ? Json{{"void", api.returns->is_void}, {"text", plain_text(api.returns->text)}} : Json(nullptr);
    json["irql"] = irql_json(api);
    json["clauses"] = Json::array();
    for (const auto& rule : api.rules) json["clauses"].push_back(clause_json(rule));
    return json;
}

Json aggregate_json(const model::Api& api) {
    Json json = head_json(api);
    json["type_names"] = api.type_names;
    if (api.declaration) {
        const auto& declaration = api.declaration->value;
        Json inner;
        inner["form"] = form_name(declaration.form);
        inner["tag"] = or_null(declaration.tag);
        inner["aliases"] = declaration.aliases;
        inner["members"] = members_json(declaration.members);
        add_cite(inner, api.declaration->cite);
        inner["stale"] = api.aggregate.stale;
        if (api.kind == page::PageKind::enumeration) {
            inner["values_inferred"] = api.aggregate.values_inferred;
            inner["values_unknown"] = api.aggregate.values_unknown;
        }
        if (!api.aggregate.unvalued.empty()) inner["unvalued"] = api.aggregate.unvalued;
        if (!api.aggregate.untyped.empty()) inner["untyped"] = api.aggregate.untyped;
        if (!api.aggregate.undeclared.empty()) inner["undeclared"] = api.aggregate.undeclared;
        json["declaration"] = std::move(inner);
    } else {
        json["declaration"] = nullptr;
    }
    json["members"] = Json::array();
    for (const auto& member : api.members) {
        Json inner;
        inner["name"] = member.name;
        inner["text"] = plain_text(member.text);
        inner["line"] = member.cite.source ? Json(member.cite.source->position(member.cite.span.begin).line) : Json(nullptr);
        json["members"].push_back(std::move(inner));
    }
    return json;
}

Json ioctl_json(const model::Api& api) {
    Json json = head_json(api);
    if (api.control_code) {
        Json inner = {{"value", api.control_code->value}};
        add_cite(inner, api.control_code->cite);
        json["code"] = std::move(inner);
    } else {
        json["code"] = nullptr;
    }
    return json;
}

Json constant_json(const model::Constant& constant) {
    Json json = {{"name", constant.name}, {"value", constant.value}, {"header", constant.header}};
    add_cite(json, constant.cite);
    return json;
}

Json type_json(const model::Type& type) {
    Json json;
    json["name"] = type.name;
    json["tag"] = or_null(type.tag);
    json["definition"] = or_null(type.definition);
    json["pointers"] = type.pointers;
    json["size"] = type.size == 0 ? Json(nullptr) : Json(type.size);
    json["alignment"] = type.alignment == 0 ? Json(nullptr) : Json(type.alignment);
    json["header"] = type.header;
    add_cite(json, type.cite);
    return json;
}

}  // namespace ddi::emit::data
