#include "generator/emit/stubs/header_report.h"

#include <fmt/format.h>

#include "generator/emit/stubs/header_name.h"
#include "generator/emit/stubs/print_constants.h"
#include "generator/emit/stubs/stub_plan.h"

namespace ddi::emit {

namespace {

using stubs::TypeKind;

struct Verdict {
    StubState state = StubState::missing;
    std::string reason;
};
using Verdicts = std::map<const model::Api*, Verdict>;

void judge_interface(stubs::StubPlan& plan, std::size_t index, Verdicts& verdicts) {
    const auto& entry = plan.table.entries()[index];
    std::string problem = plan.declarable.problem(index);
    if (!problem.empty()) {
        if (entry.api != nullptr) verdicts[entry.api] = {StubState::opaque, problem};
        for (const auto* api : entry.methods) verdicts[api] = {StubState::missing, plan.declarable.method_problem(*api, entry.header)};
        return;
    }
    const auto& methods = plan.interfaces.plan(index);
    std::size_t missing = 0;
    for (const auto& method : methods.own) verdicts[method.api] = {StubState::whole, {}};
    for (const auto& left : methods.left_out) {
        // What a base, or a second page, declares is declared.
        verdicts[left.api] = {left.declared ? StubState::whole : StubState::missing, left.reason};
        if (!left.declared) ++missing;
    }
    if (entry.api == nullptr) return;
    verdicts[entry.api] =
        missing == 0 ? Verdict{StubState::whole, {}}
                     : Verdict{StubState::partial, fmt::format("{} of its {} methods cannot be declared", missing, entry.methods.size())};
}

Verdict judge_type(stubs::StubPlan& plan, std::size_t index) {
    const auto& entry = plan.table.entries()[index];
    std::string problem = plan.declarable.problem(index);
    if (problem.empty()) {
        if (entry.api == nullptr || entry.api->aggregate.undeclared.empty()) return {StubState::whole, {}};
        return {StubState::partial, "its declaration lacks the described field " + entry.api->aggregate.undeclared.front()};
    }
    switch (entry.kind) {
        case TypeKind::callback:
            return {StubState::missing, problem};
        case TypeKind::enumeration:
            return {StubState::named, problem};
        default: {
            bool some = entry.api != nullptr && entry.api->declaration && !entry.api->declaration->value.members.empty();
            return {some ? StubState::partial : StubState::opaque, problem};
        }
    }
}

facts::Origin origin_of(const model::Api& api) {
    if (api.signature) return api.signature->origin;
    if (!api.declaration) return facts::Origin::declaration;
    // An enumeration of headings alone: where these state no values, its values are worked out.
    const auto origin = api.declaration->cite.origin;
    return origin == facts::Origin::heading && api.aggregate.values_inferred ? facts::Origin::inferred : origin;
}

}  // namespace

const char* state_name(StubState state) {
    switch (state) {
        case StubState::whole:
            return "whole";
        case StubState::partial:
            return "partial";
        case StubState::opaque:
            return "opaque";
        case StubState::named:
            return "named";
        case StubState::missing:
            break;
    }
    return "missing";
}

std::map<std::string, std::vector<StubEntry>> report_headers(const model::Model& model) {
    text::Diagnostics reported_by_the_stubs;
    stubs::StubPlan plan(model, reported_by_the_stubs);
    Verdicts verdicts;
    for (std::size_t i = 0; i < plan.table.entries().size(); ++i) {
        const auto& entry = plan.table.entries()[i];
        if (entry.kind == TypeKind::interface)
            judge_interface(plan, i, verdicts);
        else if (entry.api != nullptr)
            verdicts[entry.api] = judge_type(plan, i);
    }
    for (const auto& [header, header_plan] : plan.headers) {
        for (const auto* api : header_plan.functions) verdicts[api] = {StubState::whole, {}};
        for (const auto& left : header_plan.left_out)
            verdicts[left.api] = {left.declared ? StubState::whole : StubState::missing, left.reason};
    }
    std::map<std::string, std::vector<StubEntry>> report;
    for (const auto& api : model.apis) {
        std::string header = stubs::header_file(api.header.value);
        if (header.empty()) continue;
        Verdict verdict{StubState::missing, "nothing of the page is a declaration"};
        if (api.kind == page::PageKind::ioctl)
            verdict = stubs::has_code(api) ? Verdict{StubState::whole, {}} : Verdict{StubState::named, "no page states its code"};
        if (auto found = verdicts.find(&api); found != verdicts.end()) verdict = found->second;
        if (verdict.state == StubState::missing && verdict.reason.empty()) verdict.reason = "no declaration is known";
        report[header].push_back({&api, verdict.state, origin_of(api), std::move(verdict.reason)});
    }
    return report;
}

}  // namespace ddi::emit
