// HeaderPlan → the text of one header: C11 and C++20, every declaration under its comment.
#pragma once

#include <string>

#include "generator/emit/stubs/print_routine.h"

namespace ddi::emit::stubs {

std::string print_header(const std::string& file, const HeaderPlan& plan, const PrintContext& context);

}  // namespace ddi::emit::stubs
