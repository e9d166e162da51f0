#include "generator/page/data_file.h"

#include <yaml-cpp/yaml.h>

#include <set>

namespace ddi::page {

DataNode::DataNode() = default;
DataNode::DataNode(const DataNode&) = default;
DataNode::DataNode(DataNode&&) noexcept = default;
DataNode& DataNode::operator=(const DataNode&) = default;
DataNode& DataNode::operator=(DataNode&&) noexcept = default;
DataNode::~DataNode() = default;

namespace {

// Overlays are three levels deep. yaml-cpp has no limit, and an alias that refers to itself is an endless tree to it.
constexpr int max_depth = 16;

struct Misuse {
    YAML::Mark mark;
    std::string message;
};

text::Span span_of(const text::SourceText& source, const YAML::Mark& mark) {
    if (mark.is_null()) return {};
    auto at = source.line_begin(static_cast<std::uint32_t>(mark.line + 1)) + static_cast<std::uint32_t>(mark.column);
    return {at, at};
}

DataNode convert(const YAML::Node& node, const text::SourceText& source, int depth) {
    if (depth > max_depth) throw Misuse{node.Mark(), "nested too deeply"};
    DataNode data;
    data.span = span_of(source, node.Mark());
    if (node.IsScalar()) {
        data.kind = DataNode::Kind::scalar;
        data.scalar = node.Scalar();
    } else if (node.IsSequence()) {
        data.kind = DataNode::Kind::list;
        for (const auto& item : node) data.items.push_back(convert(item, source, depth + 1));
    } else if (node.IsMap()) {
        data.kind = DataNode::Kind::map;
        std::set<std::string> seen;
        for (const auto& entry : node) {
            // yaml-cpp 0.7 takes a repeated key in silence; a reviewed fact must not be lost that way.
            std::string key = entry.first.Scalar();
            if (!seen.insert(key).second) throw Misuse{entry.first.Mark(), "the key \"" + key + "\" stands twice"};
            data.entries.emplace_back(key, convert(entry.second, source, depth + 1));
        }
    }
    return data;
}

}  // namespace

const DataNode* DataNode::find(const std::string& key) const {
    for (const auto& [name, node] : entries) {
        if (name == key) return &node;
    }
    return nullptr;
}

std::string DataNode::text(const std::string& key) const {
    const DataNode* node = find(key);
    return node == nullptr ? std::string() : node->scalar;
}

std::vector<std::string> DataNode::texts(const std::string& key) const {
    std::vector<std::string> texts;
    const DataNode* node = find(key);
    if (node == nullptr) return texts;
    if (node->kind == Kind::scalar) texts.push_back(node->scalar);
    for (const auto& item : node->items) texts.push_back(item.scalar);
    return texts;
}

DataNode read_data_file(const text::SourcePtr& source, text::Diagnostics& diagnostics) {
    auto report = [&](const YAML::Mark& mark, const std::string& message) {
        diagnostics.push_back({"overlay-not-yaml", text::Severity::error, source, span_of(*source, mark), message, {}});
        return DataNode{};
    };
    try {
        std::string bytes(source->bytes());
        return convert(YAML::Load(bytes), *source, 0);
    } catch (const YAML::Exception& error) {
        return report(error.mark, error.msg);
    } catch (const Misuse& misuse) {
        return report(misuse.mark, misuse.message);
    }
}

}  // namespace ddi::page
