// Types and functions → what stands in each generated header, and in which order: includes, forward declarations, definitions by
// dependency, functions. A header never depends on what was included before it, and headers never include each other in a circle:
// a definition that would close one is repeated, under a guard, where it is needed.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "generator/emit/stubs/declarable.h"

namespace ddi::emit::stubs {

struct HeaderPlan {
    std::vector<std::string> base_headers;  // hand-written ones beside the one that is everywhere
    std::vector<std::string> includes;
    std::vector<std::size_t> forwards;     // entries of which this header declares the names
    std::vector<std::size_t> definitions;  // in an order that compiles; entries with a problem are there for their comment
    std::vector<const model::Api*> functions;
    std::vector<const model::MacroDefinition*> macros;
    std::vector<const model::Constant*> constants;  // its own, and those of others that its definitions need
    std::vector<const model::Api*> codes;           // control codes
    std::vector<LeftOut> left_out;                  // functions, and pages of types that the base header has
};

/// Header file → what stands in it. Marks entries as shared where a definition is repeated; reports "type-unknown" and its like.
std::map<std::string, HeaderPlan> plan_headers(const model::Model& model, TypeTable& table, Declarable& declarable,
                                               text::Diagnostics& diagnostics);

/// What Windows' own headers include, from the pages: a page of wdm.h that names Ntddk.h as a header to include says that ntddk.h
/// includes wdm.h. Of two headers that name each other the one named more often does the including.
NearHeaders near_headers(const model::Model& model);

}  // namespace ddi::emit::stubs
