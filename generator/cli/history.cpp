#include "generator/cli/history.h"

#include <tbb/parallel_for.h>

#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>

#include "generator/facts/words.h"
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
    bool moved = false;  // the page belonged to another header
    std::size_t revision = 0;
    model::HistoricDeclaration declaration;
};

/// Today's pages as the search sees them.
class Wanted {
  public:
    Wanted(const std::set<std::string>& keys, const std::set<std::string>& known) : keys_(keys), known_(known) {
        for (const auto& key : keys) {
            auto [place, first] = by_name_.try_emplace(name_of(key), key);
            if (!first) place->second.clear();  // two headers have it: a page that is gone may have become either
        }
    }

    /// May a file of that key have a declaration that is wanted? One that today's pages know is about itself.
    bool may_have(const std::string& key) const { return keys_.contains(key) || !known_.contains(key); }

    /// The key of today's page that the page of an earlier revision became; empty: none that is wanted.
    std::string key_of(const facts::Uid& uid, bool& moved) const {
        moved = false;
        if (keys_.contains(uid.key)) return uid.key;
        if (known_.contains(uid.key)) return {};
        auto found = by_name_.find(name_of(uid.key));
        moved = found != by_name_.end();
        return moved ? found->second : std::string();
    }

  private:
    /// "ns:ndis._net_buffer" → "ns:net_buffer": a page that moves to another header keeps kind and name; tags lose their underscore.
    static std::string name_of(const std::string& key) {
        std::size_t colon = key.find(':'), dot = key.find('.');
        if (colon == std::string::npos || dot == std::string::npos) return key;
        return key.substr(0, colon + 1) + key.substr(std::min(key.find_first_not_of('_', dot + 1), key.size()));
    }

    const std::set<std::string>& keys_;
    const std::set<std::string>& known_;
    std::map<std::string, std::string> by_name_;
};

std::optional<Found> read_declaration(const source::Revision& revision, const Candidate& candidate, const Wanted& wanted) {
    std::string bytes = revision.pages->read(*candidate.entry);
    auto uid = uid_of(bytes);
    if (!uid) return std::nullopt;
    bool moved = false;
    std::string key = wanted.key_of(*uid, moved);
    if (key.empty()) return std::nullopt;
    auto raw = page::read_raw_declaration(bytes);
    if (!raw) return std::nullopt;
    auto result = facts::parse_declaration(raw->text, uid->name);
    if (!result.declaration) return std::nullopt;
    auto file = std::make_shared<const text::SourceText>(candidate.entry->path, std::move(bytes));
    std::string note = revision.label + " (" + revision.date + ")";
    if (moved && !key.substr(key.find(':') + 1).starts_with(facts::to_lower(uid->header) + "."))
        note += ", when it was a page of " + uid->header;
    facts::Cite cite{facts::Origin::history, file, raw->span, raw->text, std::move(note)};
    return Found{std::move(key), moved, candidate.revision, {std::move(*result.declaration), std::move(cite)}};
}

/// A macro's declaration without types does not end the search: an older revision may have a typed one.
bool is_final(const facts::Declaration& declaration) { return declaration.typed() || declaration.form != facts::DeclarationForm::macro; }

/// Files that may have a declaration we want, by file name, newest first: those named after a wanted page, and those of which the name
/// says nothing about today's UIDs (files were renamed; the UID inside decides).
std::vector<std::vector<Candidate>> group_candidates(const std::vector<source::Revision>& revisions, const Wanted& wanted) {
    std::map<std::string, std::vector<Candidate>> groups;
    for (std::size_t i = 0; i < revisions.size(); ++i) {
        for (const auto& entry : revisions[i].pages->entries()) {
            std::string key = facts::key_of_file_name(std::string_view(entry.path).substr(entry.path.find_last_of('/') + 1));
            if (!key.empty() && wanted.may_have(key)) groups[key].push_back({i, &entry});
        }
    }
    std::vector<std::vector<Candidate>> list;
    list.reserve(groups.size());
    for (auto& [key, candidates] : groups) list.push_back(std::move(candidates));
    return list;
}

/// One file through the revisions until a declaration is found. Page by page, because git stores a page's revisions as differences from
/// each other: read in a row, each is at hand for the next.
std::vector<Found> search(const std::vector<source::Revision>& revisions, const std::vector<Candidate>& candidates, const Wanted& wanted) {
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

model::History find_historic_declarations(const std::vector<source::Revision>& revisions, const std::set<std::string>& keys,
                                          const std::set<std::string>& known, Progress& progress) {
    const Wanted wanted(keys, known);
    auto groups = group_candidates(revisions, wanted);
    progress.stage("declarations of earlier revisions", groups.size());
    std::vector<std::vector<Found>> results(groups.size());
    tbb::parallel_for(std::size_t{0}, groups.size(), [&](std::size_t i) {
        results[i] = search(revisions, groups[i], wanted);
        progress.step();
    });
    std::map<std::string, Found> best;
    for (auto& group : results) {
        for (auto& found : group) {
            auto [place, inserted] = best.try_emplace(found.key, found);
            if (inserted) continue;
            // One that ends the search, of the page itself, the newest.
            auto rank = [](const Found& f) { return std::tuple(!is_final(f.declaration.declaration), f.moved, f.revision); };
            if (rank(found) < rank(place->second)) place->second = std::move(found);
        }
    }
    model::History history;
    for (auto& [key, found] : best) history.emplace(key, std::move(found.declaration));
    return history;
}

}  // namespace ddi::cli
