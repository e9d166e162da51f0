#include <algorithm>
#include <map>

#include "generator/model/resolve.h"

namespace ddi::model {

namespace {

/// "KeAcquireSpinLock" from a page's parameter name as prose has it to the signature's: prose and headings may use a placeholder
/// ("b") or the declaration's name ("OldIrql") for the same parameter.
class ParameterNames {
  public:
    ParameterNames(const facts::Facts& facts, const Signature* signature) {
        if (signature == nullptr) return;
        for (const auto& parameter : signature->parameters) names_[parameter.name] = parameter.name;
        if (signature->parameters.size() != facts.parameters.size()) return;
        for (std::size_t i = 0; i < facts.parameters.size(); ++i)
            names_.try_emplace(facts.parameters[i].name, signature->parameters[i].name);
    }
    void rename(std::string& name) const {
        if (auto found = names_.find(name); found != names_.end()) name = found->second;
    }

  private:
    std::map<std::string, std::string> names_;
};

void rename_parameters(facts::Clause& clause, const ParameterNames& names) {
    std::visit(
        [&](auto& content) {
            if constexpr (requires { content.object.parameter; }) names.rename(content.object.parameter);
            if constexpr (requires { content.parameter; }) names.rename(content.parameter);
            if constexpr (requires { content.held.parameter; }) names.rename(content.held.parameter);
            if constexpr (requires { content.lock; }) names.rename(content.lock);
            if constexpr (requires { content.where.parameter; }) names.rename(content.where.parameter);
            if constexpr (requires { content.from.parameter; }) names.rename(content.from.parameter);
        },
        clause.content);
    for (auto& comparison : clause.when.all) {
        if (comparison.subject == facts::Comparison::Subject::parameter || comparison.subject == facts::Comparison::Subject::pointee) {
            names.rename(comparison.name);
        }
    }
}

}  // namespace

std::vector<Rule> resolve_rules(const facts::Facts& facts, const std::vector<OverlayClause>& extra, const Signature* signature,
                                text::Diagnostics& diagnostics) {
    ParameterNames names(facts, signature);
    std::map<std::string, facts::Clause> by_id;
    auto add = [&](facts::Clause clause) {
        rename_parameters(clause, names);
        std::string id = "DDI-" + facts.uid.header + "-" + facts.uid.name + "-" + facts::clause_kind(clause.content);
        if (std::string what = facts::clause_what(clause); !what.empty()) id += "-" + what;
        auto [place, inserted] = by_id.try_emplace(id, clause);
        if (inserted) return;
        if (facts::canonical_clause(place->second) == facts::canonical_clause(clause)) {
            place->second.also.push_back(std::move(clause.cite));
            return;
        }
        text::Diagnostic diagnostic;
        diagnostic.code = "clause-conflict";
        diagnostic.source = clause.cite.source;
        diagnostic.span = clause.cite.span;
        diagnostic.message = id + ": the page also says \"" + facts::canonical_clause(place->second) + "\", here it says \"" +
                             facts::canonical_clause(clause) + "\"; the first is used";
        diagnostic.notes.push_back({"the first is here", place->second.cite.source, place->second.cite.span});
        diagnostics.push_back(std::move(diagnostic));
    };
    for (const auto& clause : facts.clauses) add(clause);
    for (const auto& clause : extra) add(clause.clause);
    std::vector<Rule> rules;
    rules.reserve(by_id.size());
    for (auto& [id, clause] : by_id) rules.push_back({id, std::move(clause)});
    return rules;
}

}  // namespace ddi::model
