// A clause → JSON: content by kind, condition, citation. The schema's "clause" says the same from the reader's side.
#pragma once

#include <nlohmann/json.hpp>

#include "generator/model/model.h"

namespace ddi::emit::data {

using Json = nlohmann::ordered_json;

Json clause_json(const model::Rule& rule);

/// {"page": …, "line": …, "origin": …, "note": …}; page null where nothing was read (inferred).
void add_cite(Json& json, const model::Cite& cite);

}  // namespace ddi::emit::data
