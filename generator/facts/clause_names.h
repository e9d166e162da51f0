// The APIs that a tagged sentence names: this page's own and the others.
#pragma once

#include <string>
#include <vector>

#include "generator/facts/clause_page.h"

namespace ddi::facts {

/// This API, or a list that has it.
bool mentions_self(const Token& token);
/// The APIs of the token (a name, or "X or Y") without this one, each once.
std::vector<std::string> others(const ClausePage& page, const Token& token);
/// The same of the first API of a match; none if it has none.
std::vector<std::string> others(const ClausePage& page, const Phrase::Match& match);
/// The first API that the tokens name is this one.
bool is_self_subject(const Tokens& tokens);
/// One of the tokens (of the first `end`) names an API that is not this one.
bool names_other(const Tokens& tokens, std::size_t end = static_cast<std::size_t>(-1));

}  // namespace ddi::facts
