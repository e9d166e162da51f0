#include "generator/emit/stubs/c_tokens.h"

#include <algorithm>
#include <array>

namespace ddi::emit::stubs {

namespace {

bool word_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool digit(char c) { return c >= '0' && c <= '9'; }
bool word_char(char c) { return word_start(c) || digit(c); }

template <std::size_t N>
bool one_of(const std::array<std::string_view, N>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_qualifier(std::string_view word) {
    static constexpr std::array<std::string_view, 4> words = {"const", "volatile", "CONST", "__volatile"};
    return one_of(words, word) || is_alignment_word(word);
}

bool is_tag_keyword(std::string_view word) {
    static constexpr std::array<std::string_view, 3> words = {"struct", "union", "enum"};
    return one_of(words, word);
}

bool is_builtin(std::string_view word) {
    static constexpr std::array<std::string_view, 16> words = {"void",    "char",    "short",    "int",   "long", "float",
                                                               "double",  "signed",  "unsigned", "_Bool", "bool", "__int8",
                                                               "__int16", "__int32", "__int64",  "VOID"};
    return one_of(words, word);
}

/// Types of <stddef.h>, <stdint.h>, <stdarg.h>, <stdbool.h>, which the base header includes.
bool is_standard(std::string_view word) {
    static constexpr std::array<std::string_view, 14> words = {"size_t",    "ptrdiff_t", "wchar_t",  "va_list", "intptr_t",
                                                               "uintptr_t", "int8_t",    "int16_t",  "int32_t", "int64_t",
                                                               "uint8_t",   "uint16_t",  "uint32_t", "uint64_t"};
    return one_of(words, word);
}

}  // namespace

bool is_alignment_word(std::string_view word) {
    static constexpr std::array<std::string_view, 4> words = {"UNALIGNED", "__unaligned", "POINTER_ALIGNMENT", "POINTER_ALIGN"};
    return one_of(words, word);
}

bool is_left_out_word(std::string_view word) { return is_calling_convention(word) || is_alignment_word(word); }

bool is_calling_convention(std::string_view word) {
    static constexpr std::array<std::string_view, 12> words = {"NTAPI",    "APIENTRY",  "WINAPI",  "CALLBACK",
                                                               "FASTCALL", "__stdcall", "__cdecl", "__fastcall",
                                                               "_stdcall", "_cdecl",    "STDCALL", "STDAPICALLTYPE"};
    return one_of(words, word);
}

std::vector<Token> c_tokens(std::string_view text) {
    std::vector<Token> tokens;
    std::size_t i = 0;
    while (i < text.size()) {
        char c = text[i];
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
            ++i;
        } else if (text.substr(i, 2) == "/*") {
            std::size_t end = text.find("*/", i + 2);
            i = end == std::string_view::npos ? text.size() : end + 2;
        } else if (text.substr(i, 2) == "//") {
            std::size_t end = text.find('\n', i);
            i = end == std::string_view::npos ? text.size() : end;
        } else if (word_char(c)) {
            std::size_t end = i;
            while (end < text.size() && word_char(text[end])) ++end;
            tokens.push_back({digit(c) ? TokenKind::number : TokenKind::word, text.substr(i, end - i)});
            i = end;
        } else {
            static constexpr std::string_view marks = "*()[]{},;=|&<>+-~:.!/%^";
            tokens.push_back({marks.find(c) == std::string_view::npos ? TokenKind::other : TokenKind::mark, text.substr(i, 1)});
            ++i;
        }
    }
    return tokens;
}

bool is_identifier(std::string_view text) {
    return !text.empty() && word_start(text[0]) && std::all_of(text.begin(), text.end(), word_char);
}

TypeWords type_words(std::string_view type) {
    // "T (*)[4]": a pointer to an array of what must be complete.
    if (std::size_t open = type.find("(*)["); open != std::string_view::npos && type.ends_with(']')) {
        bool plain = type.substr(open + 3).find_first_not_of("[]0123456789") == std::string_view::npos;
        return plain && open > 0 ? type_words(type.substr(0, open - 1)) : TypeWords{};
    }
    TypeWords result;
    auto tokens = c_tokens(type);
    if (tokens.empty()) return result;
    bool function = std::any_of(tokens.begin(), tokens.end(), [](const Token& t) { return t.text == "("; });
    int depth = 0;
    bool have_type = false;  // in the present parameter (or the whole text): a type was named
    bool builtin = false;
    bool after_tag = false;
    bool have_name = false;  // a parameter's name inside a function pointer
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const auto& token = tokens[i];
        if (token.kind == TokenKind::word) {
            if (is_qualifier(token.text) || (function && is_calling_convention(token.text))) continue;
            if (is_tag_keyword(token.text)) {
                if (have_type || after_tag) return {};
                after_tag = true;
                continue;
            }
            if (is_builtin(token.text)) {
                if (after_tag || (have_type && !builtin)) return {};
                have_type = builtin = true;
                continue;
            }
            if (have_type) {
                if (!function || depth == 0 || have_name) return {};
                have_name = true;
                continue;
            }
            have_type = true;
            if (!is_standard(token.text)) result.uses.push_back({std::string(token.text), after_tag, true});
            after_tag = false;
            continue;
        }
        if (token.kind != TokenKind::mark) return {};
        if (token.text == "*") {
            if (!have_type && !(function && depth == 1)) return {};
            if (!result.uses.empty() && have_type) result.uses.back().by_value = false;
        } else if (token.text == "(") {
            ++depth;
            have_type = builtin = have_name = after_tag = false;
        } else if (token.text == ")") {
            if (--depth < 0) return {};
            have_type = builtin = have_name = false;
        } else if (token.text == "," && depth > 0) {
            have_type = builtin = have_name = after_tag = false;
        } else if (token.text == "." && depth > 0) {
            continue;  // "..."
        } else {
            return {};
        }
    }
    if (depth != 0 || after_tag) return {};
    if (function) {
        // Only "RET (CC *)(…)" has a place for a name.
        std::size_t star = type.find("*)");
        if (star == std::string_view::npos || type.find("(", star) == std::string_view::npos) return {};
        for (auto& use : result.uses) use.by_value = false;  // a parameter's type may be incomplete
    } else if (!have_type) {
        return {};
    }
    result.valid = true;
    return result;
}

TypeWords value_words(std::string_view value) {
    TypeWords result;
    auto tokens = c_tokens(value);
    bool operand = false;
    int depth = 0;
    for (const auto& token : tokens) {
        bool names = token.kind == TokenKind::word || token.kind == TokenKind::number;
        if (names) {
            if (operand) return {};
            if (token.kind == TokenKind::number && token.text.find_first_not_of("0123456789abcdefABCDEFxXuUlL") != std::string_view::npos)
                return {};
            if (token.text == "sizeof") return {};
            if (token.kind == TokenKind::word) result.uses.push_back({std::string(token.text), false, true});
            operand = true;
        } else if (token.text == "(") {
            if (operand) return {};
            ++depth;
        } else if (token.text == ")") {
            if (--depth < 0 || !operand) return {};
        } else if (std::string_view("+-|&*<>~/^").find(token.text[0]) != std::string_view::npos && token.kind == TokenKind::mark) {
            operand = false;
        } else {
            return {};
        }
    }
    result.valid = operand && depth == 0;
    return result;
}

TypeWords array_words(std::string_view array) {
    TypeWords result;
    std::size_t at = 0;
    while (at < array.size()) {
        if (array[at] != '[') return {};
        std::size_t close = array.find(']', at);
        if (close == std::string_view::npos) return {};
        auto inside = array.substr(at + 1, close - at - 1);
        if (inside.find_first_not_of(" \t") != std::string_view::npos) {
            auto words = value_words(inside);
            if (!words.valid) return {};
            result.uses.insert(result.uses.end(), words.uses.begin(), words.uses.end());
        }
        at = close + 1;
    }
    result.valid = true;
    return result;
}

namespace {

/// Removes preprocessor lines (and their continuations) and notes the macros they define.
std::string without_directives(std::string_view text, DeclaredNames& names) {
    std::string rest;
    bool continued = false;
    std::size_t at = 0;
    while (at < text.size()) {
        std::size_t end = text.find('\n', at);
        if (end == std::string_view::npos) end = text.size();
        auto line = text.substr(at, end - at);
        at = end + 1;
        std::size_t first = line.find_first_not_of(" \t");
        bool directive = continued || (first != std::string_view::npos && line[first] == '#');
        if (!directive) {
            rest.append(line).append("\n");
            continue;
        }
        continued = !line.empty() && line.back() == '\\';
        auto tokens = c_tokens(line);
        for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
            if (tokens[i].text == "define" && i < 2) names.macros.emplace(tokens[i + 1].text);
            if (tokens[i].text == "undef" && i < 2) {
                if (auto gone = names.macros.find(tokens[i + 1].text); gone != names.macros.end()) names.macros.erase(gone);
            }
        }
    }
    return rest;
}

}  // namespace

DeclaredNames declared_names(std::string_view header_text) {
    DeclaredNames names;
    std::string rest = without_directives(header_text, names);
    auto tokens = c_tokens(rest);
    int braces = 0;
    bool in_typedef = false;
    bool in_enum = false;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        auto text = tokens[i].text;
        bool declarator_end = i + 1 < tokens.size() && (tokens[i + 1].text == "," || tokens[i + 1].text == ";");
        if (text == "typedef" && braces == 0) in_typedef = true;
        if (is_tag_keyword(text) && braces == 0 && i + 1 < tokens.size() && tokens[i + 1].kind == TokenKind::word) {
            bool only_named = !in_typedef && i + 2 < tokens.size() && tokens[i + 2].text == ";";
            if (!only_named) names.tags.emplace(tokens[i + 1].text);
            in_enum = text == "enum";
        }
        if (text == "{") ++braces;
        if (text == "}") --braces;
        if (text == ";" && braces == 0) in_typedef = in_enum = false;
        if (tokens[i].kind != TokenKind::word) continue;
        if (in_typedef && braces == 0 && declarator_end) names.types.emplace(text);
        if (in_enum && braces == 1 && (tokens[i - 1].text == "{" || tokens[i - 1].text == ",")) names.enumerators.emplace(text);
    }
    return names;
}

}  // namespace ddi::emit::stubs
