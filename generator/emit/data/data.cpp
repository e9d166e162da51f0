#include <tbb/parallel_for.h>

#include <map>

#include "embedded/model.schema.json.h"
#include "generator/emit/data/api_json.h"
#include "generator/emit/emit.h"

namespace ddi::emit {

namespace {

using data::Json;

/// Bytes of a page that are not UTF-8 become U+FFFD: JSON has no other text.
std::string dump(const Json& json) { return json.dump(1, ' ', false, Json::error_handler_t::replace); }

Json counts_json(const model::Model& model) {
    std::map<std::string, std::size_t> kinds, signatures, clauses;
    std::size_t irql = 0;
    for (const auto& api : model.apis) {
        ++kinds[page::kind_name(api.kind)];
        if (!api.is_routine()) continue;
        if (api.signature && api.signature->typed()) ++signatures[facts::origin_name(api.signature->origin)];
        if (api.irql.entry) ++irql;
        for (const auto& rule : api.rules) ++clauses[facts::clause_kind(rule.clause.content)];
    }
    Json json;
    json["apis"] = model.apis.size();
    json["headers"] = model.headers.size();
    json["types"] = model.types.size();
    json["kinds"] = kinds;
    json["routines_with_signature"] = signatures;
    json["routines_with_irql"] = irql;
    json["clauses"] = clauses;
    return json;
}

Json protocols_json(const model::Model& model) {
    Json list = Json::array();
    for (const auto& protocol : model.protocols) {
        Json json = {{"noun", protocol.noun}, {"header", protocol.header}};
        auto add = [&](const char* part, const std::vector<std::size_t>& indices) {
            json[part] = Json::array();
            for (std::size_t index : indices) json[part].push_back(model.apis[index].uid.text);
        };
        add("initialize", protocol.initialize);
        add("acquire", protocol.acquire);
        add("attempt", protocol.attempt);
        add("release", protocol.release);
        add("destroy", protocol.destroy);
        add("query", protocol.query);
        list.push_back(std::move(json));
    }
    return list;
}

/// A long list, each element dumped on its own (the whole documentation has 24,000): `text` gets `"name": [ … ]`.
template <class Print>
void append_list(std::string& text, const char* name, const std::vector<const model::Api*>& apis, const Print& print) {
    std::vector<std::string> items(apis.size());
    tbb::parallel_for(std::size_t{0}, apis.size(), [&](std::size_t i) { items[i] = dump(print(*apis[i])); });
    text.append(" \"").append(name).append("\": [");
    for (std::size_t i = 0; i < items.size(); ++i) text.append(i == 0 ? "\n" : ",\n").append(items[i]);
    text.append(items.empty() ? "]" : "\n ]");
}

std::vector<const model::Api*> of_kind(const model::Model& model, std::initializer_list<page::PageKind> kinds) {
    std::vector<const model::Api*> list;
    for (const auto& api : model.apis) {
        for (auto kind : kinds) {
            if (api.kind == kind) list.push_back(&api);
        }
    }
    return list;
}

}  // namespace

text::FileSet emit_data(const model::Model& model, text::Diagnostics&) {
    using page::PageKind;
    Json types = Json::array();
    for (const auto& type : model.types) types.push_back(data::type_json(type));
    Json constants = Json::array();
    for (const auto& constant : model.constants) constants.push_back(data::constant_json(constant));
    std::string text = "{\n \"$schema\": \"model.schema.json\",\n \"generator\": \"ddigen\"";
    auto member = [&](const char* name, const Json& value) { text.append(",\n \"").append(name).append("\": ").append(dump(value)); };
    member("source", model.source_name);
    member("revision", model.revision.empty() ? Json(nullptr) : Json(model.revision));
    member("attribution", model.attribution.empty() ? Json(nullptr) : Json(model.attribution));
    member("counts", counts_json(model));
    text += ",\n";
    append_list(text, "functions", of_kind(model, {PageKind::function}), data::routine_json);
    text += ",\n";
    append_list(text, "callbacks", of_kind(model, {PageKind::callback}), data::routine_json);
    text += ",\n";
    append_list(text, "structures", of_kind(model, {PageKind::structure, PageKind::interface}), data::aggregate_json);
    text += ",\n";
    append_list(text, "enumerations", of_kind(model, {PageKind::enumeration}), data::aggregate_json);
    text += ",\n";
    append_list(text, "ioctls", of_kind(model, {PageKind::ioctl}), data::ioctl_json);
    member("constants", constants);
    member("types", types);
    member("protocols", protocols_json(model));
    text += "\n}\n";
    text::FileSet files;
    files["data/model.json"] = std::move(text);
    files["data/model.schema.json"] = std::string(embedded::model_schema_json);
    return files;
}

}  // namespace ddi::emit
