// Functions that clauses name with other capitals than their pages do ("StorportAcquireLock"): the one function that is meant.
#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "generator/model/resolve.h"

namespace ddi::model {

namespace {

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

/// The functions that a clause names, whatever they are to it.
template <class Visit>
void visit_names(facts::ClauseContent& content, Visit&& visit) {
    auto each = [&](std::vector<std::string>& names) { std::for_each(names.begin(), names.end(), visit); };
    std::visit(
        [&](auto& c) {
            if constexpr (requires { c.by; }) each(c.by);
            if constexpr (requires { c.with; }) each(c.with);
            if constexpr (requires { c.acquired_by; }) each(c.acquired_by);
            if constexpr (requires { c.functions; }) each(c.functions);
            if constexpr (requires { c.saved_by; }) each(c.saved_by);
            if constexpr (requires { c.before; }) visit(c.before), visit(c.after);
        },
        content);
}

}  // namespace

void resolve_names(std::vector<Api>& apis, text::Diagnostics& diagnostics) {
    std::set<std::string> known;
    std::map<std::string, std::set<std::string>> spellings;
    for (const Api& api : apis) {
        if (known.insert(api.name).second) spellings[lower(api.name)].insert(api.name);
    }
    for (Api& api : apis) {
        for (Rule& rule : api.rules) {
            visit_names(rule.clause.content, [&](std::string& name) {
                if (name.empty() || known.contains(name)) return;
                auto meant = spellings.find(lower(name));
                if (meant == spellings.end() || meant->second.size() != 1) return;
                text::Diagnostic diagnostic;
                diagnostic.code = "function-name-differs";
                diagnostic.severity = text::Severity::note;
                diagnostic.source = rule.clause.cite.source;
                diagnostic.span = rule.clause.cite.span;
                diagnostic.message = "\"" + name + "\" is taken for " + *meant->second.begin() + ", whose page writes its name so";
                diagnostics.push_back(std::move(diagnostic));
                name = *meant->second.begin();
            });
        }
    }
}

}  // namespace ddi::model
