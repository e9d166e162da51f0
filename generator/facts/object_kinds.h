// Synchronization objects whose names are everyday words ("event", "resource", "gate"): they count as nouns only on a page that is about
// one of them. Such a page has a parameter that is one, or returns one, and its description speaks of it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "generator/facts/facts.h"
#include "generator/facts/lexicon.h"

namespace ddi::facts {

struct ObjectKind {
    /// A phrase cut into its words, in lower case.
    using CutPhrase = std::vector<std::string>;

    std::string_view noun;                         // canonical
    std::vector<CutPhrase> phrases;                // in running text, singular
    std::vector<std::string_view> types;           // structures
    std::vector<CutPhrase> evidence;               // words of a parameter that is one; empty: the types only
    std::vector<std::string_view> other_meanings;  // a phrase followed by one of these means something else ("timer queue")
    bool lockable = false;                         // held by somebody between two calls

    /// True of "KEVENT", "PKEVENT" and "PRKEVENT" for events.
    bool has_type(std::string_view identifier) const;
};

/// Of a noun; null: an ordinary lock.
const ObjectKind* object_kind(std::string_view noun);

/// The kinds that this page is about.
std::vector<const ObjectKind*> kinds_of_page(const page::Page& page, const Facts& facts);
/// The kind that this parameter's text says it is, or null. Words of the first sentence only.
const ObjectKind* kind_of_parameter(const ParameterFact& parameter);
/// The kind that has this structure ("PKEVENT" → event), or null.
const ObjectKind* kind_of_type(std::string_view identifier);

/// The phrase of the kind that starts at words[begin], with a following "object" or "variable".
std::optional<LockNoun> object_noun(const std::vector<std::string>& lower_words, std::size_t begin, const ObjectKind& kind);

}  // namespace ddi::facts
