#include <algorithm>
#include <set>
#include <tuple>

#include "generator/facts/words.h"
#include "generator/model/aggregate.h"
#include "generator/model/alignment.h"
#include "generator/model/field_tree.h"
#include "generator/page/raw_field_names.h"

namespace ddi::model {

namespace {

using facts::DeclaredMember;
using facts::MemberFact;

bool is_reserved(const std::string& name) {
    const std::string lower = facts::to_lower(name);
    return lower.find("reserved") != std::string::npos || lower.find("rsvd") != std::string::npos;
}

std::size_t decimal(const std::string& text) {
    if (text.empty() || text.size() > 4 || !std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) return 0;
    return static_cast<std::size_t>(std::stoul(text));
}

/// "[3]" → 3; no plain bound: 0.
std::size_t bound(const std::string& array) {
    return array.size() > 2 && array.find(']') == array.size() - 1 ? decimal(array.substr(1, array.size() - 2)) : 0;
}

/// A field as its text has it: with a type where that is stated, with fields of its own where it has headings for them.
DeclaredMember described(const FieldNode& node, const std::string& prefix, std::vector<std::string>& untyped) {
    DeclaredMember member;
    member.origin = Origin::inferred;
    if (!is_placeholder_name(node.name)) member.name = node.name;
    if (node.heading != nullptr) {
        member.type = node.heading->type;
        member.array = node.heading->array;
    }
    if (member.type.empty() && !node.fields.empty()) {
        member.aggregate = aggregate_kind(node);
        for (const auto& field : node.fields) member.members.push_back(described(field, prefix + node.name + ".", untyped));
    }
    if (member.type.empty() && member.aggregate.empty()) {
        member.members.clear();
        untyped.push_back(prefix + node.name);
    }
    return member;
}

/// A declared field that code can name at this level: of the structure itself or of a member without a name in it.
struct Item {
    std::vector<DeclaredMember>* owner = nullptr;
    std::size_t index = 0;
    std::size_t top = 0;    // index of the member of the level that it stands in
    std::size_t depth = 0;  // 0: it stands in the level itself
    DeclaredMember& member() const { return (*owner)[index]; }
};

void collect(std::vector<DeclaredMember>& owner, std::size_t depth, std::size_t top, std::vector<Item>& items) {
    for (std::size_t i = 0; i < owner.size(); ++i) {
        const std::size_t in = depth == 0 ? i : top;
        DeclaredMember& member = owner[i];
        if (!member.aggregate.empty() && (member.name.empty() || is_placeholder_name(member.name)))
            collect(member.members, depth + 1, in, items);
        else
            items.push_back({&owner, i, in, depth});
    }
}

struct Heading {
    const FieldNode* node = nullptr;
    bool inside = false;  // a placeholder's field: of a member without a name
};

/// A name that the declaration does not have before fields that it has: a tag, or a name made up for a member without one.
bool stands_for_nothing(const FieldNode& node, const std::set<std::string>& declared) {
    if (node.fields.empty()) return false;
    if (is_placeholder_name(node.name)) return true;
    return !declared.contains(node.name) &&
           std::any_of(node.fields.begin(), node.fields.end(), [&](const FieldNode& field) { return declared.contains(field.name); });
}

void collect(const std::vector<FieldNode>& nodes, bool inside, const std::set<std::string>& declared, std::vector<Heading>& headings) {
    for (const auto& node : nodes) {
        if (stands_for_nothing(node, declared))
            collect(node.fields, true, declared, headings);
        else
            headings.push_back({&node, inside});
    }
}

void collect_names(const std::vector<DeclaredMember>& members, std::set<std::string>& names) {
    for (const auto& member : members) {
        names.insert(member.name);
        if (!member.aggregate.empty()) names.insert(member.type);
        collect_names(member.members, names);
    }
}

/// What is to be put where once all of a level is compared.
struct Insertion {
    std::vector<DeclaredMember>* owner = nullptr;
    std::size_t before = 0;
    std::vector<DeclaredMember> members;
    std::size_t replaces = 0;  // members from `before` on
    std::size_t depth = 0;
};

/// "_TAG.A", "_TAG.B" for members of a union that has others, too: the declaration has lost the structure around A and B.
void wrap_lost_structure(std::vector<DeclaredMember>& members, bool is_union, const std::vector<FieldNode>& nodes) {
    for (auto& member : members) {
        if (member.name.empty() && !member.aggregate.empty()) wrap_lost_structure(member.members, member.aggregate == "union", nodes);
    }
    if (!is_union) return;
    for (const auto& node : nodes) {
        const std::size_t count = node.fields.size();
        if (!node.name.starts_with("_") || count < 2 || count >= members.size()) continue;
        const auto begin =
            std::find_if(members.begin(), members.end(), [&](const DeclaredMember& m) { return m.name == node.fields.front().name; });
        if (static_cast<std::size_t>(members.end() - begin) < count) continue;
        const auto end = begin + static_cast<std::ptrdiff_t>(count);
        if (!std::equal(begin, end, node.fields.begin(), [](const DeclaredMember& m, const FieldNode& f) { return m.name == f.name; }))
            continue;
        DeclaredMember structure;
        structure.aggregate = "struct";
        structure.origin = Origin::inferred;
        structure.members.assign(begin, end);
        members.insert(members.erase(begin, end), std::move(structure));
    }
}

class Join {
  public:
    Join(Api& api, std::set<std::string> names, std::set<std::string> stood)
        : api_(api), names_(std::move(names)), stood_(std::move(stood)) {}

    void level(std::vector<DeclaredMember>& members, const std::vector<FieldNode>& nodes, const std::string& prefix);
    const std::string& what() const { return what_; }

  private:
    void difference(const Difference& part, std::vector<DeclaredMember>& level, const std::vector<Item>& items,
                    const std::vector<Heading>& headings, const std::string& prefix, std::vector<Insertion>& insertions);
    bool split_reserved(const Item& gone, const std::vector<const Heading*>& added, std::vector<Insertion>& insertions);
    bool new_bits(const Item& next, const std::vector<const Heading*>& added, std::vector<Insertion>& insertions);
    void say(const std::string& text) { what_ += (what_.empty() ? "" : ", ") + text; }

    Api& api_;
    std::set<std::string> names_;  // everywhere in the declaration
    std::set<std::string> stood_;  // headings of the page that had the declaration
    std::string what_;
};

DeclaredMember bit(const FieldNode& node, const std::string& type, std::size_t width) {
    DeclaredMember member;
    member.name = node.name;
    member.type = type;
    member.bits = std::to_string(width);
    member.origin = Origin::inferred;
    return member;
}

/// "ULONG Reserved[3]" of then is three fields now; "Reserved : 30" has given bits to new flags.
bool Join::split_reserved(const Item& gone, const std::vector<const Heading*>& added, std::vector<Insertion>& insertions) {
    const DeclaredMember& old = gone.member();
    if (!is_reserved(old.name) || !old.aggregate.empty()) return false;
    Insertion insertion{gone.owner, gone.index, {}, 1, gone.depth};
    if (const std::size_t width = decimal(old.bits); width > 0) {
        if (!is_reserved(added.back()->node->name) || width < added.size()) return false;
        for (const auto* heading : added) {
            const bool last = heading == added.back();
            insertion.members.push_back(bit(*heading->node, old.type, last ? width - added.size() + 1 : 1));
        }
    } else if (bound(old.array) == added.size()) {
        for (const auto* heading : added) {
            DeclaredMember member = old;
            member.name = heading->node->name;
            member.array.clear();
            member.origin = Origin::inferred;
            insertion.members.push_back(std::move(member));
        }
    } else {
        return false;
    }
    insertions.push_back(std::move(insertion));
    return true;
}

/// New flags stand before the reserved bits, which become fewer by as many: the whole keeps its size.
bool Join::new_bits(const Item& next, const std::vector<const Heading*>& added, std::vector<Insertion>& insertions) {
    DeclaredMember& reserved = next.member();
    const std::size_t width = decimal(reserved.bits);
    if (!is_reserved(reserved.name) || width <= added.size()) return false;
    Insertion insertion{next.owner, next.index, {}, 0, next.depth};
    for (const auto* heading : added) insertion.members.push_back(bit(*heading->node, reserved.type, 1));
    reserved.bits = std::to_string(width - added.size());
    reserved.origin = Origin::inferred;
    insertions.push_back(std::move(insertion));
    return true;
}

void Join::difference(const Difference& part, std::vector<DeclaredMember>& level, const std::vector<Item>& items,
                      const std::vector<Heading>& headings, const std::string& prefix, std::vector<Insertion>& insertions) {
    std::vector<const Heading*> added;
    std::set<std::string> today;
    for (const auto& heading : headings) today.insert(heading.node->name);
    for (std::size_t j = part.new_begin; j < part.new_end; ++j) {
        if (!names_.contains(headings[j].node->name)) added.push_back(&headings[j]);
    }
    std::vector<Item> gone;
    for (std::size_t i = part.old_begin; i < part.old_end; ++i) {
        if (!today.contains(items[i].member().name)) gone.push_back(items[i]);
    }
    const Item* before = part.old_begin > 0 ? &items[part.old_begin - 1] : nullptr;
    const Item* after = part.old_end < items.size() ? &items[part.old_end] : nullptr;
    const bool between_bits = before != nullptr && after != nullptr && before->owner == after->owner && !before->member().bits.empty();
    // Headings that the declaration's own page had are only flags that the declaration forgot; other new fields it would have had.
    const bool stood = std::any_of(added.begin(), added.end(), [&](const Heading* h) { return stood_.contains(h->node->name); });
    if (stood && gone.empty() && between_bits && new_bits(*after, added, insertions)) {
        for (const auto* heading : added) say(heading->node->name + " is new");
        return;
    }
    std::erase_if(added, [&](const Heading* h) {
        const std::string& name = h->node->name;
        if (!stood_.contains(name)) return false;
        if (gone.empty() && !name.starts_with("_")) api_.aggregate.undeclared.push_back(prefix + name);
        return true;
    });
    if (added.empty()) return;
    if (gone.size() == added.size()) {
        for (std::size_t k = 0; k < gone.size(); ++k) {
            say(gone[k].member().name + " is now " + added[k]->node->name);
            gone[k].member().name = added[k]->node->name;
            gone[k].member().origin = Origin::heading;
        }
        return;
    }
    for (const auto* heading : added) say(heading->node->name + " is new");
    if (gone.size() == 1 && split_reserved(gone.front(), added, insertions)) return;
    if (gone.empty() && after != nullptr && new_bits(*after, added, insertions)) return;
    // Among bit fields nothing says how wide a new one is.
    const bool among_bits = gone.empty() && between_bits && !after->member().bits.empty();
    Insertion insertion;
    const bool same_owner = before != nullptr && after != nullptr && before->owner == after->owner;
    const bool inside = added.front()->inside;
    if (same_owner || (inside && before != nullptr && before->depth > 0)) {
        insertion.owner = before->owner;
        insertion.before = before->index + 1;
        insertion.depth = before->depth;
    } else if (inside && after != nullptr && after->depth > 0) {
        insertion.owner = after->owner;
        insertion.before = after->index;
        insertion.depth = after->depth;
    } else {
        insertion.owner = &level;
        insertion.before = before != nullptr ? before->top + 1 : 0;
    }
    for (const auto* heading : added) {
        DeclaredMember member = described(*heading->node, prefix, api_.aggregate.untyped);
        // Two fields in the place of three others: which is which, nobody says.
        if ((!gone.empty() || among_bits) && !member.type.empty()) {
            api_.aggregate.untyped.push_back(prefix + heading->node->name);
            member.type.clear();
        }
        insertion.members.push_back(std::move(member));
    }
    insertions.push_back(std::move(insertion));
}

void Join::level(std::vector<DeclaredMember>& members, const std::vector<FieldNode>& nodes, const std::string& prefix) {
    std::vector<Item> items;
    collect(members, 0, 0, items);
    std::vector<Heading> headings;
    collect(nodes, false, names_, headings);
    std::vector<std::string> old_names, new_names;
    for (const auto& item : items) old_names.push_back(item.member().name);
    for (const auto& heading : headings) new_names.push_back(heading.node->name);
    const Alignment alignment = align(old_names, new_names);
    for (const auto& [i, j] : alignment.same) {
        DeclaredMember& member = items[i].member();
        if (!member.aggregate.empty() && !headings[j].node->fields.empty())
            this->level(member.members, headings[j].node->fields, prefix + member.name + ".");
    }
    std::vector<Insertion> insertions;
    for (const auto& part : alignment.differences) difference(part, members, items, headings, prefix, insertions);
    // From the back, and the lists inside others first, so that places stay what they are.
    std::stable_sort(insertions.begin(), insertions.end(),
                     [](const Insertion& a, const Insertion& b) { return std::tie(b.depth, b.before) < std::tie(a.depth, a.before); });
    for (auto& insertion : insertions) {
        auto place = insertion.owner->begin() + static_cast<std::ptrdiff_t>(insertion.before);
        place = insertion.owner->erase(place, place + static_cast<std::ptrdiff_t>(insertion.replaces));
        insertion.owner->insert(place, insertion.members.begin(), insertion.members.end());
    }
}

bool has_members(const facts::Declaration& declaration) {
    return (declaration.form == facts::DeclarationForm::structure || declaration.form == facts::DeclarationForm::union_) &&
           !declaration.members.empty();
}

}  // namespace

void resolve_structure(Api& api, text::Diagnostics& diagnostics) {
    const std::vector<FieldNode> nodes = field_tree(api);
    if (nodes.empty()) return;
    if (api.declaration && has_members(api.declaration->value)) {
        std::set<std::string> names;
        collect_names(api.declaration->value.members, names);
        // A heading that stood beside the declaration then is no field that came later: conversions left names of unions and types there.
        const facts::Cite& cite = api.declaration->cite;
        std::set<std::string> stood;
        if (cite.origin == Origin::history && cite.source) stood = page::read_raw_field_names(cite.source->bytes());
        wrap_lost_structure(api.declaration->value.members, api.declaration->value.form == facts::DeclarationForm::union_, nodes);
        Join join(api, std::move(names), std::move(stood));
        join.level(api.declaration->value.members, nodes, {});
        if (join.what().empty()) return;
        api.aggregate.stale = true;
        report_stale(api, join.what(), diagnostics);
        return;
    }
    if (!api.declaration) {
        facts::Declaration declaration;
        declaration.form = facts::DeclarationForm::structure;
        declaration.name = api.name;
        api.declaration = Fact<facts::Declaration>{std::move(declaration), {}};
    }
    api.declaration->cite = api.members.front().cite;
    api.declaration->cite.origin = Origin::inferred;
    for (const auto& node : nodes) api.declaration->value.members.push_back(described(node, {}, api.aggregate.untyped));
}

}  // namespace ddi::model
