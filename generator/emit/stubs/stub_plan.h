// Model → everything that is decided about the stub headers before a line of them is written: the types, what can be declared, and
// what stands where. For the emitters that write or use the stubs.
#pragma once

#include <map>
#include <string>

#include "generator/emit/stubs/header_plan.h"
#include "generator/emit/stubs/interfaces.h"

namespace ddi::emit::stubs {

struct StubPlan {
    StubPlan(const model::Model& model, text::Diagnostics& diagnostics)
        : table(model, built_in_headers()),
          near(near_headers(model)),
          declarable(table, near),
          interfaces(table, declarable),
          headers(plan_headers(model, table, declarable, diagnostics)) {}
    StubPlan(const StubPlan&) = delete;
    StubPlan& operator=(const StubPlan&) = delete;

    TypeTable table;
    NearHeaders near;
    Declarable declarable;
    Interfaces interfaces;
    std::map<std::string, HeaderPlan> headers;
};

}  // namespace ddi::emit::stubs
