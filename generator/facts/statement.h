// A tagged sentence → statements: one assertion each, with the condition that stands beside it ("if Wait is FALSE, …").
#pragma once

#include <string>
#include <vector>

#include "generator/facts/clause.h"
#include "generator/facts/tagged.h"

namespace ddi::facts {

struct Statement {
    Tokens tokens;               // subject, verb, the rest; the subject of a coordinated verb is repeated
    Tokens condition;            // without "if"; empty: unconditional
    std::string condition_text;  // verbatim, with "if"
    bool otherwise = false;      // opens with "otherwise": holds when the statement before it does not
    std::size_t sentence = 0;    // index into the page's sentences
};

std::vector<Statement> split_statements(const Sentence& sentence, const Tokens& tokens, std::size_t index);

/// True if the tokens hold any of these words.
bool has_word(const Tokens& tokens, std::initializer_list<std::string_view> words);
bool has_verb(const Tokens& tokens, Verb verb);
bool has_negation(const Tokens& tokens);

}  // namespace ddi::facts
