#include "generator/facts/inheritance.h"

#include <array>

namespace ddi::facts {

namespace {

bool word_char(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

std::string_view trimmed_end(std::string_view text) {
    while (!text.empty() && (text.back() == ' ' || text.back() == ',')) text.remove_suffix(1);
    return text;
}

bool takes_word(std::string_view& text, std::string_view word) {
    if (!text.starts_with(word) || (text.size() > word.size() && word_char(text[word.size()]))) return false;
    text.remove_prefix(word.size());
    while (text.starts_with(' ')) text.remove_prefix(1);
    return true;
}

bool ends_with_word(std::string_view text, std::string_view word) {
    return text.ends_with(word) && (text.size() == word.size() || !word_char(text[text.size() - word.size() - 1]));
}

/// The words before the verb name the interface.
bool is_subject(std::string_view before, std::string_view interface) {
    before = trimmed_end(before);
    for (std::string_view pronoun : {"This interface", "this interface", "The interface", "It", "it"}) {
        if (ends_with_word(before, pronoun)) return true;
    }
    if (ends_with_word(before, "interface")) before = trimmed_end(before.substr(0, before.size() - 9));
    return ends_with_word(before, interface);
}

}  // namespace

std::optional<StatedBase> stated_base(const std::vector<text::Section>& sections, std::string_view interface) {
    static constexpr std::array<std::string_view, 5> verbs = {"inherits from", "is derived from", "derives from", "is inherited from",
                                                              "inherits directly from"};
    for (const auto& section : sections) {
        for (const auto& block : section.blocks) {
            if (block.kind == text::BlockKind::code) continue;
            std::string_view text = block.text;
            for (auto verb : verbs) {
                for (std::size_t at = text.find(verb); at != std::string_view::npos; at = text.find(verb, at + 1)) {
                    if (at == 0 || word_char(text[at - 1]) || !is_subject(text.substr(0, at), interface)) continue;
                    auto after = text.substr(at + verb.size());
                    while (after.starts_with(' ')) after.remove_prefix(1);
                    while (takes_word(after, "the") || takes_word(after, "COM") || takes_word(after, "standard")) {
                    }
                    std::size_t end = 0;
                    while (end < after.size() && word_char(after[end])) ++end;
                    auto name = after.substr(0, end);
                    // A name of several words ("a base class") is no interface's name.
                    bool named = name.size() > 1 && name[0] >= 'A' && name[0] <= 'Z';
                    if (!named || name == interface) continue;
                    std::size_t stop = text.find(". ", at);
                    return StatedBase{std::string(name), std::string(text.substr(0, stop)), block.span};
                }
            }
        }
    }
    return std::nullopt;
}

}  // namespace ddi::facts
