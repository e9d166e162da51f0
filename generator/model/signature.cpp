#include <algorithm>

#include "generator/model/resolve.h"

namespace ddi::model {

namespace {

Parameter from_declared(const facts::DeclaredParameter& declared, Origin origin, const Cite& cite) {
    Parameter parameter;
    parameter.name = declared.name;
    parameter.type = declared.type;
    parameter.array = declared.array;
    parameter.direction = declared.direction;
    parameter.optional = declared.optional;
    parameter.reserved = declared.reserved;
    parameter.type_origin = origin;
    parameter.direction_origin = origin;
    parameter.sal = declared.sal;
    parameter.cite = cite;
    return parameter;
}

void join_heading(Parameter& parameter, const facts::ParameterFact& heading) {
    parameter.text = heading.text;
    parameter.cite = heading.cite;
    // Today's heading states the direction; a declaration's SAL fills what the heading leaves open or what only words suggest.
    bool stated = heading.direction != Direction::unknown && heading.direction_origin != Origin::inferred;
    if (stated || parameter.direction == Direction::unknown) {
        parameter.direction = heading.direction;
        parameter.direction_origin = heading.direction_origin;
    }
    parameter.optional = parameter.optional || heading.optional;
    parameter.reserved = parameter.reserved || heading.reserved;
}

const facts::ParameterFact* heading_of(const facts::Facts& facts, const std::string& name) {
    for (const auto& parameter : facts.parameters) {
        if (parameter.name == name) return &parameter;
    }
    return nullptr;
}

/// "a", "b": names that the documentation's tooling gave to the parameters of macros; the declaration's are the real ones.
bool is_placeholder(const std::string& name) { return name.size() == 1 && name[0] >= 'a' && name[0] <= 'z'; }

}  // namespace

bool Signature::typed() const {
    if (return_type.empty()) return false;
    return std::all_of(parameters.begin(), parameters.end(), [](const Parameter& p) { return !p.type.empty(); });
}

std::optional<Signature> resolve_signature(const facts::Facts& facts, const facts::Declaration* declared, const facts::Cite& cite,
                                           text::Diagnostics& diagnostics) {
    if (declared == nullptr) return std::nullopt;
    Signature signature;
    signature.return_type = declared->return_type;
    signature.calling_convention = declared->calling_convention;
    signature.variadic = declared->variadic;
    signature.sal = declared->sal;
    signature.origin = cite.origin;
    signature.cite = cite;
    // "..." has a heading of its own, but is no parameter of the declaration.
    std::size_t headings = facts.parameters.size();
    if (declared->variadic && headings > 0 && facts.parameters.back().name == "...") --headings;
    bool same_count = declared->parameters.size() == headings;
    std::string renamed;
    for (std::size_t i = 0; i < declared->parameters.size(); ++i) {
        Parameter parameter = from_declared(declared->parameters[i], cite.origin, cite);
        if (const auto* heading = heading_of(facts, parameter.name)) {
            join_heading(parameter, *heading);
        } else if (same_count) {
            const auto& heading_at = facts.parameters[i];
            join_heading(parameter, heading_at);
            if (cite.origin == Origin::history && !is_placeholder(heading_at.name)) {
                renamed += (renamed.empty() ? "" : ", ") + parameter.name + " is now " + heading_at.name;
                parameter.name = heading_at.name;
                signature.stale = true;
            } else if (parameter.name.empty()) {
                parameter.name = heading_at.name;
            }
        } else if (!facts.parameters.empty() && cite.origin == Origin::history) {
            signature.stale = true;
        }
        signature.parameters.push_back(std::move(parameter));
    }
    if (!same_count && !facts.parameters.empty() && !declared->variadic && cite.origin == Origin::history) signature.stale = true;
    if (signature.stale) {
        text::Diagnostic diagnostic;
        diagnostic.code = "stale-declaration";
        diagnostic.source = facts.source;
        diagnostic.span = facts.parameters.empty() ? text::Span{} : facts.parameters.front().cite.span;
        diagnostic.message = "the declaration of " + cite.note + " has " + std::to_string(declared->parameters.size()) +
                             " parameters, today's page " + std::to_string(facts.parameters.size()) +
                             (renamed.empty() ? std::string() : "; " + renamed);
        diagnostic.notes.push_back({"the declaration is here", cite.source, cite.span});
        diagnostics.push_back(std::move(diagnostic));
    }
    return signature;
}

}  // namespace ddi::model
