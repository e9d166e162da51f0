// A structure's or an enumeration's declaration, of whichever revision, and today's headings → its declaration as of today.
#pragma once

#include <vector>

#include "generator/model/model.h"
#include "generator/text/diagnostic.h"

namespace ddi::model {

/// Enumerators that only today's headings name are put where these have them; without a declaration the headings are the enumeration.
/// A value is the heading's where it states one, else the declaration's, else the one before plus one (marked as inferred).
void resolve_enumeration(Api& api, text::Diagnostics& diagnostics);

/// Fields that only today's headings name are put where these have them, with the type that their text states; without a declaration
/// the headings are the structure. Fields without a type go to Aggregate::untyped.
void resolve_structure(Api& api, text::Diagnostics& diagnostics);

/// resolve_structure for all, with the types that text and other structures' declarations give to fields that have none.
void resolve_structures(std::vector<Api>& apis, text::Diagnostics& diagnostics);

/// The finding "stale-declaration": `what` says how the declaration and today's headings differ.
void report_stale(const Api& api, const std::string& what, text::Diagnostics& diagnostics);

}  // namespace ddi::model
