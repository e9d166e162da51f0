// Page → Facts. One extractor a file; an extractor sees text, never markdown or YAML nodes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "generator/facts/clause.h"
#include "generator/facts/declaration.h"
#include "generator/facts/fact.h"
#include "generator/facts/irql.h"
#include "generator/page/page.h"

namespace ddi::facts {

/// UID split: "NF:wdm.KeAcquireSpinLock~r1" → kind "nf", header "wdm", name "KeAcquireSpinLock", key "nf:wdm.keacquirespinlock"
/// (key: lower case without ~rN; "NC.ks.X" is accepted as "NC:ks.X").
struct Uid {
    std::string text, kind, header, name, key;
};
/// A structure's tag is no scope: "NF:ntifs._FSRTL_ADVANCED_FCB_HEADER.FsRtlX~r8" of 2018 is today's "NF:ntifs.FsRtlX".
std::optional<Uid> parse_uid(std::string_view text);
/// The key that a page's file name suggests: "nf-dbgeng-idebugclient-connectkernel.md" → "nf:dbgeng.idebugclient.connectkernel".
/// Empty for other names. A guess: pages with operators or parentheses in their names have UIDs that differ from it.
std::string key_of_file_name(std::string_view file_name);

/// A link out of a page, resolved to a UID key where it leads to an API page of the same documentation.
struct Link {
    std::string label;
    std::string target;
    std::string uid_key;  // empty: not an API page, or unknown
};

struct ParameterFact {
    std::string name;
    Direction direction = Direction::unknown;  // from the heading or the first words of the text; only words in the text: origin inferred
    bool optional = false;
    bool reserved = false;
    std::vector<text::Block> text;  // without the direction marker
    Cite cite;
    Origin direction_origin = Origin::heading;
};

struct MemberFact {     // -field / -enum-fields headings
    std::string name;   // "Size", "u.Port.Length"
    std::string array;  // "[16]", where the heading shows a bound
    std::string value;  // enumerators: what the heading states, or the text ("Value is 7.")
    Origin value_origin = Origin::heading;
    std::string type;  // what the text says the field is: "ULONG", "const WCHAR *"; empty: it does not say so plainly
    std::vector<text::Block> text;
    Cite cite;
};

/// A documented number with a name: "FLAG_X (0x1)" in a table, "#define FLAG_X 0x1" in a code block.
struct ConstantFact {
    std::string name;
    std::string value;  // C text
    Cite cite;
};

struct ReturnFact {
    bool is_void = false;  // "None", "This function does not return a value."
    std::vector<text::Block> text;
    Cite cite;
};

struct Facts {
    Uid uid;
    page::PageKind kind = page::PageKind::other;
    text::SourcePtr source;
    std::string title;
    std::string name;  // the API's name: from the UID
    bool is_macro = false;
    Fact<std::string> header, include_header, library, dll, min_client, min_server, kmdf, umdf, target_type;
    std::string technology;                     // tech.root, lower case: "kernel", "netvista", "wdf"
    Fact<std::vector<std::string>> compliance;  // req.ddi-compliance
    Fact<std::vector<std::string>> type_names;  // req.typenames
    Fact<std::string> irql_verbatim;
    IrqlExpression irql_front_matter;
    std::optional<Fact<IrqlExpression>> irql_remarks;  // "Callers of X must be running at IRQL …" about this API itself
    std::vector<ParameterFact> parameters;
    std::vector<MemberFact> members;
    std::optional<ReturnFact> returns;              // no -returns section: empty
    std::optional<Fact<Declaration>> declaration;   // from the page itself: its -syntax or -prototype block
    std::optional<Fact<Declaration>> sample;        // routines without a typed declaration: what a code sample of the page declares
    std::optional<Fact<std::string>> control_code;  // IOCTL pages: the code as C text, where the page states it
    std::vector<ConstantFact> constants;
    std::vector<text::Section> sections;  // for the reference: -description, -remarks, … and free headings (not parameters)
    std::vector<Link> links;
    std::vector<Clause> clauses;
    text::Diagnostics diagnostics;
};

/// All extractors in turn. The page must be an API page. Links stay unresolved (uid_key by file name only: nf-wdm-x.md → nf:wdm.x).
Facts extract_facts(const page::Page& page);

// The extractors, each in a file of its own name; called by extract_facts in this order.
void extract_front_matter(const page::Page& page, Facts& facts);
void extract_parameters(const page::Page& page, Facts& facts);
void extract_members(const page::Page& page, Facts& facts);
void extract_constants(const page::Page& page, Facts& facts);
void extract_returns(const page::Page& page, Facts& facts);
void extract_declaration(const page::Page& page, Facts& facts);
void extract_links(const page::Page& page, Facts& facts);
void extract_prose_parameters(const page::Page& page, Facts& facts);  // findings only
void extract_irql(const page::Page& page, Facts& facts);              // front matter
void extract_clauses(const page::Page& page, Facts& facts);           // prose → contract and IRQL of the remarks; after all others

}  // namespace ddi::facts
