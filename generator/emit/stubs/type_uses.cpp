#include "generator/emit/stubs/type_uses.h"

namespace ddi::emit::stubs {

namespace {

bool mentions_pointer(const std::vector<text::Block>& blocks) {
    if (blocks.empty()) return false;
    std::string_view text = blocks.front().text;
    text = text.substr(0, 60);
    return text.find("ointer to") != std::string_view::npos || text.find("ointer that") != std::string_view::npos ||
           text.find("oints to") != std::string_view::npos || text.find("ddress of") != std::string_view::npos;
}

bool hungarian_pointer(const std::string& name) { return name.size() > 1 && name[0] == 'p' && name[1] >= 'A' && name[1] <= 'Z'; }

void add(std::vector<TypeUse>& uses, const std::string& type, bool says_pointer) {
    auto words = type_words(type);
    if (!words.valid) return;
    bool is_union = type.find("union ") != std::string::npos;
    for (auto& use : words.uses) uses.push_back({std::move(use), says_pointer, is_union});
}

void add_members(std::vector<TypeUse>& uses, const std::vector<facts::DeclaredMember>& members) {
    for (const auto& member : members) {
        if (member.aggregate.empty()) add(uses, member.type, hungarian_pointer(member.name));
        if (member.aggregate != "enum") add_members(uses, member.members);
    }
}

}  // namespace

std::vector<TypeUse> page_type_uses(const model::Model& model) {
    std::vector<TypeUse> uses;
    for (const auto& api : model.apis) {
        if (api.signature) {
            add(uses, api.signature->return_type, false);
            for (const auto& parameter : api.signature->parameters) {
                bool output = parameter.direction == facts::Direction::out || parameter.direction == facts::Direction::in_out;
                add(uses, parameter.type, output || hungarian_pointer(parameter.name) || mentions_pointer(parameter.text));
            }
        }
        if (api.declaration && api.declaration->value.form != facts::DeclarationForm::enumeration)
            add_members(uses, api.declaration->value.members);
    }
    return uses;
}

std::vector<TypeUse> type_uses(const model::Type& type) {
    std::vector<TypeUse> uses;
    add(uses, type.definition, false);
    if (type.declaration && type.declaration->value.form != facts::DeclarationForm::enumeration)
        add_members(uses, type.declaration->value.members);
    return uses;
}

std::vector<TypeUse> all_type_uses(const model::Model& model) {
    auto uses = page_type_uses(model);
    for (const auto& type : model.types) {
        for (auto& use : type_uses(type)) uses.push_back(std::move(use));
    }
    return uses;
}

}  // namespace ddi::emit::stubs
