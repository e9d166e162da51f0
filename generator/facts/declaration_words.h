// The vocabulary of declarations: which words are annotations, calling conventions, linkage or types. Spelling rules and the
// platform's own macro names only; no API is known by name here.
#pragma once

#include <string_view>

#include "generator/facts/declaration.h"

namespace ddi::facts::decl {

/// SAL in all its generations: _In_, _Out_writes_bytes_, __in_opt, __drv_maxIRQL, IN, OUT, OPTIONAL.
bool is_annotation(std::string_view word);
/// NTAPI, APIENTRY, __stdcall, …
bool is_calling_convention(std::string_view word);
/// Words before a return type that do not belong to it: extern, inline, NTKERNELAPI, DECLSPEC_NORETURN, …
bool is_linkage(std::string_view word);
/// const, volatile, UNALIGNED and their spellings.
bool is_qualifier(std::string_view word);
/// struct, union, enum, class, interface.
bool is_aggregate_keyword(std::string_view word);
/// int, unsigned, char, …: words that can follow one another in one type.
bool is_builtin_type(std::string_view word);
/// A lone word in a parameter list that can only be a type: HANDLE, D3D12DDI_HDEVICE, size_t, int.
bool looks_like_type(std::string_view word);
/// One spelling for words that C and Windows spell twice: VOID → void, CONST → const.
std::string_view canonical_word(std::string_view word);

struct Meaning {
    Direction direction = Direction::unknown;
    bool optional = false;
    bool reserved = false;
};
/// What one annotation ("_In_opt_", "__out_bcount(n)", "OPTIONAL") or one word in brackets ("in", "retval") says.
Meaning meaning_of(std::string_view annotation);
/// Two statements about the same parameter: in and out together are inout.
void merge(Meaning& meaning, const Meaning& other);

}  // namespace ddi::facts::decl
