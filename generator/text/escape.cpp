#include "generator/text/escape.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace ddi::text {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

/// One step through bytes as UTF-8: the code point, or nothing and a length of one where the bytes are not UTF-8.
struct Step {
    std::uint32_t code = 0;
    std::size_t length = 1;
    bool valid = false;
};

Step step_at(std::string_view bytes, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(bytes[at + i]); };
    const std::uint8_t first = byte(0);
    if (first < 0x80) return {first, 1, true};
    std::size_t length = first >= 0xC2 && first <= 0xDF ? 2 : (first & 0xF0) == 0xE0 ? 3 : first >= 0xF0 && first <= 0xF4 ? 4 : 0;
    if (length == 0 || bytes.size() - at < length) return {};
    std::uint32_t code = first & (0xFFu >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0) != 0x80) return {};
        code = code << 6 | (byte(i) & 0x3F);
    }
    const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
    if (overlong || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return {};
    return {code, length, true};
}

bool is_control(std::uint32_t code) { return code < 0x20 || (code >= 0x7F && code < 0xA0); }

/// Characters that reorder what a terminal shows, so that a message could hide its own words.
bool is_bidi_control(std::uint32_t code) {
    return code == 0x061C || code == 0x200E || code == 0x200F || (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

/// `?` that, with what stands around it, would be a trigraph: the second of `??` before one of nine characters.
bool completes_trigraph(std::string_view text, std::size_t at) {
    return at > 0 && text[at] == '?' && text[at - 1] == '?' && at + 1 < text.size() &&
           std::string_view("=/'()!<>-").find(text[at + 1]) != std::string_view::npos;
}

void append_markup(std::string& out, char c) {
    switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        case '\'':
            out += "&#39;";
            break;
        default:
            out += c;
    }
}

// C11's and C++20's words: none can name a parameter in a header that both languages read.
constexpr std::array keywords{
    "alignas",    "alignof",  "and",      "and_eq",   "asm",          "auto",       "bitand",       "bitor",         "bool",
    "break",      "case",     "catch",    "char",     "char16_t",     "char32_t",   "char8_t",      "class",         "co_await",
    "co_return",  "co_yield", "compl",    "concept",  "const",        "const_cast", "consteval",    "constexpr",     "constinit",
    "continue",   "decltype", "default",  "delete",   "do",           "double",     "dynamic_cast", "else",          "enum",
    "explicit",   "export",   "extern",   "false",    "float",        "for",        "friend",       "goto",          "if",
    "inline",     "int",      "long",     "mutable",  "namespace",    "new",        "noexcept",     "not",           "not_eq",
    "nullptr",    "operator", "or",       "or_eq",    "private",      "protected",  "public",       "register",      "reinterpret_cast",
    "requires",   "restrict", "return",   "short",    "signed",       "sizeof",     "static",       "static_assert", "static_cast",
    "struct",     "switch",   "template", "this",     "thread_local", "throw",      "true",         "try",           "typedef",
    "typeid",     "typename", "union",    "unsigned", "using",        "virtual",    "void",         "volatile",      "wchar_t",
    "while",      "xor",      "xor_eq",   "_Alignas", "_Alignof",     "_Atomic",    "_Bool",        "_Complex",      "_Generic",
    "_Imaginary", "_Noreturn"};

std::uint64_t fnv1a(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325u;
    for (char c : text) hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001b3u;
    return hash;
}

}  // namespace

std::string escape_c_comment(std::string_view text) {
    std::string out;
    out.reserve(text.size() + 16);
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const auto byte = static_cast<std::uint8_t>(c);
        if (completes_trigraph(text, i)) out += ' ';
        if ((c == '/' || c == '*') && !out.empty() && out.back() == (c == '/' ? '*' : '/')) out += ' ';
        if (c == '\n') {
            // A splice: gcc and clang also splice a backslash that only blanks part from the line end (and warn), so one blank
            // before the line end is not enough. A full stop after it is.
            std::size_t last = out.find_last_not_of(" \t");
            if (last != std::string::npos && out[last] == '\\') out.replace(last + 1, std::string::npos, " .");
            out += c;
        } else if (byte == 0x7F || (byte < 0x20 && c != '\t')) {
            if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
            out += ' ';
        } else {
            out += c;
        }
    }
    // The emitter may put a line end, or the comment's own end, behind this text.
    std::size_t last = out.find_last_not_of(" \t");
    if (last != std::string::npos && out[last] == '\\') out.replace(last + 1, std::string::npos, " .");
    if (!out.empty() && (out.back() == '*' || out.back() == '/')) out += ' ';
    return out;
}

std::string escape_c_string(std::string_view text) {
    std::string out;
    out.reserve(text.size() + 16);
    for (std::size_t i = 0; i < text.size();) {
        const Step step = step_at(text, i);
        const char c = text[i];
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (c == '\t') {
            out += "\\t";
        } else if (c == '?' && i > 0 && text[i - 1] == '?') {
            out += "\\?";
        } else if (!step.valid || is_control(step.code)) {
            for (std::size_t k = 0; k < step.length; ++k) out += fmt::format("\\{:03o}", static_cast<std::uint8_t>(text[i + k]));
        } else {
            out += text.substr(i, step.length);
        }
        i += step.length;
    }
    return out;
}

std::string to_identifier(std::string_view text) {
    std::string out;
    for (char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
        out += plain ? c : '_';
    }
    if (out.empty() || (out[0] >= '0' && out[0] <= '9')) out.insert(0, 1, '_');
    if (std::find(keywords.begin(), keywords.end(), std::string_view(out)) != keywords.end()) out += '_';
    return out;
}

std::string to_file_name(std::string_view text) {
    constexpr std::size_t limit = 100;
    std::string out;
    for (char c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
        out += plain ? c : '-';
    }
    if (out.empty()) out.assign(1, '-');
    if (out.front() == '.') out.front() = '-';
    if (out.back() == '.') out.back() = '-';  // Windows drops it
    const std::string_view stem = std::string_view(out).substr(0, out.find('.'));
    const bool numbered =
        stem.size() == 4 && (stem.substr(0, 3) == "com" || stem.substr(0, 3) == "lpt") && stem[3] >= '0' && stem[3] <= '9';
    if (numbered || stem == "con" || stem == "prn" || stem == "aux" || stem == "nul") out.insert(0, 1, '_');
    if (out.size() > limit) {
        const std::string hash = fmt::format("-{:016x}", fnv1a(text));
        out.resize(limit - hash.size());
        out += hash;
    }
    return out;
}

std::string escape_html(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 8);
    for (std::size_t i = 0; i < text.size();) {
        const Step step = step_at(text, i);
        if (!step.valid)
            out += replacement;
        else if (step.length > 1) {
            if (!is_control(step.code)) out += text.substr(i, step.length);
        } else if (!is_control(step.code) || step.code == '\n' || step.code == '\t')
            append_markup(out, text[i]);
        i += step.length;
    }
    return out;
}

std::string escape_xml(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 8);
    for (std::size_t i = 0; i < text.size();) {
        const Step step = step_at(text, i);
        const bool forbidden = !step.valid || (step.code < 0x20 && step.code != '\t' && step.code != '\n' && step.code != '\r') ||
                               step.code == 0xFFFE || step.code == 0xFFFF;
        if (forbidden)
            out += replacement;
        else if (step.code == '\r')
            out += "&#13;";
        else if (step.length > 1)
            out += text.substr(i, step.length);
        else
            append_markup(out, text[i]);
        i += step.length;
    }
    return out;
}

std::string escape_terminal(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const Step step = step_at(text, i);
        if (!step.valid || is_control(step.code) || is_bidi_control(step.code) || step.code == 0x2028 || step.code == 0x2029)
            out += replacement;
        else
            out += text.substr(i, step.length);
        i += step.length;
    }
    return out;
}

std::string to_utf8(std::string_view bytes) {
    if (is_utf8(bytes)) return std::string(bytes);
    std::string out;
    out.reserve(bytes.size());
    for (std::size_t i = 0; i < bytes.size();) {
        const Step step = step_at(bytes, i);
        if (step.valid)
            out += bytes.substr(i, step.length);
        else
            out += replacement;
        i += step.length;
    }
    return out;
}

bool is_utf8(std::string_view bytes) { return first_not_utf8(bytes) == std::string_view::npos; }

std::size_t first_not_utf8(std::string_view bytes) {
    for (std::size_t i = 0; i < bytes.size();) {
        // Eight ASCII bytes at a time: nearly all of every page.
        std::uint64_t eight = 0;
        if (bytes.size() - i >= sizeof eight) {
            std::memcpy(&eight, bytes.data() + i, sizeof eight);
            if ((eight & 0x8080808080808080u) == 0) {
                i += sizeof eight;
                continue;
            }
        }
        const Step step = step_at(bytes, i);
        if (!step.valid) return i;
        i += step.length;
    }
    return std::string_view::npos;
}

}  // namespace ddi::text
