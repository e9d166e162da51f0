#include <map>

#include "embedded/clangd.yaml.h"
#include "embedded/ddi_sal.h.h"
#include "generator/emit/emit.h"
#include "generator/emit/stubs/print_header.h"
#include "generator/emit/stubs/stub_plan.h"
#include "generator/emit/stubs/umbrella_headers.h"

namespace ddi::emit {

namespace {

/// Functions that two headers declare in different words: whichever header comes first in a translation unit declares them.
std::set<std::string> differing_functions(const std::map<std::string, stubs::HeaderPlan>& plans) {
    std::map<std::string, std::string> first;
    std::set<std::string> differing;
    for (const auto& [header, plan] : plans) {
        for (const auto* api : plan.functions) {
            auto prototype = stubs::plain_prototype(*api);
            auto [place, inserted] = first.try_emplace(api->name, prototype);
            if (!inserted && place->second != prototype) differing.insert(api->name);
        }
    }
    return differing;
}

}  // namespace

text::FileSet emit_stubs(const model::Model& model, text::Diagnostics& diagnostics) {
    stubs::StubPlan plan(model, diagnostics);
    auto sal = stubs::declared_names(embedded::ddi_sal_h).macros;
    auto differing = differing_functions(plan.headers);
    stubs::PrintContext context{model, plan.table, plan.declarable, plan.interfaces, sal, differing};
    text::FileSet files;
    files["include/.clangd"] = embedded::clangd_yaml;
    for (const auto& [file, text] : stubs::built_in_header_texts()) files["include/" + file] = std::string(text);
    files["include/ddi_sal.h"] = embedded::ddi_sal_h;
    for (const auto& [header, header_plan] : plan.headers) files["include/" + header] = stubs::print_header(header, header_plan, context);
    for (const auto& [file, headers] : stubs::umbrella_headers(model)) {
        std::string text = stubs::print_umbrella(file, headers, model);
        files.try_emplace("include/" + file, std::move(text));
    }
    return files;
}

}  // namespace ddi::emit
