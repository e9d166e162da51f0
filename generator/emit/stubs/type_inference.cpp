// Names that no page and no overlay defines → types, from the way in which they are used and spelled.
#include <algorithm>

#include "generator/emit/stubs/type_table.h"
#include "generator/emit/stubs/type_uses.h"
#include "generator/text/escape.h"

namespace ddi::emit::stubs {

namespace {

void add_name(std::vector<std::string>& names, const std::string& name) {
    if (is_identifier(name) && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

bool upper_first(const std::string& name, std::size_t at) {
    return at < name.size() && ((name[at] >= 'A' && name[at] <= 'Z') || name[at] == '_');
}

}  // namespace

void TypeTable::infer(const model::Model& model) {
    struct Evidence {
        bool pointed_to = false;  // "NAME *"
        bool by_value = false;    // "NAME" and nothing says that it is a pointer
        bool is_pointer = false;  // out, or the words say "pointer", or the parameter is called pX
    };
    std::map<std::string, Evidence> unknown;
    std::map<std::string, bool> unknown_tags;
    for (const auto& use : all_type_uses(model)) {
        if (use.name.is_tag) {
            if (!by_tag_.contains(use.name.name) && !by_name_.contains(use.name.name) && !base_has(use.name.name)) {
                unknown_tags[use.name.name] |= use.keyword_union;
            }
            continue;
        }
        if (by_name_.contains(use.name.name) || base_has(use.name.name) || base_.macros.contains(use.name.name)) continue;
        auto& evidence = unknown[use.name.name];
        evidence.pointed_to |= !use.name.by_value;
        evidence.by_value |= use.name.by_value;
        evidence.is_pointer |= use.name.by_value && use.says_pointer;
    }
    std::map<std::string, TypeEntry> inferred;
    auto incomplete = [&](const std::string& name) -> TypeEntry& {
        auto& entry = inferred[name];
        entry.name = name;
        if (entry.names.empty()) entry.names = {name};
        entry.tag = "_" + name;
        if (text::to_identifier(entry.tag) != entry.tag) entry.tag = name + "_";  // "_Bool" is a keyword
        entry.inferred = true;
        return entry;
    };
    for (const auto& [name, evidence] : unknown) {
        // A page writes the tag without its keyword.
        if (auto tagged = by_tag_.find(name); tagged != by_tag_.end()) {
            for (std::size_t index : tagged->second) add_name(entries_[index].names, name);
            continue;
        }
        // By value it is no incomplete structure; it may be a scalar, an enumeration, or a pointer type.
        if (evidence.pointed_to && !evidence.by_value) incomplete(name);
        if (!evidence.by_value) continue;
        // PNAME, LPNAME, PCNAME: a pointer to NAME.
        for (std::string_view prefix : {"PC", "LPC", "LP", "P"}) {
            if (!name.starts_with(prefix) || !upper_first(name, prefix.size())) continue;
            std::string target = name.substr(prefix.size());
            bool constant = prefix.back() == 'C';
            auto known = by_name_.find(target);
            bool names_known = known != by_name_.end() &&
                               std::find(entries_[known->second.front()].names.begin(), entries_[known->second.front()].names.end(),
                                         target) != entries_[known->second.front()].names.end();
            if (names_known) {
                for (std::size_t index : known->second)
                    add_name(constant ? entries_[index].const_pointers : entries_[index].pointers, name);
                break;
            }
            if (constant || base_has(target)) continue;
            // PNAME points to NAME, but NAME itself is used by value: again no incomplete structure.
            if (auto other = unknown.find(target); other != unknown.end() && other->second.by_value) continue;
            if (!evidence.is_pointer) continue;
            add_name(incomplete(target).pointers, name);
            break;
        }
    }
    for (const auto& [tag, is_union] : unknown_tags) {
        std::string name = tag[0] == '_' && tag.size() > 1 ? tag.substr(1) : tag;
        if (by_name_.contains(name) || base_has(name)) name = tag;
        auto& entry = incomplete(name);
        entry.tag = tag;
        entry.is_union = is_union;
    }
    for (auto& [name, entry] : inferred) entries_.push_back(std::move(entry));
    index();
}

}  // namespace ddi::emit::stubs
