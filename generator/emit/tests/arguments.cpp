#include "generator/emit/tests/arguments.h"

#include <algorithm>

namespace ddi::emit::tests {

namespace {

using facts::Comparison;

bool about_argument(const Comparison& comparison) {
    return comparison.subject == Comparison::Subject::parameter || comparison.subject == Comparison::Subject::pointee;
}

std::vector<std::string> values_of(const model::Parameter& parameter, const model::Api& api, const wrappers::TypeTable& types) {
    bool compared = false, pointee = false;
    for (const auto& rule : api.rules) {
        for (const auto& comparison : rule.clause.when.all) {
            if (!about_argument(comparison) || comparison.name != parameter.name) continue;
            // Levels as arguments are chosen by the suite, which knows what was saved.
            if (facts::level_from_name(comparison.value)) continue;
            compared = true;
            pointee = pointee || comparison.subject == Comparison::Subject::pointee;
        }
    }
    if (!compared) return {};
    auto type = types.of(parameter.type);
    if (wrappers::is_boolean(type)) return {"FALSE", "TRUE"};
    if (type.depth > 0) return pointee ? std::vector<std::string>{"NULL", "zero", "other"} : std::vector<std::string>{"NULL", "other"};
    return {};
}

bool compare(const Comparison& comparison, const std::string& word) {
    std::string value = comparison.value == "NULL" || comparison.value == "TRUE" || comparison.value == "FALSE" ? comparison.value : "";
    bool equal = false;
    if (comparison.subject == Comparison::Subject::pointee) {
        if (word == "NULL" || comparison.value != "0") return false;
        equal = word == "zero";
    } else if (word == "TRUE" || word == "FALSE") {
        equal = value.empty() ? (comparison.value == "0") == (word == "FALSE") : value == word;
    } else {
        if (value != "NULL" && comparison.value != "0") return false;
        equal = word == "NULL";
    }
    if (comparison.op == "==") return equal;
    if (comparison.op == "!=") return !equal;
    return false;
}

}  // namespace

std::string Arguments::tag() const {
    std::string tag;
    for (const auto& [parameter, word] : values) {
        if (word != "FALSE" && word != "NULL") tag += "_" + parameter + "_" + word;
    }
    return tag;
}

std::vector<Arguments> argument_choices(const model::Api& api, const wrappers::TypeTable& types) {
    std::vector<Arguments> choices(1);
    if (!api.signature) return choices;
    for (const auto& parameter : api.signature->parameters) {
        auto values = values_of(parameter, api, types);
        if (values.empty() || choices.size() > 64) continue;
        std::vector<Arguments> longer;
        for (const auto& value : values) {
            for (Arguments choice : choices) {
                choice.values[parameter.name] = value;
                longer.push_back(std::move(choice));
            }
        }
        choices = std::move(longer);
    }
    return choices;
}

bool holds(const facts::Condition& condition, const Arguments& arguments) {
    return std::all_of(condition.all.begin(), condition.all.end(), [&](const Comparison& comparison) {
        if (!about_argument(comparison)) return true;
        auto found = arguments.values.find(comparison.name);
        return found == arguments.values.end() || compare(comparison, found->second);
    });
}

}  // namespace ddi::emit::tests
