// Declarations as the pages print them → what they mean, where the rest of the documentation proves it: directions glued onto a type's
// name, types with slipped capitals, names in the place of types, parameter lists that got lost. What remains unclear loses its type.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "generator/facts/facts.h"
#include "generator/model/model.h"

namespace ddi::model {

/// The page describes parameters, the declaration has none: its list got lost, it is no prototype of `()`.
bool lost_parameters(const facts::Facts& facts, const facts::Declaration& declaration);

/// "PPX" that the front matter names without its stars gets those of the declaration's alias "**PPX".
void repair_type_names(std::vector<std::string>& type_names, const facts::Declaration& declaration);

class DeclarationRepairs {
  public:
    /// `declared[i]` belongs to `facts[i]`, null where nothing is known. `types`: those that overlays state.
    DeclarationRepairs(const std::vector<facts::Facts>& facts, const std::vector<const facts::Declaration*>& declared,
                       const std::vector<Type>& types);

    /// Empty: nothing is wrong with it.
    std::optional<facts::Declaration> repair(const facts::Facts& facts, const facts::Declaration& declaration) const;

  private:
    struct Word {
        bool defined = false;        // a page or an overlay says what it is
        std::size_t uses = 0;        // as a type in declarations
        std::size_t other_name = 0;  // … of something that is not called so itself
    };
    void add_defined(std::string_view name);
    void add_uses(std::string_view type, std::string_view name);
    void add_members(const std::vector<facts::DeclaredMember>& members);
    const Word* find(std::string_view word) const;
    bool defined(std::string_view word) const;
    std::size_t uses(std::string_view word) const;

    bool split_direction(std::string& type, facts::Direction& direction) const;
    std::string spelled(std::string_view word) const;
    bool spell(std::string& type) const;
    bool is_no_type(std::string_view type, std::string_view name, bool macro) const;
    bool repair_members(std::vector<facts::DeclaredMember>& members) const;

    std::unordered_map<std::string, Word> words_;
    std::unordered_map<std::string, std::vector<std::string>> spellings_;  // capitals without underscores → words that are used much
};

}  // namespace ddi::model
