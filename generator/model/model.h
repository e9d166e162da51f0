// Facts + overlays → Model: everything the emitters know. Plain values, built once by resolve_model and immutable afterwards.
// Order is fixed (by header, name, UID), so that output never depends on the order of reading.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "generator/facts/facts.h"
#include "generator/page/page.h"
#include "generator/text/document.h"

namespace ddi::model {

using facts::Cite;
using facts::Direction;
using facts::Fact;
using facts::Origin;

struct Parameter {
    std::string name;
    std::string type;   // empty: nothing known
    std::string array;  // "[]", "[16]"
    Direction direction = Direction::unknown;
    bool optional = false;
    bool reserved = false;
    Origin type_origin = Origin::declaration;
    Origin direction_origin = Origin::heading;
    std::vector<std::string> sal;   // from the declaration, verbatim
    std::vector<text::Block> text;  // the page's description
    Cite cite;                      // the heading, or the declaration where there is no heading
};

/// What is known of a prototype. A signature with empty types is a macro's parameter list; typed() says whether C can be written.
struct Signature {
    std::string return_type;
    std::string calling_convention;
    std::vector<Parameter> parameters;
    bool variadic = false;
    std::vector<std::string> sal;
    Origin origin = Origin::declaration;  // declaration, history, overlay, inferred
    Cite cite;
    bool stale = false;  // the declaration's parameter names differ from today's headings
    bool typed() const;
};

struct Irql {
    std::string verbatim;  // req.irql as written
    facts::IrqlStatus status = facts::IrqlStatus::absent;
    std::optional<facts::LevelSet> entry;            // allowed levels; none where nothing is known
    std::vector<facts::IrqlAlternative> conditions;  // more than one, or one with words
    Origin origin = Origin::front_matter;
    Cite cite;
};

/// A clause with its stable id, DDI-<header>-<Function>-<kind>[-<what>].
struct Rule {
    std::string id;
    facts::Clause clause;
};

/// What is not as declared in a structure or an enumeration.
struct Aggregate {
    bool stale = false;                   // an earlier revision's declaration, joined with today's headings
    bool values_inferred = false;         // enumeration: values follow the order of the headings, no page states them
    bool values_unknown = false;          // enumeration: nor is that order the header's; the values mean nothing
    std::vector<std::string> unvalued;    // enumeration: enumerators that have no value and no place; not among the members
    std::vector<std::string> untyped;     // structure: fields of which no type is stated; it has no complete definition
    std::vector<std::string> undeclared;  // structure: fields that the page describes and its own declaration of then does not have
};

/// Any documented API: function, callback, structure, enumeration, interface, IOCTL. Parts that a kind does not have are empty.
struct Api {
    facts::Uid uid;
    page::PageKind kind = page::PageKind::other;
    std::string name;
    bool is_macro = false;
    std::string page;  // path of the page in the source
    text::SourcePtr source;
    std::string title;
    std::string brief;       // first sentence of the description, plain text
    std::string technology;  // the part of the documentation that the page belongs to (tech.root): "kernel", "netvista"
    Fact<std::string> header, include_header, library, dll, min_client, min_server, kmdf, umdf, target_type;
    std::vector<std::string> compliance;  // Driver Verifier / SDV rules
    std::vector<std::string> type_names;
    // functions and callbacks
    std::optional<Signature> signature;
    std::string signature_missing;  // why there is no signature, or none with types
    std::optional<facts::ReturnFact> returns;
    Irql irql;
    std::vector<Rule> rules;  // by id
    // structures, enumerations
    std::optional<Fact<facts::Declaration>> declaration;  // origin declaration, history, overlay; heading, inferred: made from headings
    std::vector<facts::MemberFact> members;
    Aggregate aggregate;
    // IOCTLs
    std::optional<Fact<std::string>> control_code;
    // for the reference
    std::vector<text::Section> sections;
    std::vector<facts::Link> links;  // uid_key set only where the model has that API

    bool is_routine() const { return kind == page::PageKind::function || kind == page::PageKind::callback; }
};

/// A type that no page defines (an opaque kernel object, a scalar): from an overlay, with its source.
struct Type {
    std::string name;                   // "KSPIN_LOCK"
    std::string tag;                    // "_FAST_MUTEX", or empty for a scalar
    std::string definition;             // scalar: the C type it names ("ULONG_PTR"); empty: opaque storage
    std::vector<std::string> pointers;  // "PKSPIN_LOCK": pointer typedefs
    std::size_t size = 0;               // bytes on 64-bit Windows; 0: incomplete (only pointers to it exist)
    std::size_t alignment = 0;
    std::string header;                                   // where Windows declares it: "wdm.h"
    std::optional<Fact<facts::Declaration>> declaration;  // a structure, union or enumeration with its members, as C text says it
    Cite cite;
};

/// The functions of one object, by the part they play: a typestate. Indices into Model::apis.
struct Protocol {
    std::string noun;    // "spin lock"
    std::string header;  // the header it belongs to; functions of other headers that take the same object are in it too
    std::vector<std::size_t> initialize, acquire, attempt, release, destroy, query;
};

/// A test that the suite cannot arrange yet: known, named, and to be done. Not for what no test could ever show.
struct Untested {
    std::string rule;        // a rule's id, or "DDI-<header>-<Function>" for the plain call of a function
    bool violation = false;  // its violation test; else its test of behaviour
    std::string reason;
};

/// Another name of a function, which the header defines as a macro: a call by it is a call of the function.
struct MacroName {
    std::string name;
    std::string function;
    Cite cite;
};

/// A macro of a header whose text no page shows: from an overlay.
struct MacroDefinition {
    std::string name;
    std::string parameters;         // "(List, Entry)", or empty
    std::vector<std::string> body;  // lines of C
    std::string header;             // "wdfobject.h"
    Cite cite;
};

/// A documented constant: all pages that state it state this value.
struct Constant {
    std::string name;
    std::string value;   // C text
    std::string header;  // of the page that states it first, by header name
    Cite cite;
};

/// Structures that a header declares under #pragma pack, which no page shows.
struct Packing {
    std::string header;
    std::vector<std::string> types;  // typedef names or tags; empty: all of the header's
    std::size_t bytes = 0;           // 1, 2, 4 or 8
    Cite cite;
};

struct Model {
    std::string source_name;  // what the user named
    std::string revision;
    std::string attribution;  // licence line of the source's text; empty for docs-src
    std::vector<Api> apis;    // by header, name, UID
    std::vector<Type> types;  // by name
    std::vector<Packing> packing;
    std::vector<Protocol> protocols;                          // by header, noun
    std::map<std::string, std::vector<std::size_t>> headers;  // "wdm.h" → apis
    std::map<std::string, std::size_t> by_uid;                // UID key → api
    std::vector<Untested> untested;
    std::vector<MacroName> macros;
    std::vector<MacroDefinition> definitions;  // by name
    std::vector<Constant> constants;           // by name
    text::Diagnostics diagnostics;

    /// Api with that UID key ("nf:wdm.keacquirespinlock"), or null.
    const Api* find(std::string_view uid_key) const;
    /// Every API of that exact name, in model order.
    std::vector<const Api*> find_name(std::string_view name) const;
};

}  // namespace ddi::model
