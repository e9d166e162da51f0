// What a parameter's text says about its direction: a marker at its start ("[in, optional] …", "_Out_ …"), or only words.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "generator/facts/declaration_words.h"

namespace ddi::facts {

/// The words of a marker: "in, out", "_Inout_", "in/optional", "out, writes(n)". Empty if none of them says anything.
std::optional<decl::Meaning> read_marker(std::string_view text);

struct LeadingMarker {
    decl::Meaning meaning;
    std::size_t length = 0;  // of the marker and the blanks after it
};
/// "[in] A pointer …" → in, 5.
std::optional<LeadingMarker> leading_marker(std::string_view text);

struct NamedMarker {
    std::string name;
    decl::Meaning meaning;
    std::size_t length = 0;
};
/// "hDevice [in]: The …" → hDevice, in, 14: the graphics pages have the parameter's name there, because their headings have none.
std::optional<NamedMarker> named_marker(std::string_view text);

/// What words alone suggest: "A pointer to a variable that receives …" is out, "Supplies …" is in, "Reserved." is reserved.
decl::Meaning meaning_of_words(std::string_view text);

}  // namespace ddi::facts
