#include "generator/emit/stubs/type_table.h"

#include <algorithm>

#include "generator/emit/stubs/header_name.h"
#include "generator/emit/stubs/type_uses.h"
#include "generator/text/escape.h"

namespace ddi::emit::stubs {

namespace {

void add_name(std::vector<std::string>& names, const std::string& name) {
    // An identifier that escape leaves alone is no keyword.
    if (is_identifier(name) && text::to_identifier(name) == name && std::find(names.begin(), names.end(), name) == names.end())
        names.push_back(name);
}

/// "KSPIN" and "*PKSPIN" into names and pointers.
void add_alias(TypeEntry& entry, const std::string& alias) {
    std::size_t stars = std::min(alias.find_first_not_of("* "), alias.size());
    if (stars == 0) add_name(entry.names, alias);
    if (stars == 1) add_name(entry.pointers, alias.substr(1));
}

}  // namespace

bool is_pointer_callback(const model::Api& api, bool used_bare, bool has_pointer_name) {
    if (api.signature) {
        const std::string& text = api.signature->cite.verbatim;
        std::size_t at = text.find(api.name + ")");
        while (at != std::string::npos && at > 0 && text[at - 1] == ' ') --at;
        if (at != std::string::npos && at > 0 && text[at - 1] == '*') return true;
        if (text.find("(" + api.name + ")") != std::string::npos) return false;
    }
    if (api.name.starts_with("PFN") || api.name.starts_with("LPFN") || api.name.starts_with("pfn")) return true;
    return used_bare && !has_pointer_name;
}

const facts::Declaration* TypeEntry::declaration() const {
    if (type != nullptr && type->declaration) return &type->declaration->value;
    return api != nullptr && api->declaration ? &api->declaration->value : nullptr;
}

TypeTable::TypeTable(const model::Model& model, const BaseHeaders& base) : headers_(base), base_(base.names) {
    for (const auto& use : all_type_uses(model)) {
        if (use.name.by_value && !use.name.is_tag) bare_.insert(use.name.name);
    }
    for (const auto& api : model.apis) {
        if (api.kind == page::PageKind::function && api.signature && api.signature->typed()) functions_.insert(api.name);
    }
    add_pages(model);
    add_methods(model);
    add_overlay(model);
    drop_unused_overlays(model);
    find_bases();
    index();
    infer(model);
    mark_shared();
    mark_capabilities(model);
    constants_ = Constants(model, [&](const std::string& name) {
        return base_has(name) || base_.macros.contains(name) || base_.enumerators.contains(name) || by_name_.contains(name) ||
               by_enumerator_.contains(name) || functions_.contains(name);
    });
}

void TypeTable::add_aggregate(const model::Api& api, const std::string& header) {
    TypeEntry entry;
    entry.api = &api;
    entry.header = header;
    entry.kind = api.kind == page::PageKind::enumeration ? TypeKind::enumeration : TypeKind::structure;
    if (api.declaration) {
        const auto& declaration = api.declaration->value;
        if (declaration.form == facts::DeclarationForm::enumeration) entry.kind = TypeKind::enumeration;
        if (declaration.form == facts::DeclarationForm::structure) entry.kind = TypeKind::structure;
        entry.is_union = declaration.form == facts::DeclarationForm::union_;
        if (is_identifier(declaration.tag)) entry.tag = declaration.tag;
        for (const auto& alias : declaration.aliases) add_alias(entry, alias);
    }
    for (const auto& name : api.type_names) add_alias(entry, name);
    // "MDL, PMDL" as the page's typedef names: the second lost its star.
    for (std::size_t i = entry.names.size(); i-- > 0;) {
        std::string name = entry.names[i];
        bool pointer = std::any_of(entry.names.begin(), entry.names.end(), [&](const auto& other) { return name == "P" + other; }) ||
                       name == "P" + entry.tag || name == "P" + (api.name.starts_with("_") ? api.name.substr(1) : api.name);
        if (!pointer) continue;
        entry.names.erase(entry.names.begin() + static_cast<std::ptrdiff_t>(i));
        add_name(entry.pointers, name);
    }
    if (entry.names.empty() && is_identifier(api.name)) {
        // "_FOO" is a tag; its typedef has no underscore. A page without typedef names may be a C++ structure of that very name.
        bool tag_only = api.name[0] == '_' && api.name.size() > 1 && api.name[1] != '_' && entry.pointers.size() == 1;
        entry.names.push_back(tag_only ? api.name.substr(1) : api.name);
    }
    if (entry.names.empty()) return;
    if (entry.tag.empty())
        entry.tag = is_identifier(api.name) && api.name[0] == '_' && api.name[1] != '_' ? api.name : "_" + entry.names.front();
    // The base header has the type: the page is documentation only.
    if (base_has(entry.tag) || std::any_of(entry.names.begin(), entry.names.end(), [&](const auto& name) { return base_has(name); }))
        return;
    auto known = [&](const std::string& name) { return base_has(name) || base_.macros.contains(name); };
    std::erase_if(entry.pointers, known);
    entry.name = entry.names.front();
    std::erase_if(entry.pointers, [&](const auto& p) { return std::find(entry.names.begin(), entry.names.end(), p) != entry.names.end(); });
    entries_.push_back(std::move(entry));
}

void TypeTable::add_callback(const model::Api& api, const std::string& header) {
    if (!is_identifier(api.name) || base_has(api.name)) return;
    TypeEntry entry;
    entry.api = &api;
    entry.header = header;
    entry.kind = TypeKind::callback;
    entry.name = api.name;
    entry.names = {api.name};
    std::string pointer = "P" + api.name;
    bool has_pointer_name = bare_.contains(pointer);
    for (const auto& name : api.type_names) has_pointer_name = has_pointer_name || name == "*" + pointer || name == pointer;
    entry.pointer_form = is_pointer_callback(api, bare_.contains(api.name), has_pointer_name);
    if (!entry.pointer_form && !base_has(pointer)) entry.pointers = {pointer};
    if (!has_pointer_name) entry.inferred_names.insert(pointer);
    entries_.push_back(std::move(entry));
}

void TypeTable::add_pages(const model::Model& model) {
    for (const auto& api : model.apis) {
        std::string header = header_file(api.header.value);
        if (header.empty()) continue;
        switch (api.kind) {
            case page::PageKind::structure:
            case page::PageKind::enumeration:
                add_aggregate(api, header);
                break;
            case page::PageKind::interface:
                add_interface(api, header);
                break;
            case page::PageKind::callback:
                add_callback(api, header);
                break;
            default:
                break;
        }
    }
}

void TypeTable::add_overlay(const model::Model& model) {
    for (const auto& type : model.types) {
        if (!is_identifier(type.name) || base_has(type.name)) continue;
        std::size_t at = 0;
        while (at < entries_.size()) {
            const auto& names = entries_[at].names;
            bool same =
                std::find(names.begin(), names.end(), type.name) != names.end() || (!type.tag.empty() && entries_[at].tag == type.tag);
            if (same) break;
            ++at;
        }
        if (at == entries_.size()) {
            TypeEntry entry;
            entry.name = type.name;
            entry.names = {type.name};
            entry.tag = is_identifier(type.tag) ? type.tag : "_" + type.name;
            entry.header = header_file(type.header);
            entries_.push_back(std::move(entry));
        }
        auto& entry = entries_[at];
        bool defined_by_page =
            entry.api != nullptr && (entry.kind == TypeKind::callback ? entry.api->signature.has_value()
                                                                      : entry.api->declaration && entry.api->aggregate.untyped.empty());
        bool defined = defined_by_page || entry.type != nullptr;
        for (const auto& pointer : type.pointers) {
            if (!base_has(pointer) && std::find(entry.names.begin(), entry.names.end(), pointer) == entry.names.end())
                add_name(entry.pointers, pointer);
        }
        if (defined) continue;
        entry.type = &type;
        if (type.declaration) {
            auto form = type.declaration->value.form;
            entry.kind = form == facts::DeclarationForm::enumeration ? TypeKind::enumeration : TypeKind::structure;
            entry.is_union = form == facts::DeclarationForm::union_;
            for (const auto& alias : type.declaration->value.aliases) {
                if (!base_has(alias.substr(alias.find_first_not_of("* ")))) add_alias(entry, alias);
            }
        } else if (!type.definition.empty())
            entry.kind = TypeKind::scalar;
        else if (type.size != 0)
            entry.kind = TypeKind::opaque;
    }
}

/// The built-in overlay serves every documentation: a type counts only where something uses it.
void TypeTable::drop_unused_overlays(const model::Model& model) {
    std::set<std::string> used;
    for (const auto& use : page_type_uses(model)) used.insert(use.name.name);
    auto is_used = [&](const TypeEntry& entry) {
        auto known = [&](const std::string& name) { return used.contains(name); };
        return known(entry.tag) || std::any_of(entry.names.begin(), entry.names.end(), known) ||
               std::any_of(entry.pointers.begin(), entry.pointers.end(), known);
    };
    // What a used type uses is used.
    std::set<const TypeEntry*> seen;
    for (bool grown = true; grown;) {
        grown = false;
        for (const auto& entry : entries_) {
            if (entry.type == nullptr || seen.contains(&entry) || (entry.api == nullptr && !is_used(entry))) continue;
            seen.insert(&entry);
            for (const auto& use : type_uses(*entry.type)) grown |= used.insert(use.name.name).second;
            grown = true;
        }
    }
    std::erase_if(entries_, [&](const TypeEntry& entry) { return entry.api == nullptr && entry.methods.empty() && !is_used(entry); });
}

void TypeTable::index() {
    by_name_.clear();
    by_tag_.clear();
    by_enumerator_.clear();
    auto place = [](auto& map, const std::string& key, std::size_t index) {
        auto& list = map[key];
        if (list.empty() || list.back() != index) list.push_back(index);
    };
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        const auto& entry = entries_[i];
        for (const auto* names : {&entry.names, &entry.pointers, &entry.const_pointers}) {
            for (const auto& name : *names) place(by_name_, name, i);
        }
        if (entry.struct_like() || entry.kind == TypeKind::enumeration) place(by_tag_, entry.tag, i);
        if (const auto* declaration = entry.declaration(); entry.kind == TypeKind::enumeration && declaration != nullptr) {
            for (const auto& member : declaration->members) place(by_enumerator_, member.name, i);
        }
    }
}

Resolved TypeTable::resolve(const NameUse& use, const std::string& header, const std::vector<std::string>& near) const {
    if (base_.types.contains(use.name) || (use.is_tag && base_.tags.contains(use.name))) return {Resolved::Role::base, 0};
    const std::vector<std::size_t>* list = nullptr;
    if (use.is_tag) {
        if (auto found = by_tag_.find(use.name); found != by_tag_.end()) list = &found->second;
    }
    // "struct KSPIN" for the typedef KSPIN: pages drop the underscore.
    if (auto found = by_name_.find(use.name); list == nullptr && found != by_name_.end()) list = &found->second;
    if (list == nullptr) return {};
    std::size_t best = list->front();
    std::size_t best_rank = near.size() + 2;
    for (std::size_t index : *list) {
        const auto& home = entries_[index].header;
        std::size_t rank = near.size() + 1;
        if (home == header)
            rank = 0;
        else if (auto at = std::find(near.begin(), near.end(), home); at != near.end())
            rank = 1 + static_cast<std::size_t>(at - near.begin());
        if (rank < best_rank) {
            best = index;
            best_rank = rank;
        }
    }
    const auto& entry = entries_[best];
    bool value = use.is_tag || std::find(entry.names.begin(), entry.names.end(), use.name) != entry.names.end();
    return {value ? Resolved::Role::value : Resolved::Role::pointer, best};
}

std::size_t TypeTable::enumerator_owner(const std::string& name, const std::string& header) const {
    auto found = by_enumerator_.find(name);
    if (found == by_enumerator_.end()) return entries_.size();
    for (std::size_t index : found->second) {
        if (entries_[index].header == header) return index;
    }
    return found->second.front();
}

namespace {

/// "long" has 32 bits on Windows: "unsigned long" is ULONG, "long long" and "long double" stay.
std::string with_windows_long(const std::string& type) {
    std::string out;
    std::size_t copied = 0;
    auto tokens = c_tokens(type);
    auto integer_word = [](std::string_view word) { return word == "unsigned" || word == "signed" || word == "long" || word == "int"; };
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        std::size_t end = i;
        int longs = 0;
        bool is_unsigned = false;
        for (; end < tokens.size() && integer_word(tokens[end].text); ++end) {
            longs += tokens[end].text == "long";
            is_unsigned = is_unsigned || tokens[end].text == "unsigned";
        }
        if (end == i) continue;
        bool is_double = end < tokens.size() && tokens[end].text == "double";
        if (longs == 1 && !is_double) {
            auto begin = static_cast<std::size_t>(tokens[i].text.data() - type.data());
            out.append(type, copied, begin - copied).append(is_unsigned ? "ULONG" : "LONG");
            copied = static_cast<std::size_t>(tokens[end - 1].text.data() - type.data()) + tokens[end - 1].text.size();
        }
        i = end - 1;
    }
    return out.append(type, copied);
}

}  // namespace

std::string TypeTable::spelled(const std::string& as_declared) const {
    const std::string type = with_windows_long(as_declared);
    std::string out;
    std::string front;  // an alignment stands before the type
    std::string_view keyword;
    bool constant = false;  // since the last star: a second "const" says nothing and is an error in C++
    std::size_t copied = 0;
    std::string_view whole = type;
    for (const auto& token : c_tokens(whole)) {
        auto at = static_cast<std::size_t>(token.text.data() - whole.data());
        if (token.text == "*") constant = false;
        if (token.kind != TokenKind::word) continue;
        if (token.text == "const" || token.text == "CONST") {
            if (constant) {
                out.append(whole.substr(copied, at - copied));
                copied = at + token.text.size();
            }
            constant = true;
        }
        bool tag_known = by_tag_.contains(token.text) || base_.tags.contains(token.text);
        bool name_only = !keyword.empty() && !tag_known && (by_name_.contains(token.text) || base_.types.contains(token.text));
        if (name_only) {
            out.append(whole.substr(copied, static_cast<std::size_t>(keyword.data() - whole.data()) - copied));
            copied = at;
        }
        bool aligns = is_alignment_word(token.text) && base_.macros.contains(token.text);
        if (aligns) front.append(token.text).append(" ");
        if (aligns || (is_left_out_word(token.text) && !base_.macros.contains(token.text))) {
            out.append(whole.substr(copied, at - copied));
            copied = at + token.text.size();
            while (copied < whole.size() && whole[copied] == ' ') ++copied;
        }
        if (token.text == "__volatile") {
            out.append(whole.substr(copied, at - copied)).append("volatile");
            copied = at + token.text.size();
        }
        // A keyword for Windows' compilers only, and pedantic ones take offence.
        if (token.text == "__int64") {
            out.append(whole.substr(copied, at - copied)).append("long long");
            copied = at + token.text.size();
        }
        bool is_keyword = token.text == "struct" || token.text == "union" || token.text == "enum";
        keyword = is_keyword ? token.text : std::string_view();
    }
    return front + out.append(whole.substr(copied));
}

bool TypeTable::is_other_tag(std::size_t enumeration) const {
    const auto& entry = entries_[enumeration];
    const auto& list = by_tag_.at(entry.tag);
    return std::any_of(list.begin(), list.end(), [&](std::size_t other) {
        return entries_[other].kind != TypeKind::enumeration || entries_[other].name != entry.name;
    });
}

void TypeTable::mark_shared() {
    for (const auto& [name, list] : by_enumerator_) {
        bool differ =
            std::any_of(list.begin(), list.end(), [&](std::size_t index) { return entries_[index].name != entries_[list.front()].name; });
        if (differ) shared_enumerators_.insert(name);
    }
    for (const auto& [name, list] : by_name_) {
        bool differ = std::any_of(list.begin(), list.end(), [&](std::size_t index) {
            return entries_[index].name != entries_[list.front()].name || entries_[index].tag != entries_[list.front()].tag ||
                   entries_[index].kind != entries_[list.front()].kind || entries_[index].is_union != entries_[list.front()].is_union;
        });
        if (differ) contested_.insert(name);
    }
    for (const auto* map : {&by_name_, &by_tag_}) {
        for (const auto& [name, list] : *map) {
            if (list.size() < 2) continue;
            for (std::size_t index : list) entries_[index].shared = true;
        }
    }
}

void TypeTable::mark_capabilities(const model::Model& model) {
    std::map<std::size_t, std::set<std::string>> nouns;
    for (const auto& api : model.apis) {
        if (!api.signature) continue;
        for (const auto& rule : api.rules) {
            const auto* acquire = std::get_if<facts::clause::Acquire>(&rule.clause.content);
            if (acquire == nullptr || acquire->object.parameter.empty()) continue;
            for (const auto& parameter : api.signature->parameters) {
                if (parameter.name != acquire->object.parameter) continue;
                auto words = type_words(parameter.type);
                if (words.uses.size() != 1) continue;
                auto resolved = resolve(words.uses[0], header_file(api.header.value), {});
                if (resolved.role != Resolved::Role::base && resolved.role != Resolved::Role::unknown)
                    nouns[resolved.entry].insert(acquire->object.noun);
            }
        }
    }
    for (const auto& [index, set] : nouns) {
        // Only storage that is the lock itself; a pin or a device has locks and is none.
        if (set.size() == 1 && (entries_[index].kind == TypeKind::opaque || entries_[index].kind == TypeKind::scalar))
            entries_[index].capability = *set.begin();
    }
}

}  // namespace ddi::emit::stubs
