#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>

#include "generator/facts/words.h"
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

/// What C gives to each; nothing from an expression of names on, until the next number.
std::vector<std::optional<std::int64_t>> counted(const std::vector<DeclaredMember>& members) {
    std::vector<std::optional<std::int64_t>> values;
    std::optional<std::int64_t> next = 0;
    for (const auto& member : members) {
        if (!member.value.empty()) {
            const auto value = number(member.value);
            next = value ? std::optional<std::int64_t>(*value) : std::nullopt;
        }
        values.push_back(next);
        if (next) ++*next;
    }
    return values;
}

/// "X_FORCE_DWORD" is there for the size of the type: it has the largest value, whatever stands before it.
bool forces_size(const std::string& name) { return name.ends_with("_FORCE_DWORD") || name.ends_with("_FORCE_UINT"); }

/// "MaxX", "XCount": one more than the ones before it, whichever these are.
bool is_limit(const std::string& name) {
    const std::string lower = facts::to_lower(name);
    return lower.find("max") != std::string::npos || lower.ends_with("count") || lower.ends_with("last") || lower.ends_with("limit");
}

bool is_end(const std::string& name) { return is_limit(name) || forces_size(name); }

/// So many names are sorted by chance in no header: a page that sorts them does not have the header's order.
bool is_sorted_list(const std::vector<DeclaredMember>& members) {
    constexpr std::size_t by_chance = 5;
    std::vector<std::string> names;
    for (const auto& member : members) {
        if (!is_end(member.name)) names.push_back(facts::to_lower(member.name));
    }
    return names.size() > by_chance && std::is_sorted(names.begin(), names.end());
}

/// Stated values that fall: enumerators that state none do not follow the one before them.
bool falls(const std::vector<DeclaredMember>& members) {
    std::optional<std::int32_t> last;
    for (const auto& member : members) {
        const auto value = member.value.empty() || is_end(member.name) ? std::nullopt : number(member.value);
        if (value && last && *value < *last && *value >= 0) return true;
        if (value) last = value;
    }
    return false;
}

/// A declaration and today's headings: the declaration's enumerators keep their values, whatever the headings have between them.
class Join {
  public:
    Join(Api& api, const std::vector<const MemberFact*>& headings)
        : api_(api), declared_(api.declaration->value.members), values_(counted(declared_)), headings_(headings) {
        for (const auto& member : declared_) old_names_.push_back(member.name);
        for (const auto* heading : headings_) new_names_.push_back(heading->name);
        in_declaration_.insert(old_names_.begin(), old_names_.end());
        in_headings_.insert(new_names_.begin(), new_names_.end());
        end_ = declared_.size();
        while (end_ > 0 && is_end(old_names_[end_ - 1])) --end_;
        alignment_ = align(old_names_, new_names_);
    }

    /// The enumerators; `what` says how the lists differ.
    std::vector<DeclaredMember> run(std::string& what) {
        std::size_t next = 0;
        for (const auto& part : alignment_.differences) {
            while (next < part.old_begin) keep(next++);
            difference(part);
            next = part.old_end;
        }
        while (next < declared_.size()) keep(next++);
        hold_values();
        what = what_;
        return std::move(joined_);
    }

  private:
    void keep(std::size_t index) {
        joined_.push_back(declared_[index]);
        from_.push_back(index);
    }
    void add(const MemberFact& heading) {
        say(heading.name + " is new");
        joined_.push_back(from_heading(heading));
        from_.push_back(std::nullopt);
    }
    void say(const std::string& text) { what_ += (what_.empty() ? "" : ", ") + text; }

    /// After the declaration's last one, in the order that the two lists share.
    bool appended(const Difference& part, const std::vector<const MemberFact*>& added) const {
        if (part.old_begin != end_ || part.old_end != end_ || end_ == 0 || !values_[end_ - 1]) return false;
        if (!in_headings_.contains(old_names_[end_ - 1])) return false;
        if (added.size() != part.new_end - part.new_begin) return false;
        std::size_t shared = 0;
        for (const auto& name : old_names_) shared += in_headings_.contains(name) ? 1 : 0;
        if (shared != alignment_.same.size() || is_sorted_list(declared_) || suggests_bits(api_.name)) return false;
        // Where the declaration leaves numbers out, the next one may be left out, too.
        for (std::size_t i = 1; i < end_; ++i) {
            if (!values_[i] || !values_[i - 1] || *values_[i] != *values_[i - 1] + 1) return false;
        }
        // A limit has its place after all others.
        return std::all_of(added.begin(), added.end(), [&](const MemberFact* h) {
            return !is_end(h->name) || (h == added.back() && is_limit(h->name) && end_ == declared_.size());
        });
    }

    /// As many as there are numbers free between the ones around them, of which the later one is stated.
    bool fills_gap(const Difference& part, std::size_t count) const {
        if (part.old_begin != part.old_end || part.old_end == declared_.size() || declared_[part.old_end].value.empty()) return false;
        const auto before = part.old_begin == 0 ? std::optional<std::int64_t>(-1) : values_[part.old_begin - 1];
        const auto after = values_[part.old_end];
        return before && after && !is_end(old_names_[part.old_end]) && *after - *before - 1 == static_cast<std::int64_t>(count);
    }

    void difference(const Difference& part) {
        std::vector<std::size_t> gone;
        std::vector<const MemberFact*> added;
        for (std::size_t j = part.new_begin; j < part.new_end; ++j) {
            if (!in_declaration_.contains(headings_[j]->name)) added.push_back(headings_[j]);
        }
        for (std::size_t i = part.old_begin; i < part.old_end; ++i) {
            if (!in_headings_.contains(old_names_[i])) gone.push_back(i);
        }
        const bool renamed = !added.empty() && gone.size() == added.size();
        std::size_t next = 0;
        for (std::size_t i = part.old_begin; i < part.old_end; ++i) {
            keep(i);
            if (!renamed || next == gone.size() || gone[next] != i) continue;
            DeclaredMember member = from_heading(*added[next++]);
            if (member.value.empty()) member.value = declared_[i].value;
            say(declared_[i].name + " is now " + member.name);
            // C counts it as the one that it replaces.
            joined_.back() = std::move(member);
        }
        if (renamed || added.empty()) return;
        const bool at_end = appended(part, added);
        const bool stated = std::any_of(added.begin(), added.end(), [](const MemberFact* h) { return !h->value.empty(); });
        const bool sure = at_end || (!stated && fills_gap(part, added.size()));
        for (const auto* heading : added) {
            if (sure || !heading->value.empty())
                add(*heading);
            else
                api_.aggregate.unvalued.push_back(heading->name);
        }
        shifts_ = shifts_ || at_end;
    }

    /// An enumerator of the declaration has the value that it has there, whatever is before it now. The limit counts the new ones, too.
    void hold_values() {
        for (std::size_t k = 0; k < joined_.size(); ++k) {
            const auto index = from_[k];
            if (!index) continue;
            auto& member = joined_[k];
            const bool follows = *index > 0 && k > 0 && from_[k - 1] == *index - 1;
            if (shifts_ && *index == end_ && is_limit(member.name)) {
                const bool counts = *index > 0 && values_[*index] && values_[*index - 1] && *values_[*index] == *values_[*index - 1] + 1;
                if (counts && !member.value.empty()) member.value.clear();
                if (counts) member.origin = Origin::inferred;
                continue;
            }
            if (!member.value.empty() || follows || k == 0) continue;
            if (values_[*index])
                member.value = std::to_string(*values_[*index]);
            else if (*index > 0)
                member.value = old_names_[*index - 1] + " + 1";
        }
    }

    Api& api_;
    const std::vector<DeclaredMember>& declared_;
    std::vector<std::optional<std::int64_t>> values_;  // as the declaration has them
    const std::vector<const MemberFact*>& headings_;
    std::vector<std::string> old_names_, new_names_;
    std::set<std::string> in_declaration_, in_headings_;
    std::size_t end_ = 0;  // of the declared ones, without limits
    Alignment alignment_;
    std::vector<DeclaredMember> joined_;
    std::vector<std::optional<std::size_t>> from_;  // of joined_: index of the declared one
    bool shifts_ = false;
    std::string what_;
};

void join_headings(Api& api, const std::vector<const MemberFact*>& headings, text::Diagnostics& diagnostics) {
    auto& members = api.declaration->value.members;
    for (auto& member : members) {
        const auto at = std::find_if(headings.begin(), headings.end(), [&](const MemberFact* h) { return h->name == member.name; });
        if (at != headings.end() && take_value(member, **at)) api.aggregate.stale = true;
    }
    std::string what;
    std::vector<DeclaredMember> joined = Join(api, headings).run(what);
    if (what.empty()) return;
    members = std::move(joined);
    api.aggregate.stale = true;
    report_stale(api, what, diagnostics);
}

/// Enumerators without a value in a sorted list that states others: they are known by name.
void drop_unplaced(Api& api) {
    auto& members = api.declaration->value.members;
    const bool stated = std::any_of(members.begin(), members.end(), [](const auto& m) { return !m.value.empty() && !is_end(m.name); });
    if (!stated || !is_sorted_list(members) || std::all_of(members.begin(), members.end(), [](const auto& m) { return !m.value.empty(); }))
        return;
    // A sorted list that counts from its first enumerator on may be the header's.
    const auto first = std::find_if(members.begin(), members.end(), [](const auto& m) { return !m.value.empty(); });
    if (first == members.begin() && !falls(members)) return;
    for (const auto& member : members) {
        if (member.value.empty()) api.aggregate.unvalued.push_back(member.name);
    }
    std::erase_if(members, [](const auto& m) { return m.value.empty(); });
}

}  // namespace

void resolve_enumeration(Api& api, text::Diagnostics& diagnostics) {
    const auto headings = named_enumerators(api.members);
    const bool declared = api.declaration && api.declaration->value.form == facts::DeclarationForm::enumeration;
    const bool by_headings = !declared || api.declaration->value.members.empty();
    if (by_headings) {
        if (headings.empty()) return;
        if (!declared) {
            facts::Declaration declaration;
            declaration.form = facts::DeclarationForm::enumeration;
            declaration.name = api.name;
            api.declaration = Fact<facts::Declaration>{std::move(declaration), {}};
        }
        api.declaration->cite = headings.front()->cite;
        api.declaration->cite.origin = Origin::heading;
        for (const auto* heading : headings) api.declaration->value.members.push_back(from_heading(*heading));
    } else if (!headings.empty()) {
        join_headings(api, headings, diagnostics);
    }
    auto& members = api.declaration->value.members;
    if (!members.empty() && members.back().value.empty() && forces_size(members.back().name)) {
        members.back().value = "0x7fffffff";
        members.back().origin = Origin::inferred;
    }
    drop_unplaced(api);
    const auto is_stated = [](const auto& m) { return !m.value.empty() && m.origin != Origin::inferred; };
    const bool stated = std::any_of(members.begin(), members.end(), is_stated);
    // C counts between values that are stated; before the first and after the last, headings may have left some out.
    const auto last = std::find_if(members.rbegin(), members.rend(), is_stated).base();
    const bool first_open = !members.empty() && members.front().origin != Origin::declaration && !is_stated(members.front());
    const bool last_open = std::any_of(last, members.end(), [](const auto& m) { return m.origin != Origin::declaration; });
    const bool bits = !stated && members.size() > 2 && suggests_bits(api.name);
    const bool open = std::any_of(members.begin(), members.end(), [](const auto& m) { return m.value.empty(); });
    api.aggregate.values_inferred = first_open || last_open || bits || (by_headings && open && falls(members));
    // Names in the order of the alphabet, flags, falling values: an order that is not the header's gives no values.
    api.aggregate.values_unknown = by_headings && open && (bits || (!stated && is_sorted_list(members)) || falls(members));
}

}  // namespace ddi::model
