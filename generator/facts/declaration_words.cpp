#include "generator/facts/declaration_words.h"

#include <algorithm>
#include <array>
#include <string>

#include "generator/facts/words.h"

namespace ddi::facts::decl {
namespace {

template <std::size_t N>
bool one_of(const std::array<std::string_view, N>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

bool is_annotation(std::string_view word) {
    static constexpr std::array<std::string_view, 7> plain = {"IN", "OUT", "INOUT", "OPTIONAL", "THIS_", "THIS", "PURE"};
    if (one_of(plain, word)) return true;
    if (word.size() > 2 && word.front() == '_' && word.back() == '_' && word != "__") return true;
    static constexpr std::array<std::string_view, 24> prefixes = {
        "__in",       "__out",     "__deref",   "__drv_",     "__checkReturn", "__reserved", "__notnull",  "__maybenull",
        "__callback", "__bcount",  "__ecount",  "__field_",   "__success",     "__post",     "__pre",      "__null",
        "__opt",      "__nothrow", "__typefix", "__control_", "__range",       "__byte_",    "__inexact_", "__allocator"};
    if (word == "__inline" || word == "__int8" || word == "__int16" || word == "__int32" || word == "__int64") return false;
    return std::any_of(prefixes.begin(), prefixes.end(), [&](std::string_view p) { return word.starts_with(p); });
}

bool is_calling_convention(std::string_view word) {
    static constexpr std::array<std::string_view, 22> words = {
        "NTAPI",   "APIENTRY",   "WINAPI",     "CALLBACK",    "FASTCALL", "STDCALL", "__stdcall", "_stdcall",   "__cdecl",
        "_cdecl",  "cdecl",      "__fastcall", "_fastcall",   "WSKAPI",   "PASCAL",  "DDKAPI",    "DDKFASTAPI", "STDMETHODCALLTYPE",
        "EVNTAPI", "__thiscall", "CDECL",      "__vectorcall"};
    return one_of(words, word);
}

bool is_linkage(std::string_view word) {
    static constexpr std::array<std::string_view, 18> words = {
        "extern",  "EXTERN_C", "static",   "inline", "__inline",  "_inline",  "__forceinline", "FORCEINLINE", "CFORCEINLINE",
        "virtual", "VIRTUAL",  "explicit", "friend", "constexpr", "register", "typename",      "INLINE",      "EXPORT"};
    if (one_of(words, word) || word.starts_with("DECLSPEC_") || word == "__declspec" || word == "_declspec") return true;
    // NTKERNELAPI, NTSYSAPI, PORTCLASSAPI, HALAPI, _API suffixes: import decorations, told from types by their ending.
    return word.size() > 4 && word.ends_with("API") && !is_calling_convention(word);
}

bool is_qualifier(std::string_view word) {
    static constexpr std::array<std::string_view, 10> words = {
        "const",     "CONST",       "Const",    "volatile",           "VOLATILE",
        "UNALIGNED", "__unaligned", "restrict", "RESTRICTED_POINTER", "POINTER_ALIGNMENT"};
    return one_of(words, word);
}

bool is_aggregate_keyword(std::string_view word) {
    return word == "struct" || word == "union" || word == "enum" || word == "class" || word == "interface" || word == "STRUCT";
}

bool is_builtin_type(std::string_view word) {
    static constexpr std::array<std::string_view, 17> words = {"void",    "char",    "short",    "int",    "long",   "float",
                                                               "double",  "signed",  "unsigned", "bool",   "__int8", "__int16",
                                                               "__int32", "__int64", "wchar_t",  "size_t", "_Bool"};
    return one_of(words, canonical_word(word));
}

bool looks_like_type(std::string_view word) {
    if (is_builtin_type(word) || (word.size() > 3 && word.ends_with("_t"))) return true;
    if (word.size() < 3 || word.front() == '_') return false;
    return std::all_of(word.begin(), word.end(), [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; });
}

std::string_view canonical_word(std::string_view word) {
    if (word == "VOID" || word == "Void") return "void";
    if (word == "CONST" || word == "Const") return "const";
    if (word == "VOLATILE") return "volatile";
    if (word == "STRUCT") return "struct";
    if (word == "NTStatus") return "NTSTATUS";  // the pages' misspelling: there is no such type
    return word;
}

void merge(Meaning& meaning, const Meaning& other) {
    if (meaning.direction == Direction::unknown) {
        meaning.direction = other.direction;
    } else if (other.direction != Direction::unknown && other.direction != meaning.direction) {
        meaning.direction = Direction::in_out;
    }
    meaning.optional = meaning.optional || other.optional;
    meaning.reserved = meaning.reserved || other.reserved;
}

Meaning meaning_of(std::string_view annotation) {
    const std::string all = to_lower(annotation.substr(0, annotation.find_first_of(" (")));
    std::string_view name = all;
    while (name.starts_with('_')) name.remove_prefix(1);
    while (name.ends_with('_')) name.remove_suffix(1);
    Meaning meaning;
    meaning.optional = name == "opt" || name == "optional" || name.ends_with("_opt") || name.find("_opt_") != std::string_view::npos;
    meaning.reserved = name == "reserved";
    const auto begins = [&](std::string_view prefix) {
        return name.starts_with(prefix) && (name.size() == prefix.size() || name[prefix.size()] == '_');
    };
    if (begins("inout") || begins("in_out") || begins("deref_inout") || begins("drv_inout")) {
        meaning.direction = Direction::in_out;
    } else if (begins("in") || begins("drv_in") || begins("deref_in")) {
        meaning.direction = Direction::in;
    } else if (begins("out") || begins("outptr") || begins("outref") || begins("deref_out") || begins("com_outptr") || begins("drv_out") ||
               begins("deref_opt_out")) {
        meaning.direction = Direction::out;
    }
    return meaning;
}

}  // namespace ddi::facts::decl
