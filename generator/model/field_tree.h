// The -field headings of a structure's page ("u", "u.Port.Length", "DUMMYUNIONNAME.Flags") → the fields as a tree.
#pragma once

#include <string>
#include <vector>

#include "generator/model/model.h"

namespace ddi::model {

struct FieldNode {
    std::string name;
    const facts::MemberFact* heading = nullptr;  // null: only fields inside it have headings
    std::vector<FieldNode> fields;
};

/// "DUMMYUNIONNAME", "DUMMYSTRUCTNAME2", "__unnamed0": names that stand for a member without one.
bool is_placeholder_name(const std::string& name);
/// A path may start with one of the structure's own names ("_X.Size" in _X), which says nothing. Headings that are no path of
/// identifiers are left out, second headings of one path too.
std::vector<FieldNode> field_tree(const Api& api);

/// "struct" or "union": by the placeholder's name or by the words of the text ("A union that contains …"); empty: not said.
std::string aggregate_kind(const FieldNode& node);

}  // namespace ddi::model
