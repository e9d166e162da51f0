#include "generator/model/sample_calls.h"

#include <algorithm>

#include "generator/facts/declaration_tokens.h"
#include "generator/facts/declaration_words.h"
#include "generator/facts/words.h"

namespace ddi::model {

namespace {

using facts::decl::Token;
using facts::decl::TokenKind;
using facts::decl::Tokens;

using Variables = std::map<std::string_view, std::string>;

bool is_type_word(std::string_view word) {
    if (word.size() < 3 || facts::decl::is_qualifier(word) || facts::decl::is_annotation(word) || facts::decl::is_linkage(word))
        return false;
    if (word == "NULL" || word == "TRUE" || word == "FALSE") return false;
    // Capitals, or an interface's name.
    return facts::decl::looks_like_type(word) || (word[0] == 'I' && word[1] >= 'A' && word[1] <= 'Z' && word[2] >= 'a' && word[2] <= 'z');
}

bool ends_variable(const Token& token) {
    return token.is(";") || token.is("=") || token.is(",") || token.is(")") || token.is("[") || token.is("{");
}

/// "TYPE name;", "TYPE *name =", "ComPtr<TYPE> name;" anywhere in the block.
Variables variables_of(Tokens tokens, std::map<std::string, std::size_t, std::less<>>& words) {
    Variables variables;
    auto declare = [&](std::string_view name, std::string type) {
        auto [place, inserted] = variables.try_emplace(name, type);
        if (!inserted && place->second != type) place->second.clear();  // two of one name: nothing is known
    };
    for (std::size_t i = 0; i + 2 < tokens.size(); ++i) {
        if (!tokens[i].is_word()) continue;
        bool smart = tokens[i].text.ends_with("ComPtr") || tokens[i].text.ends_with("CComPtr");
        if (smart && tokens[i + 1].is("<") && i + 4 < tokens.size() && tokens[i + 2].is_word() && tokens[i + 3].is(">") &&
            tokens[i + 4].is_word()) {
            declare(tokens[i + 4].text, std::string(tokens[i + 2].text) + " *");
            continue;
        }
        if (!is_type_word(tokens[i].text)) continue;
        std::size_t at = i + 1;
        std::string stars;
        while (at < tokens.size() && tokens[at].is("*")) stars += '*', ++at;
        if (at + 1 >= tokens.size() || !tokens[at].is_word() || !ends_variable(tokens[at + 1])) continue;
        if (facts::decl::is_annotation(tokens[at].text) || facts::decl::is_calling_convention(tokens[at].text)) continue;
        // "a, TYPE * b" as an expression is rare: a declaration follows a statement's end, a bracket, or another declaration.
        if (stars.empty()) ++words[std::string(tokens[i].text)];
        std::string type(tokens[i].text);
        if (tokens[at + 1].is("[")) stars += '*';
        if (!stars.empty()) type += " " + stars;
        declare(tokens[at].text, std::move(type));
    }
    return variables;
}

std::string add_star(std::string type) {
    if (type.empty()) return type;
    type += type.back() == '*' ? "*" : " *";
    return type;
}

std::string argument_type(Tokens argument, const Variables& variables) {
    bool address = !argument.empty() && argument[0].is("&");
    if (address) argument = argument.subspan(1);
    if (argument.empty() || !argument[0].is_word()) return {};
    auto found = variables.find(argument[0].text);
    if (found == variables.end() || found->second.empty()) return {};
    if (argument.size() == 1) return address ? add_star(found->second) : found->second;
    bool get = argument.size() == 5 && argument[1].is(".") && argument[2].is("Get") && argument[3].is("(");
    return get && !address ? found->second : std::string();
}

}  // namespace

void SampleCalls::add(const std::vector<text::Section>& sections, std::string_view page_routine) {
    std::string own = facts::to_lower(page_routine);
    std::size_t dot = own.rfind('.');
    std::string own_method = dot == std::string::npos ? std::string() : own.substr(dot + 1);
    for (const auto& section : sections) {
        for (const auto& block : section.blocks) {
            if (block.kind != text::BlockKind::code) continue;
            auto lexed = facts::decl::lex(block.text);
            Tokens tokens = lexed.tokens;
            auto variables = variables_of(tokens, type_words_);
            for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
                if (!tokens[i].is_word() || !tokens[i + 1].is("(") || tokens[i + 1].match == 0) continue;
                std::string name = facts::to_lower(tokens[i].text);
                if (i > 1 && (tokens[i - 1].is("->") || tokens[i - 1].is("."))) {
                    // The receiver's type is the interface.
                    auto receiver = variables.find(tokens[i - 2].text);
                    std::string type = receiver == variables.end() ? std::string() : facts::to_lower(receiver->second);
                    if (auto end = type.find_first_of(" *"); end != std::string::npos) type.resize(end);
                    if (name == own_method) {
                        name = own;
                    } else if (!type.empty()) {
                        name = type + "." + name;
                    } else {
                        continue;
                    }
                }
                auto inside = facts::decl::inside_group(tokens, i + 1);
                if (inside.empty()) continue;
                Arguments arguments;
                bool any = false;
                for (Tokens argument : facts::decl::split_at(inside, ",", facts::decl::Angles::operators)) {
                    arguments.push_back(argument_type(argument, variables));
                    any = any || !arguments.back().empty();
                }
                if (any) calls_[name].push_back(std::move(arguments));
            }
        }
    }
}

std::string SampleCalls::argument(std::string_view routine, std::size_t index, std::size_t count) const {
    auto found = calls_.find(facts::to_lower(routine));
    if (found == calls_.end()) return {};
    std::string type;
    for (const auto& arguments : found->second) {
        if (arguments.size() != count || arguments[index].empty()) continue;
        if (type.empty()) type = arguments[index];
        if (type != arguments[index]) return {};
    }
    return type;
}

}  // namespace ddi::model
