#include <algorithm>
#include <cctype>
#include <set>
#include <string_view>

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

/// "X_FLAGS" with the fields Reserved or Value: bits, of which no heading states the width.
bool has_bits(const Api& api) {
    std::string name;
    for (char c : api.name) name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    while (!name.empty() && (std::isdigit(static_cast<unsigned char>(name.back())) != 0 || name.back() == '_' || name.back() == 'v'))
        name.pop_back();
    constexpr std::string_view ends[] = {"flags", "caps", "capabilities", "register", "status", "mask", "control", "bits"};
    if (std::none_of(std::begin(ends), std::end(ends), [&](std::string_view end) { return name.ends_with(end); })) return false;
    return std::any_of(api.members.begin(), api.members.end(), [](const facts::MemberFact& member) {
        const std::string field = leaf(member.name);
        return field == "Value" || field.starts_with("Reserved") || field.starts_with("AsU") || field.starts_with("Rsvd");
    });
}

}  // namespace

void resolve_structures(std::vector<Api>& apis, text::Diagnostics& diagnostics) {
    std::vector<std::pair<Api*, facts::MemberFact*>> open;
    std::set<std::string> asked;
    for (auto& api : apis) {
        if (api.kind != page::PageKind::structure) continue;
        std::set<std::string> names;
        if (api.declaration) add_names(api.declaration->value.members, names);
        if (names.empty() && has_bits(api)) continue;
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
