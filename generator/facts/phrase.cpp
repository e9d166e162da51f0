#include "generator/facts/phrase.h"

#include <algorithm>
#include <cassert>

namespace ddi::facts {

namespace {

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    while (true) {
        const std::size_t at = text.find(separator);
        if (at != 0) parts.push_back(text.substr(0, at));
        if (at == text.npos) return parts;
        text.remove_prefix(at + 1);
    }
}

std::uint8_t forms_of(std::string_view name) {
    if (name == "base") return form::base;
    if (name == "third") return form::third | form::base;  // "routines acquire"
    if (name == "past") return form::past;
    if (name == "gerund") return form::gerund;
    assert(!"unknown verb form");
    return 0;
}

bool stops_gap(const Token& token) {
    return token.negates || token.text == ";" || token.lower == "may" || token.lower == "might" || token.lower == "could";
}

std::uint64_t word_bit(std::string_view lower) {
    if (lower.empty()) return 1;
    const auto first = static_cast<unsigned char>(lower.front()), last = static_cast<unsigned char>(lower.back());
    return std::uint64_t{1} << ((first * 7U + last * 31U + lower.size()) % 64U);
}

std::uint64_t kind_bit(Token::Kind kind) { return std::uint64_t{1} << static_cast<unsigned>(kind); }
std::uint64_t verb_bit(Verb verb) { return std::uint64_t{1} << static_cast<unsigned>(verb); }

}  // namespace

Phrase::Traits::Traits(const Tokens& tokens) {
    for (const Token& token : tokens) {
        words |= word_bit(token.lower);
        verbs |= verb_bit(token.verb.verb);
        kinds |= kind_bit(token.kind);
    }
}

Phrase::Need Phrase::need_of(const Element& element) {
    using Kind = Token::Kind;
    Need need{&Traits::words, 0};
    switch (element.kind) {
        case Element::Kind::gap:
            break;
        case Element::Kind::words:
            for (const std::string_view word : element.words) need.bits |= word_bit(word);
            break;
        case Element::Kind::verb:
            need.trait = &Traits::verbs;
            for (const Verb verb : element.verbs) need.bits |= verb_bit(verb);
            break;
        case Element::Kind::token:
            need.trait = &Traits::kinds;
            for (const Kind kind :
                 {Kind::word, Kind::sign, Kind::self, Kind::api, Kind::parameter, Kind::level, Kind::lock, Kind::constant}) {
                Token token;
                token.kind = kind;
                token.has_self = true;
                token.lower = "it";
                if (accepts(element.token, token)) need.bits |= kind_bit(kind);
            }
            break;
    }
    return need;
}

bool Phrase::is_possible(const Traits& traits) const {
    return std::all_of(needs_.begin(), needs_.end(), [&](const Need& need) { return (traits.*need.trait & need.bits) != 0; });
}

Phrase::Phrase(std::string_view pattern) {
    for (std::string_view part : split(pattern, ' ')) {
        if (part.empty()) continue;
        Element element;
        if (part.size() > 1 && part.back() == '?') {
            element.optional = true;
            part.remove_suffix(1);
        }
        if (part.front() == '*') {
            element.kind = Element::Kind::gap;
            element.gap = part.size() > 1 ? static_cast<std::size_t>(part[1] - '0') : 6;
        } else if (part.front() == '<' && part.back() == '>') {
            element.kind = Element::Kind::token;
            element.token = class_of(part.substr(1, part.size() - 2));
        } else if (part.front() == '+') {
            element.kind = Element::Kind::verb;
            part.remove_prefix(1);
            element.forms = form::base | form::third | form::past | form::gerund;
            if (const std::size_t dot = part.find('.'); dot != part.npos) {
                element.forms = forms_of(part.substr(dot + 1));
                part = part.substr(0, dot);
            }
            for (const std::string_view name : split(part, '|')) {
                const auto group = verb_group(name);
                assert(group);
                element.verbs.push_back(*group);
            }
        } else {
            element.words = split(part, '|');
        }
        if (!element.optional && element.kind != Element::Kind::gap) needs_.push_back(need_of(element));
        elements_.push_back(std::move(element));
    }
}

Phrase::TokenClass Phrase::class_of(std::string_view name) {
    static constexpr std::pair<std::string_view, TokenClass> classes[] = {
        {"self", TokenClass::self},   {"api", TokenClass::api},   {"name", TokenClass::name},   {"parameter", TokenClass::parameter},
        {"level", TokenClass::level}, {"lock", TokenClass::lock}, {"thing", TokenClass::thing}, {"constant", TokenClass::constant}};
    const auto found = std::find_if(std::begin(classes), std::end(classes), [&](const auto& c) { return c.first == name; });
    assert(found != std::end(classes));
    return found->second;
}

bool Phrase::accepts(const Element& element, const Token& token) {
    using Kind = Token::Kind;
    switch (element.kind) {
        case Element::Kind::gap:
            return !stops_gap(token);
        case Element::Kind::words:
            return (token.kind == Kind::word || token.kind == Kind::sign || token.kind == Kind::constant) &&
                   std::find(element.words.begin(), element.words.end(), token.lower) != element.words.end();
        case Element::Kind::verb:
            return token.kind == Kind::word && (token.verb.forms & element.forms) &&
                   std::find(element.verbs.begin(), element.verbs.end(), token.verb.verb) != element.verbs.end();
        case Element::Kind::token:
            return accepts(element.token, token);
    }
    return false;
}

bool Phrase::accepts(TokenClass expected, const Token& token) {
    using Kind = Token::Kind;
    switch (expected) {
        case TokenClass::self:
            return token.kind == Kind::self || (token.kind == Kind::api && token.has_self);
        case TokenClass::api:
            return token.kind == Kind::api;
        case TokenClass::name:
            return token.kind == Kind::api || token.kind == Kind::self;
        case TokenClass::parameter:
            return token.kind == Kind::parameter;
        case TokenClass::level:
            return token.kind == Kind::level;
        case TokenClass::lock:
            return token.kind == Kind::lock;
        case TokenClass::thing:
            return token.kind == Kind::lock ||
                   (token.kind == Kind::word && (token.lower == "it" || token.lower == "them" || token.lower == "this"));
        case TokenClass::constant:
            return token.kind == Kind::constant;
    }
    return false;
}

bool Phrase::match(const Tokens& tokens, std::size_t at, std::size_t index, std::vector<std::size_t>& taken) const {
    if (index == elements_.size()) {
        taken.push_back(at);  // the end
        return true;
    }
    const Element& element = elements_[index];
    if (element.kind == Element::Kind::gap) {
        for (std::size_t length = 0; length <= element.gap && at + length <= tokens.size(); ++length) {
            const std::size_t mark = taken.size();
            if (match(tokens, at + length, index + 1, taken)) return true;
            taken.resize(mark);
            if (at + length == tokens.size() || !accepts(element, tokens[at + length])) return false;
        }
        return false;
    }
    const std::size_t mark = taken.size();
    if (at < tokens.size() && accepts(element, tokens[at])) {
        taken.push_back(at);
        if (match(tokens, at + 1, index + 1, taken)) return true;
        taken.resize(mark);
    }
    return element.optional && match(tokens, at, index + 1, taken);
}

std::optional<Phrase::Match> Phrase::find(const Tokens& tokens, std::size_t from) const {
    std::vector<std::size_t> taken;
    for (std::size_t begin = from; begin < tokens.size(); ++begin) {
        taken.clear();
        if (!match(tokens, begin, 0, taken)) continue;
        Match result;
        result.begin = begin;
        result.end = taken.back();
        taken.pop_back();
        for (const std::size_t index : taken) {
            const Token& token = tokens[index];
            switch (token.kind) {
                case Token::Kind::api:
                    result.apis.push_back(&token);
                    break;
                case Token::Kind::lock:
                    result.locks.push_back(&token);
                    break;
                case Token::Kind::parameter:
                    result.parameters.push_back(&token);
                    break;
                case Token::Kind::level:
                    result.levels.push_back(&token);
                    break;
                case Token::Kind::constant:
                    result.constants.push_back(&token);
                    break;
                case Token::Kind::self:
                    result.selves.push_back(&token);
                    break;
                case Token::Kind::word:
                case Token::Kind::sign:
                    break;
            }
        }
        return result;
    }
    return std::nullopt;
}

std::optional<Phrase::Match> find_any(const std::vector<Phrase>& phrases, const Tokens& tokens) {
    const Phrase::Traits traits(tokens);
    for (const Phrase& phrase : phrases)
        if (phrase.is_possible(traits))
            if (auto match = phrase.find(tokens)) return match;
    return std::nullopt;
}

std::vector<Phrase> phrases(std::initializer_list<std::string_view> patterns) {
    std::vector<Phrase> result;
    for (const std::string_view pattern : patterns) result.emplace_back(pattern);
    return result;
}

}  // namespace ddi::facts
