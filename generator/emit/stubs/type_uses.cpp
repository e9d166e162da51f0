#include "generator/emit/stubs/type_uses.h"

#include <algorithm>

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

/// "A handle to …", "The NDIS handle that …", "The network adapter object that …": framework objects are only ever seen as handles.
bool begins_as_handle(const std::vector<text::Block>& blocks) {
    if (blocks.empty()) return false;
    std::string_view text = blocks.front().text;
    text = text.substr(0, std::min<std::size_t>(text.find_first_of(".,;:"), 60));
    std::size_t at = std::min({text.find("handle"), text.find("Handle"), text.find("object")});
    if (at == std::string_view::npos) return false;
    auto before = text.substr(0, at);
    return before.find("ointer") == std::string_view::npos && std::count(before.begin(), before.end(), ' ') <= 6;
}

/// "HRIL hRil".
bool hungarian_handle(const std::string& type, const std::string& name) {
    return type.size() > 1 && type[0] == 'H' && type.find_first_of("* ") == std::string::npos && name.size() > 1 && name[0] == 'h' &&
           name[1] >= 'A' && name[1] <= 'Z';
}

TypeUse said(const std::vector<text::Block>& blocks, bool pointer) {
    TypeUse use;
    use.says_pointer = pointer || mentions_pointer(blocks);
    use.says_something = !blocks.empty() && !blocks.front().text.starts_with("Reserved");
    use.says_handle = begins_as_handle(blocks);
    return use;
}

void add(std::vector<TypeUse>& uses, const std::string& type, const TypeUse& said) {
    auto words = type_words(type);
    if (!words.valid) return;
    bool alone = words.uses.size() == 1;
    for (auto& word : words.uses) {
        TypeUse use = alone ? said : TypeUse{};
        use.name = std::move(word);
        use.keyword_union = type.find("union ") != std::string::npos;
        uses.push_back(std::move(use));
    }
}

void add_members(std::vector<TypeUse>& uses, const std::vector<facts::DeclaredMember>& members,
                 const std::vector<facts::MemberFact>& facts) {
    static const std::vector<text::Block> nothing;
    for (const auto& member : members) {
        auto fact = std::find_if(facts.begin(), facts.end(), [&](const auto& one) { return one.name == member.name; });
        if (member.aggregate.empty())
            add(uses, member.type, said(fact == facts.end() ? nothing : fact->text, hungarian_pointer(member.name)));
        if (member.aggregate != "enum") add_members(uses, member.members, facts);
    }
}

}  // namespace

std::vector<TypeUse> page_type_uses(const model::Model& model) {
    std::vector<TypeUse> uses;
    for (const auto& api : model.apis) {
        if (api.signature) {
            add(uses, api.signature->return_type, {});
            for (const auto& parameter : api.signature->parameters) {
                bool output = parameter.direction == facts::Direction::out || parameter.direction == facts::Direction::in_out;
                auto words = said(parameter.text, output || hungarian_pointer(parameter.name));
                if (hungarian_handle(parameter.type, parameter.name)) words.says_something = words.says_handle = true;
                add(uses, parameter.type, words);
            }
        }
        if (api.declaration && api.declaration->value.form != facts::DeclarationForm::enumeration)
            add_members(uses, api.declaration->value.members, api.members);
    }
    return uses;
}

std::vector<TypeUse> type_uses(const model::Type& type) {
    std::vector<TypeUse> uses;
    add(uses, type.definition, {});
    if (type.declaration && type.declaration->value.form != facts::DeclarationForm::enumeration)
        add_members(uses, type.declaration->value.members, {});
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
