// HeaderPlan → the text of one header: C11 and C++20, every declaration under its comment.
#pragma once

#include <string>

#include "generator/emit/stubs/annotations.h"
#include "generator/emit/stubs/header_plan.h"

namespace ddi::emit::stubs {

struct PrintContext {
    const model::Model& model;
    const TypeTable& table;
    Declarable& declarable;
    const SalNames& sal;
    const std::set<std::string>& differing;  // functions that headers declare differently: guarded
};

std::string print_header(const std::string& file, const HeaderPlan& plan, const PrintContext& context);

/// "NTSTATUS (*PFNKSPINIRP)(PKSPIN Pin, PIRP Irp)" without annotations and comments: two functions are the same if this is.
std::string plain_prototype(const model::Api& api);

}  // namespace ddi::emit::stubs
