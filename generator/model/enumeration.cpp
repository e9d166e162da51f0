#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>

#include "generator/model/aggregate.h"
#include "generator/model/alignment.h"
#include "generator/model/c_number.h"
#include "generator/text/escape.h"

namespace ddi::model {

namespace {

using facts::DeclaredMember;
using facts::MemberFact;

/// As 32 bits, which an enumerator has: 0xFFFFFFFF is -1.
std::optional<std::int32_t> number(const std::string& text) {
    const auto value = c_number(text);
    if (!value) return std::nullopt;
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(*value));
}

std::vector<const MemberFact*> named_enumerators(const std::vector<MemberFact>& members) {
    std::vector<const MemberFact*> list;
    std::set<std::string> seen;
    for (const auto& member : members) {
        if (text::to_identifier(member.name) == member.name && seen.insert(member.name).second) list.push_back(&member);
    }
    return list;
}

DeclaredMember from_heading(const MemberFact& heading) {
    DeclaredMember member;
    member.name = heading.name;
    member.value = heading.value;
    member.origin = Origin::heading;
    return member;
}

/// Today's heading states the value; an expression of names gives way to what the declaration has.
bool take_value(DeclaredMember& member, const MemberFact& heading) {
    if (heading.value.empty() || member.value == heading.value) return false;
    const auto now = number(heading.value), then = number(member.value);
    if (!member.value.empty() && (!now || now == then)) return false;
    const bool differs = then && now != then;
    member.value = heading.value;
    return differs;
}

bool suggests_bits(const std::string& name) {
    std::string upper = name;
    for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return upper.find("FLAG") != std::string::npos || upper.find("MASK") != std::string::npos;
}

void report_stale(const Api& api, const std::string& what, text::Diagnostics& diagnostics) {
    text::Diagnostic diagnostic;
    diagnostic.code = "stale-declaration";
    diagnostic.severity = text::Severity::note;
    diagnostic.source = api.source;
    diagnostic.span = api.members.front().cite.span;
    const bool old = api.declaration->cite.origin == Origin::history;
    diagnostic.message =
        "the declaration " + (old ? "of " + api.declaration->cite.note : "on the page") + " and the headings differ: " + what;
    diagnostic.notes.push_back({"the declaration is here", api.declaration->cite.source, api.declaration->cite.span});
    diagnostics.push_back(std::move(diagnostic));
}

/// What stands between two enumerators that both lists have. Names that the other list has elsewhere stay where the declaration has them.
void join_difference(const Difference& part, const std::vector<DeclaredMember>& declared, const std::vector<const MemberFact*>& headings,
                     const std::set<std::string>& in_declaration, const std::set<std::string>& in_headings,
                     std::vector<DeclaredMember>& out, std::string& what) {
    std::vector<const DeclaredMember*> gone;
    std::vector<const MemberFact*> added;
    for (std::size_t j = part.new_begin; j < part.new_end; ++j) {
        if (!in_declaration.contains(headings[j]->name)) added.push_back(headings[j]);
    }
    for (std::size_t i = part.old_begin; i < part.old_end; ++i) {
        if (added.empty() || in_headings.contains(declared[i].name))
            out.push_back(declared[i]);
        else
            gone.push_back(&declared[i]);
    }
    const bool renamed = gone.size() == added.size();
    for (std::size_t k = 0; k < added.size(); ++k) {
        DeclaredMember member = from_heading(*added[k]);
        if (renamed) {
            if (member.value.empty()) member.value = gone[k]->value;
            what += (what.empty() ? "" : ", ") + gone[k]->name + " is now " + member.name;
        } else {
            what += (what.empty() ? "" : ", ") + member.name + " is new";
        }
        out.push_back(std::move(member));
    }
}

/// "X_FORCE_DWORD" is there for the size of the type: it has the largest value, whatever stands before it.
bool forces_size(const std::string& name) { return name.ends_with("_FORCE_DWORD") || name.ends_with("_FORCE_UINT"); }

}  // namespace

void resolve_enumeration(Api& api, text::Diagnostics& diagnostics) {
    const auto headings = named_enumerators(api.members);
    const bool declared = api.declaration && api.declaration->value.form == facts::DeclarationForm::enumeration;
    if (!declared || api.declaration->value.members.empty()) {
        if (headings.empty()) return;
        if (!declared) {
            facts::Declaration declaration;
            declaration.form = facts::DeclarationForm::enumeration;
            declaration.name = api.name;
            api.declaration = Fact<facts::Declaration>{std::move(declaration), {}};
        }
        api.declaration->cite = headings.front()->cite;
        for (const auto* heading : headings) api.declaration->value.members.push_back(from_heading(*heading));
    } else if (!headings.empty()) {
        auto& members = api.declaration->value.members;
        std::vector<std::string> old_names, new_names;
        for (const auto& member : members) old_names.push_back(member.name);
        for (const auto* heading : headings) new_names.push_back(heading->name);
        const std::set<std::string> in_declaration(old_names.begin(), old_names.end()), in_headings(new_names.begin(), new_names.end());
        for (auto& member : members) {
            const auto at = std::find(new_names.begin(), new_names.end(), member.name);
            if (at != new_names.end() && take_value(member, *headings[static_cast<std::size_t>(at - new_names.begin())]))
                api.aggregate.stale = true;
        }
        std::vector<DeclaredMember> joined;
        std::string what;
        std::size_t next = 0;
        const Alignment alignment = align(old_names, new_names);
        for (const auto& part : alignment.differences) {
            while (next < part.old_begin) joined.push_back(members[next++]);
            join_difference(part, members, headings, in_declaration, in_headings, joined, what);
            next = part.old_end;
        }
        while (next < members.size()) joined.push_back(members[next++]);
        if (!what.empty()) {
            members = std::move(joined);
            api.aggregate.stale = true;
            report_stale(api, what, diagnostics);
        }
    }
    auto& members = api.declaration->value.members;
    if (!members.empty() && members.back().value.empty() && forces_size(members.back().name)) {
        members.back().value = "0x7fffffff";
        members.back().origin = Origin::inferred;
    }
    const bool stated =
        std::any_of(members.begin(), members.end(), [](const auto& m) { return !m.value.empty() && m.origin != Origin::inferred; });
    // Headings that state one value state all that the header does.
    const bool by_headings = std::any_of(headings.begin(), headings.end(), [](const auto* h) { return !h->value.empty(); });
    const bool from_order =
        std::any_of(members.begin(), members.end(), [](const auto& m) { return m.origin != Origin::declaration && m.value.empty(); });
    // The blocks of 2018 left values out: flags that count one, two, three are not what the header has.
    api.aggregate.values_inferred = (from_order && !by_headings) || (!stated && members.size() > 2 && suggests_bits(api.name));
}

}  // namespace ddi::model
