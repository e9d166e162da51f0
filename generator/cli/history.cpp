#include "generator/cli/history.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <optional>
#include <unordered_set>

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

struct Found {
    std::string key;
    model::HistoricDeclaration declaration;
};

std::optional<Found> read_declaration(const source::Revision& revision, const source::Entry& entry, const std::set<std::string>& wanted) {
    std::string bytes = revision.pages->read(entry);
    auto uid = uid_of(bytes);
    if (!uid || !wanted.contains(uid->key)) return std::nullopt;
    auto raw = page::read_raw_declaration(bytes);
    if (!raw) return std::nullopt;
    auto result = facts::parse_declaration(raw->text, uid->name);
    if (!result.declaration) return std::nullopt;
    auto file = std::make_shared<const text::SourceText>(entry.path, std::move(bytes));
    facts::Cite cite{facts::Origin::history, file, raw->span, raw->text, revision.label + " (" + revision.date + ")"};
    return Found{uid->key, {std::move(*result.declaration), std::move(cite)}};
}

/// Pages that may have a declaration we want: by their file's name, and those of which the name says nothing about today's UIDs
/// (files were renamed; the UID inside decides). What a newer revision had byte for byte is not read again.
std::vector<const source::Entry*> candidates_in(const source::Revision& revision, const std::set<std::string>& wanted,
                                                const std::set<std::string>& known, std::unordered_set<std::string>& seen) {
    std::vector<const source::Entry*> candidates;
    for (const auto& entry : revision.pages->entries()) {
        std::string key = facts::key_of_file_name(std::string_view(entry.path).substr(entry.path.find_last_of('/') + 1));
        if (key.empty() || (known.contains(key) && !wanted.contains(key))) continue;
        if (entry.content_id.empty() || seen.insert(entry.content_id).second) candidates.push_back(&entry);
    }
    return candidates;
}

}  // namespace

model::History find_historic_declarations(const std::vector<source::Revision>& revisions, std::set<std::string> wanted,
                                          const std::set<std::string>& known, Progress& progress) {
    model::History history;
    std::unordered_set<std::string> seen;
    for (const auto& revision : revisions) {
        if (wanted.empty()) break;
        auto candidates = candidates_in(revision, wanted, known, seen);
        progress.stage("declarations of " + revision.label, candidates.size());
        std::vector<std::optional<Found>> results(candidates.size());
        tbb::parallel_for(std::size_t{0}, candidates.size(), [&](std::size_t i) {
            results[i] = read_declaration(revision, *candidates[i], wanted);
            progress.step();
        });
        for (auto& result : results) {
            if (!result) continue;
            bool typed = result->declaration.declaration.typed();
            // A macro's declaration without types does not end the search: an older revision may have a typed one.
            bool final = typed || result->declaration.declaration.form != facts::DeclarationForm::macro;
            auto [place, inserted] = history.try_emplace(result->key, result->declaration);
            if (!inserted && !place->second.declaration.typed() && typed) place->second = std::move(result->declaration);
            if (final) wanted.erase(result->key);
        }
    }
    return history;
}

}  // namespace ddi::cli
