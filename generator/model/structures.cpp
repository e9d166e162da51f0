#include <set>
#include <string>

#include "generator/model/aggregate.h"
#include "generator/model/field_types.h"

namespace ddi::model {

namespace {

std::string leaf(const std::string& name) { return name.substr(name.rfind('.') == std::string::npos ? 0 : name.rfind('.') + 1); }

void add_names(const std::vector<facts::DeclaredMember>& members, std::set<std::string>& names) {
    for (const auto& member : members) {
        names.insert(member.name);
        add_names(member.members, names);
    }
}

}  // namespace

void report_stale(const Api& api, const std::string& what, text::Diagnostics& diagnostics) {
    text::Diagnostic diagnostic;
    diagnostic.code = "stale-declaration";
    diagnostic.severity = text::Severity::note;
    diagnostic.source = api.source;
    diagnostic.span = api.members.front().cite.span;
    const bool old = api.declaration->cite.origin == Origin::history;
    diagnostic.message =
        "the declaration " + (old ? "of " + api.declaration->cite.note : "on the page") + " and the headings differ: " + what;
    diagnostic.notes.push_back({"the declaration is here", api.declaration->cite.source, api.declaration->cite.span});
    diagnostics.push_back(std::move(diagnostic));
}

void resolve_structures(std::vector<Api>& apis, text::Diagnostics& diagnostics) {
    std::vector<std::pair<Api*, facts::MemberFact*>> open;
    std::set<std::string> asked;
    for (auto& api : apis) {
        if (api.kind != page::PageKind::structure) continue;
        std::set<std::string> names;
        if (api.declaration) add_names(api.declaration->value.members, names);
        for (auto& member : api.members) {
            std::string name = leaf(member.name);
            if (names.contains(name)) continue;
            open.emplace_back(&api, &member);
            asked.insert(std::move(name));
        }
    }
    const FieldTypes types(apis, asked);
    for (auto& [api, member] : open) {
        auto type = types.infer(*api, *member);
        if (!type) continue;
        member->type = std::move(type->type);
        member->array = std::move(type->array);
    }
    for (auto& api : apis) {
        if (api.kind == page::PageKind::structure) resolve_structure(api, diagnostics);
    }
}

}  // namespace ddi::model
