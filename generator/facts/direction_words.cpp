#include "generator/facts/direction_words.h"

#include <algorithm>
#include <array>

#include "generator/facts/declaration_tokens.h"
#include "generator/facts/words.h"

namespace ddi::facts {
namespace {

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

template <std::size_t N>
bool contains_any(std::string_view text, const std::array<std::string_view, N>& parts) {
    return std::any_of(parts.begin(), parts.end(), [&](std::string_view p) { return contains(text, p); });
}

template <std::size_t N>
bool starts_with_any(std::string_view text, const std::array<std::string_view, N>& parts) {
    return std::any_of(parts.begin(), parts.end(), [&](std::string_view p) { return text.starts_with(p); });
}

// Words of the first sentences (the first two: "A pointer to a variable. On return, it receives …"), lower case, one blank between.
std::string opening(std::string_view text) {
    std::string out;
    int sentences = 0;
    for (const Word& word : split_words(text)) {
        if (word.text == ".") {
            if (++sentences == 2) break;
            out += " .";
            continue;
        }
        if (!out.empty()) out += ' ';
        out += word.lower;
    }
    return out;
}

bool says_anything(const decl::Meaning& m) { return m.direction != Direction::unknown || m.optional || m.reserved; }

}  // namespace

std::optional<decl::Meaning> read_marker(std::string_view text) {
    decl::Meaning meaning;
    const decl::Lexed lexed = decl::lex(text);
    const decl::Tokens tokens = lexed.tokens;
    for (std::size_t i = 0; i < tokens.size();) {
        if (tokens[i].is_word()) {
            decl::merge(meaning, decl::meaning_of(tokens[i].text));
            ++i;
        } else {
            i = tokens[i].match != 0 ? decl::after_group(tokens, i) : i + 1;
        }
    }
    return says_anything(meaning) ? std::optional(meaning) : std::nullopt;
}

std::optional<LeadingMarker> leading_marker(std::string_view text) {
    std::size_t end = 0;
    std::string_view inside;
    if (text.starts_with('[')) {
        const std::size_t close = text.find(']');
        if (close == std::string_view::npos || close > 60) return std::nullopt;
        inside = text.substr(1, close - 1);
        end = close + 1;
        // "[In_place] …" and other links look alike: a marker has nothing but direction words.
        const std::vector<Word> words = split_words(inside);
        if (words.empty() || !says_anything(decl::meaning_of(words.front().text))) return std::nullopt;
    } else if (text.starts_with('_')) {
        while (end < text.size() && (text[end] == '_' || (text[end] >= 'a' && text[end] <= 'z') || (text[end] >= 'A' && text[end] <= 'Z')))
            ++end;
        inside = text.substr(0, end);
        if (!decl::is_annotation(inside)) return std::nullopt;
        if (end < text.size() && text[end] == '(') {
            const std::size_t close = text.find(')', end);
            if (close == std::string_view::npos) return std::nullopt;
            end = close + 1;
        }
    } else {
        return std::nullopt;
    }
    const std::optional<decl::Meaning> meaning = read_marker(inside);
    if (!meaning) return std::nullopt;
    while (end < text.size() && (text[end] == ' ' || text[end] == ':')) ++end;
    return LeadingMarker{*meaning, end};
}

std::optional<NamedMarker> named_marker(std::string_view text) {
    std::size_t end = 0;
    while (end < text.size() && (text[end] == '_' || (text[end] >= 'a' && text[end] <= 'z') || (text[end] >= 'A' && text[end] <= 'Z') ||
                                 (end > 0 && text[end] >= '0' && text[end] <= '9')))
        ++end;
    if (end == 0 || end + 1 >= text.size() || text[end] != ' ' || text[end + 1] != '[') return std::nullopt;
    const auto marker = leading_marker(text.substr(end + 1));
    if (!marker) return std::nullopt;
    return NamedMarker{std::string(text.substr(0, end)), marker->meaning, end + 1 + marker->length};
}

decl::Meaning meaning_of_words(std::string_view text) {
    decl::Meaning meaning;
    const std::string words = opening(text);
    meaning.reserved =
        words.starts_with("reserved") || contains(words, "parameter is reserved") || words.starts_with("this parameter must be null");
    meaning.optional = words.starts_with("optional") || words.starts_with("an optional") || contains(words, "this parameter is optional") ||
                       contains(words, "parameter can be null") || contains(words, "parameter may be null");
    static constexpr std::array<std::string_view, 14> pointers = {
        "a pointer ",         "pointer ",     "the pointer ",        "an optional pointer ", "optional pointer ",
        "address of ",        "the address ", "supplies a pointer ", "points to ",           "a caller-supplied pointer ",
        "a caller-allocated", "a buffer ",    "the buffer ",         "caller-supplied "};
    static constexpr std::array<std::string_view, 3> receives = {"receives", "receive ", "is to receive"};
    static constexpr std::array<std::string_view, 12> filled = {
        "in which to return", "in which to store", "in which this",   "that will contain", "that will hold", "on return",
        "upon return",        "on output",         "upon successful", "to be filled",      "is returned in", "is returned here"};
    const bool pointer = starts_with_any(words, pointers);
    const bool on_input = contains(words, "on input");
    const bool on_output = contains(words, "on output") || contains(words, "on return");
    if (on_input && on_output) {
        meaning.direction = Direction::in_out;
    } else if (words.starts_with("receives ") || words.starts_with("returns ") || words.starts_with("on return") ||
               words.starts_with("on output")) {
        meaning.direction = Direction::out;
    } else if (pointer && (contains_any(words, receives) || contains_any(words, filled))) {
        meaning.direction = Direction::out;
    } else if (!pointer) {
        // By value: handles, numbers and flags can only go in.
        static constexpr std::array<std::string_view, 14> values = {"supplies ",  "specifies ",  "indicates ", "identifies ", "a handle ",
                                                                    "handle ",    "the handle ", "a value ",   "the size",    "the length",
                                                                    "the number", "a boolean ",  "a bitwise ", "the index"};
        if (starts_with_any(words, values) && !contains(words, "receives") && !contains(words, "pointer"))
            meaning.direction = Direction::in;
    }
    return meaning;
}

}  // namespace ddi::facts
