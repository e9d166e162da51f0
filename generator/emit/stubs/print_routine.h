// A signature → C text: prototypes of functions, callbacks and methods.
#pragma once

#include <set>
#include <string>

#include "generator/emit/stubs/annotations.h"
#include "generator/emit/stubs/header_plan.h"
#include "generator/emit/stubs/interfaces.h"
#include "generator/text/writer.h"

namespace ddi::emit::stubs {

struct PrintContext {
    const model::Model& model;
    const TypeTable& table;
    Declarable& declarable;
    Interfaces& interfaces;
    const SalNames& sal;
    const std::set<std::string>& differing;  // functions that headers declare differently: guarded
};

/// "NTAPI ", with a blank after it; empty where the base headers do not know it.
std::string calling_convention(const model::Signature& signature, const DeclaredNames& base);

/// Prefix, return type, name and parameters, up to the semicolon; `name` already has its star and brackets where it needs them.
void print_prototype(text::Writer& out, const model::Api& api, const std::string& name, const std::string& prefix,
                     const PrintContext& context);

/// "STDMETHOD_(ULONG, Count)(THIS_ PVOID Context) PURE;"; for a class "ULONG Count(PVOID Context);", and `owner` names its constructor.
void print_method(text::Writer& out, const model::Api& api, const std::string& name, bool annotated, const PrintContext& context);
void print_member_function(text::Writer& out, const model::Api& api, const std::string& name, const std::string& owner,
                           const PrintContext& context);

/// "NTSTATUS (*PFNKSPINIRP)(PKSPIN Pin, PIRP Irp)" without annotations and comments: two functions are the same if this is.
std::string plain_prototype(const model::Api& api);

}  // namespace ddi::emit::stubs
