// The documentation's C types as written ("PKSPIN_LOCK", "const KSPIN *", "PSPIN_LOCK *") → base type and pointer depth, with pointer
// typedefs and aliases of one structure resolved as far as pages and overlays define them. What nobody defines keeps its name.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "generator/model/model.h"

namespace ddi::emit::wrappers {

struct CType {
    std::string base;  // "KSPIN_LOCK", "void"
    int depth = 0;     // pointers in front of it
    friend bool operator==(const CType&, const CType&) = default;
};

class TypeTable {
  public:
    explicit TypeTable(const model::Model& model);

    CType of(std::string_view type) const;
    /// An arithmetic type that can be compared with a number.
    bool is_scalar(const std::string& base) const;
    /// The same, and types that are another name of one (BANK_ID, KSPIN_LOCK).
    bool is_number(const std::string& base) const { return is_scalar(base) || numbers_.contains(base); }
    /// A union of the base header around a 64-bit number.
    bool is_wide_number(const std::string& base) const { return wide_numbers_.contains(base); }
    bool is_structure(const std::string& base) const { return structures_.contains(base); }
    bool is_enumeration(const std::string& base) const { return enumerations_.contains(base); }
    bool is_enumerator(const std::string& name) const { return enumerators_.contains(name); }
    /// The first value of an enumeration that a page defines; empty: no page does.
    std::string first_enumerator(const std::string& base) const;
    /// A constant that the base header of all stubs defines.
    bool is_constant(const std::string& name) const { return constants_.contains(name); }

  private:
    std::map<std::string, CType, std::less<>> names_;  // typedef or tag → what it stands for
    std::set<std::string> structures_;
    std::set<std::string> enumerations_;
    std::set<std::string> enumerators_;
    std::map<std::string, std::string> first_enumerators_;
    std::set<std::string> scalars_;
    std::set<std::string> numbers_;
    std::set<std::string> wide_numbers_;
    std::set<std::string, std::less<>> constants_;
};

bool is_boolean(const CType& type);
/// NTSTATUS, VP_STATUS, …: zero says that all went well.
bool is_status(const CType& type);

}  // namespace ddi::emit::wrappers
