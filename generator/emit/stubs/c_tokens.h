// C text (types, array sizes, enumerator values, fixed headers) → tokens, and the questions that the stubs ask of them. Text that
// came from a page is only ever written as C after it went through here: what is not plain C is refused.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace ddi::emit::stubs {

enum class TokenKind { word, number, mark, other };  // other: anything C declarations do not have (quotes, '#', bytes >= 0x80 …)

struct Token {
    TokenKind kind = TokenKind::other;
    std::string_view text;
};

/// Comments are skipped. `text` must outlive the tokens.
std::vector<Token> c_tokens(std::string_view text);

/// One name in a type: "PKSPIN_LOCK", or "_IRP" after "struct".
struct NameUse {
    std::string name;
    bool is_tag = false;    // after struct, union or enum
    bool by_value = false;  // no star after it: a member of this type needs it complete
};

/// What a type's text says. Not valid: it is not plain C (references, templates, two names in a row …).
struct TypeWords {
    bool valid = false;
    std::vector<NameUse> uses;
};

/// "const UNICODE_STRING *", "unsigned int", "NTSTATUS (NTAPI *)(PVOID Context)".
TypeWords type_words(std::string_view type);

/// "[]", "[16]", "[MAX_PATH + 1]": the names in it. Not valid: not a list of sizes.
TypeWords array_words(std::string_view array);

/// "0x10", "A | B", "sizeof(X)" is refused: the names in an enumerator's value.
TypeWords value_words(std::string_view value);

bool is_identifier(std::string_view text);
bool is_calling_convention(std::string_view word);
/// "UNALIGNED", "POINTER_ALIGNMENT".
bool is_alignment_word(std::string_view word);
/// A calling convention, or a word of Windows' compilers about alignment: where the base headers do not define it, C does without.
bool is_left_out_word(std::string_view word);

/// Names that a header's text declares at file scope.
struct DeclaredNames {
    std::set<std::string, std::less<>> types;  // typedef names
    std::set<std::string, std::less<>> tags;
    std::set<std::string, std::less<>> enumerators;
    std::set<std::string, std::less<>> macros;
};
DeclaredNames declared_names(std::string_view header_text);

}  // namespace ddi::emit::stubs
