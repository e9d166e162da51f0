#include "generator/cli/history.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <optional>
#include <unordered_set>

#include "generator/page/page.h"

namespace ddi::cli {

namespace {

/// "…/wdm/nf-wdm-kelowerirql~r1.md" → "nf:wdm.kelowerirql", the UID key that the file's name suggests; empty for other files.
std::string key_of_path(std::string_view path) {
    std::string_view name = path.substr(path.find_last_of('/') + 1);
    if (name.size() < 6 || name[2] != '-' || !name.ends_with(".md")) return {};
    std::string key(name.substr(0, name.size() - 3));
    std::transform(key.begin(), key.end(), key.begin(), [](unsigned char c) { return c < 0x80 ? static_cast<char>(std::tolower(c)) : static_cast<char>(c); });
    if (auto suffix = key.rfind("~r"); suffix != std::string::npos) key.resize(suffix);
    auto dash = key.find('-', 3);
    if (dash == std::string::npos) return {};
    key[2] = ':';
    key[dash] = '.';
    return key;
}

/// The UID key that the page itself states (its first "UID:" line); no page has it below the front matter's first few lines.
std::string key_in_page(std::string_view bytes) {
    std::size_t at = bytes.starts_with("UID:") ? 0 : bytes.find("\nUID:");
    if (at == std::string_view::npos) return {};
    at = bytes.find(':', at) + 1;
    std::string_view value = bytes.substr(at, bytes.find_first_of("\r\n", at) - at);
    while (!value.empty() && (value.front() == ' ' || value.front() == '"')) value.remove_prefix(1);
    while (!value.empty() && (value.back() == ' ' || value.back() == '"')) value.remove_suffix(1);
    auto uid = facts::parse_uid(value);
    return uid ? uid->key : std::string();
}

std::optional<model::HistoricDeclaration> read_declaration(const source::Revision& revision, const source::Entry& entry, const std::string& key) {
    std::string bytes = revision.pages->read(entry);
    auto raw = page::read_raw_declaration(bytes);
    if (!raw || key_in_page(bytes) != key) return std::nullopt;
    auto uid = facts::parse_uid(key);
    // The name as that page spells it: the key is in lower case.
    std::string name = uid ? uid->name : std::string();
    auto file = std::make_shared<const text::SourceText>(entry.path, std::move(bytes));
    if (auto title = file->bytes().find("\nUID:"); title != std::string_view::npos) {
        auto line = file->bytes().substr(title + 5, file->bytes().find_first_of("\r\n", title + 5) - title - 5);
        while (!line.empty() && line.front() == ' ') line.remove_prefix(1);
        if (auto spelled = facts::parse_uid(line)) name = spelled->name;
    }
    auto result = facts::parse_declaration(raw->text, name);
    if (!result.declaration) return std::nullopt;
    facts::Cite cite{facts::Origin::history, file, raw->span, raw->text, revision.label + " (" + revision.date + ")"};
    return model::HistoricDeclaration{std::move(*result.declaration), std::move(cite)};
}

}  // namespace

model::History find_historic_declarations(const std::vector<source::Revision>& revisions, std::set<std::string> wanted, Progress& progress) {
    model::History found;
    std::unordered_set<std::string> seen;  // content ids without a declaration for their key
    for (const auto& revision : revisions) {
        if (wanted.empty()) break;
        std::vector<std::pair<std::string, const source::Entry*>> candidates;
        for (const auto& entry : revision.pages->entries()) {
            std::string key = key_of_path(entry.path);
            if (!key.empty() && wanted.contains(key) && (entry.content_id.empty() || seen.insert(entry.content_id).second)) {
                candidates.emplace_back(std::move(key), &entry);
            }
        }
        progress.stage("declarations of " + revision.label, candidates.size());
        std::vector<std::optional<model::HistoricDeclaration>> results(candidates.size());
        tbb::parallel_for(std::size_t{0}, candidates.size(), [&](std::size_t i) {
            results[i] = read_declaration(revision, *candidates[i].second, candidates[i].first);
            progress.step();
        });
        for (std::size_t i = 0; i < candidates.size(); ++i) {
            if (!results[i]) continue;
            // A macro's declaration without types does not end the search: an older revision may have a typed one.
            bool final = results[i]->declaration.typed() || results[i]->declaration.form != facts::DeclarationForm::macro;
            auto [place, inserted] = found.try_emplace(candidates[i].first, *results[i]);
            if (!inserted && !place->second.declaration.typed() && results[i]->declaration.typed()) place->second = std::move(*results[i]);
            if (final) wanted.erase(candidates[i].first);
        }
    }
    return found;
}

}  // namespace ddi::cli
