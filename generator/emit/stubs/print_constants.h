// Constants and control codes → #defines, each under a guard of its own name.
#pragma once

#include "generator/emit/stubs/header_plan.h"
#include "generator/emit/stubs/print_routine.h"

namespace ddi::emit::stubs {

void print_constants(text::Writer& out, const HeaderPlan& plan, const std::string& file, const TypeTable& table);

/// A control code of which no page states the value has its comment, and no #define.
void print_codes(text::Writer& out, const HeaderPlan& plan);

/// The page states the code, and it is C.
bool has_code(const model::Api& api);

}  // namespace ddi::emit::stubs
