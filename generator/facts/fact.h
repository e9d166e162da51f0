// What every fact carries: where it was read and how. "Says nothing", "says something we do not understand" and "contradicts
// itself" are different values of the types in this room, each with a diagnostic.
#pragma once

#include <string>

#include "generator/text/source_text.h"

namespace ddi::facts {

enum class Origin { front_matter, heading, declaration, table, prose, history, overlay, inferred };

const char* origin_name(Origin origin);  // "front-matter", "heading", …

/// Where a fact comes from. For an overlay, `source` is the overlay file and `note` the source that it cites; for history,
/// `source` is the older revision's page and `note` the revision's label.
struct Cite {
    Origin origin = Origin::prose;
    text::SourcePtr source;
    text::Span span;
    std::string verbatim;  // the value or the whole sentence, plain text
    std::string note;
};

template <class T>
struct Fact {
    T value{};
    Cite cite;
};

}  // namespace ddi::facts
