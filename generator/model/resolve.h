// Facts of all pages + declarations from history + overlays → Model.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "generator/model/model.h"
#include "generator/model/overlay.h"

namespace ddi::model {

/// A declaration found in an earlier revision of a page.
struct HistoricDeclaration {
    facts::Declaration declaration;
    facts::Cite cite;  // origin history, note: the revision's label
};

/// UID key → the newest earlier declaration.
using History = std::map<std::string, HistoricDeclaration>;

struct ResolveInput {
    std::string source_name;
    std::string revision;
    std::string attribution;
    std::vector<facts::Facts> facts;  // any order; consumed
    History history;
    Overlay overlay;
    text::Diagnostics diagnostics;  // of reading, carried over
};

/// Never fails: what contradicts itself becomes a diagnostic of the model.
Model resolve_model(ResolveInput input);

/// Chooses the declaration of one API (design §3, in that order) and joins it with today's parameter headings.
/// `declared` may be null. Reports a stale declaration.
std::optional<Signature> resolve_signature(const facts::Facts& facts, const facts::Declaration* declared, const facts::Cite& cite,
                                           text::Diagnostics& diagnostics);

/// Clauses → rules with ids, sorted by id; equal clauses are merged, contradicting ones reported ("clause-conflict", first one wins).
std::vector<Rule> resolve_rules(const facts::Facts& facts, const std::vector<OverlayClause>& extra, const Signature* signature,
                                text::Diagnostics& diagnostics);

/// Gives functions that clauses name with other capitals than their own pages the names that these have.
void resolve_names(std::vector<Api>& apis, text::Diagnostics& diagnostics);

/// Groups the rules of all APIs by the object they are about; joins nouns that differ only in an omitted qualifier.
std::vector<Protocol> resolve_protocols(std::vector<Api>& apis, text::Diagnostics& diagnostics);

/// Findings only: a function and the one that its page pairs it with whose pages contradict each other.
void check_pairs(const Model& model, text::Diagnostics& diagnostics);

}  // namespace ddi::model
