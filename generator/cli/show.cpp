#include "generator/cli/show.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <set>

namespace ddi::cli {

namespace {

std::string clean(const std::string& text) { return text::escape_terminal(text); }

std::string place(const facts::Cite& cite) {
    if (!cite.source) return cite.note;
    std::string place = fmt::format("{}:{}", cite.source->path(), cite.source->position(cite.span.begin).line);
    if (!cite.note.empty()) place += ", " + cite.note;
    return clean(place);
}

void show_signature(std::string& out, const model::Signature& signature, const std::string& name) {
    std::vector<std::string> parameters;
    for (const auto& parameter : signature.parameters) {
        parameters.push_back(
            clean(fmt::format("{} {}{} [{}{}]", parameter.type.empty() ? "?" : parameter.type, parameter.name, parameter.array,
                              facts::direction_name(parameter.direction), parameter.optional ? ", optional" : "")));
    }
    if (signature.variadic) parameters.emplace_back("...");
    out += fmt::format("  {} {}({})\n", clean(signature.return_type.empty() ? "?" : signature.return_type), clean(name),
                       parameters.empty() ? "void" : fmt::format("{}", fmt::join(parameters, ", ")));
    out += fmt::format("    {}{} ({})\n", facts::origin_name(signature.origin), signature.stale ? ", stale" : "", place(signature.cite));
}

std::size_t edit_distance(const std::string& a, const std::string& b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            std::size_t replaced = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row[b.size()];
}

std::string lower(std::string text) {
    for (auto& c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return text;
}

}  // namespace

std::string show_text(const model::Api& api) {
    std::string out = fmt::format("{} ({}, {})\n", clean(api.name), page::kind_name(api.kind), clean(api.header.value));
    if (!api.brief.empty()) out += "  " + clean(api.brief) + "\n";
    if (api.signature) show_signature(out, *api.signature, api.name);
    if (!api.library.value.empty()) out += "  library: " + clean(api.library.value) + "\n";
    if (api.is_routine()) {
        std::string entry = api.irql.entry ? facts::to_string(*api.irql.entry) : "not known";
        out += fmt::format("  IRQL on entry: {} (page: \"{}\")\n", entry, clean(api.irql.verbatim));
    }
    for (const auto& rule : api.rules) {
        out += fmt::format("  {}\n    {}\n    \"{}\" ({}, {})\n", clean(rule.id), clean(facts::canonical_clause(rule.clause)),
                           clean(rule.clause.cite.verbatim), facts::origin_name(rule.clause.cite.origin), place(rule.clause.cite));
    }
    return out;
}

std::vector<std::string> nearest_names(const model::Model& model, const std::string& name) {
    std::set<std::pair<std::size_t, std::string>> ranked;
    std::string wanted = lower(name);
    std::size_t limit = std::max<std::size_t>(2, name.size() / 4);
    for (const auto& api : model.apis) {
        std::size_t longer = std::max(api.name.size(), name.size()), shorter = std::min(api.name.size(), name.size());
        if (longer - shorter > limit) continue;
        std::size_t distance = edit_distance(wanted, lower(api.name));
        if (distance <= limit) ranked.emplace(distance, api.name);
    }
    std::vector<std::string> names;
    for (const auto& [distance, candidate] : ranked) {
        if (names.size() < 3 && std::find(names.begin(), names.end(), candidate) == names.end()) names.push_back(candidate);
    }
    return names;
}

}  // namespace ddi::cli
