// What the documentation's declared routines teach about the types of those that no revision declares. A parameter is seen under
// several keys (its name in its header, its name anywhere, its sentence …); under each key the declarations vote. A key proves
// nothing alone: inference.cpp says which count, and inference_corpus_test how often they are right.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "generator/facts/type_names.h"
#include "generator/text/document.h"

namespace ddi::model {

/// From the most to the least special.
enum class EvidenceKey : std::uint8_t {
    header_name_sentence,  // the same name and the same first sentence in the same header
    name_sentence,         // … in any header
    header_name,           // the same name and direction in the same header; both or neither speak of a pointer
    technology_name,       // … in the same part of the documentation
    name_opening,          // the same name and the same first three words
    name,                  // the same name and direction anywhere; both or neither speak of a pointer, and of receiving
    opening,               // the same first seven words and direction
    header_opening,        // the same first four words and direction in the same header
    routine_place,         // methods: the same method's name, number of parameters and place, in any interface
};
constexpr std::size_t evidence_keys = 9;

/// A parameter or a result as the page describes it.
struct Described {
    bool result = false;
    std::string_view header, technology;
    std::string name;          // of a result: what its words speak of
    std::string_view routine;  // the method's name without its interface; empty: no method
    bool wide = false;         // the routine's name says that its strings are wide
    std::size_t place = 0, of = 0;
    facts::Direction direction = facts::Direction::unknown;
    const std::vector<text::Block>* text = nullptr;
};

class TypeEvidence {
  public:
    explicit TypeEvidence(const facts::TypeNames& names) : names_(names) {}

    /// `group`: what counts once, however often it is declared: methods of the same name, the same function in two headers.
    void learn(const Described& described, std::string_view type, std::string_view array, std::string_view group);

    struct Vote {
        EvidenceKey key = EvidenceKey::name;
        std::string type;        // as most declarations write it
        std::size_t groups = 0;  // declarations for it, of different groups
        std::size_t against = 0;
    };
    /// For each key the types that declarations have, most of them first; `group` itself has no voice.
    std::vector<Vote> votes(const Described& described, std::string_view group) const;

  private:
    struct Choice {
        std::uint32_t type = 0;
        std::vector<std::uint32_t> groups;
    };
    using Keys = std::array<std::uint64_t, evidence_keys>;  // 0: the key does not apply
    static Keys keys_of(const Described& described);
    std::uint32_t intern(std::string_view text);

    const facts::TypeNames& names_;
    std::unordered_map<std::uint64_t, std::vector<Choice>> tallies_;
    std::unordered_map<std::string, std::uint32_t> ids_;
    std::unordered_map<std::string, std::uint32_t> types_;                     // canonical → index
    std::vector<std::vector<std::pair<std::string, std::size_t>>> spellings_;  // of each canonical type, with their counts
};

}  // namespace ddi::model
