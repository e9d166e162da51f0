// Code samples of a page → the declaration of the page's own routine: an implementation's head, a "TYPE Example;" with the example's
// definition, a typedef. Calls declare nothing.
#pragma once

#include <optional>

#include "generator/facts/facts.h"

namespace ddi::facts {

/// The first sample that declares the routine with a type for every parameter, and with the parameters that the page describes:
/// as many, of the same names. Other names are accepted where the compiler would not accept other types (a method that overrides
/// the interface's, a function that its callback type declares).
std::optional<Fact<Declaration>> find_sample_declaration(const page::Page& page, const Facts& facts);

}  // namespace ddi::facts
