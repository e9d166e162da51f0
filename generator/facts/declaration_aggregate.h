// struct, union, enum and interface bodies: tokens → members.
#pragma once

#include <vector>

#include "generator/facts/declaration.h"
#include "generator/facts/declaration_tokens.h"

namespace ddi::facts::decl {

/// Members of a struct, union or interface body (the tokens between the braces). Methods are left out: their pages declare them.
std::vector<DeclaredMember> parse_members(Tokens body);
std::vector<DeclaredMember> parse_enumerators(Tokens body);
/// Index of the first `{` outside of round brackets, at or after `begin` and before any `;`; the size if there is none.
std::size_t find_brace(Tokens tokens, std::size_t begin);
/// A struct, union, enum or class keyword before index `end` and outside of round brackets; the size if there is none.
std::size_t find_aggregate_keyword(Tokens tokens, std::size_t begin, std::size_t end);

}  // namespace ddi::facts::decl
