#include "generator/emit/wrappers/selection.h"

#include <algorithm>
#include <array>
#include <set>

#include "generator/text/escape.h"

namespace ddi::emit::wrappers {

namespace {

/// Windows' kernel headers include one another in this order: the later includes the earlier.
constexpr std::array kLayers = {"wdm.h", "ntddk.h", "ntifs.h"};

std::size_t layer(const std::string& header) {
    return static_cast<std::size_t>(std::find(kLayers.begin(), kLayers.end(), header) - kLayers.begin());
}

}  // namespace

std::map<std::string, WrappedHeader> select_wrapped(const model::Model& model, const Context& context) {
    std::map<std::string, const model::Api*> homes;  // function → the one that is implemented
    for (const auto& api : model.apis) {
        if (!is_wrappable(api) || text::to_file_name(api.header.value) != api.header.value) continue;
        bool has_work = api.kind == page::PageKind::function ? !api.rules.empty() || context.noted.contains(api.name) : !plan_checks(api, context).empty();
        if (!has_work) continue;
        auto [home, first] = homes.try_emplace(api.name, &api);
        if (!first && layer(api.header.value) < layer(home->second->header.value)) home->second = &api;
    }
    std::map<std::string, WrappedHeader> headers;
    for (const auto& [name, api] : homes) {
        auto& header = headers[api->header.value];
        (api->kind == page::PageKind::function ? header.functions : header.callbacks).push_back(api);
    }
    for (const auto& api : model.apis) {
        auto home = homes.find(api.name);
        if (home == homes.end() || home->second->header.value == api.header.value || !is_wrappable(api) || home->second->kind != api.kind) continue;
        // Only where that header includes the other one: elsewhere the same name may be another library's function.
        if (layer(api.header.value) == kLayers.size() || layer(home->second->header.value) == kLayers.size()) continue;
        auto& includes = headers[api.header.value].includes;
        if (std::find(includes.begin(), includes.end(), home->second->header.value) == includes.end()) includes.push_back(home->second->header.value);
    }
    return headers;
}

}  // namespace ddi::emit::wrappers
