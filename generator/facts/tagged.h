// A sentence → tokens that patterns can match: this API, other APIs, parameters, levels and lock nouns are one token each, words
// without weight are gone, and pronouns stand for what they refer to. Knows no API by name: only the page's own names and links.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "generator/facts/irql.h"
#include "generator/facts/lexicon.h"
#include "generator/facts/object_kinds.h"
#include "generator/facts/sentences.h"

namespace ddi::facts {

struct Token {
    enum class Kind { word, sign, self, api, parameter, level, lock, constant } kind = Kind::word;
    std::string text;  // as written
    std::string lower;
    bool negates = false;  // "not", "never", "without", …
    VerbForm verb;
    std::vector<std::string> names;  // api, self: one or several ("X or Y"); parameter: its name on the page
    bool has_self = false;           // api: this function is one of the names
    LevelSet levels;                 // level
    std::string noun;                // lock: as written, singular
    bool of_type = false;            // lock: read from a type's name
    std::size_t begin = 0;           // offsets into the sentence
    std::size_t end = 0;
};

using Tokens = std::vector<Token>;

/// What the tagger must know about the page.
struct PageNames {
    std::string self;   // the API's name
    std::string alias;  // another name that the page uses for itself (a page written for a sister function)
    std::vector<std::pair<std::string, std::string>>
        parameters;                                // name in prose → name of the ParameterFact (headings may be placeholders)
    std::set<std::string, std::less<>> functions;  // names of API pages linked from this page, all-capital macros included
    bool callback = false;
    std::vector<const ObjectKind*> kinds;  // objects with everyday names that this page is about
};

PageNames page_names(const page::Page& page, const Facts& facts);

/// `previous` is the tagged sentence before it in the same block run (for "it" and "this call"), or null.
Tokens tag_sentence(const Sentence& sentence, const PageNames& names, const Tokens* previous);

bool is_function_name(std::string_view word);  // CamelCase of at least three parts, no placeholder

}  // namespace ddi::facts
