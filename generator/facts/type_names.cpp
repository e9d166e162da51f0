#include "generator/facts/type_names.h"

#include <algorithm>
#include <vector>

#include "generator/facts/declaration_words.h"
#include "generator/facts/words.h"

namespace ddi::facts {
namespace {

std::string_view bare(std::string_view name) {
    while (!name.empty() && (name.front() == '*' || name.front() == ' ')) name.remove_prefix(1);
    while (!name.empty() && name.back() == ' ') name.remove_suffix(1);
    return name;
}

std::string_view without_underscores(std::string_view name) {
    while (name.starts_with('_')) name.remove_prefix(1);
    return name;
}

bool is_name(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    });
}

// "PKSPIN", "LPKSPIN", "PCKSPIN" of "KSPIN".
constexpr std::string_view pointer_prefixes[] = {"P", "LP", "PC", "LPC", "PR", "NP", "P_"};

bool is_pointer_name(std::string_view pointer, std::string_view base) {
    if (!pointer.ends_with(base)) return false;
    pointer.remove_suffix(base.size());
    return std::find(std::begin(pointer_prefixes), std::end(pointer_prefixes), pointer) != std::end(pointer_prefixes);
}

// The character that a string's name speaks of: PCWSTR → WCHAR, LPSTR → CHAR. Empty: no string's name.
std::string_view string_of(std::string_view type) {
    if (!type.ends_with("STR")) return {};
    type.remove_suffix(3);
    if (type.starts_with("LP")) type.remove_prefix(1);
    if (!type.starts_with("P")) return {};
    type.remove_prefix(1);
    if (type.starts_with("C")) type.remove_prefix(1);
    return type == "W" ? "WCHAR" : type.empty() ? "CHAR" : "";
}

// "IN_CONST_PX", "INOUT_PX": typedefs of PX with the direction in their names.
std::string_view without_direction(std::string_view word) {
    for (std::string_view prefix : {"INOUT_", "IN_", "OUT_", "CONST_"}) {
        if (word.starts_with(prefix) && word.size() > prefix.size() + 3) word.remove_prefix(prefix.size());
    }
    return word;
}

// Names that are given to pointers to an interface: IPortWavePci → PPORTWAVEPCI, IDebugClient4 → PDEBUG_CLIENT4.
std::vector<std::string> interface_pointers(std::string_view name) {
    if (name.size() < 3 || name.front() != 'I') return {};
    std::string joined = "P", parted = "P";
    for (std::size_t i = 1; i < name.size(); ++i) {
        const bool capital = name[i] >= 'A' && name[i] <= 'Z';
        const bool before = name[i - 1] >= 'a' && name[i - 1] <= 'z';
        if (capital && before) parted += '_';
        const char upper = name[i] >= 'a' && name[i] <= 'z' ? static_cast<char>(name[i] - 'a' + 'A') : name[i];
        joined += upper;
        parted += upper;
    }
    return {joined, parted};
}

}  // namespace

void TypeNames::add(std::string_view word, TypeName type) {
    if (is_name(word)) names_.try_emplace(std::string(word), std::move(type));
}

void TypeNames::add_page(page::PageKind kind, const Uid& uid, const std::vector<std::string>& type_names, const Declaration* declaration) {
    TypeName type;
    switch (kind) {
        case page::PageKind::structure:
            type.kind = TypeName::Kind::structure;
            break;
        case page::PageKind::enumeration:
            type.kind = TypeName::Kind::enumeration;
            break;
        case page::PageKind::callback:
            type.kind = TypeName::Kind::callback;
            type.pointer_typedef = declaration != nullptr && declaration->pointer;
            break;
        case page::PageKind::interface:
            type.kind = TypeName::Kind::interface;
            break;
        default:
            return;
    }
    // The typedefs: of the declaration, then of the front matter. The first without a star is the type's name.
    std::vector<std::string> listed;
    if (declaration != nullptr) listed = declaration->aliases;
    listed.insert(listed.end(), type_names.begin(), type_names.end());
    const std::string own(without_underscores(uid.name));
    type.name = own;
    for (const std::string& name : listed) {
        if (name.starts_with('*') || !is_name(name) || name.starts_with('_')) continue;
        // A tag's own name is the first choice among several.
        if (type.name == own || name == own) type.name = name;
        break;
    }
    if (kind == page::PageKind::callback || kind == page::PageKind::interface) type.name = uid.name;
    if (!is_name(type.name)) return;
    add(uid.name, type);
    add(own, type);
    pages_.try_emplace(uid.key, own);
    for (const std::string& name : listed) {
        TypeName named = type;
        const std::string_view plain = bare(name);
        if (name.starts_with('*') || (plain != type.name && is_pointer_name(plain, type.name))) named.pointers = 1;
        add(plain, named);
    }
    TypeName pointer = type;
    pointer.pointers = 1;
    if (type.kind == TypeName::Kind::structure || type.kind == TypeName::Kind::enumeration) {
        for (std::string_view prefix : pointer_prefixes) add(std::string(prefix) + type.name, pointer);
    } else if (type.kind == TypeName::Kind::interface) {
        for (const std::string& name : interface_pointers(type.name)) add(name, pointer);
    } else if (!type.pointer_typedef) {
        add("P" + type.name, pointer);
        if (type.name.starts_with("EVT_")) add("PFN_" + type.name.substr(4), pointer);
    }
}

void TypeNames::add_words(std::string_view type) {
    for (std::size_t at = 0; at < type.size();) {
        std::size_t end = at;
        while (end < type.size() && is_name(type.substr(end, 1))) ++end;
        if (end == at) {
            if (type[at] == '(') return;  // a function's type
            ++at;
            continue;
        }
        const std::string_view word = type.substr(at, end - at);
        at = end;
        if (!decl::looks_like_type(word) || decl::is_qualifier(word) || decl::is_calling_convention(word)) continue;
        const auto [place, inserted] = words_.try_emplace(std::string(word));
        if (inserted) place->second.name = word;
        ++place->second.uses;
        while (at < type.size() && type[at] == ' ') ++at;
        if (at == type.size()) ++place->second.plain_uses;
    }
}

void TypeNames::add_word(std::string_view word, std::size_t uses) {
    const auto [place, inserted] = words_.try_emplace(std::string(word));
    if (inserted) place->second.name = word;
    place->second.uses += uses;
    place->second.plain_uses += uses;
}

void TypeNames::add_members(const std::vector<DeclaredMember>& members) {
    for (const DeclaredMember& member : members) {
        if (member.aggregate.empty()) add_words(member.type);
        add_members(member.members);
    }
}

void TypeNames::add_declaration(const Declaration& declaration) {
    add_words(declaration.return_type);
    for (const DeclaredParameter& parameter : declaration.parameters) add_words(parameter.type);
    if (declaration.form == DeclarationForm::structure || declaration.form == DeclarationForm::union_) add_members(declaration.members);
}

const TypeName* TypeNames::find(std::string_view word) const {
    word = without_direction(bare(word));
    if (const auto found = names_.find(word); found != names_.end()) return &found->second;
    if (const auto found = names_.find(without_underscores(word)); found != names_.end()) return &found->second;
    if (const auto found = words_.find(word); found != words_.end()) return &found->second;
    return nullptr;
}

bool TypeNames::is_pointer_itself(const TypeName& callback) const {
    if (callback.pointer_typedef) return true;
    const auto used = words_.find(callback.name);
    return used != words_.end() && used->second.plain_uses > 0;
}

const TypeName* TypeNames::find_page(std::string_view uid_key) const {
    auto found = pages_.find(uid_key);
    if (found == pages_.end()) {
        // A structure's UID may have the tag's underscore where its file's name has none, and the other way round.
        std::string other(uid_key);
        const std::size_t dot = other.find('.');
        if (dot == std::string::npos) return nullptr;
        if (other.compare(dot + 1, 1, "_") == 0) {
            other.erase(dot + 1, 1);
        } else {
            other.insert(dot + 1, "_");
        }
        found = pages_.find(other);
    }
    return found == pages_.end() ? nullptr : find(found->second);
}

TypeNames::Split TypeNames::split(std::string_view type, std::string_view array) const {
    Split out;
    std::string base;
    if (type.find('(') != std::string_view::npos) return {std::string(type), 0};
    for (const Word& word : split_words(type)) {
        if (word.text == "*" || word.text == "&") {
            ++out.pointers;
        } else if (!decl::is_qualifier(word.text) && !decl::is_aggregate_keyword(word.text)) {
            base += (base.empty() ? "" : " ") + std::string(decl::canonical_word(word.text));
        }
    }
    out.pointers += static_cast<unsigned>(std::count(array.begin(), array.end(), '['));
    if (const TypeName* named = find(base); named != nullptr && named->kind != TypeName::Kind::word) {
        out.pointers += named->pointers;
        base = named->name;
    } else if (const auto string = string_of(base); !string.empty()) {
        base = string;
        ++out.pointers;
    } else if (named != nullptr) {
        // PULONG: a star for words of declarations, too, where the word without its P is one as well. PVOID: void.
        for (std::string_view prefix : {"LPC", "PC", "LP", "P", "PR"}) {
            if (!base.starts_with(prefix) || base.size() < prefix.size() + 3) continue;
            const std::string inner = base.substr(prefix.size());
            if (inner == "VOID" || words_.contains(inner)) {
                base = inner == "VOID" ? "void" : inner;
                ++out.pointers;
                break;
            }
        }
    }
    out.base = std::move(base);
    return out;
}

}  // namespace ddi::facts
