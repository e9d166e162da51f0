#include "generator/emit/stubs/constants.h"

#include "generator/emit/stubs/c_tokens.h"
#include "generator/emit/stubs/enumerators.h"
#include "generator/emit/stubs/header_name.h"
#include "generator/text/escape.h"

namespace ddi::emit::stubs {

bool is_plain_expression(std::string_view text) {
    int depth = 0;
    bool something = false;
    for (const auto& token : c_tokens(text)) {
        if (token.text == "(") {
            ++depth;
        } else if (token.text == ")") {
            if (--depth < 0) return false;
        } else if (token.kind == TokenKind::other || std::string_view("{};=[].:!/").find(token.text[0]) != std::string_view::npos) {
            return false;
        } else {
            something = something || token.kind != TokenKind::mark;
        }
    }
    return something && depth == 0 && text.find_first_of("\n\\") == std::string_view::npos;
}

Constants::Constants(const model::Model& model, const std::function<bool(const std::string&)>& is_other) {
    for (const auto& constant : model.constants) {
        std::string header = header_file(constant.header);
        bool writable = is_identifier(constant.name) && text::to_identifier(constant.name) == constant.name && !header.empty() &&
                        is_plain_expression(constant.value) && !is_other(constant.name);
        if (writable && by_name_.emplace(constant.name, &constant).second) by_header_[header].push_back(&constant);
    }
}

const model::Constant* Constants::find(std::string_view name) const {
    auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : found->second;
}

std::optional<std::int64_t> Constants::value_of(std::string_view name, int depth) const {
    const auto* constant = find(name);
    if (constant == nullptr || depth > 8) return std::nullopt;
    return constant_value(constant->value, [&](std::string_view inner) { return value_of(inner, depth + 1); });
}

const std::vector<const model::Constant*>& Constants::of(const std::string& header) const {
    static const std::vector<const model::Constant*> none;
    auto found = by_header_.find(header);
    return found == by_header_.end() ? none : found->second;
}

}  // namespace ddi::emit::stubs
