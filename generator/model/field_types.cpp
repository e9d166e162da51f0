#include "generator/model/field_types.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>

#include "generator/facts/links.h"
#include "generator/facts/type_phrase.h"
#include "generator/facts/words.h"
#include "generator/text/escape.h"

namespace ddi::model {

namespace {

using facts::DeclaredMember;
using facts::MemberFact;

std::string upper(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return out;
}

std::string without(std::string text, std::string_view drop) {
    std::erase_if(text, [&](char c) { return drop.find(c) != std::string_view::npos; });
    return text;
}

/// Versions of one structure share fields and types; so do copies in other headers.
std::string owner_of(const Api& api) {
    return facts::to_lower(api.name.starts_with("_") ? std::string_view(api.name).substr(1) : api.name);
}

std::string leaf(const std::string& name) { return name.substr(name.rfind('.') == std::string::npos ? 0 : name.rfind('.') + 1); }

std::string_view first_text(const MemberFact& member) {
    for (const auto& block : member.text) {
        if (block.kind != text::BlockKind::html_comment && !block.text.empty()) return block.text;
    }
    return {};
}

/// The first sentence with its names taken out: what two descriptions of the same thing share.
std::string wording(std::string_view text) {
    text = text.substr(0, std::min(text.find(". "), text.size()));
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        std::size_t end = i;
        while (end < text.size() && (std::isalnum(static_cast<unsigned char>(text[end])) != 0 || text[end] == '_')) ++end;
        if (end == i) {
            ++i;
            continue;
        }
        const std::string_view word = text.substr(i, end - i);
        const auto capitals = std::count_if(word.begin(), word.end(), [](char c) { return (c >= 'A' && c <= 'Z') || c == '_'; });
        out += (capitals > 1 ? "X" : facts::to_lower(word)) + " ";
        i = end;
    }
    return out;
}

/// "ul" of "ulCount", "pfn" of "pfnCreate".
std::string prefix_of(const std::string& name) {
    std::size_t end = 0;
    while (end < name.size() && name[end] >= 'a' && name[end] <= 'z') ++end;
    return end > 0 && end < 5 && end < name.size() && name[end] >= 'A' && name[end] <= 'Z' ? name.substr(0, end) : std::string();
}

/// "_0042" or "_0080_2" at the end of a name: the version of the interface.
std::string version_of(const std::string& name) {
    std::size_t end = name.size();
    if (end > 2 && name[end - 2] == '_' && std::isdigit(static_cast<unsigned char>(name[end - 1])) != 0) end -= 2;
    if (end < 5 || name[end - 5] != '_') return {};
    for (std::size_t i = end - 4; i < end; ++i) {
        if (std::isdigit(static_cast<unsigned char>(name[i])) == 0) return {};
    }
    return name.substr(end - 4);
}

std::string unversioned(const std::string& name) {
    const std::string version = version_of(name);
    return version.empty() ? name : name.substr(0, name.size() - version.size() - 1);
}

// Phrases that say a field's type right in 95 of 100 declared fields; more of them are right for parameters, which are never values.
bool is_sure(std::string_view pattern) {
    static constexpr std::array<std::string_view, 14> patterns = {
        "value X-structure structure",
        "value X-structure word",
        "value X-value structure",
        "value X-value enumeration",
        "value X-value word",
        "value X-other callback",
        "adjective-value X-structure structure",
        "adjective-value X-structure word",
        "adjective-value X-value word",
        "pointer X-other callback",
        "pointer X-end callback",
        "pointer X-value word",
        "pointer X-structure structure",
        "of-type word",
    };
    return std::find(patterns.begin(), patterns.end(), pattern) != patterns.end();
}

/// "X_FLAGS", "X_CAPS_V2": may well be bits, of which no heading states the width.
bool suggests_bits(const Api& api) {
    std::string name = facts::to_lower(api.name);
    while (!name.empty() && (std::isdigit(static_cast<unsigned char>(name.back())) != 0 || name.back() == '_' || name.back() == 'v'))
        name.pop_back();
    constexpr std::array<std::string_view, 8> ends = {"flags", "caps", "capabilities", "register", "status", "mask", "control", "bits"};
    return std::any_of(ends.begin(), ends.end(), [&](std::string_view end) { return name.ends_with(end); });
}

/// With a field for the rest of the bits, or for all of them, they are bits.
bool has_bits(const Api& api) {
    return suggests_bits(api) && std::any_of(api.members.begin(), api.members.end(), [](const MemberFact& member) {
               const std::string field = leaf(member.name);
               return field == "Value" || field.starts_with("Reserved") || field.starts_with("AsU") || field.starts_with("Rsvd");
           });
}

void each_leaf(const std::vector<DeclaredMember>& members, std::map<std::string, const DeclaredMember*>& out) {
    for (const auto& member : members) {
        if (!member.name.empty()) out.emplace(member.name, &member);
        each_leaf(member.members, out);
    }
}

}  // namespace

FieldTypes::FieldTypes(const std::vector<Api>& apis, const std::set<std::string>& asked) {
    for (const auto& api : apis) names_.add_page(api.kind, api.uid, api.type_names, api.declaration ? &api.declaration->value : nullptr);
    std::set<std::string> functions;
    for (const auto& api : apis) {
        if (api.kind == page::PageKind::callback && api.name.starts_with("PFN")) functions.insert(api.name);
        if (api.declaration) names_.add_declaration(api.declaration->value);
        if (!api.signature) continue;
        facts::Declaration routine;
        routine.return_type = api.signature->return_type;
        for (const auto& parameter : api.signature->parameters) {
            routine.parameters.emplace_back();
            routine.parameters.back().type = parameter.type;
        }
        names_.add_declaration(routine);
    }
    for (const auto& api : apis) {
        if (api.kind != page::PageKind::structure || !api.declaration) continue;
        std::map<std::string, const DeclaredMember*> declared;
        each_leaf(api.declaration->value.members, declared);
        for (const auto& member : api.members) {
            const auto found = declared.find(leaf(member.name));
            if (found == declared.end()) continue;
            learn(api, member, *found->second, asked.contains(found->first));
            if (found->second->type.starts_with("PFN")) functions.insert(found->second->type);
        }
    }
    for (const auto& name : functions) {
        if (text::to_identifier(name) == name) functions_[without(upper(unversioned(name)), "_")].emplace(version_of(name), name);
    }
}

void FieldTypes::learn(const Api& api, const MemberFact& member, const DeclaredMember& declared, bool asked) {
    Seen seen;
    seen.owner = owner_of(api);
    seen.type = {declared.type, without(declared.array, " "), {}};
    seen.plain = declared.bits.empty() && declared.aggregate.empty() && !declared.type.empty();
    const std::string name = leaf(member.name), header = api.uid.header;
    if (const std::string prefix = prefix_of(name); !prefix.empty()) by_prefix_[prefix + "|" + header].push_back(seen);
    if (!asked) return;
    by_header_[name + "|" + header].push_back(seen);
    if (const std::string words = wording(first_text(member)); !words.empty()) by_text_[name + "|" + words].push_back(seen);
    if (const auto phrase = facts::read_type_phrase(member.text, names_))
        by_phrase_[name + "|" + phrase->pattern + "|" + phrase->type()].push_back(seen);
}

std::optional<FieldType> FieldTypes::learned(const Index& index, const std::string& key, const std::string& owner, std::size_t least,
                                             std::string how) const {
    const auto found = index.find(key);
    if (found == index.end()) return std::nullopt;
    const Seen* first = nullptr;
    std::set<std::string_view> owners;
    for (const auto& seen : found->second) {
        if (seen.owner == owner) continue;
        if (!seen.plain) return std::nullopt;
        if (first != nullptr && (names_.split(first->type.type) != names_.split(seen.type.type) || first->type.array != seen.type.array))
            return std::nullopt;
        if (first == nullptr) first = &seen;
        owners.insert(seen.owner);
    }
    if (owners.size() < least) return std::nullopt;
    return FieldType{first->type.type, first->type.array, std::move(how)};
}

/// "Defines the ULONG member Size.", "A pointer to a KSPIN structure".
std::optional<FieldType> FieldTypes::described(const Api& api, const MemberFact& member) const {
    std::string_view text = first_text(member);
    constexpr std::string_view lead = "Defines the ";
    if (text.starts_with(lead)) {
        text.remove_prefix(lead.size());
        const std::size_t blank = text.find(' ');
        const std::string type(text.substr(0, std::min(blank, text.size())));
        if (blank != std::string_view::npos && text.substr(blank).starts_with(" member " + leaf(member.name)) &&
            text::to_identifier(type) == type && !type.starts_with("DUMMY"))
            return FieldType{type, member.array, "defines"};
    }
    const auto phrase = facts::read_type_phrase(member.text, names_);
    if (!phrase || !is_sure(phrase->pattern)) return std::nullopt;
    if (phrase->pattern == "value X-value word" && suggests_bits(api)) return std::nullopt;  // "A UINT value that …": one bit of it
    if (upper(phrase->base) == upper(owner_of(api)) && phrase->pointers == 0) return std::nullopt;  // it cannot contain itself
    return FieldType{phrase->type(), member.array, "phrase " + phrase->pattern};
}

/// "A pointer to the driver's EvtX callback function", where EvtX leads to the function's page: the pointer may have another name in the
/// header, but it is a pointer to that function.
std::optional<FieldType> FieldTypes::linked_function(const MemberFact& member) const {
    const text::Block* block = nullptr;
    for (const auto& candidate : member.text) {
        if (block == nullptr && candidate.kind != text::BlockKind::html_comment && !candidate.text.empty()) block = &candidate;
    }
    if (block == nullptr) return std::nullopt;
    const std::string words = facts::to_lower(block->text);
    const std::size_t sentence = std::min(words.find(". "), words.size());
    std::size_t begin = std::string::npos;
    for (std::string_view phrase : {"pointer to ", "entry point of ", "entry point for ", "address of "}) {
        begin = std::min(begin, words.find(phrase) == std::string::npos ? std::string::npos : words.find(phrase) + phrase.size());
    }
    if (begin > 60) return std::nullopt;
    for (const text::Mark& mark : block->marks) {
        if (mark.kind != text::MarkKind::link || mark.begin < begin) continue;
        if (mark.begin > std::min(sentence, begin + 100)) return std::nullopt;
        const std::string between = words.substr(begin, mark.begin - begin);
        for (std::string_view other : {"that ", "which ", "passed ", "when ", "context", "structure", "pointer to ", "array"}) {
            if (between.find(other) != std::string::npos) return std::nullopt;
        }
        std::string after = words.substr(mark.end, 40);
        after = after.substr(0, after.find_first_of(".,;"));
        const bool function = after.find("function") != std::string::npos || after.find("callback") != std::string::npos ||
                              after.find("routine") != std::string::npos;
        const facts::TypeName* type = names_.find_page(facts::key_of_link(mark.target));
        if (!function || type == nullptr || type->kind != facts::TypeName::Kind::callback) return std::nullopt;
        return FieldType{type->name + (names_.is_pointer_itself(*type) ? "" : " *"), {}, "linked function"};
    }
    return std::nullopt;
}

/// "pfnCreateHeap" in D3D12DDI_DEVICE_FUNCS_0030 is the newest PFND3D12DDI_CREATEHEAP that is not newer than that.
std::optional<FieldType> FieldTypes::function_table(const Api& api, const std::string& field) const {
    if (!field.starts_with("pfn")) return std::nullopt;
    const std::string owner = upper(owner_of(api));
    const auto found = functions_.find("PFN" + owner.substr(0, owner.find('_')) + without(upper(field.substr(3)), "_"));
    if (found == functions_.end()) return std::nullopt;
    const std::string version = version_of(owner);
    const auto& versions = found->second;
    if (version.empty()) {
        if (versions.size() != 1) return std::nullopt;
        return FieldType{versions.begin()->second, {}, "function table"};
    }
    auto after = versions.upper_bound(version.substr(0, 4) + "_9");
    if (after == versions.begin()) return std::nullopt;
    return FieldType{std::prev(after)->second, {}, "function table"};
}

std::optional<FieldType> FieldTypes::infer(const Api& api, const MemberFact& member) const {
    if (has_bits(api)) return std::nullopt;
    const std::string name = leaf(member.name), owner = owner_of(api), header = api.uid.header;
    if (auto type = function_table(api, name)) return type;
    if (auto type = linked_function(member)) return type;
    const auto text = described(api, member);
    if (text && text->how == "defines") return text;
    std::vector<FieldType> evidence;
    const auto add = [&](std::optional<FieldType> type) {
        if (type) evidence.push_back(std::move(*type));
    };
    if (const auto phrase = facts::read_type_phrase(member.text, names_))
        add(learned(by_phrase_, name + "|" + phrase->pattern + "|" + phrase->type(), owner, 1, "same name and phrase"));
    if (const std::string words = wording(first_text(member)); !words.empty())
        add(learned(by_text_, name + "|" + words, owner, 2, "same name and wording"));
    add(learned(by_header_, name + "|" + header, owner, 3, "same name in the header"));
    add(text);
    if (const std::string prefix = prefix_of(name); !prefix.empty())
        add(learned(by_prefix_, prefix + "|" + header, owner, 3, "same prefix in the header"));
    if (evidence.empty()) return std::nullopt;
    for (const auto& other : evidence) {
        if (names_.split(other.type) != names_.split(evidence.front().type) || other.array != evidence.front().array) return std::nullopt;
    }
    // A bound in the heading is the field's; what was learned elsewhere has to have it too.
    if (!member.array.empty() && evidence.front().array != without(member.array, " ")) return std::nullopt;
    return evidence.front();
}

}  // namespace ddi::model
