#include "generator/cli/history.h"

#include <tbb/parallel_for.h>

#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "generator/page/page.h"

namespace ddi::cli {

namespace {

/// The UID that a page states in its front matter: "UID: NF:wdm.KeLowerIrql".
std::optional<facts::Uid> uid_of(std::string_view bytes) {
    std::size_t at = bytes.starts_with("UID:") ? 0 : bytes.find("\nUID:");
    if (at == std::string_view::npos) return std::nullopt;
    at = bytes.find(':', at) + 1;
    std::string_view value = bytes.substr(at, bytes.find_first_of("\r\n", at) - at);
    while (!value.empty() && (value.front() == ' ' || value.front() == '"')) value.remove_prefix(1);
    while (!value.empty() && (value.back() == ' ' || value.back() == '"')) value.remove_suffix(1);
    return facts::parse_uid(value);
}

/// One file of one revision.
struct Candidate {
    std::size_t revision = 0;  // index; 0 is the newest
    const source::Entry* entry = nullptr;
};

struct Found {
    std::string key;
    std::size_t revision = 0;
    model::HistoricDeclaration declaration;
};

std::optional<Found> read_declaration(const source::Revision& revision, const Candidate& candidate, const std::set<std::string>& wanted) {
    std::string bytes = revision.pages->read(*candidate.entry);
    auto uid = uid_of(bytes);
    if (!uid || !wanted.contains(uid->key)) return std::nullopt;
    auto raw = page::read_raw_declaration(bytes);
    if (!raw) return std::nullopt;
    auto result = facts::parse_declaration(raw->text, uid->name);
    if (!result.declaration) return std::nullopt;
    auto file = std::make_shared<const text::SourceText>(candidate.entry->path, std::move(bytes));
    facts::Cite cite{facts::Origin::history, file, raw->span, raw->text, revision.label + " (" + revision.date + ")"};
    return Found{uid->key, candidate.revision, {std::move(*result.declaration), std::move(cite)}};
}

/// A macro's declaration without types does not end the search: an older revision may have a typed one.
bool is_final(const facts::Declaration& declaration) { return declaration.typed() || declaration.form != facts::DeclarationForm::macro; }

/// Files that may have a declaration we want, by file name, newest first: those named after a wanted page, and those of which the name
/// says nothing about today's UIDs (files were renamed; the UID inside decides).
std::vector<std::vector<Candidate>> group_candidates(const std::vector<source::Revision>& revisions, const std::set<std::string>& wanted,
                                                     const std::set<std::string>& known) {
    std::map<std::string, std::vector<Candidate>> groups;
    for (std::size_t i = 0; i < revisions.size(); ++i) {
        for (const auto& entry : revisions[i].pages->entries()) {
            std::string key = facts::key_of_file_name(std::string_view(entry.path).substr(entry.path.find_last_of('/') + 1));
            if (!key.empty() && (wanted.contains(key) || !known.contains(key))) groups[key].push_back({i, &entry});
        }
    }
    std::vector<std::vector<Candidate>> list;
    list.reserve(groups.size());
    for (auto& [key, candidates] : groups) list.push_back(std::move(candidates));
    return list;
}

/// One file through the revisions until a declaration is found. Page by page, because git stores a page's revisions as differences from
/// each other: read in a row, each is at hand for the next.
std::vector<Found> search(const std::vector<source::Revision>& revisions, const std::vector<Candidate>& candidates,
                          const std::set<std::string>& wanted) {
    std::vector<Found> found;
    std::set<std::string> seen;  // what a newer revision had byte for byte is not read again
    for (const auto& candidate : candidates) {
        if (!candidate.entry->content_id.empty() && !seen.insert(candidate.entry->content_id).second) continue;
        auto result = read_declaration(revisions[candidate.revision], candidate, wanted);
        if (!result) continue;
        bool final = is_final(result->declaration.declaration);
        found.push_back(std::move(*result));
        if (final) break;
    }
    return found;
}

}  // namespace

model::History find_historic_declarations(const std::vector<source::Revision>& revisions, const std::set<std::string>& wanted,
                                          const std::set<std::string>& known, Progress& progress) {
    auto groups = group_candidates(revisions, wanted, known);
    progress.stage("declarations of earlier revisions", groups.size());
    std::vector<std::vector<Found>> results(groups.size());
    tbb::parallel_for(std::size_t{0}, groups.size(), [&](std::size_t i) {
        results[i] = search(revisions, groups[i], wanted);
        progress.step();
    });
    // The newest one that ends the search wins; else the newest of the others.
    std::map<std::string, Found> best;
    for (auto& group : results) {
        for (auto& found : group) {
            auto [place, inserted] = best.try_emplace(found.key, found);
            if (inserted) continue;
            bool is = is_final(found.declaration.declaration), was = is_final(place->second.declaration.declaration);
            if (is != was ? is : found.revision < place->second.revision) place->second = std::move(found);
        }
    }
    model::History history;
    for (auto& [key, found] : best) history.emplace(key, std::move(found.declaration));
    return history;
}

}  // namespace ddi::cli
