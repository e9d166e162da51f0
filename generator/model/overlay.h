// Reviewed facts that pages omit. Every entry cites its source; entries are counted wherever facts are counted.
#pragma once

#include <string>
#include <vector>

#include "generator/facts/clause.h"
#include "generator/facts/fact.h"
#include "generator/model/model.h"

namespace ddi::model {

struct OverlayDeclaration {
    std::string uid;
    std::string declaration;
    facts::Cite cite;
    bool replaces = false;  // what the page and its history declare is wrong
};

struct OverlayClause {
    std::string uid;
    facts::Clause clause;  // cite.origin overlay, cite.note the source
};

/// All overlay files together.
struct Overlay {
    std::vector<OverlayDeclaration> declarations;
    std::vector<Type> types;
    std::vector<Packing> packing;
    std::vector<OverlayClause> clauses;
    std::vector<Untested> untested;
    std::vector<MacroName> macros;
    std::vector<MacroDefinition> definitions;
    std::vector<Constant> constants;
};

/// Adds one overlay file (YAML with the lists `declarations`, `types`, `clauses`, `macros`, `definitions`, `constants`, `untested`;
/// docs/overlays.md shows each). An entry without a source, or with a word that is not known, is a diagnostic ("overlay-not-understood",
/// error) and is left out.
void read_overlay(const text::SourcePtr& file, Overlay& overlay, text::Diagnostics& diagnostics);

}  // namespace ddi::model
