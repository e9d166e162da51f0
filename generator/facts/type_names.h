// Names of types as the documentation uses them → what they name: the pages of structures, enumerations, callbacks and interfaces
// with the typedefs that they state, and every word in capitals that stands as a type in a declaration.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "generator/facts/facts.h"

namespace ddi::facts {

struct TypeName {
    enum class Kind { structure, enumeration, callback, interface, word };
    Kind kind = Kind::word;
    std::string name;              // the typedef that C code writes: "KSPIN" for "_KSPIN" and for "PKSPIN"
    unsigned pointers = 0;         // "PKSPIN": 1
    bool pointer_typedef = false;  // callbacks: the name is a pointer to the function type
    std::size_t uses = 0;          // Kind::word: declarations that have it
    std::size_t plain_uses = 0;    // … without a star after it
};

class TypeNames {
  public:
    /// A page of a type, with its declaration if one is known. Pages of other kinds are ignored.
    void add_page(page::PageKind kind, const Uid& uid, const std::vector<std::string>& type_names, const Declaration* declaration);
    /// The words that stand as types in a routine's or a structure's declaration.
    void add_declaration(const Declaration& declaration);

    /// A word that is used as a type elsewhere: in code samples.
    void add_word(std::string_view word, std::size_t uses);

    /// What the word names; a leading underscore and a star are ignored. Words of pages win over words of declarations.
    const TypeName* find(std::string_view word) const;
    /// The type that the page with that UID key defines.
    const TypeName* find_page(std::string_view uid_key) const;

    /// A callback's name is a pointer to the function's type: its declaration or its uses say so.
    bool is_pointer_itself(const TypeName& callback) const;

    /// A type's text → its base name and the stars after it, pointer typedefs taken apart: "PKSPIN *" and "const KSPIN **" are both
    /// {"KSPIN", 2}. Types that are more than one name and stars keep their text as base.
    struct Split {
        std::string base;
        unsigned pointers = 0;
        friend bool operator==(const Split&, const Split&) = default;
    };
    Split split(std::string_view type, std::string_view array = {}) const;

  private:
    using Map = std::map<std::string, TypeName, std::less<>>;
    void add(std::string_view word, TypeName type);
    void add_words(std::string_view type);
    void add_members(const std::vector<DeclaredMember>& members);

    Map names_;                                              // of pages
    Map words_;                                              // of declarations
    std::map<std::string, std::string, std::less<>> pages_;  // UID key → name in names_
};

}  // namespace ddi::facts
