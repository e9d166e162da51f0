// One entry of the front matter, as YAML → its values. The only place that knows yaml-cpp.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace ddi::page {

struct YamlValues {
    std::vector<std::string> values;
    bool is_list = false;
};
/// Where and why an entry is not YAML; line and column are zero-based, in the entry's text.
struct YamlError {
    std::string message;
    int line = 0;
    int column = 0;
};

/// True if a plain scalar on one line means itself in YAML: nothing in it is syntax. `value` has no blanks at its ends.
bool is_plain_yaml(std::string_view value);

/// Reads `key: …` with all its lines. Nested collections are errors: no page means one, and an alias may contain itself.
std::variant<YamlValues, YamlError> read_yaml_entry(const std::string& entry);

}  // namespace ddi::page
