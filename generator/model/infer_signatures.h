// Facts of all pages and the declarations that were found → declarations of routines (and types) that have none: those of the same
// routine or type elsewhere, and prototypes that inference.h reads from the page.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "generator/facts/facts.h"
#include "generator/model/resolve.h"

namespace ddi::model {

struct InferredSignature {
    std::optional<facts::Declaration> declaration;
    facts::Cite cite;     // origin inferred, or overlay
    std::string missing;  // why there is no declaration
};

/// `declared[i]` belongs to `facts[i]`, null where nothing is known. The result has an entry for every routine without a typed
/// declaration; the others are empty. `overlay`: declarations by UID key; "nf:*.*.method" is the method of every interface.
std::vector<InferredSignature> infer_signatures(const std::vector<facts::Facts>& facts,
                                                const std::vector<const facts::Declaration*>& declared,
                                                const std::map<std::string, HistoricDeclaration>& overlay);

}  // namespace ddi::model
