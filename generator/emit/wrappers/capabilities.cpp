#include "generator/emit/wrappers/capabilities.h"

#include <fmt/format.h>

#include <algorithm>

#include "generator/emit/wrappers/conditions.h"
#include "generator/text/escape.h"
#include "generator/text/writer.h"

namespace ddi::emit::wrappers {

namespace clause = facts::clause;
using model::Api;

std::vector<Capabilities::Part> Capabilities::parts(const Api& api) const {
    std::vector<Part> parts;
    if (!is_wrappable(api)) return parts;
    CType result = context_->types.of(api.signature->return_type);
    auto add = [&](const model::Rule& rule, const facts::Object& object, const char* macro, bool attempt, facts::Mode mode) {
        auto ref = context_->locks.object(api, object);
        if (!ref || ref->per_thread) return;
        Part part;
        part.exact = rule.clause.when.unconditional() && ref->own_type && !ref->after_call;
        bool shared = mode == facts::Mode::shared;
        part.parameter = ref->parameter;
        // With a queue handle, the handle is what acquisition and release have in common.
        if (!ref->handle.empty()) {
            for (const auto& parameter : api.signature->parameters) {
                if (ref->handle == fmt::format("contract::key({})", parameter.name)) part.parameter = parameter.name;
            }
        }
        for (const auto& parameter : api.signature->parameters) {
            if (parameter.name != part.parameter) continue;
            CType type = context_->types.of(parameter.type);
            part.type = type.base;
            if (type.depth != 1) part.exact = false;
        }
        part.macro = shared ? std::string(macro).insert(std::string(macro).size() - 1, "_SHARED") : macro;
        // One release for readers and writers: which it was, the acquisition said.
        bool generic =
            part.macro.starts_with("DDI_RELEASE") && !context_->locks.modes_matter(api, ref->noun) && shared_types_.contains(part.type);
        if (generic) part.macro = "DDI_RELEASE_GENERIC(";
        if (attempt) {
            // A page states when a try succeeds; the result tells which it was.
            part.exact = ref->own_type && is_boolean(result);
            part.macro = shared ? "DDI_TRY_ACQUIRE_SHARED(1, " : "DDI_TRY_ACQUIRE(1, ";
        } else if (is_status(result)) {
            part.exact = false;
        }
        parts.push_back(part);
    };
    for (const auto& rule : context_->effective(api).rules) {
        if (const auto* acquire = std::get_if<clause::Acquire>(&rule.clause.content))
            add(rule, acquire->object, "DDI_ACQUIRE(", acquire->attempt, acquire->mode);
        // The analysis cannot change a mode.
        if (const auto* convert = std::get_if<clause::Convert>(&rule.clause.content)) {
            add(rule, convert->object, "DDI_RELEASE(", false, convert->from);
            if (!parts.empty()) parts.back().exact = false;
        }
        if (const auto* release = std::get_if<clause::Release>(&rule.clause.content))
            add(rule, release->object, "DDI_RELEASE(", false, release->mode);
    }
    return parts;
}

Capabilities::Capabilities(const model::Model& model, const Context& context) : context_(&context) {
    std::set<std::string> acquired, released, inexact;
    for (const auto& api : model.apis) {
        for (const auto& part : parts(api)) {
            if (part.macro.find("_SHARED") != std::string::npos) shared_types_.insert(part.type);
        }
    }
    for (const auto& api : model.apis) {
        for (const auto& part : parts(api)) {
            if (!part.exact)
                inexact.insert(part.type);
            else
                (part.macro.starts_with("DDI_RELEASE") ? released : acquired).insert(part.type);
        }
    }
    for (const auto& type : acquired) {
        if (!released.contains(type) || inexact.contains(type)) continue;
        std::string noun = type;
        for (const auto& known : model.types) {
            if (known.name != type) continue;
            if (!known.tag.empty())
                declarations_[type] = fmt::format("struct DDI_CAPABILITY(\"{}\") {};", type, known.tag);
            else if (!known.definition.empty())
                declarations_[type] = fmt::format("typedef {} {} DDI_CAPABILITY(\"{}\");", known.definition, type, type);
        }
        for (const auto& api : model.apis) {
            if (declarations_.contains(type) || !api.declaration || api.declaration->value.form != facts::DeclarationForm::structure)
                continue;
            const auto& declared = api.declaration->value;
            if (!declared.tag.empty() && context.types.of(declared.tag) == CType{type, 0})
                declarations_[type] = fmt::format("struct DDI_CAPABILITY(\"{}\") {};", type, declared.tag);
        }
        if (declarations_.contains(type)) usable_.insert(type);
    }
}

std::string Capabilities::attributes(const Api& api) const {
    std::string text;
    for (const auto& part : parts(api)) {
        if (usable_.contains(part.type)) text += fmt::format(" {}*{})", part.macro, part.parameter);
    }
    return text;
}

std::string Capabilities::locked_parameter(const Api& api) const {
    for (const auto& part : parts(api)) {
        if (usable_.contains(part.type)) return "*" + part.parameter;
    }
    return {};
}

std::string Capabilities::header(const std::string& head) const {
    text::Writer out;
    out.raw(head);
    out.raw_line(
        "/* Lock types as capabilities of Clang's thread-safety analysis (-Wthread-safety). Declared before the stubs define them, because "
        "an\n"
        " * attribute must come first. A type is here if every function that acquires or releases it says so unconditionally. */");
    out.raw_line("#ifndef DDI_WRAPPERS_CAPABILITIES_H\n#define DDI_WRAPPERS_CAPABILITIES_H\n\n#include \"../include/ddi_base.h\"\n");
    out.raw_line("#ifdef __cplusplus\nextern \"C\" {\n#endif");
    for (const auto& [type, declaration] : declarations_) {
        if (usable_.contains(type)) out.raw_line(declaration);
    }
    out.raw_line("#ifdef __cplusplus\n}\n#endif\n\n#endif");
    return out.take();
}

}  // namespace ddi::emit::wrappers
