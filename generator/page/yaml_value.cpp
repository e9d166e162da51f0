#include "generator/page/yaml_value.h"

#include <yaml-cpp/yaml.h>

namespace ddi::page {

bool is_plain_yaml(std::string_view value) {
    if (value.empty()) return true;
    if (std::string_view("-?:,[]{}#&*!|>'\"%@`~").find(value.front()) != std::string_view::npos) return false;
    if (value.back() == ':') return false;
    for (std::size_t i = 0; i + 1 < value.size(); ++i) {
        const char c = value[i], next = value[i + 1];
        if (c == '\t' || c == '\r') return false;
        if ((c == ':' && (next == ' ' || next == '\t')) || (c == ' ' && next == '#')) return false;
    }
    return true;
}

std::variant<YamlValues, YamlError> read_yaml_entry(const std::string& entry) try {
    // Extra documents, extra keys and values that lose their text (an anchor, a tag) pass yaml-cpp in silence.
    const std::vector<YAML::Node> documents = YAML::LoadAll(entry);
    if (documents.size() != 1 || !documents[0].IsMap() || documents[0].size() != 1) return YamlError{"a line without a key", 0, 0};
    const YAML::Node value = documents[0].begin()->second;
    if (value.IsNull()) return YamlValues{{""}, false};
    if (value.IsScalar()) return YamlValues{{value.Scalar()}, false};
    YamlValues out;
    out.is_list = true;
    if (!value.IsSequence()) return YamlError{"a mapping where a value is expected", 0, 0};
    for (const YAML::Node& item : value) {
        if (item.IsNull())
            out.values.emplace_back();
        else if (item.IsScalar())
            out.values.push_back(item.Scalar());
        else
            return YamlError{"a list item that is itself a collection", item.Mark().line, item.Mark().column};
    }
    return out;
} catch (const YAML::Exception& error) {
    return YamlError{error.msg, error.mark.line, error.mark.column};
}

}  // namespace ddi::page
