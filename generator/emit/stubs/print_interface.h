// InterfacePlan → the text of a COM interface (C++ and C in one declaration) or of a C++ class.
#pragma once

#include <cstddef>

#include "generator/emit/stubs/print_routine.h"

namespace ddi::emit::stubs {

/// Without comment and guard of its own.
void print_interface(text::Writer& out, std::size_t entry, const PrintContext& context);

}  // namespace ddi::emit::stubs
