// Model → every name that a declaration uses as a type, with what the page says about it.
#pragma once

#include <vector>

#include "generator/emit/stubs/c_tokens.h"
#include "generator/model/model.h"

namespace ddi::emit::stubs {

struct TypeUse {
    NameUse name;
    bool says_pointer = false;    // an output, words like "pointer to", or a parameter named pX: a bare name must be a pointer type
    bool keyword_union = false;   // "union _X"
    bool says_something = false;  // there are words about it
    bool says_handle = false;     // they begin as those of a handle do: "A handle to the device"
};

/// What the pages' signatures and members use, at any depth. In model order.
std::vector<TypeUse> page_type_uses(const model::Model& model);
/// What an overlay's type is made of.
std::vector<TypeUse> type_uses(const model::Type& type);
/// All of them together.
std::vector<TypeUse> all_type_uses(const model::Model& model);

}  // namespace ddi::emit::stubs
