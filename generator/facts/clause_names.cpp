#include "generator/facts/clause_names.h"

#include <algorithm>

namespace ddi::facts {

bool mentions_self(const Token& token) { return token.kind == Token::Kind::self || token.has_self; }

std::vector<std::string> others(const ClausePage& page, const Token& token) {
    std::vector<std::string> names;
    for (const std::string& name : token.names)
        if (name != page.names.self && name != page.names.alias && std::find(names.begin(), names.end(), name) == names.end())
            names.push_back(name);
    return names;
}

std::vector<std::string> others(const ClausePage& page, const Phrase::Match& match) {
    return match.api() ? others(page, *match.api()) : std::vector<std::string>{};
}

bool is_self_subject(const Tokens& tokens) {
    for (const Token& token : tokens) {
        if (mentions_self(token)) return true;
        if (token.kind == Token::Kind::api) return false;
    }
    return false;
}

bool names_other(const Tokens& tokens, std::size_t end) {
    for (std::size_t i = 0; i < end && i < tokens.size(); ++i)
        if (tokens[i].kind == Token::Kind::api && !tokens[i].has_self) return true;
    return false;
}

}  // namespace ddi::facts
