// An overlay's C text → the types that it declares: structures, unions and enumerations with their members, other names of types,
// pointers, pointers to functions, and structures without members. Plain C without a preprocessor: "typedef …;" statements and comments.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "generator/model/model.h"

namespace ddi::model {

struct OverlayTypes {
    std::vector<Type> types;          // in the text's order
    std::vector<std::string> errors;  // statements that are not understood, each with why
};

/// `cite` goes to every type, with its statement as the verbatim text.
OverlayTypes overlay_types(std::string_view text, const std::string& header, const Cite& cite);

}  // namespace ddi::model
