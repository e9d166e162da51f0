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

bool is_self_subject(const Tokens& tokens) {
    for (const Token& token : tokens) {
        if (token.kind == Token::Kind::self || token.has_self) return true;
        if (token.kind == Token::Kind::api) return false;
    }
    return false;
}

bool names_other(const Tokens& tokens) {
    return std::any_of(tokens.begin(), tokens.end(), [](const Token& t) { return t.kind == Token::Kind::api && !t.has_self; });
}

}  // namespace ddi::facts
