#include "generator/emit/stubs/header_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <set>

#include "generator/emit/stubs/header_name.h"

namespace ddi::emit::stubs {

namespace {

/// Includes without circles.
class IncludeGraph {
  public:
    /// False: it would close a circle.
    bool add(const std::string& from, const std::string& to) {
        if (from == to || reaches(from, to)) return true;
        if (reaches(to, from)) return false;
        edges_[from].insert(to);
        return true;
    }
    bool reaches(const std::string& from, const std::string& to) const {
        std::set<std::string> seen;
        std::deque<std::string> open = {from};
        while (!open.empty()) {
            std::string at = std::move(open.front());
            open.pop_front();
            if (at == to) return true;
            if (!seen.insert(at).second) continue;
            if (auto found = edges_.find(at); found != edges_.end()) open.insert(open.end(), found->second.begin(), found->second.end());
        }
        return false;
    }
    const std::set<std::string>& of(const std::string& header) const {
        static const std::set<std::string> none;
        auto found = edges_.find(header);
        return found == edges_.end() ? none : found->second;
    }

  private:
    std::map<std::string, std::set<std::string>> edges_;
};

class Planner {
  public:
    Planner(const model::Model& model, TypeTable& table, Declarable& declarable, text::Diagnostics& diagnostics)
        : model_(model), table_(table), declarable_(declarable), diagnostics_(diagnostics) {}

    std::map<std::string, HeaderPlan> plan() {
        collect();
        for (const auto& [header, list] : near_headers(model_)) {
            for (const auto& other : list) graph_.add(header, other);
        }
        find_technologies();
        include_homes(true);
        include_homes(false);
        for (auto& [header, plan] : plans_) repeat_definitions(header, plan);
        refuse_clashes();
        report_enumerators();
        for (auto& [header, plan] : plans_) finish(header, plan);
        return std::move(plans_);
    }

  private:
    void report(const model::Api& api, const std::string& reason) {
        text::Diagnostic diagnostic;
        diagnostic.code = reason.find("onstant ") != std::string::npos || reason.find("value of") != std::string::npos ? "constant-unknown"
                          : reason.find("type ") != std::string::npos                                                  ? "type-unknown"
                                                                                                                       : "not-declarable";
        diagnostic.source = api.source;
        diagnostic.message = api.name + " is not declared in the stub headers: " + reason;
        diagnostics_.push_back(std::move(diagnostic));
    }

    void collect() {
        std::set<const model::Api*> types;
        for (std::size_t i = 0; i < table_.entries().size(); ++i) {
            const auto& entry = table_.entries()[i];
            if (entry.api != nullptr) types.insert(entry.api);
            types.insert(entry.methods.begin(), entry.methods.end());
            if (!entry.header.empty()) local_[entry.header].push_back(i);
        }
        for (const auto& api : model_.apis) {
            std::string header = header_file(api.header.value);
            if (header.empty()) continue;
            auto& plan = plans_[header];
            if (api.kind == page::PageKind::function && types.contains(&api)) continue;  // a method
            if (api.kind == page::PageKind::ioctl) plan.codes.push_back(&api);
            if (api.kind == page::PageKind::function) {
                if (is_defined(api, header)) continue;
                add_function(api, header, plan);
            } else if (!types.contains(&api) && (api.kind == page::PageKind::structure || api.kind == page::PageKind::enumeration)) {
                plan.left_out.push_back({&api, "ddi_base.h declares it", true});
            }
        }
        for (const auto& definition : model_.definitions) {
            // The built-in overlays serve every documentation: a macro counts where its header is documented.
            if (auto found = plans_.find(definition.header); found != plans_.end()) found->second.macros.push_back(&definition);
        }
        // An overlay's type whose home has no page of its own still has a home.
        for (const auto& [header, list] : local_) plans_[header];
    }

    /// An overlay has the macro's own text: better than a function of its name.
    bool is_defined(const model::Api& api, const std::string& header) const {
        return std::any_of(model_.definitions.begin(), model_.definitions.end(), [&](const model::MacroDefinition& definition) {
            return definition.name == api.name && definition.header == header;
        });
    }

    void add_function(const model::Api& api, const std::string& header, HeaderPlan& plan) {
        bool twice =
            std::any_of(plan.functions.begin(), plan.functions.end(), [&](const model::Api* other) { return other->name == api.name; });
        if (twice) {
            plan.left_out.push_back({&api, "another page of this header declares it", true});
            return;
        }
        std::string problem = declarable_.function_problem(api, header);
        if (problem.empty()) {
            plan.functions.push_back(&api);
            return;
        }
        // What is simply not known is counted by coverage; only a known declaration that cannot be written is worth a finding here.
        bool method = !is_identifier(api.name);
        if (api.signature && api.signature->typed() && !method) report(api, problem);
        plan.left_out.push_back({&api, std::move(problem), false});
    }

    std::vector<Need> header_needs(const std::string& header) {
        std::vector<Need> needs;
        auto append = [&](std::vector<Need> more) { needs.insert(needs.end(), more.begin(), more.end()); };
        for (std::size_t index : local_[header]) append(declarable_.needs(index, header));
        for (const auto* api : plans_[header].functions) append(declarable_.function_needs(*api, header));
        return needs;
    }

    /// First what must be complete. Then what is only pointed to, where it belongs to the same part of the documentation: callers need
    /// it; what belongs to another part is declared by its name alone.
    void include_homes(bool complete) {
        for (const auto& [header, plan] : plans_) {
            for (const auto& need : header_needs(header)) {
                const auto& entry = table_.entries()[need.entry];
                if (need.complete != complete || entry.header.empty() || entry.header == header) continue;
                if (!complete && (entry.shared || technology_[entry.header] != technology_[header])) continue;
                graph_.add(header, entry.header);
            }
        }
    }

    /// The part of the documentation to which most pages of a header belong.
    void find_technologies() {
        std::map<std::string, std::map<std::string, int>> pages;
        for (const auto& api : model_.apis) {
            if (std::string header = header_file(api.header.value); !header.empty()) ++pages[header][api.technology];
        }
        for (const auto& [header, counts] : pages) {
            auto most = std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
            technology_[header] = most->first;
        }
    }

    /// Definitions that this header needs complete and that no include brings.
    void repeat_definitions(const std::string& header, HeaderPlan& plan) {
        std::deque<Need> open;
        for (const auto& need : header_needs(header)) open.push_back(need);
        std::set<std::size_t> repeated;
        while (!open.empty()) {
            Need need = open.front();
            open.pop_front();
            const auto& entry = table_.entries()[need.entry];
            if (!need.complete || entry.header == header || (!entry.header.empty() && graph_.reaches(header, entry.header))) continue;
            if (!repeated.insert(need.entry).second) continue;
            table_.entry(need.entry).shared = true;
            for (const auto& more : declarable_.needs(need.entry, header)) open.push_back(more);
        }
        plan.definitions.assign(repeated.begin(), repeated.end());
    }

    /// Types and functions share one name space: a function gives way to a type that it meets in a header.
    void refuse_clashes() {
        std::map<std::string, std::map<std::string, std::string>> visible;  // header → name → owner
        std::set<std::string> done;
        for (const auto& [header, plan] : plans_) visit_clashes(header, visible, done);
    }

    void visit_clashes(const std::string& header, std::map<std::string, std::map<std::string, std::string>>& visible,
                       std::set<std::string>& done) {
        if (!done.insert(header).second) return;
        std::map<std::string, std::string> names;
        for (const auto& other : graph_.of(header)) {
            visit_clashes(other, visible, done);
            names.insert(visible[other].begin(), visible[other].end());
        }
        auto entries = local_[header];
        entries.insert(entries.end(), plans_[header].definitions.begin(), plans_[header].definitions.end());
        for (std::size_t index : entries) {
            const auto& entry = table_.entries()[index];
            for (const auto& name : entry.names) names.try_emplace(name, "type " + entry.name);
            for (const auto& name : entry.pointers) names.try_emplace(name, "type " + entry.name);
        }
        auto& plan = plans_[header];
        std::erase_if(plan.functions, [&](const model::Api* api) {
            auto [place, inserted] = names.try_emplace(api->name, "function");
            if (place->second == "function") return false;
            plan.left_out.push_back({api, fmt::format("{} is also a name of {}", api->name, place->second), false});
            return true;
        });
        visible[header] = std::move(names);
    }

    void report_enumerators() {
        for (std::size_t index = 0; index < table_.entries().size(); ++index) {
            const auto& entry = table_.entries()[index];
            if (entry.kind != TypeKind::enumeration || entry.api == nullptr || entry.declaration() == nullptr) continue;
            for (const auto& enumerator : declarable_.enumerators(index)) {
                if (!enumerator.left_out.empty()) report(*entry.api, enumerator.left_out);
            }
        }
    }

    void finish(const std::string& header, HeaderPlan& plan) {
        for (const auto& other : graph_.of(header)) plan.includes.push_back(other);
        auto wanted = local_[header];
        wanted.insert(wanted.end(), plan.definitions.begin(), plan.definitions.end());
        std::set<std::size_t> here(wanted.begin(), wanted.end());
        std::set<std::size_t> forwards;
        for (std::size_t index : wanted) {
            if (table_.entries()[index].struct_like()) forwards.insert(index);
        }
        auto forward = [&](const std::vector<Need>& needs) {
            for (const auto& need : needs) {
                const auto& entry = table_.entries()[need.entry];
                bool brought = !entry.header.empty() && graph_.reaches(header, entry.header);
                if (entry.struct_like() && !brought) forwards.insert(need.entry);
            }
        };
        for (std::size_t index : wanted) forward(declarable_.needs(index, header));
        for (const auto* api : plan.functions) forward(declarable_.function_needs(*api, header));
        plan.forwards.assign(forwards.begin(), forwards.end());
        auto by_name = [&](std::size_t a, std::size_t b) { return table_.entries()[a].name < table_.entries()[b].name; };
        std::stable_sort(plan.forwards.begin(), plan.forwards.end(), by_name);
        std::stable_sort(wanted.begin(), wanted.end(), by_name);
        plan.definitions.clear();
        std::set<std::size_t> placed;
        for (std::size_t index : wanted) place(index, header, here, placed, plan.definitions);
        auto used = declarable_.uses(plan.definitions, plan.functions, header);
        plan.base_headers.assign(used.base_headers.begin(), used.base_headers.end());
        plan.constants = table_.constants().of(header);
        for (const auto& name : used.constants) {
            const auto* constant = table_.constants().find(name);
            if (header_file(constant->header) != header) plan.constants.push_back(constant);
        }
        std::sort(plan.functions.begin(), plan.functions.end(), [](const model::Api* a, const model::Api* b) { return a->name < b->name; });
    }

    void place(std::size_t index, const std::string& header, const std::set<std::size_t>& here, std::set<std::size_t>& placed,
               std::vector<std::size_t>& order) {
        if (!here.contains(index) || !placed.insert(index).second) return;
        for (const auto& need : declarable_.needs(index, header)) {
            if (need.complete) place(need.entry, header, here, placed, order);
        }
        order.push_back(index);
    }

    const model::Model& model_;
    TypeTable& table_;
    Declarable& declarable_;
    text::Diagnostics& diagnostics_;
    IncludeGraph graph_;
    std::map<std::string, HeaderPlan> plans_;
    std::map<std::string, std::vector<std::size_t>> local_;  // header → its own types
    std::map<std::string, std::string> technology_;
};

}  // namespace

NearHeaders near_headers(const model::Model& model) {
    std::set<std::string> documented;
    for (const auto& api : model.apis) {
        if (auto header = header_file(api.header.value); !header.empty()) documented.insert(header);
    }
    std::map<std::pair<std::string, std::string>, int> named;  // (includer, included) → pages that say so
    std::map<std::pair<std::string, std::string>, int> alone;  // of these, the pages that name no third header
    std::map<std::string, int> pages;                          // of a header
    for (const auto& api : model.apis) {
        std::string home = header_file(api.header.value);
        if (home.empty()) continue;
        ++pages[home];
        auto others = header_files(api.include_header.value);
        std::erase_if(others, [&](const auto& other) { return other == home || !documented.contains(other); });
        for (const auto& other : others) {
            ++named[{other, home}];
            if (others.size() == 1) ++alone[{other, home}];
        }
    }
    IncludeGraph graph;
    std::vector<std::pair<int, std::pair<std::string, std::string>>> order;
    for (const auto& [pair, count] : named) {
        // Two pages of a thousand say where those two are found, or err: they say nothing about the header. Nor do two pages that list
        // every header that somebody may include.
        if (count * 20 < 3 * pages[pair.second] || (count < 3 && alone[pair] < count)) continue;
        auto reverse = named.find({pair.second, pair.first});
        if (reverse == named.end() || reverse->second < count) order.push_back({-count, pair});
    }
    std::sort(order.begin(), order.end());
    std::set<std::string> includers;
    for (const auto& [count, pair] : order) {
        if (graph.add(pair.first, pair.second)) includers.insert(pair.first);
    }
    NearHeaders near;
    for (const auto& includer : includers) {
        std::set<std::string> seen = {includer};
        std::deque<std::string> open(graph.of(includer).begin(), graph.of(includer).end());
        while (!open.empty()) {
            std::string at = open.front();
            open.pop_front();
            if (!seen.insert(at).second) continue;
            near[includer].push_back(at);
            open.insert(open.end(), graph.of(at).begin(), graph.of(at).end());
        }
    }
    return near;
}

std::map<std::string, HeaderPlan> plan_headers(const model::Model& model, TypeTable& table, Declarable& declarable,
                                               text::Diagnostics& diagnostics) {
    return Planner(model, table, declarable, diagnostics).plan();
}

}  // namespace ddi::emit::stubs
