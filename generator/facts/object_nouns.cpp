#include "generator/facts/object_nouns.h"

#include <algorithm>

#include "generator/facts/object_kinds.h"
#include "generator/facts/phrase.h"
#include "generator/facts/statement.h"
#include "generator/facts/words.h"

namespace ddi::facts {

namespace {

std::string first_noun(const std::vector<Sentence>& sentences, const std::vector<Tokens>& tagged, Role role) {
    for (std::size_t i = 0; i < sentences.size(); ++i) {
        if (sentences[i].role != role) continue;
        for (const Token& token : tagged[i])
            if (token.kind == Token::Kind::lock) return token.noun;
    }
    return {};
}

// "The mutex for the pin is also a filter control mutex": two lock nouns with only "is" (and no action) between them.
std::string longer_noun(const std::string& noun, const std::vector<Tokens>& tagged, const PageNames& names) {
    // "The pin control mutex is the filter control mutex": the name by the other object says more than the one by the page's own.
    const auto names_parameter = [&](const std::string& candidate) {
        const std::string first = candidate.substr(0, candidate.find(' '));
        return std::any_of(names.parameters.begin(), names.parameters.end(), [&](const auto& p) { return to_lower(p.first) == first; });
    };
    const auto better = [&](const std::string& left, const std::string& right) {
        return names_parameter(right) && left != noun && is_short_for(noun, left) ? left : right;
    };
    for (const Tokens& tokens : tagged) {
        const Token* left = nullptr;
        bool is = false, other_verb = false;
        for (const Token& token : tokens) {
            if (token.kind == Token::Kind::lock) {
                if (left && is && !other_verb && is_short_for(noun, token.noun) && token.noun != noun &&
                    (is_short_for(left->noun, noun) || is_short_for(noun, left->noun)))
                    return better(left->noun, token.noun);
                left = &token;
                is = other_verb = false;
            } else if (token.kind == Token::Kind::word && token.lower == "is") {
                is = true;
            } else if (token.negates || (token.verb.verb != Verb::none && token.verb.verb != Verb::be)) {
                other_verb = true;
            }
        }
    }
    // A qualifier that the page uses elsewhere ("control mutex", "filter control mutex"). "Spin lock" is a kind of its own.
    std::string longer = noun;
    if (noun.find(' ') != noun.npos && noun != "spin lock")
        for (const Tokens& tokens : tagged)
            for (const Token& token : tokens)
                if (token.kind == Token::Kind::lock && token.noun != noun && is_short_for(noun, token.noun) &&
                    (longer == noun || names_parameter(longer)))
                    longer = token.noun;
    return longer;
}

std::string last_word(const std::string& noun) { return noun.substr(noun.find_last_of(' ') + 1); }
std::string first_word(const std::string& noun) { return noun.substr(0, noun.find(' ')); }

bool is_reserved(const ParameterFact& parameter) {
    return parameter.reserved || (!parameter.text.empty() && to_lower(parameter.text.front().text).starts_with("reserved"));
}

bool holds_irql(const ParameterFact& parameter) {
    if (parameter.text.empty()) return false;
    const auto words = split_words(parameter.text.front().text);
    for (const Word& word : words) {
        if (word.text == ".") break;
        if (word.lower == "irql" || word.lower == "kirql") return true;
    }
    return false;
}

}  // namespace

bool is_short_for(std::string_view shorter, std::string_view longer) {
    return shorter == longer ||
           (longer.size() > shorter.size() && longer.ends_with(shorter) && longer[longer.size() - shorter.size() - 1] == ' ');
}

namespace {

// A spin lock that the page calls by the parameter it belongs to ("the interrupt spin lock", Interrupt), or that is taken "for shared
// access": a reader/writer spin lock.
std::string kind_of_spin_lock(const std::vector<Sentence>& sentences, const std::vector<Tokens>& tagged, const PageNames& names) {
    static const Phrase access("<lock> *6 for shared|exclusive access");
    for (std::size_t i = 0; i < tagged.size(); ++i) {
        const bool own = sentences[i].role == Role::description || sentences[i].role == Role::parameter;
        if (own && access.find(tagged[i])) return "reader/writer spin lock";
        // "An interrupt object's spin lock", where other interrupt objects have other locks: the interrupt's lock.
        for (std::size_t at = 2; at < tagged[i].size(); ++at) {
            if (tagged[i][at].kind != Token::Kind::lock || tagged[i][at - 1].lower != "object's") continue;
            for (const auto& [prose, name] : names.parameters)
                if (to_lower(name) == tagged[i][at - 2].lower) return to_lower(name) + " lock";
        }
        for (const Token& token : tagged[i]) {
            if (token.kind != Token::Kind::lock || token.noun.find(' ') == token.noun.npos || token.noun == "spin lock") continue;
            for (const auto& [prose, name] : names.parameters)
                if (to_lower(name) == first_word(token.noun)) return token.noun;
        }
    }
    return "spin lock";
}

}  // namespace

std::string page_noun(const std::vector<Sentence>& sentences, const std::vector<Tokens>& tagged, const PageNames& names) {
    std::string noun;
    for (const Role role : {Role::description, Role::parameter, Role::returns, Role::remarks}) {
        const std::string found = first_noun(sentences, tagged, role);
        if (found.empty()) continue;
        // "the lock" alone is a last resort; a later section may say which.
        if (noun.empty() || (is_short_for(noun, found) && noun.find(' ') == noun.npos)) noun = found;
        if (noun.find(' ') != noun.npos || noun == "mutex" || object_kind(noun)) break;
    }
    // "Enters a critical region and acquires the resource": the region is on the way.
    if (last_word(noun) == "region")
        for (std::size_t i = 0; i < sentences.size(); ++i)
            for (const Token& token : tagged[i])
                if (sentences[i].role == Role::description && token.kind == Token::Kind::lock && object_kind(token.noun)) return token.noun;
    if (noun.empty()) {
        const std::string named = lock_noun_of_name(names.self);
        if (last_word(named) == "region") return named;
        return noun;
    }
    if (noun == "spin lock") return kind_of_spin_lock(sentences, tagged, names);
    return object_kind(noun) ? noun : longer_noun(noun, tagged, names);
}

std::string noun_parameter(const std::string& noun, const Facts& facts, const std::vector<Sentence>& sentences,
                           const std::vector<Tokens>& tagged) {
    if (noun.empty() || last_word(noun) == "region") return {};
    if (object_kind(noun)) {
        for (const ParameterFact& parameter : facts.parameters)
            if (const ObjectKind* kind = kind_of_parameter(parameter); kind && kind->noun == noun) return parameter.name;
        return {};
    }
    // What the call returns is not among its arguments.
    for (std::size_t i = 0; i < sentences.size(); ++i)
        if (sentences[i].role == Role::returns)
            if (const auto match = Phrase("+return *2 pointer to *4 <lock>").find(tagged[i]);
                match && !has_word(Tokens(tagged[i].begin(), tagged[i].begin() + static_cast<std::ptrdiff_t>(match->end)), {"structure"}))
                return {};
    std::string best;
    int best_score = 0;
    std::size_t candidates = 0;
    std::string only;
    for (const ParameterFact& parameter : facts.parameters) {
        // Neither a reserved argument nor an IRQL is the thing itself.
        if (is_reserved(parameter) || holds_irql(parameter)) continue;
        int score = 0;
        bool choice = false;  // "TRUE if the lock is to be acquired exclusively": how, not what
        bool first_sentence = true;
        for (std::size_t i = 0; i < sentences.size(); ++i) {
            if (sentences[i].role != Role::parameter || sentences[i].parameter != parameter.name) continue;
            choice = choice || has_word(tagged[i], {"true", "false", "boolean"});
            for (const Token& token : tagged[i]) {
                if (token.kind != Token::Kind::lock) continue;
                const bool exact = token.noun == noun || token.of_type;
                const bool fits = is_short_for(token.noun, noun) || is_short_for(noun, token.noun);
                if (fits) score = std::max(score, (exact ? 4 : 3) + (first_sentence ? 4 : 0));
            }
            first_sentence = false;
        }
        if (choice) continue;
        if (!parameter.text.empty()) {
            ++candidates;
            only = parameter.name;
        }
        const std::string lower = to_lower(parameter.name);
        if (lower.ends_with(last_word(noun))) score += 3;
        const bool routine = !parameter.text.empty() && to_lower(parameter.text.front().text).find("routine") != std::string::npos;
        if (score == 0 && !routine && noun.find(' ') != noun.npos && lower.find(first_word(noun)) != lower.npos) score = 2;
        if (score > best_score) {
            best_score = score;
            best = parameter.name;
        }
    }
    if (best.empty() && candidates == 1) return only;
    // "An interrupt lock on a bank of pins", BankId: the thing that it is the lock of.
    if (best.empty())
        for (std::size_t i = 0; i < sentences.size() && sentences[i].role == Role::description; ++i)
            for (std::size_t at = 0; at + 2 < tagged[i].size(); ++at) {
                if (tagged[i][at].kind != Token::Kind::lock || !has_word({tagged[i][at + 1]}, {"on", "for", "of"})) continue;
                for (const ParameterFact& parameter : facts.parameters)
                    if (to_lower(parameter.name).starts_with(tagged[i][at + 2].lower)) return parameter.name;
            }
    // A callback around which an object's own lock is held ("the filter control mutex"): the object comes first.
    if (best.empty() && facts.kind == page::PageKind::callback && candidates > 1) return facts.parameters.front().name;
    return best;
}

}  // namespace ddi::facts
