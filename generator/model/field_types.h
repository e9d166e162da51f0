// What the page's text, and fields of the same name that are declared elsewhere, say of the types of fields that no declaration has.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "generator/facts/type_names.h"
#include "generator/model/model.h"

namespace ddi::model {

struct FieldType {
    std::string type;   // C text: "PVOID", "WCHAR"
    std::string array;  // "[16]"
    std::string how;    // the kind of evidence; field_types_corpus_test measures each
    friend bool operator==(const FieldType&, const FieldType&) = default;
};

/// The fields of all declared structures. `infer` leaves out what it learned from structures of the same name as the one it is asked
/// about, so that asking about a declared one measures it.
class FieldTypes {
  public:
    /// `apis`: with declarations as the pages or their history have them. `asked`: names of the fields that will be asked for.
    FieldTypes(const std::vector<Api>& apis, const std::set<std::string>& asked);

    /// Nothing where nothing says so plainly, or where two kinds of evidence disagree.
    std::optional<FieldType> infer(const Api& api, const facts::MemberFact& member) const;

  private:
    struct Seen {
        std::string owner;  // the structure's name, without case and underscore
        FieldType type;
        bool plain = true;  // no bit field, no aggregate
    };
    using Index = std::map<std::string, std::vector<Seen>, std::less<>>;

    void learn(const Api& api, const facts::MemberFact& member, const facts::DeclaredMember& declared, bool asked);
    std::optional<FieldType> learned(const Index& index, const std::string& key, const std::string& owner, std::size_t least,
                                     std::string how) const;
    std::optional<FieldType> described(const Api& api, const facts::MemberFact& member) const;
    std::optional<FieldType> linked_function(const facts::MemberFact& member) const;
    std::optional<FieldType> function_table(const Api& api, const std::string& field) const;

    facts::TypeNames names_;
    Index by_header_, by_text_, by_phrase_, by_prefix_;
    /// Pointers to functions: name in capitals without underscores and without a version → version → names.
    std::map<std::string, std::map<std::string, std::string>, std::less<>> functions_;
};

}  // namespace ddi::model
