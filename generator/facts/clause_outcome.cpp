// "If it succeeds", "if the lock was acquired": that the call does what it is for.
#include <algorithm>

#include "generator/facts/clause_page.h"
#include "generator/facts/words.h"

namespace ddi::facts {

std::optional<Comparison> call_outcome(const ClausePage& page, const Tokens& tokens) {
    static const std::vector<Phrase> acquired = phrases({"<lock> *2 +be +acquire.past", "caller has +acquire.past <lock>"});
    static const std::vector<Phrase> released = phrases({"<lock> *2 +be +release.past"});
    static const std::vector<Phrase> deleted = phrases({"<lock> *2 +be +destroy.past"});
    static const std::vector<Phrase> entries = phrases({"item|items|entry|entries *6 was|were|is|are removed|inserted|added"});
    static const Phrase granted("access is|was granted");
    constexpr std::size_t longest = 10;  // more words have more to say
    if (tokens.empty() || tokens.size() > longest || has_negation(tokens) || has_word(tokens, {"only", "and", "or"})) return std::nullopt;
    // Another call's outcome; a name in mixed case is one that no link explains.
    const auto is_other = [](const Token& token) {
        if (token.kind == Token::Kind::api) return !token.has_self;
        const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
        return token.kind == Token::Kind::word && token.text.size() > 2 && std::any_of(token.text.begin() + 1, token.text.end(), upper) &&
               !std::all_of(token.text.begin(), token.text.end(), upper);
    };
    if (std::any_of(tokens.begin(), tokens.end(), is_other)) return std::nullopt;
    const Comparison successful{Comparison::Subject::state, "call", "==", "successful"};
    const auto about = [&](const std::vector<Phrase>& phrases) {
        const auto match = find_any(phrases, tokens);
        return match && page.is_about(*match->lock());
    };
    const bool says = has_word(tokens, {"success", "successful", "succeeds", "succeeded", "successfully"});
    const bool does = (page.acquires() && (about(acquired) || granted.find(tokens))) || (page.has<clause::Release>() && about(released)) ||
                      (page.has<clause::Destroy>() && about(deleted)) || find_any(entries, tokens);
    if (!says && !does) return std::nullopt;
    return successful;
}

}  // namespace ddi::facts
