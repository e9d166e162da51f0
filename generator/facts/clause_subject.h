// A noun phrase → the parameters that it stands for. Prose names an argument by its name ("the Lock"), by the page's own thing ("the
// spin lock"), by the words of its name ("the list entries": ListEntry), or not at all in the text of the parameter itself.
#pragma once

#include <string>
#include <vector>

#include "generator/facts/clause_page.h"

namespace ddi::facts {

/// The tokens [begin, end) of `tokens`, which belong to the sentence of that index. In order, each parameter once; empty: nobody knows.
std::vector<std::string> parameters_meant(const ClausePage& page, std::size_t sentence, const Tokens& tokens, std::size_t begin,
                                          std::size_t end);

/// The parameter whose name is made of these words: "list entries" → "ListEntry", "timer" → "Timer"; empty: none.
std::string parameter_spelled(const Facts& facts, const std::vector<std::string>& lower_words);

/// True if the parameter of the page's thing says so itself, by its text or its name: it was not taken for want of another.
bool holds_thing(const ClausePage& page);

/// What the parameter holds: the page's thing, if it is that thing's; else its own noun if its text names one.
Object object_of_parameter(const ClausePage& page, const std::string& parameter);

}  // namespace ddi::facts
