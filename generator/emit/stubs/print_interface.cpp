#include "generator/emit/stubs/print_interface.h"

#include <fmt/format.h>

#include "generator/emit/stubs/comments.h"

namespace ddi::emit::stubs {

namespace {

/// The comment of a method, indented as its declaration.
void print_comment(text::Writer& out, const model::Api& api) {
    std::string comment = routine_comment(api);
    comment.pop_back();
    out.raw_line(comment);
}

void print_class(text::Writer& out, const TypeEntry& entry, const InterfacePlan& plan, const PrintContext& context) {
    out.raw_line("#ifdef __cplusplus");
    {
        auto scope = out.block(fmt::format("struct {} {{", entry.tag), "};");
        for (const auto& method : plan.own) {
            print_comment(out, *method.api);
            print_member_function(out, *method.api, method.name, entry.name, context);
        }
    }
    out.raw_line("#endif");
}

/// What C has to repeat, and what C++ would hide.
void print_inherited(text::Writer& out, const InterfacePlan& plan, const PrintContext& context) {
    bool repeats = !plan.known_base.empty() || !plan.inherited.empty();
    if (repeats) {
        out.raw_line("#ifndef __cplusplus");
        if (!plan.known_base.empty()) out.line("DDI_METHODS_{}", plan.known_base);
        std::string of;
        for (const auto& method : plan.inherited) {
            if (method.of != of) out.line("/* of {} */", of = method.of);
            print_method(out, *method.api, method.name, false, context);
        }
        out.raw_line("#endif");
    }
    if (plan.hides.empty()) return;
    out.raw_line("#ifdef __cplusplus");
    for (const auto& name : plan.hides) out.line("using {}::{};", plan.base, name);
    out.raw_line("#endif");
}

void print_methods(text::Writer& out, const TypeEntry& entry, const InterfacePlan& plan, const PrintContext& context) {
    auto scope = out.block(plan.base.empty() ? fmt::format("DECLARE_INTERFACE({}) {{", entry.name)
                                             : fmt::format("DECLARE_INTERFACE_({}, {}) {{", entry.name, plan.base),
                           "};");
    print_inherited(out, plan, context);
    for (const auto& method : plan.own) {
        print_comment(out, *method.api);
        if (method.cpp_only) out.raw_line("#ifdef __cplusplus  /* an overload: C has the name once */");
        for (const auto& annotation : function_annotations(*method.api, context.sal)) out.raw_line(annotation);
        print_method(out, *method.api, method.name, true, context);
        if (method.cpp_only) out.raw_line("#endif");
    }
}

}  // namespace

void print_interface(text::Writer& out, std::size_t index, const PrintContext& context) {
    const auto& entry = context.table.entries()[index];
    const auto& plan = context.interfaces.plan(index);
    if (entry.cpp_class) return print_class(out, entry, plan, context);
    out.line("#define INTERFACE {}", entry.name);
    print_methods(out, entry, plan, context);
    // The name is too common to stay a macro.
    out.raw_line("#undef INTERFACE");
}

}  // namespace ddi::emit::stubs
