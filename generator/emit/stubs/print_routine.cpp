#include "generator/emit/stubs/print_routine.h"

#include "generator/emit/stubs/annotations.h"
#include "generator/text/escape.h"

namespace ddi::emit::stubs {

namespace {

bool is_void(const std::string& type) { return type == "void" || type == "VOID"; }

/// Parameter and member names as C has them; a name that is a macro of the base header gets an underscore.
std::string safe_name(const std::string& name, const DeclaredNames& base) {
    std::string safe = text::to_identifier(name);
    return base.macros.contains(safe) ? safe + "_" : safe;
}

struct PrintedParameter {
    std::string annotation;
    std::string declaration;
};

std::vector<PrintedParameter> print_parameters(const model::Api& api, const TypeTable& table, const SalNames& sal) {
    std::vector<PrintedParameter> printed;
    std::set<std::string> names;
    for (const auto& parameter : api.signature->parameters) {
        if (is_void(parameter.type) && parameter.name.empty()) continue;
        std::string name = parameter.name.empty() ? std::string() : safe_name(parameter.name, table.base());
        while (!name.empty() && !names.insert(name).second) name += "_";
        // An array parameter is a pointer; as one its element type may be incomplete.
        std::string type = table.spelled(parameter.array.empty() ? parameter.type : parameter.type + " *");
        printed.push_back({parameter_annotation(api, parameter, sal), facts::declare(type, name, {})});
    }
    if (api.signature->variadic) printed.push_back({{}, "..."});
    return printed;
}

}  // namespace

std::string calling_convention(const model::Signature& signature, const DeclaredNames& base) {
    const std::string& convention = signature.calling_convention;
    if (convention == "__stdcall" || convention == "_stdcall") return "DDI_STDCALL ";
    if (convention == "__fastcall" || convention == "_fastcall") return "DDI_FASTCALL ";
    return base.macros.contains(convention) ? convention + " " : std::string();
}

namespace {

/// `head` ( `first` parameters `tail`; one a line where there is more than one. `first` is "THIS_ " or empty.
void print_list(text::Writer& out, const std::string& head, const std::string& first, const std::vector<PrintedParameter>& parameters,
                bool annotated, const std::string& tail) {
    auto text_of = [&](const PrintedParameter& p) {
        return p.annotation.empty() || !annotated ? p.declaration : p.annotation + " " + p.declaration;
    };
    if (parameters.size() == 1 || !annotated) {
        std::string list = first;
        for (const auto& parameter : parameters) list += (&parameter == &parameters.front() ? "" : ", ") + text_of(parameter);
        out.raw_line(head + "(" + list + ")" + tail);
        return;
    }
    out.raw_line(head + "(" + first);
    auto indent = out.indent();
    for (std::size_t i = 0; i < parameters.size(); ++i)
        out.raw_line(text_of(parameters[i]) + (i + 1 < parameters.size() ? "," : ")" + tail));
}

}  // namespace

void print_prototype(text::Writer& out, const model::Api& api, const std::string& name, const std::string& prefix,
                     const PrintContext& context) {
    auto parameters = print_parameters(api, context.table, context.sal);
    std::string head = prefix + facts::declare(context.table.spelled(api.signature->return_type), name, {});
    if (parameters.empty()) return out.raw_line(head + "(void);");
    print_list(out, head, {}, parameters, true, ";");
}

void print_method(text::Writer& out, const model::Api& api, const std::string& name, bool annotated, const PrintContext& context) {
    auto parameters = print_parameters(api, context.table, context.sal);
    std::string result = context.table.spelled(api.signature->return_type);
    std::string head = result == "HRESULT" ? "STDMETHOD(" + name + ")" : "STDMETHOD_(" + result + ", " + name + ")";
    if (parameters.empty()) return out.raw_line(head + "(THIS) PURE;");
    print_list(out, head, "THIS_ ", parameters, annotated, " PURE;");
}

void print_member_function(text::Writer& out, const model::Api& api, const std::string& name, const std::string& owner,
                           const PrintContext& context) {
    auto parameters = print_parameters(api, context.table, context.sal);
    bool special = name == owner || name == "~" + owner;  // a constructor or destructor has no result
    std::string head = special ? name : facts::declare(context.table.spelled(api.signature->return_type), name, {});
    if (parameters.empty()) return out.raw_line(head + "();");
    print_list(out, head, {}, parameters, true, ";");
}

std::string plain_prototype(const model::Api& api) {
    std::string text = api.signature->return_type + "(";
    for (const auto& parameter : api.signature->parameters) {
        if (!(is_void(parameter.type) && parameter.name.empty())) text += parameter.type + (parameter.array.empty() ? "" : " *") + ",";
    }
    text += api.signature->variadic ? "...)" : ")";
    std::string same;
    for (const auto& token : c_tokens(text)) same += std::string(token.text == "VOID" ? "void" : token.text) + " ";
    return same + api.signature->calling_convention;
}

}  // namespace ddi::emit::stubs
