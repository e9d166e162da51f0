// A YAML data file (an overlay) → plain nodes with places. Keeps yaml-cpp inside this room.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "generator/text/diagnostic.h"
#include "generator/text/source_text.h"

namespace ddi::page {

struct DataNode {
    // Out of line: a pair of a type that is not complete yet must not be built or destroyed inside that type.
    DataNode();
    DataNode(const DataNode&);
    DataNode(DataNode&&) noexcept;
    DataNode& operator=(const DataNode&);
    DataNode& operator=(DataNode&&) noexcept;
    ~DataNode();

    enum class Kind { null, scalar, list, map } kind = Kind::null;
    std::string scalar;
    std::vector<DataNode> items;                            // list
    std::vector<std::pair<std::string, DataNode>> entries;  // map, in file order
    text::Span span;                                        // where the node begins (a point)

    const DataNode* find(const std::string& key) const;
    /// The scalar below a key, or empty.
    std::string text(const std::string& key) const;
    /// The scalars below a key: a list, or one scalar.
    std::vector<std::string> texts(const std::string& key) const;
};

/// Parses one document. What is not YAML, uses aliases, or repeats a key is a diagnostic ("overlay-not-yaml", error) and gives a null node.
DataNode read_data_file(const text::SourcePtr& source, text::Diagnostics& diagnostics);

}  // namespace ddi::page
