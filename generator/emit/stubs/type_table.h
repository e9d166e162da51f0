// Model → every type that a generated header may name: from pages, from overlays, from the base header, and inferred ones.
// A name that nobody defines and that is only ever pointed to becomes an incomplete structure, marked inferred.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "generator/emit/stubs/base_headers.h"
#include "generator/emit/stubs/constants.h"
#include "generator/model/model.h"

namespace ddi::emit::stubs {

enum class TypeKind {
    structure,  // or union: forward declaration, and a definition where members are known
    enumeration,
    callback,   // a function type with pointer typedef, or a pointer type
    handle,     // inferred: a pointer to what nobody sees
    scalar,     // a typedef of another type (overlay)
    opaque,     // storage of a known size (overlay)
    interface,  // a COM interface, or a C++ class: its methods stand on pages of their own
};

struct TypeEntry {
    TypeKind kind = TypeKind::structure;
    std::string name;                         // "KSPIN": the first of `names`
    std::vector<std::string> names;           // typedefs of the type
    std::vector<std::string> pointers;        // typedefs of pointers to it
    std::vector<std::string> const_pointers;  // inferred: PCNAME
    std::string tag;
    bool is_union = false;
    std::string header;  // the file that declares it; empty: inferred, every header declares it for itself
    const model::Api* api = nullptr;
    const model::Type* type = nullptr;
    bool pointer_form = false;               // callback: NAME itself is the pointer
    bool cpp_class = false;                  // interface: no page calls it one, so it is a class with member functions, for C++ only
    std::vector<const model::Api*> methods;  // interface: in model order
    std::string base;                        // interface: what it inherits from, as its page says; empty: nothing is said
    bool base_inferred = false;              // interface: it documents every method of that base as its own
    bool inferred = false;
    std::set<std::string> inferred_names;  // of `pointers` and `const_pointers`: those that only a convention of names gives it
    std::string definition;                // handle: what it is a typedef of
    bool shared = false;                   // other headers have a definition of the same name: guarded
    std::string capability;                // the lock that it is ("fast mutex"); empty: none, or more than one
    /// The members' declaration: the page's, or an overlay's where no page has one; or null.
    const facts::Declaration* declaration() const;
    bool struct_like() const { return kind == TypeKind::structure || kind == TypeKind::opaque || kind == TypeKind::interface; }
};

/// What a name stands for.
struct Resolved {
    enum class Role { unknown, base, value, pointer } role = Role::unknown;
    std::size_t entry = 0;  // value, pointer
};

/// "IPort.Init" → "IPort" and "Init"; "IPort.Set(LONG,LONG)" → "Set". Both empty for a name without a dot.
struct MethodName {
    std::string owner;
    std::string name;
};
MethodName method_name(std::string_view api_name);

class TypeTable {
  public:
    TypeTable(const model::Model& model, const BaseHeaders& base);

    const DeclaredNames& base() const { return base_; }
    const BaseHeaders& base_headers() const { return headers_; }
    const std::vector<TypeEntry>& entries() const { return entries_; }
    TypeEntry& entry(std::size_t index) { return entries_[index]; }
    /// `header` is the file in which the name is used: its own definition comes first, then those of `near` (in that order), then
    /// the first by header name.
    Resolved resolve(const NameUse& use, const std::string& header, const std::vector<std::string>& near) const;
    /// A type's text as C takes it here: "struct NAME" where only a typedef NAME exists loses its keyword, calling conventions that the
    /// base header does not define are left out.
    std::string spelled(const std::string& type) const;
    /// Two different types have this typedef name: each declares it under a guard.
    bool contested(const std::string& name) const { return contested_.contains(name); }
    /// Its tag is also that of a structure or union, or of another enumeration: it is written without.
    bool is_other_tag(std::size_t enumeration) const;
    const Constants& constants() const { return constants_; }
    bool is_type_name(const std::string& name) const { return by_name_.contains(name); }
    /// The model has a function of that name, in whatever header.
    bool is_function(const std::string& name) const { return functions_.contains(name); }
    /// Names that enumerations of different names have.
    const std::set<std::string, std::less<>>& shared_enumerators() const { return shared_enumerators_; }
    /// The entry that has this enumerator; entries().size() if none.
    std::size_t enumerator_owner(const std::string& name, const std::string& header) const;

  private:
    void add_pages(const model::Model& model);
    void add_aggregate(const model::Api& api, const std::string& header);
    void add_callback(const model::Api& api, const std::string& header);
    void add_interface(const model::Api& api, const std::string& header);
    void add_methods(const model::Model& model);
    void find_bases();
    void add_overlay(const model::Model& model);
    void index();
    void infer(const model::Model& model);
    void mark_shared();
    void drop_unused_overlays(const model::Model& model);
    void mark_capabilities(const model::Model& model);
    bool base_has(const std::string& name) const { return base_.types.contains(name) || base_.tags.contains(name); }

    const BaseHeaders& headers_;
    const DeclaredNames& base_;
    std::vector<TypeEntry> entries_;
    std::map<std::string, std::vector<std::size_t>, std::less<>> by_name_;  // typedef names, pointers
    std::map<std::string, std::vector<std::size_t>, std::less<>> by_tag_;
    std::map<std::string, std::vector<std::size_t>, std::less<>> by_enumerator_;
    Constants constants_;
    std::set<std::string> contested_;
    std::set<std::string, std::less<>> functions_;
    std::set<std::string, std::less<>> shared_enumerators_;
    std::set<std::string> bare_;  // names used as a member's or parameter's type without a star: no function type can be
};

/// Is the callback's name a pointer type? By the declaration's text where that says it; else by the name (PFN…, LPFN…); else it is
/// one if the model uses the bare name as a type of members or parameters (a function type cannot be one) and no "P" + name.
bool is_pointer_callback(const model::Api& api, bool used_bare, bool has_pointer_name);

}  // namespace ddi::emit::stubs
