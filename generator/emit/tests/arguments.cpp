#include "generator/emit/tests/arguments.h"

#include <algorithm>
#include <cctype>

#include "generator/emit/wrappers/conditions.h"
#include "generator/text/escape.h"

namespace ddi::emit::tests {

namespace {

using facts::Comparison;

bool about_argument(const Comparison& comparison) {
    return comparison.subject == Comparison::Subject::parameter || comparison.subject == Comparison::Subject::pointee;
}

bool is_number(const std::string& text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c); });
}

/// The numbers and names that comparisons tell apart, and one that is none of them.
std::vector<std::string> scalar_values(const std::vector<const Comparison*>& comparisons, const wrappers::CType& type,
                                       const wrappers::TypeTable& types) {
    std::vector<std::string> values;
    auto add = [&](const std::string& value) {
        if (std::find(values.begin(), values.end(), value) == values.end()) values.push_back(value);
    };
    bool enumeration = false;
    for (const Comparison* comparison : comparisons) enumeration = enumeration || types.is_enumerator(comparison->value);
    if (!enumeration) add("0");
    for (const Comparison* comparison : comparisons) {
        const std::string& value = comparison->value;
        if (!wrappers::value_expression(value, type, types)) continue;
        if (is_number(value) && (comparison->op == ">" || comparison->op == "<=" || value == "0"))
            add(std::to_string(std::stoul(value) + 1));
        // More than a constant.
        if (!is_number(value) && comparison->op == ">") add(value + " + 1");
        if (value != "0") add(value);
    }
    return values.size() > 1 || enumeration ? values : std::vector<std::string>{};
}

bool compare_numbers(const std::string& left, const std::string& op, const std::string& right) {
    if (op == "&") return left == right;
    if (op == "==") return left == right;
    if (op == "!=") return left != right;
    if (left == right + " + 1") return op == ">" || op == ">=";
    if (left == "0" && !is_number(right)) return op == "<" || op == "<=";
    if (!is_number(left) || !is_number(right)) return false;
    auto a = std::stoul(left), b = std::stoul(right);
    return op == "<" ? a < b : op == "<=" ? a <= b : op == ">" ? a > b : op == ">=" && a >= b;
}

/// The page allows the number whatever the other arguments are.
bool is_legal(const std::string& number, const std::string& parameter, const model::Api& api) {
    return std::all_of(api.rules.begin(), api.rules.end(), [&](const model::Rule& rule) {
        const auto* asked = std::get_if<facts::clause::ArgumentValue>(&rule.clause.content);
        if (asked == nullptr || asked->parameter != parameter || asked->values.size() != 1 || !rule.clause.when.unconditional())
            return true;
        bool bound = asked->op == "<" || asked->op == "<=" || asked->op == ">" || asked->op == ">=" || asked->op == "!=";
        return !bound || !is_number(number) || !is_number(asked->values.front()) ||
               compare_numbers(number, asked->op, asked->values.front());
    });
}

std::vector<std::string> values_of(const model::Parameter& parameter, const model::Api& api, const wrappers::TypeTable& types) {
    std::vector<const Comparison*> comparisons;
    bool pointee = false;
    for (const auto& rule : api.rules) {
        for (const auto& comparison : rule.clause.when.all) {
            if (!about_argument(comparison) || comparison.name != parameter.name) continue;
            // Levels as arguments are chosen by the suite, which knows what was saved.
            if (facts::level_from_name(comparison.value)) continue;
            comparisons.push_back(&comparison);
            pointee = pointee || comparison.subject == Comparison::Subject::pointee;
        }
    }
    if (comparisons.empty() || !parameter.array.empty()) return {};
    auto type = types.of(parameter.type);
    if (wrappers::is_boolean(type)) return {"FALSE", "TRUE"};
    if (type.depth > 0 && pointee) return {"NULL", "zero", "other"};
    if (type.depth > 0) return parameter.optional ? std::vector<std::string>{"NULL", "other"} : std::vector<std::string>{"other", "NULL"};
    if (types.is_structure(type.base)) return {};
    auto values = scalar_values(comparisons, type, types);
    if (std::any_of(values.begin(), values.end(), [&](const auto& value) { return is_legal(value, parameter.name, api); }))
        std::erase_if(values, [&](const auto& value) { return !is_legal(value, parameter.name, api); });
    return values;
}

bool is_word(const std::string& word) { return word == "NULL" || word == "zero" || word == "other" || word == "TRUE" || word == "FALSE"; }

bool compare(const Comparison& comparison, const std::string& word) {
    if (!is_word(word)) return compare_numbers(word, comparison.op, comparison.value);
    std::string value = comparison.value == "NULL" || comparison.value == "TRUE" || comparison.value == "FALSE" ? comparison.value : "";
    bool equal = false;
    if (comparison.subject == Comparison::Subject::pointee) {
        if (word == "NULL" || comparison.value != "0") return false;
        // The other value is a relative time, so it is negative.
        if (comparison.op == "<") return word == "other";
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
        if (parameter == broken || (word != "FALSE" && word != "NULL" && word != "0"))
            tag += "_" + parameter + "_" + text::to_identifier(word);
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
