// Which declarations can be written as C that compiles, and why the others cannot: every type in them must be known, every size
// and value must be a constant that is declared.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "generator/emit/stubs/enumerators.h"
#include "generator/emit/stubs/type_table.h"

namespace ddi::emit::stubs {

/// What a declaration needs from elsewhere: the entry, and whether a forward declaration is not enough.
struct Need {
    std::size_t entry = 0;
    bool complete = false;
};

/// A page of which nothing is written where it belongs.
struct LeftOut {
    const model::Api* api = nullptr;
    std::string reason;
    bool declared = false;  // because something else that is included declares the same
};

/// Header file → the headers that Windows' header of that name includes, nearest first.
using NearHeaders = std::map<std::string, std::vector<std::string>>;

class Declarable {
  public:
    Declarable(const TypeTable& table, const NearHeaders& near) : table_(table), near_(near), states_(table.entries().size()) {}

    /// Why the type's definition cannot be written; empty: it can.
    const std::string& problem(std::size_t entry);
    /// Why the function cannot be declared in that header; empty: it can.
    std::string function_problem(const model::Api& api, const std::string& header);
    /// Why the method of an interface of that header cannot be declared; empty: it can.
    std::string method_problem(const model::Api& api, const std::string& header);
    /// The interface from which that one inherits, if its definition can be written.
    std::optional<std::size_t> base_entry(std::size_t interface);
    /// Needs of a definition or of a function, in order of appearance, for the header in which it is written. Only asked where
    /// there is no problem.
    std::vector<Need> needs(std::size_t entry, const std::string& header);
    std::vector<Need> function_needs(const model::Api& api, const std::string& header);
    /// What these use beside types of the table.
    struct Used {
        std::set<std::string> base_headers;  // hand-written ones, beside the one that is everywhere
        std::set<std::string> constants;
    };
    Used uses(const std::vector<std::size_t>& entries, const std::vector<const model::Api*>& functions, const std::string& header);
    /// The enumerators of an enumeration with a declaration.
    const std::vector<Enumerator>& enumerators(std::size_t entry);

  private:
    enum class State { unknown, in_progress, done };
    struct Result {
        State state = State::unknown;
        std::string problem;
    };
    std::string find_problem(std::size_t entry);
    std::string interface_problem(std::size_t entry);
    std::string enumerator_problem(const facts::DeclaredMember& member, const std::string& header, const std::set<std::string>& own);
    std::vector<Enumerator> find_enumerators(const TypeEntry& entry);
    std::string signature_problem(const model::Signature& signature, const std::string& header);
    std::string members_problem(const std::vector<facts::DeclaredMember>& members, const std::string& header, std::set<std::string>& names);
    std::string type_problem(const std::string& type, const std::string& header, bool member);
    std::string constants_problem(const TypeWords& words, const std::string& header, const std::set<std::string>& own);
    void type_needs(const std::string& type, const std::string& header, bool member, std::vector<Need>& needs);
    void constant_needs(const TypeWords& words, const std::string& header, std::vector<Need>& needs);
    void member_needs(const std::vector<facts::DeclaredMember>& members, const std::string& header, std::vector<Need>& needs);
    void signature_needs(const model::Signature& signature, const std::string& header, std::vector<Need>& needs);
    const std::vector<std::string>& near(const std::string& header) const;

    const TypeTable& table_;
    const NearHeaders& near_;
    std::vector<Result> states_;
    std::map<std::size_t, std::vector<Enumerator>> enumerators_;
    Used* used_ = nullptr;  // while uses() collects
};

/// "DUMMYUNIONNAME", "DUMMYSTRUCTNAME2": Windows headers define these as nothing; the member has no name.
bool is_dummy_name(const std::string& name);

}  // namespace ddi::emit::stubs
