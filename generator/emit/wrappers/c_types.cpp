#include "generator/emit/wrappers/c_types.h"

#include <array>
#include <sstream>

#include "embedded/ddi_base.h.h"
#include "embedded/ddi_status.h.h"
#include "generator/emit/stubs/c_tokens.h"

namespace ddi::emit::wrappers {

namespace {

constexpr std::array kScalars = {"CHAR",      "UCHAR",
                                 "SHORT",     "USHORT",
                                 "LONG",      "ULONG",
                                 "LONGLONG",  "ULONGLONG",
                                 "INT",       "UINT",
                                 "BOOLEAN",   "LOGICAL",
                                 "BOOL",      "KIRQL",
                                 "CCHAR",     "BYTE",
                                 "WORD",      "DWORD",
                                 "ULONG_PTR", "LONG_PTR",
                                 "SIZE_T",    "NTSTATUS",
                                 "VP_STATUS", "NDIS_STATUS",
                                 "KPRIORITY", "KPROCESSOR_MODE",
                                 "ULONG32",   "ULONG64",
                                 "LONG64",    "INT32",
                                 "UINT32",    "INT64",
                                 "UINT64",    "KAFFINITY",
                                 "WCHAR",     "int",
                                 "long",      "char",
                                 "short"};

bool is_qualifier(const std::string& word) {
    return word == "const" || word == "CONST" || word == "volatile" || word == "struct" || word == "enum" || word == "union" ||
           word == "unaligned" || word == "UNALIGNED" || word == "__unaligned";
}

/// "struct WDFSPINLOCK__ *" → WDFSPINLOCK__, 1.
CType parse(std::string_view type) {
    CType result;
    std::string spaced;
    for (char c : type) {
        if (c == '*')
            ++result.depth;
        else
            spaced += c;
    }
    std::istringstream words(spaced);
    for (std::string word; words >> word;) {
        if (!is_qualifier(word)) result.base += (result.base.empty() ? "" : " ") + word;
    }
    return result;
}

/// Names of the enumerations that the header defines: "typedef enum _X { … } X, *PX;".
std::set<std::string> enumerations_of(std::string_view header) {
    std::set<std::string> names;
    auto tokens = stubs::c_tokens(header);
    for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
        if (tokens[i].text != "typedef" || tokens[i + 1].text != "enum") continue;
        while (i < tokens.size() && tokens[i].text != "}") ++i;
        if (i + 1 < tokens.size() && tokens[i + 1].kind == stubs::TokenKind::word) names.emplace(tokens[i + 1].text);
    }
    return names;
}

/// "typedef union _X { struct { … }; LONGLONG QuadPart; } X, *PX;": a 64-bit number and its halves.
std::set<std::string> wide_numbers_of(std::string_view header) {
    std::set<std::string> names;
    auto tokens = stubs::c_tokens(header);
    for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
        if (tokens[i].text != "typedef" || tokens[i + 1].text != "union") continue;
        bool wide = false;
        int depth = 0;
        for (++i; i + 1 < tokens.size(); ++i) {
            if (tokens[i].text == "{") ++depth;
            if (depth == 1 && (tokens[i].text == "LONGLONG" || tokens[i].text == "ULONGLONG")) wide = true;
            if (tokens[i].text == "}" && --depth == 0) break;
        }
        if (wide && i + 1 < tokens.size()) names.emplace(tokens[i + 1].text);
    }
    return names;
}

/// "} LIST_ENTRY, *PLIST_ENTRY, *PRLIST_ENTRY;": pointer typedef → structure.
std::map<std::string, std::string> pointers_of(std::string_view header) {
    std::map<std::string, std::string> pointers;
    auto tokens = stubs::c_tokens(header);
    for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
        if (tokens[i].text != "}" || tokens[i + 1].kind != stubs::TokenKind::word) continue;
        std::string base(tokens[i + 1].text);
        for (i += 2; i + 2 < tokens.size() && tokens[i].text == "," && tokens[i + 1].text == "*"; i += 3)
            pointers.emplace(std::string(tokens[i + 2].text), base);
    }
    return pointers;
}

}  // namespace

TypeTable::TypeTable(const model::Model& model) {
    for (const char* scalar : kScalars) {
        scalars_.insert(scalar);
        names_.try_emplace(std::string("P") + scalar, CType{scalar, 1});
    }
    static const auto kDeclared = stubs::declared_names(embedded::ddi_base_h);
    static const auto kEnumerations = enumerations_of(embedded::ddi_base_h);
    constants_.insert(kDeclared.enumerators.begin(), kDeclared.enumerators.end());
    constants_.insert(kDeclared.macros.begin(), kDeclared.macros.end());
    static const auto kStatus = stubs::declared_names(embedded::ddi_status_h);
    constants_.insert(kStatus.macros.begin(), kStatus.macros.end());
    enumerations_ = kEnumerations;
    static const auto kWideNumbers = wide_numbers_of(embedded::ddi_base_h);
    wide_numbers_ = kWideNumbers;
    for (const auto& name : enumerations_) names_.try_emplace("P" + name, CType{name, 1});
    // Of the base header too: no page defines them.
    static const auto kPointers = pointers_of(embedded::ddi_base_h);
    for (const auto& [pointer, base] : kPointers) names_.try_emplace(pointer, CType{base, 1});
    names_["VOID"] = {"void", 0};
    names_["PVOID"] = {"void", 1};
    for (const auto& type : model.types) {
        if (!type.tag.empty()) names_.try_emplace(type.tag, CType{type.name, 0});
        for (const auto& pointer : type.pointers) names_.try_emplace(pointer, CType{type.name, 1});
        // "KGUARDED_MUTEX" may be one more name of a type that is defined under another; a scalar lock stays a type of its own.
        if (type.definition.empty()) continue;
        if (type.definition.find('(') != std::string::npos)
            names_.try_emplace(type.name, CType{type.definition, 1});  // a pointer to a function
        else if (!scalars_.contains(type.definition))
            names_.try_emplace(type.name, parse(type.definition));
        else
            numbers_.insert(type.name);
    }
    for (const auto& api : model.apis) {
        if (!api.declaration) continue;
        const auto& declared = api.declaration->value;
        bool enumeration = declared.form == facts::DeclarationForm::enumeration;
        std::string canonical = declared.tag;
        if (auto found = names_.find(declared.tag); found != names_.end()) {
            canonical = found->second.base;
        } else {
            for (const auto& alias : declared.aliases) {
                if (!alias.empty() && alias.front() != '*') {
                    canonical = alias;
                    break;
                }
            }
        }
        if (canonical.empty()) canonical = declared.name;
        (enumeration ? enumerations_ : structures_).insert(canonical);
        if (!declared.tag.empty() && declared.tag != canonical) names_.try_emplace(declared.tag, CType{canonical, 0});
        for (const auto& alias : declared.aliases) {
            bool pointer = !alias.empty() && alias.front() == '*';
            std::string name = pointer ? alias.substr(alias.find_first_not_of("* ")) : alias;
            if (name != canonical) names_.try_emplace(name, CType{canonical, pointer ? 1 : 0});
        }
        if (enumeration) {
            for (const auto& member : declared.members) enumerators_.insert(member.name);
            if (!declared.members.empty()) first_enumerators_.try_emplace(canonical, declared.members.front().name);
        }
    }
}

CType TypeTable::of(std::string_view type) const {
    CType result = parse(type);
    // A chain of typedefs; the bound keeps a definition that names itself from going on for ever.
    for (int i = 0; i < 8; ++i) {
        auto found = names_.find(result.base);
        if (found == names_.end() || found->second.base == result.base) break;
        result.depth += found->second.depth;
        result.base = found->second.base;
    }
    return result;
}

bool TypeTable::is_scalar(const std::string& base) const { return scalars_.contains(base) || enumerations_.contains(base); }

std::string TypeTable::first_enumerator(const std::string& base) const {
    auto found = first_enumerators_.find(base);
    return found == first_enumerators_.end() ? std::string() : found->second;
}

bool is_boolean(const CType& type) { return type.depth == 0 && (type.base == "BOOLEAN" || type.base == "LOGICAL" || type.base == "BOOL"); }

bool is_status(const CType& type) { return type.depth == 0 && type.base.ends_with("STATUS"); }

}  // namespace ddi::emit::wrappers
