#include "generator/emit/stubs/interfaces.h"

#include <fmt/format.h>

#include <algorithm>

namespace ddi::emit::stubs {

const InterfacePlan& Interfaces::plan(std::size_t entry) {
    auto found = plans_.find(entry);
    if (found == plans_.end()) found = plans_.emplace(entry, make_plan(entry)).first;
    return found->second;
}

InterfacePlan Interfaces::make_plan(std::size_t index) {
    const auto& entry = table_.entries()[index];
    InterfacePlan plan;
    if (auto base = declarable_.base_entry(index)) {
        const auto& above = this->plan(*base);
        plan.base = entry.base;
        plan.known_base = above.known_base;
        plan.inherited = above.inherited;
        plan.inherited.insert(plan.inherited.end(), above.own.begin(), above.own.end());
    } else if (table_.base_headers().interfaces.contains(entry.base)) {
        plan.base = plan.known_base = entry.base;
    }
    for (const auto* api : entry.methods) {
        Method method{api, method_name(api->name).name, entry.name, false};
        LeftOut left = refuse(entry, plan, method);
        if (left.reason.empty())
            plan.own.push_back(std::move(method));
        else
            plan.left_out.push_back(std::move(left));
    }
    std::stable_sort(plan.own.begin(), plan.own.end(), [](const Method& a, const Method& b) { return a.name < b.name; });
    for (std::size_t i = 1; i < plan.own.size(); ++i) plan.own[i].cpp_only = plan.own[i].name == plan.own[i - 1].name;
    for (const auto& method : plan.own) {
        auto same_name = [&](const Method& other) { return other.name == method.name; };
        bool hides = std::any_of(plan.inherited.begin(), plan.inherited.end(),
                                 [&](const Method& other) { return same_name(other) && !same_parameters(other, method); });
        if (hides && !method.cpp_only) plan.hides.push_back(method.name);
        std::erase_if(plan.inherited, same_name);
    }
    // In C one name stands once in the table, whoever up the chain has it.
    for (std::size_t i = plan.inherited.size(); i-- > 0;) plan.inherited[i].cpp_only = false;
    std::set<std::string> seen;
    std::erase_if(plan.inherited, [&](const Method& method) { return !seen.insert(method.name).second; });
    return plan;
}

LeftOut Interfaces::refuse(const TypeEntry& entry, const InterfacePlan& plan, const Method& method) {
    auto left = [&](std::string reason) { return LeftOut{method.api, std::move(reason), false}; };
    bool special = entry.cpp_class && method.name == "~" + entry.name;
    if (!special && (!is_identifier(method.name) || method.name.starts_with("operator"))) return left("it is an operator of a C++ class");
    if (table_.base().macros.contains(method.name)) return left(fmt::format("{} is a macro of the base headers", method.name));
    if (!plan.known_base.empty()) {
        const auto& methods = table_.base_headers().interfaces.at(plan.known_base);
        if (std::find(methods.begin(), methods.end(), method.name) != methods.end())
            return {method.api, fmt::format("{} of {} declares it", plan.known_base, table_.base_headers().interface_file), true};
    }
    if (auto problem = declarable_.method_problem(*method.api, entry.header); !problem.empty()) return left(problem);
    for (const auto& other : plan.own) {
        if (other.name == method.name && same_parameters(other, method))
            return {method.api, "another page of this interface declares it", true};
    }
    for (const auto& other : plan.inherited) {
        if (other.name == method.name && same_parameters(other, method) && !same_result(other, method))
            return left(fmt::format("{} declares it with another result", other.of));
    }
    return {};
}

/// "PULONG" and "ULONG *" are one type: in words that are the same for both.
std::string Interfaces::comparable(const std::string& type) const {
    std::string words;
    std::string stars;
    for (const auto& token : c_tokens(type)) {
        auto word = token.text;
        if (word == "*") {
            stars += '*';
            continue;
        }
        if (word == "const" || word == "CONST") continue;
        for (std::string_view prefix : {"LPC", "PC", "LP", "P"}) {
            if (!word.starts_with(prefix) || word.size() <= prefix.size() + 2 || word[prefix.size()] < 'A' || word[prefix.size()] > 'Z')
                continue;
            auto target = word.substr(prefix.size());
            if (!table_.base().types.contains(target) &&
                table_.resolve({std::string(target), false, true}, {}, {}).role == Resolved::Role::unknown)
                continue;
            word = target;
            stars += '*';
            break;
        }
        words.append(word == "VOID" ? "void" : word).append(" ");
    }
    return words + stars;
}

bool Interfaces::same_parameters(const Method& a, const Method& b) const {
    auto list = [&](const Method& method) {
        std::string text;
        for (const auto& parameter : method.api->signature->parameters) {
            if (parameter.name.empty() && (parameter.type == "void" || parameter.type == "VOID")) continue;
            text += comparable(parameter.array.empty() ? parameter.type : parameter.type + " *") + ",";
        }
        return text + (method.api->signature->variadic ? "..." : "");
    };
    return list(a) == list(b);
}

bool Interfaces::same_result(const Method& a, const Method& b) const {
    return comparable(a.api->signature->return_type) == comparable(b.api->signature->return_type);
}

}  // namespace ddi::emit::stubs
