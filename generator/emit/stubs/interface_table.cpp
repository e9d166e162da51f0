// Interface pages and the pages of methods → entries of the type table.
#include <algorithm>

#include "generator/emit/stubs/header_name.h"
#include "generator/emit/stubs/type_table.h"
#include "generator/facts/inheritance.h"

namespace ddi::emit::stubs {

MethodName method_name(std::string_view api_name) {
    std::size_t dot = api_name.find('.');
    if (dot == std::string_view::npos) return {};
    auto name = api_name.substr(dot + 1);
    return {std::string(api_name.substr(0, dot)), std::string(name.substr(0, name.find('(')))};
}

void TypeTable::add_interface(const model::Api& api, const std::string& header) {
    if (!is_identifier(api.name) || base_has(api.name)) return;
    TypeEntry entry;
    entry.api = &api;
    entry.header = header;
    entry.kind = TypeKind::interface;
    // An interface has one name, which is its tag; what its page lists beside it are other types of its header.
    entry.name = entry.tag = api.name;
    entry.names = {api.name};
    if (auto base = facts::stated_base(api.sections, api.name)) entry.base = base->name;
    entries_.push_back(std::move(entry));
}

void TypeTable::add_methods(const model::Model& model) {
    std::map<std::string, std::vector<std::size_t>> owners;
    std::set<std::string> other_types;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        if (entries_[i].kind == TypeKind::interface)
            owners[entries_[i].name].push_back(i);
        else
            other_types.insert(entries_[i].names.begin(), entries_[i].names.end());
    }
    std::set<std::string> templates;
    for (const auto& api : model.apis) {
        // "Copy(const_T,ULONG)": the argument of a template stands in the name of an overload.
        if (api.name.find("_T)") != std::string::npos || api.name.find("_T,") != std::string::npos ||
            api.name.find("_T>") != std::string::npos)
            templates.insert(method_name(api.name).owner);
    }
    for (const auto& api : model.apis) {
        auto [owner, name] = method_name(api.name);
        std::string header = header_file(api.header.value);
        if (api.kind != page::PageKind::function || header.empty() || !is_identifier(owner) || base_has(owner)) continue;
        auto& list = owners[owner];
        if (list.empty()) {
            if (other_types.contains(owner) || templates.contains(owner)) continue;
            TypeEntry entry;
            entry.header = header;
            entry.kind = TypeKind::interface;
            entry.cpp_class = true;
            entry.name = entry.tag = owner;
            entry.names = {owner};
            list.push_back(entries_.size());
            entries_.push_back(std::move(entry));
        }
        auto same = std::find_if(list.begin(), list.end(), [&](std::size_t index) { return entries_[index].header == header; });
        entries_[same == list.end() ? list.front() : *same].methods.push_back(&api);
    }
}

/// An interface whose page names no base, and which documents every method of an interface of the hand-written headers as its own,
/// inherits from that; of several the one with most methods.
void TypeTable::find_bases() {
    for (auto& entry : entries_) {
        if (entry.kind != TypeKind::interface || entry.cpp_class || !entry.base.empty()) continue;
        std::set<std::string> names;
        for (const auto* api : entry.methods) names.insert(method_name(api->name).name);
        std::size_t most = 0;
        for (const auto& [base, methods] : headers_.interfaces) {
            bool all = std::all_of(methods.begin(), methods.end(), [&](const auto& name) { return names.contains(name); });
            if (!all || methods.size() <= most) continue;
            most = methods.size();
            entry.base = base;
            entry.base_inferred = true;
        }
    }
}

}  // namespace ddi::emit::stubs
