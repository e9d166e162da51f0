#include "generator/facts/words.h"

namespace ddi::facts {

namespace {

bool is_word_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           (static_cast<unsigned char>(c) >= 0x80);
}

// UTF-8 signs that pages use in place of ASCII ones; length in bytes, 0 if none stands there.
std::size_t foreign_sign(std::string_view text, std::string& ascii) {
    if (text.empty() || static_cast<unsigned char>(text.front()) < 0x80) return 0;
    struct Sign {
        std::string_view bytes, ascii;
    };
    static constexpr Sign signs[] = {{"\xE2\x89\xA4", "<="}, {"\xE2\x89\xA5", ">="}, {"\xE2\x80\x99", "'"}, {"\xE2\x80\x98", "'"},
                                     {"\xE2\x80\x9C", "\""}, {"\xE2\x80\x9D", "\""}, {"\xE2\x80\x93", "-"}, {"\xE2\x80\x94", "-"},
                                     {"\xC2\xA0", " "},      {"\xE2\x80\xA2", "*"},  {"\xC2\xAE", " "},     {"\xE2\x84\xA2", " "}};
    for (const Sign& sign : signs)
        if (text.starts_with(sign.bytes)) {
            ascii = sign.ascii;
            return sign.bytes.size();
        }
    return 0;
}

// The word that begins at `at`; returns where it ends.
std::size_t read_word(std::string_view text, std::size_t at, std::string& word) {
    std::size_t taken = at;  // what stands before is in `word`
    const auto take = [&] { word.append(text.substr(taken, at - taken)); };
    while (at < text.size()) {
        const char c = text[at];
        if (static_cast<unsigned char>(c) < 0x80) {
            const bool inner = (c == '\'' || c == '-') && at + 1 < text.size() && is_word_char(text[at + 1]) && text[at + 1] != '_';
            if (!inner && !is_word_char(c)) break;
            ++at;
            continue;
        }
        std::string sign;
        const std::size_t length = foreign_sign(text.substr(at), sign);
        if (length == 0) {
            ++at;
            continue;
        }
        // A typographic apostrophe inside a word is part of it: "caller’s".
        if (sign != "'" || at + length >= text.size() || !is_word_char(text[at + length])) break;
        take();
        word += '\'';
        at += length;
        taken = at;
    }
    take();
    return at;
}

}  // namespace

std::string to_lower(std::string_view text) {
    std::string result(text);
    for (char& c : result)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return result;
}

std::vector<Word> split_words(std::string_view text) {
    std::vector<Word> words;
    words.reserve(text.size() / 5);
    for (std::size_t at = 0; at < text.size();) {
        const char c = text[at];
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
            ++at;
            continue;
        }
        Word word;
        word.begin = at;
        if (const std::size_t length = foreign_sign(text.substr(at), word.text)) {
            at += length;
            if (word.text == " ") continue;
        } else if (is_word_char(c)) {
            at = read_word(text, at, word.text);
        } else {
            word.text = c;
            ++at;
            if ((c == '<' || c == '>' || c == '=' || c == '!') && at < text.size() && text[at] == '=') word.text += text[at++];
            // "=<" and "=>" are slips for the usual order.
            else if (c == '=' && at < text.size() && (text[at] == '<' || text[at] == '>'))
                word.text = std::string(1, text[at++]) + "=";
        }
        word.end = at;
        word.lower = to_lower(word.text);
        words.push_back(std::move(word));
    }
    return words;
}

}  // namespace ddi::facts
