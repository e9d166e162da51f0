#include "generator/emit/wrappers/selection.h"

#include <algorithm>
#include <set>

#include "generator/emit/stubs/header_name.h"
#include "generator/emit/stubs/stub_plan.h"

namespace ddi::emit::wrappers {

namespace {

using Closure = std::map<std::string, std::set<std::string>>;  // header → all that it includes, directly or not

Closure close_includes(const StubHeaders& stubs) {
    Closure closure;
    for (const auto& [name, header] : stubs) closure[name].insert(header.includes.begin(), header.includes.end());
    // Headers never include each other in a circle, so the longest chain bounds the rounds.
    for (bool grown = true; grown;) {
        grown = false;
        for (auto& [name, all] : closure) {
            std::set<std::string> more = all;
            for (const auto& include : all) {
                if (auto inner = closure.find(include); inner != closure.end()) more.insert(inner->second.begin(), inner->second.end());
            }
            if (more.size() != all.size()) {
                all = std::move(more);
                grown = true;
            }
        }
    }
    return closure;
}

struct Home {
    const model::Api* api = nullptr;
    std::string header;
};

bool same_types(const model::Api& a, const model::Api& b) {
    const auto& left = a.signature->parameters;
    const auto& right = b.signature->parameters;
    return a.signature->return_type == b.signature->return_type &&
           std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [](const auto& l, const auto& r) { return l.type == r.type && l.array == r.array; });
}

/// Takes out functions that a wrapper cannot define: a structure passed by value that is only declared there, or a name that a header
/// included there declares with other types.
void keep_definable(StubHeaders& headers, const std::map<std::string, std::set<std::size_t>>& defined, const stubs::TypeTable& table,
                    const stubs::NearHeaders& near) {
    Closure closure = close_includes(headers);
    auto is_complete = [&](const std::string& header, const std::string& type) {
        auto words = stubs::type_words(type);
        if (!words.valid || type.find_first_of("*(") != std::string::npos) return true;
        auto close = near.find(header);
        for (const auto& use : words.uses) {
            auto resolved = table.resolve(use, header, close == near.end() ? std::vector<std::string>() : close->second);
            if (resolved.role != stubs::Resolved::Role::value || !table.entries()[resolved.entry].struct_like()) continue;
            auto here = [&](const std::string& name) {
                auto found = defined.find(name);
                return found != defined.end() && found->second.contains(resolved.entry);
            };
            const auto& all = closure[header];
            if (!here(header) && std::none_of(all.begin(), all.end(), here)) return false;
        }
        return true;
    };
    std::map<std::string, std::map<std::string, const model::Api*>> by_name;
    for (const auto& [name, header] : headers) {
        for (const auto* api : header.functions) by_name[name][api->name] = api;
    }
    for (auto& [name, header] : headers) {
        std::erase_if(header.functions, [&, file = name](const model::Api* api) {
            if (!api->signature) return true;
            bool complete = is_complete(file, api->signature->return_type) &&
                            std::all_of(api->signature->parameters.begin(), api->signature->parameters.end(),
                                        [&](const auto& p) { return !p.array.empty() || is_complete(file, p.type); });
            const auto& all = closure[file];
            return !complete || std::any_of(all.begin(), all.end(), [&](const std::string& include) {
                auto other = by_name[include].find(api->name);
                return other != by_name[include].end() && !same_types(*api, *other->second);
            });
        });
    }
}

}  // namespace

StubHeaders stub_headers(const model::Model& model, std::map<std::string, std::string>& spelling) {
    text::Diagnostics reported_by_the_stubs;
    stubs::StubPlan plan_of_stubs(model, reported_by_the_stubs);
    const auto& table = plan_of_stubs.table;
    auto& declarable = plan_of_stubs.declarable;
    StubHeaders headers;
    std::map<std::string, std::set<std::size_t>> defined;
    for (auto& [name, plan] : plan_of_stubs.headers) {
        StubHeader& header = headers[name];
        header.functions = plan.functions;
        header.includes = plan.includes;
        for (std::size_t index : plan.definitions) {
            const auto& entry = table.entries()[index];
            if (declarable.problem(index).empty()) defined[name].insert(index);
            if (entry.kind == stubs::TypeKind::callback && entry.api != nullptr && declarable.problem(index).empty())
                header.callbacks.insert(entry.api);
        }
    }
    keep_definable(headers, defined, table, plan_of_stubs.near);
    for (const auto& api : model.apis) {
        if (!is_wrappable(api)) continue;
        spelling.try_emplace(api.signature->return_type, table.spelled(api.signature->return_type));
        for (const auto& parameter : api.signature->parameters) spelling.try_emplace(parameter.type, table.spelled(parameter.type));
    }
    std::erase_if(spelling, [](const auto& entry) { return entry.first == entry.second; });
    return headers;
}

StubHeaders stub_headers(const model::Model& model) {
    std::map<std::string, std::string> unused;
    return stub_headers(model, unused);
}

std::map<std::string, WrappedHeader> select_wrapped(const model::Model& model, const StubHeaders& stubs, const Context& context) {
    Closure closure = close_includes(stubs);
    std::map<std::string, Home> homes;
    for (const auto& [name, stub] : stubs) {
        for (const model::Api* api : stub.functions) {
            if (!is_wrappable(*api) ||
                (context.effective(*api).rules.empty() && !context.noted.contains(api->name) && !context.is_watched(api->name)))
                continue;
            auto [home, first] = homes.try_emplace(api->name, Home{&context.effective(*api), name});
            // The header that the other one includes serves both.
            if (!first && closure[home->second.header].contains(name)) home->second = {&context.effective(*api), name};
        }
    }
    std::map<std::string, WrappedHeader> headers;
    for (const auto& [name, home] : homes) headers[home.header].functions.push_back(home.api);
    std::set<std::string> callbacks;
    for (const auto& api : model.apis) {
        std::string header = stubs::header_file(api.header.value);
        if (api.kind != page::PageKind::callback || !is_wrappable(api) || !stubs.contains(header) ||
            !stubs.at(header).callbacks.contains(&api))
            continue;
        if (!plan_checks(api, context).empty() && callbacks.insert(api.name).second) headers[header].callbacks.push_back(&api);
    }
    std::set<std::string> with_work;
    for (const auto& [name, header] : headers) with_work.insert(name);
    for (const auto& [name, all] : closure) {
        for (const auto& include : all) {
            if (with_work.contains(include)) headers[name].includes.push_back(include);
        }
    }
    return headers;
}

}  // namespace ddi::emit::wrappers
