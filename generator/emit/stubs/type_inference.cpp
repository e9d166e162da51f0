// Names that no page and no overlay defines → types, from the way in which they are used and spelled.
#include "generator/emit/stubs/type_inference.h"

#include <algorithm>

#include "generator/emit/stubs/type_table.h"
#include "generator/text/escape.h"

namespace ddi::emit::stubs {

namespace {

void add_name(std::vector<std::string>& names, const std::string& name) {
    if (is_identifier(name) && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

/// "IXMLDOMNode": by its name a COM interface, which has no tag of its own.
bool is_interface_name(const std::string& name) {
    if (name.size() < 3 || name[0] != 'I' || !is_upper(name[1])) return false;
    return std::any_of(name.begin(), name.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; });
    return text;
}

/// "portwavecyclic" for PortWaveCyclic and PORT_WAVE_CYCLIC.
std::string letters(std::string text) {
    std::erase(text, '_');
    return lower(std::move(text));
}

/// "PNAME", "LPNAME", "PCNAME": what they may point to.
struct Pointee {
    std::string name;
    bool constant = false;
};
std::vector<Pointee> pointees(const std::string& name) {
    std::vector<Pointee> list;
    for (std::string_view prefix : {"PC", "LPC", "LP", "P"}) {
        bool fits =
            name.starts_with(prefix) && name.size() > prefix.size() && (is_upper(name[prefix.size()]) || name[prefix.size()] == '_');
        if (fits) list.push_back({name.substr(prefix.size()), prefix.back() == 'C'});
    }
    return list;
}

TypeEntry inferred_entry(const std::string& name, TypeKind kind) {
    TypeEntry entry;
    entry.kind = kind;
    entry.name = name;
    entry.names = {name};
    entry.inferred = true;
    entry.tag = is_interface_name(name) ? name : "_" + name;
    if (text::to_identifier(entry.tag) != entry.tag) entry.tag = name + "_";  // "_Bool" is a keyword
    return entry;
}

/// Whether an entry of the list has the name as that of the type itself, and not of a pointer to it.
bool names_type(const std::vector<TypeEntry>& entries, const std::vector<std::size_t>& list, const std::string& name) {
    const auto& names = entries[list.front()].names;
    return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

void TypeTable::infer(const model::Model& model) {
    std::map<std::string, Evidence> unknown;
    std::map<std::string, bool> unknown_tags;
    for (const auto& use : all_type_uses(model)) {
        const auto& name = use.name.name;
        if (use.name.is_tag) {
            if (!by_tag_.contains(name) && !by_name_.contains(name) && !base_has(name)) unknown_tags[name] |= use.keyword_union;
            continue;
        }
        if (by_name_.contains(name) || base_has(name) || base_.macros.contains(name)) continue;
        auto& evidence = unknown[name];
        evidence.pointed_to += !use.name.by_value;
        evidence.by_value += use.name.by_value;
        evidence.says_pointer += use.name.by_value && use.says_pointer;
        evidence.says_something += use.name.by_value && use.says_something;
        evidence.says_handle += use.name.by_value && use.says_handle;
    }
    std::set<std::string> names;
    for (const auto& [name, evidence] : unknown) {
        names.insert(name);
        for (const auto& pointee : pointees(name)) names.insert(pointee.name);
    }
    const auto called = what_pages_call(model, names);
    std::map<std::string, TypeEntry> inferred;
    std::map<std::string, std::size_t> interfaces;  // in lower case
    std::map<std::string, std::vector<std::size_t>> callbacks;
    std::map<std::string, int, std::less<>> function_types;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        if (entries_[i].kind == TypeKind::interface) interfaces.emplace(letters(entries_[i].name), i);
        if (entries_[i].kind == TypeKind::callback && !entries_[i].pointer_form) {
            if (auto stem = callback_stem(entries_[i].name); !stem.empty()) callbacks[stem].push_back(i);
            function_types.emplace(entries_[i].name, static_cast<int>(i));
        }
    }
    // Handles of one family are declared in one way: where every known one is a structure, so is the next.
    std::map<std::string, std::pair<int, int>> families;  // structures, others
    for (const auto& entry : entries_) {
        // "D3D12DDI_HEAP_TYPE" is no handle.
        if (auto family = wrapped_handle_family(entry.name); !family.empty() && entry.kind != TypeKind::enumeration)
            ++(entry.struct_like() ? families[family].first : families[family].second);
    }
    auto points_to = [&](std::size_t index, const std::string& name, bool constant) {
        add_name(constant ? entries_[index].const_pointers : entries_[index].pointers, name);
        entries_[index].inferred_names.insert(name);
    };
    auto infer_name = [&](const std::string& name) -> TypeEntry* {
        auto found = unknown.find(name);
        auto kind = infer_type(name, found == unknown.end() ? Evidence{} : found->second, called.find(name)->second);
        if (auto kin = families.find(wrapped_handle_family(name)); kind == Inferred::nothing && kin != families.end()) {
            bool handle_words = found != unknown.end() && found->second.says_handle > 0;
            if (handle_words && kin->second.first > 2 && kin->second.second == 0) kind = Inferred::structure;
        }
        if (kind == Inferred::nothing) return nullptr;
        bool handle = kind == Inferred::handle || kind == Inferred::plain_handle;
        auto entry_kind = handle ? TypeKind::handle : kind == Inferred::enumeration ? TypeKind::enumeration : TypeKind::structure;
        auto& entry = inferred.try_emplace(name, inferred_entry(name, entry_kind)).first->second;
        entry.is_union = kind == Inferred::union_;
        if (handle) entry.definition = kind == Inferred::handle ? "struct " + name + "__ *" : "PVOID";
        return &entry;
    };
    auto is_pointer_to_known = [&](const std::string& name) {
        for (const auto& [target, constant] : pointees(name)) {
            if (auto known = by_name_.find(target); known != by_name_.end() && names_type(entries_, known->second, target)) {
                for (std::size_t index : known->second) points_to(index, name, constant);
                return true;
            }
            // PPORT is what a pointer to the interface IPort is called.
            auto interface = interfaces.find("i" + letters(target));
            if (interface == interfaces.end() && target.starts_with('I')) interface = interfaces.find(letters(target));
            if (!constant && interface != interfaces.end() && target.size() > 3) {
                points_to(interface->second, name, false);
                return true;
            }
        }
        if (int handled = handled_callback(name, function_types); handled >= 0) {
            points_to(static_cast<std::size_t>(handled), name, false);
            return true;
        }
        auto stem = name.starts_with("PFN_") ? callbacks.find(callback_stem(name)) : callbacks.end();
        if (stem == callbacks.end()) return false;
        for (std::size_t index : stem->second) points_to(index, name, false);
        return true;
    };
    auto is_pointer_to_inferred = [&](const std::string& name, const Evidence& evidence) {
        // What the pages call a structure by that very name ("PROPVARIANT") is no pointer to one.
        const auto& own = called.find(name)->second;
        for (const auto& [target, constant] : pointees(name)) {
            if (base_has(target)) continue;
            const auto& noun = called.find(target)->second;
            bool target_called = noun.structure + noun.union_ + noun.enumeration + noun.interface > 0;
            if (target_called || unknown.contains(target)) {
                if (auto* entry = infer_name(target)) {
                    add_name(constant ? entry->const_pointers : entry->pointers, name);
                    return true;
                }
                if (unknown.contains(target) && unknown.at(target).by_value > 0) return false;
            }
            bool own_called = own.structure + own.union_ + own.enumeration > 0;
            if (constant || own_called || evidence.says_pointer == 0) continue;
            auto& entry = inferred.try_emplace(target, inferred_entry(target, TypeKind::structure)).first->second;
            add_name(entry.pointers, name);
            return true;
        }
        return false;
    };
    for (const auto& [name, evidence] : unknown) {
        // A page writes the tag without its keyword.
        if (auto tagged = by_tag_.find(name); tagged != by_tag_.end()) {
            for (std::size_t index : tagged->second) add_name(entries_[index].names, name);
            continue;
        }
        if (is_pointer_to_known(name) || (evidence.by_value > 0 && is_pointer_to_inferred(name, evidence))) continue;
        infer_name(name);
    }
    for (const auto& [tag, is_union] : unknown_tags) {
        std::string name = tag[0] == '_' && tag.size() > 1 ? tag.substr(1) : tag;
        if (by_name_.contains(name) || base_has(name)) name = tag;
        auto& entry = inferred.try_emplace(name, inferred_entry(name, TypeKind::structure)).first->second;
        if (entry.kind != TypeKind::structure) continue;
        entry.tag = tag;
        entry.is_union = is_union;
    }
    for (auto& [name, entry] : inferred) entries_.push_back(std::move(entry));
    index();
}

}  // namespace ddi::emit::stubs
