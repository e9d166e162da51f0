// The statements of a declaration block, in order: what could be the declaration, and what only introduces or repeats it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "generator/facts/declaration.h"
#include "generator/facts/declaration_tokens.h"

namespace ddi::facts::decl {

struct Candidate {
    Declaration declaration;
    std::size_t offset = 0;
    bool placeholder = false;  // "Name();": a name and nothing else, no declaration unless it is a constructor
};

/// What the block's statements said, in order.
struct Found {
    std::vector<Candidate> candidates;
    std::vector<std::pair<std::string, std::string>> examples;  // "TYPE Example;" → (TYPE, Example)
    std::vector<std::string> pointers;                          // "typedef TYPE *PTYPE;" → PTYPE
    std::optional<DeclarationError> error;                      // the first
};

/// False (and nothing in `found`) if the brackets are nested deeper than any declaration needs.
bool parse_block(const Lexed& lexed, Found& found);

}  // namespace ddi::facts::decl
