// Declaration text → tokens. Assumes nothing: any bytes give tokens. Comments and preprocessor lines are not tokens, nor is what stands
// in an alternative (#else) that is not the newest system's; `#define`
// lines are kept apart, because a page may show nothing else. U+00A0, the blank of the 2018 pages, is a blank.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ddi::facts::decl {

enum class TokenKind { word, number, literal, punct };

struct Token {
    TokenKind kind = TokenKind::punct;
    std::string_view text;  // points into the declaration's text
    std::size_t offset = 0;
    std::size_t match = 0;    // ( [ {: distance to the closing token; 0: never closed, or not a bracket
    bool line_start = false;  // first token of its line
    bool space_before = false;

    bool is(std::string_view other) const { return text == other; }
    bool is_word() const { return kind == TokenKind::word; }
};

using Tokens = std::span<const Token>;

struct Lexed {
    std::vector<Token> tokens;
    struct Define {
        std::string_view text;  // after "#define", continuation lines included
        std::size_t offset;
    };
    std::vector<Define> defines;
};

Lexed lex(std::string_view text);

/// Index after the bracket that opens at `index`; the size if it is never closed.
std::size_t after_group(Tokens tokens, std::size_t index);
/// The tokens between the brackets that open at `index` (to the end if never closed).
Tokens inside_group(Tokens tokens, std::size_t index);
/// How "<" and ">" count: as brackets of a template's arguments, or as operators of a value.
enum class Angles { brackets, operators };
/// The parts between the separators (one character each) that stand outside all brackets.
std::vector<Tokens> split_at(Tokens tokens, std::string_view separators, Angles angles);
/// The tokens as text, with one blank wherever the source had white space, a comment or a line end. Lexing it again and joining
/// gives the same text.
std::string join(Tokens tokens);

}  // namespace ddi::facts::decl
