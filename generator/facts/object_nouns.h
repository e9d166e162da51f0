// Which lockable thing a page is about, and which parameter names it.
#pragma once

#include <string>
#include <vector>

#include "generator/facts/tagged.h"

namespace ddi::facts {

/// The first lock noun of the description, else of parameters, returns, remarks; lengthened where the page says that it is the same
/// as a longer one ("the pin's control mutex is also a filter control mutex"). Empty if the page names none.
std::string page_noun(const std::vector<Sentence>& sentences, const std::vector<Tokens>& tagged, const PageNames& names);

/// The parameter that identifies the thing: named in its text, by its type or as the object it belongs to; the only one; or none.
std::string noun_parameter(const std::string& noun, const Facts& facts, const std::vector<Sentence>& sentences,
                           const std::vector<Tokens>& tagged);

/// True if `shorter` can stand for `longer`: equal, or its last words.
bool is_short_for(std::string_view shorter, std::string_view longer);

}  // namespace ddi::facts
