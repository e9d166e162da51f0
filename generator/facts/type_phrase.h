// A parameter's or a field's description → the type that its words name: "A pointer to a [KSPIN] structure" is KSPIN with one star. Reads
// the first sentence only, and only where the phrase is its head; knows grammar and no type by name.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "generator/facts/type_names.h"
#include "generator/text/document.h"

namespace ddi::facts {

struct TypePhrase {
    std::string base;                  // "KSPIN", "WCHAR"; a callback's or an interface's name
    unsigned pointers = 0;             // stars after it
    std::string pattern;               // how it was read: "pointer structure", "handle word", "value enumeration" …
    bool sure = false;                 // the pattern proved right on the pages that have both prose and declaration (inference_corpus_test)
    std::uint32_t begin = 0, end = 0;  // the phrase in the block's text
    const text::Block* block = nullptr;

    std::string type() const;  // "KSPIN *"
};

/// Nothing where the text names no type. The result points into `text`.
std::optional<TypePhrase> read_type_phrase(const std::vector<text::Block>& text, const TypeNames& names);

}  // namespace ddi::facts
