// A link's target as a page writes it → the UID key of the API page that it leads to.
#pragma once

#include <string>
#include <string_view>

namespace ddi::facts {

/// Empty: another site, or no API page. Whether there is such a page is the model's question.
std::string key_of_link(std::string_view target);

}  // namespace ddi::facts
