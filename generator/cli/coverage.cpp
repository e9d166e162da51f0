#include "generator/cli/coverage.h"

#include <fmt/format.h>

#include <map>

namespace ddi::cli {

namespace {

using Json = nlohmann::ordered_json;
using Counts = std::map<std::string, std::size_t>;

Json to_json(const Counts& counts) {
    Json json = Json::object();
    for (const auto& [name, count] : counts) json[name] = count;
    return json;
}

struct IrqlCounts {
    std::size_t present = 0, understood = 0, deferred = 0, deferred_found = 0, junk = 0, not_applicable = 0, absent = 0, absent_found = 0;

    void add(const model::Irql& irql) {
        bool from_text = irql.entry && irql.origin != facts::Origin::front_matter;
        switch (irql.status) {
            case facts::IrqlStatus::understood:
                ++present, ++understood;
                break;
            case facts::IrqlStatus::not_understood:
                ++present;
                break;
            case facts::IrqlStatus::deferred:
                ++deferred, deferred_found += from_text;
                break;
            case facts::IrqlStatus::junk:
                ++junk;
                break;
            case facts::IrqlStatus::not_applicable:
                ++not_applicable;
                break;
            case facts::IrqlStatus::absent:
                ++absent, absent_found += from_text;
                break;
        }
    }
};

}  // namespace

Json coverage_json(const Documentation& documentation) {
    const model::Model& model = documentation.model;
    Counts kinds, function_signatures, callback_signatures, untyped, clause_kinds, clause_origins, diagnostics, directions;
    IrqlCounts irql, routine_irql;
    std::size_t functions = 0, callbacks = 0, clauses = 0, routines_with_clauses = 0, stale = 0, parameters = 0;
    for (const auto& api : model.apis) {
        ++kinds[page::kind_name(api.kind)];
        irql.add(api.irql);
        if (!api.is_routine()) continue;
        routine_irql.add(api.irql);
        bool function = api.kind == page::PageKind::function;
        ++(function ? functions : callbacks);
        if (api.signature) {
            ++(function ? function_signatures : callback_signatures)[facts::origin_name(api.signature->origin)];
            if (!api.signature->typed()) ++untyped[function ? "functions" : "callbacks"];
            stale += api.signature->stale;
            for (const auto& parameter : api.signature->parameters) {
                ++parameters;
                ++directions[parameter.direction == facts::Direction::unknown ? "unknown" : facts::origin_name(parameter.direction_origin)];
            }
        }
        routines_with_clauses += !api.rules.empty();
        for (const auto& rule : api.rules) {
            ++clauses;
            ++clause_kinds[facts::clause_kind(rule.clause.content)];
            ++clause_origins[facts::origin_name(rule.clause.cite.origin)];
        }
    }
    for (const auto& diagnostic : model.diagnostics) ++diagnostics[diagnostic.code];

    Json json;
    json["source"] = model.source_name;
    json["revision"] = model.revision;
    json["pages"] = documentation.counts.pages;
    json["api_pages"] = documentation.counts.api_pages;
    json["other_pages"] = documentation.counts.other_pages;
    json["unreadable"] = documentation.counts.unreadable;
    json["headers"] = model.headers.size();
    json["kinds"] = to_json(kinds);
    json["functions"] = functions;
    json["functions_with_signature"] = to_json(function_signatures);
    json["callbacks"] = callbacks;
    json["callbacks_with_signature"] = to_json(callback_signatures);
    json["signatures_without_types"] = to_json(untyped);
    json["signatures_stale"] = stale;
    json["parameters"] = parameters;
    json["parameter_directions"] = to_json(directions);
    json["irql_present"] = irql.present;
    json["irql_understood"] = irql.understood;
    json["irql_deferred"] = irql.deferred;
    json["irql_deferred_found_in_text"] = irql.deferred_found;
    json["irql_junk"] = irql.junk;
    json["irql_not_applicable"] = irql.not_applicable;
    json["irql_blank"] = irql.absent;
    json["irql_blank_found_in_text"] = irql.absent_found;
    json["routines_irql_blank"] = routine_irql.absent;
    json["clauses"] = clauses;
    json["routines_with_clauses"] = routines_with_clauses;
    json["clauses_by_kind"] = to_json(clause_kinds);
    json["clauses_by_origin"] = to_json(clause_origins);
    json["diagnostics"] = to_json(diagnostics);
    return json;
}

std::string coverage_text(const Json& coverage) {
    std::string text;
    for (const auto& [key, value] : coverage.items()) {
        std::string name = key;
        for (auto& c : name) c = c == '_' ? ' ' : c;
        if (!value.is_object()) {
            text += fmt::format("{:<34}{}\n", name, value.is_string() ? value.get<std::string>() : value.dump());
            continue;
        }
        std::size_t total = 0;
        for (const auto& [part, count] : value.items()) total += count.get<std::size_t>();
        text += fmt::format("{:<34}{}\n", name, total);
        for (const auto& [part, count] : value.items()) text += fmt::format("  {:<32}{}\n", part, count.get<std::size_t>());
    }
    return text;
}

}  // namespace ddi::cli
