// C declarations as the documentation writes them, in every revision: functions, callbacks (typedef, `Name x; RET x(...)`,
// pointers), macros without types, structures and enumerations. A grammar of its own, because the text is not quite C.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "generator/facts/fact.h"

namespace ddi::facts {

enum class Direction { unknown, in, out, in_out };
const char* direction_name(Direction direction);  // "in", "out", "inout", "unknown"

struct DeclaredParameter {
    std::string name;   // empty if the declaration has none
    std::string type;   // canonical C: "PKSPIN_LOCK", "const UNICODE_STRING *"; empty: not declared (macro)
    std::string array;  // "[]", "[16]", or empty
    Direction direction = Direction::unknown;
    bool optional = false;
    bool reserved = false;
    std::vector<std::string> sal;  // verbatim, e.g. "_In_reads_bytes_(Length)", "_IRQL_restores_"
    friend bool operator==(const DeclaredParameter&, const DeclaredParameter&) = default;
};

enum class DeclarationForm { function, callback, macro, structure, union_, enumeration, typedef_, interface };

struct DeclaredMember {  // structure field or enumerator
    std::string name;
    std::string type;  // structures; "struct {…}" bodies are in `members`
    std::string array;
    std::string bits;       // bit-field width, or empty
    std::string value;      // enumerators: text after '=', or empty
    std::string aggregate;  // "struct" / "union" / "enum" if `members` is its body; `type` is then its tag, or empty
    std::vector<DeclaredMember> members;
    /// declaration: as the declaration has it; heading: name and value of a heading of the page; inferred: type or place were worked
    /// out from the page's words.
    Origin origin = Origin::declaration;
    friend bool operator==(const DeclaredMember&, const DeclaredMember&) = default;
};

struct Declaration {
    DeclarationForm form = DeclarationForm::function;
    std::string name;
    std::string return_type;         // "void", "NTSTATUS", …; empty: not declared (macro)
    std::string calling_convention;  // "NTAPI", "APIENTRY", …, or empty
    bool pointer = false;            // callbacks: the name is a pointer to the function type, as far as the text shows it
    std::vector<DeclaredParameter> parameters;
    bool variadic = false;
    std::vector<std::string> sal;      // on the function: "_IRQL_requires_max_(DISPATCH_LEVEL)", "_Must_inspect_result_"
    std::string tag;                   // structures, enumerations: "_KSPIN"
    std::vector<std::string> aliases;  // typedef names: "KSPIN", "*PKSPIN"
    std::vector<DeclaredMember> members;
    bool typed() const;  // functions and callbacks: return type and every parameter's type are there
    friend bool operator==(const Declaration&, const Declaration&) = default;
};

struct DeclarationError {
    std::size_t offset = 0;  // into the text given to the parser
    std::string message;
};

struct DeclarationResult {
    std::optional<Declaration> declaration;
    std::optional<DeclarationError> error;
};

/// Parses the text of a -syntax or -prototype block. `expected` is the API's name (from the UID): it picks the declaration if the
/// text has several and names a callback of which the block shows only an example. Total.
DeclarationResult parse_declaration(std::string_view text, std::string_view expected);

/// C text; parse_declaration(print_declaration(d), d.name) gives d again.
std::string print_declaration(const Declaration& declaration);

/// One declarator as C: "PKSPIN_LOCK SpinLock", "UCHAR *Buffer", "ULONG Reserved[2]", "NTSTATUS (NTAPI *Routine)(PVOID)".
/// No name: the type alone.
std::string declare(std::string_view type, std::string_view name, std::string_view array);

}  // namespace ddi::facts
