#include "generator/model/field_tree.h"

#include <algorithm>
#include <cctype>

#include "generator/facts/words.h"
#include "generator/text/escape.h"

namespace ddi::model {

namespace {

/// Empty if the name is not a path of identifiers.
std::vector<std::string> path_of(const std::string& name) {
    std::vector<std::string> path;
    for (std::size_t begin = 0; begin <= name.size();) {
        const std::size_t end = std::min(name.find('.', begin), name.size());
        std::string part = name.substr(begin, end - begin);
        if (part.empty() || text::to_identifier(part) != part) return {};
        path.push_back(std::move(part));
        begin = end + 1;
    }
    return path;
}

bool is_own_name(const Api& api, const std::string& name) {
    if (name == api.name || "_" + name == api.name) return true;
    return api.declaration && !api.declaration->value.tag.empty() && name == api.declaration->value.tag;
}

bool ends_with_digits_after(const std::string& name, std::string_view lead) {
    return name.starts_with(lead) &&
           std::all_of(name.begin() + static_cast<std::ptrdiff_t>(lead.size()), name.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

bool is_placeholder_name(const std::string& name) {
    for (std::string_view lead : {"DUMMYUNIONNAME", "DUMMYSTRUCTNAME", "__unnamed", "unnamed_union", "unnamed_struct"}) {
        if (ends_with_digits_after(name, lead)) return true;
    }
    return false;
}

std::vector<FieldNode> field_tree(const Api& api) {
    std::vector<FieldNode> root;
    for (const auto& member : api.members) {
        std::vector<std::string> path = path_of(member.name);
        while (!path.empty() && is_own_name(api, path.front())) path.erase(path.begin());
        if (path.empty()) continue;
        std::vector<FieldNode>* level = &root;
        for (std::size_t i = 0; i < path.size(); ++i) {
            auto found = std::find_if(level->begin(), level->end(), [&](const FieldNode& node) { return node.name == path[i]; });
            if (found == level->end()) {
                level->push_back({path[i], nullptr, {}});
                found = level->end() - 1;
            }
            if (i + 1 == path.size() && found->heading == nullptr) found->heading = &member;
            level = &found->fields;
        }
    }
    return root;
}

std::string aggregate_kind(const FieldNode& node) {
    if (node.name.starts_with("DUMMYUNIONNAME") || node.name == "unnamed_union") return "union";
    if (node.name.starts_with("DUMMYSTRUCTNAME") || node.name == "unnamed_struct") return "struct";
    if (node.heading == nullptr || node.heading->text.empty()) return {};
    const std::string text = facts::to_lower(node.heading->text.front().text.substr(0, 120));
    const std::size_t is_union = text.find("union"), is_struct = text.find("struct");
    if (is_union == is_struct) return {};  // neither
    return is_union < is_struct ? "union" : "struct";
}

}  // namespace ddi::model
