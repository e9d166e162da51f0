// Parameter lists, and the one-declarator texts inside them ("_In_ const T *name[4]"): tokens → DeclaredParameter.
// Lists separate by commas, or (some 600 callbacks of 2018) by line ends alone.
#pragma once

#include <string>
#include <vector>

#include "generator/facts/declaration.h"
#include "generator/facts/declaration_tokens.h"

namespace ddi::facts::decl {

struct ParameterList {
    std::vector<DeclaredParameter> parameters;
    bool variadic = false;
};

/// `names_only`: a lone word is a name, not a type (macros). `body`: a `{ … }` follows the list, as in the callback examples.
ParameterList parse_parameters(Tokens tokens, bool names_only, bool body);

/// "const", "X", "*", "*" → "const X **". Words in their canonical spelling.
std::string type_text(Tokens tokens);

/// Verbatim annotation at `index` with its arguments; `end` becomes the index after it.
std::string annotation_at(Tokens tokens, std::size_t index, std::size_t& end);

/// Index of the star in "*Name" or "CONVENTION *Name", the inside of a function pointer's first brackets; the size if it is none.
std::size_t star_of(Tokens inside);

struct Declarator {
    std::string name, type, array;
};
/// Type, name and array bounds of one declarator without annotations. A lone word is a name or a type as `lone_is_name` says.
Declarator parse_declarator(Tokens tokens, bool lone_is_name);

}  // namespace ddi::facts::decl
