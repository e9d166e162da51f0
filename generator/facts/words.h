// Text → words for the pattern readers: identifiers, numbers and signs, with their places. Knows nothing about meaning.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace ddi::facts {

struct Word {
    std::string text;   // as written; "≤" and "≥" as "<=" and ">="
    std::string lower;  // ASCII lower case
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// Identifiers (letters, digits, '_', inner apostrophes and hyphens), comparison signs as one word ("<=", "==", "!="), every other
/// sign by itself. Blanks separate. `begin`/`end` are byte offsets into the text.
std::vector<Word> split_words(std::string_view text);

std::string to_lower(std::string_view text);

}  // namespace ddi::facts
