// Patterns over tagged sentences. A pattern is a line of elements, separated by blanks:
//   word            the word in lower case; "by|with" for alternatives
//   <self> <api> <parameter> <level> <lock> <constant>   a token of that kind; <self> also takes a list that names this API
//   <name>          this or another API;  <thing>: a lock noun or "it"/"them"
//   +acquire        any form of a verb of that group; +acquire.past, .third, .base, .gerund for one form (.third also takes base)
//   *               up to six tokens between, *N: up to N; never across a negation, a semicolon, or "may"/"might"
//   x?              optional
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "generator/facts/tagged.h"

namespace ddi::facts {

class Phrase {
  public:
    /// Asserts that the pattern is well formed: patterns are the program's own.
    explicit Phrase(std::string_view pattern);

    struct Match {
        std::size_t begin = 0, end = 0;  // tokens
        std::vector<const Token*> apis, locks, parameters, levels, constants, selves;
        const Token* api() const { return apis.empty() ? nullptr : apis.front(); }
        const Token* lock() const { return locks.empty() ? nullptr : locks.front(); }
        const Token* parameter() const { return parameters.empty() ? nullptr : parameters.front(); }
        const Token* level() const { return levels.empty() ? nullptr : levels.front(); }
    };

    std::optional<Match> find(const Tokens& tokens, std::size_t from = 0) const;

    /// What the tokens of one sentence are, as sets of bits: tells most patterns that they cannot match, in one look.
    struct Traits {
        explicit Traits(const Tokens& tokens);
        std::uint64_t words = 0;  // one bit a word, shared by several
        std::uint64_t verbs = 0;  // one bit a Verb
        std::uint64_t kinds = 0;  // one bit a Token::Kind
    };
    /// False only if no token can be what one of the pattern's elements needs.
    bool is_possible(const Traits& traits) const;

  private:
    /// What stands in angle brackets.
    enum class TokenClass { self, api, name, parameter, level, lock, thing, constant };
    struct Element {
        enum class Kind { words, token, verb, gap } kind = Kind::words;
        std::vector<std::string_view> words;
        TokenClass token = TokenClass::self;
        std::vector<Verb> verbs;
        std::uint8_t forms = 0;
        std::size_t gap = 0;
        bool optional = false;
    };
    /// An element that every match contains: one of these bits is among the traits.
    struct Need {
        std::uint64_t Traits::*trait;
        std::uint64_t bits;
    };
    static Need need_of(const Element& element);
    static TokenClass class_of(std::string_view name);
    bool match(const Tokens& tokens, std::size_t at, std::size_t element, std::vector<std::size_t>& taken) const;
    static bool accepts(const Element& element, const Token& token);
    static bool accepts(TokenClass expected, const Token& token);

    std::vector<Element> elements_;
    std::vector<Need> needs_;
};

/// The first of several patterns that is found.
std::optional<Phrase::Match> find_any(const std::vector<Phrase>& phrases, const Tokens& tokens);

/// Patterns from lines.
std::vector<Phrase> phrases(std::initializer_list<std::string_view> patterns);

}  // namespace ddi::facts
