#include "generator/facts/clause_subject.h"

#include <algorithm>

#include "generator/facts/words.h"

namespace ddi::facts {

namespace {

void add_once(std::vector<std::string>& to, const std::string& name) {
    if (!name.empty() && std::find(to.begin(), to.end(), name) == to.end()) to.push_back(name);
}

// "entries" → "entry", "heads" → "head".
std::string singular(const std::string& word) {
    if (word.size() > 4 && word.ends_with("ies")) return word.substr(0, word.size() - 3) + "y";
    if (word.size() > 3 && word.ends_with("s") && !word.ends_with("ss")) return word.substr(0, word.size() - 1);
    return word;
}

bool is_filler(const std::string& word) {
    return word == "object" || word == "objects" || word == "structure" || word == "variable" || word == "parameter" || word == "for" ||
           word == "storage" || word == "memory" || word == "buffer" || word == "of" || word == "at" || word == "to" || word == "list's" ||
           word == "array" || word == "elements";
}

// "pointed to by Objects": a capital letter inside a sentence makes a name of an everyday word.
bool is_name(const Tokens& tokens, std::size_t at) {
    return at > 0 && !tokens[at].text.empty() && tokens[at].text[0] >= 'A' && tokens[at].text[0] <= 'Z';
}

// "ERESOURCE": the one parameter whose text names that type.
std::string parameter_of_type(const Facts& facts, const std::string& type) {
    std::string found;
    for (const ParameterFact& parameter : facts.parameters)
        for (const text::Block& block : parameter.text) {
            if (block.text.find(type) == block.text.npos || found == parameter.name) continue;
            if (!found.empty()) return {};
            found = parameter.name;
        }
    return found;
}

bool is_back_reference(const Tokens& tokens, std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i + 1 < end && i < begin + 3; ++i)
        if ((tokens[i].lower == "this" || tokens[i].lower == "these") &&
            (tokens[i + 1].lower == "storage" || tokens[i + 1].lower == "memory" || tokens[i + 1].lower == "variables"))
            return true;
    return false;
}

}  // namespace

bool holds_thing(const ClausePage& page) {
    if (page.lock_parameter.empty()) return false;
    const std::string last = page.noun.substr(page.noun.find_last_of(' ') + 1);
    if (to_lower(page.lock_parameter).find(last) != std::string::npos) return true;
    for (std::size_t i = 0; i < page.sentences.size(); ++i)
        if (page.sentences[i].role == Role::parameter && page.sentences[i].parameter == page.lock_parameter)
            for (const Token& token : page.tagged[i])
                if (token.kind == Token::Kind::lock && page.is_about(token)) return true;
    return false;
}

std::string parameter_spelled(const Facts& facts, const std::vector<std::string>& words) {
    if (words.empty()) return {};
    std::string together;
    for (std::size_t i = 0; i < words.size(); ++i) together += i + 1 == words.size() ? singular(words[i]) : words[i];
    for (const ParameterFact& parameter : facts.parameters) {
        const std::size_t letter = parameter.name.find_first_not_of('_');
        if (letter != std::string::npos && to_lower(std::string_view(parameter.name).substr(letter)) == together) return parameter.name;
    }
    // "ListHead" for SListHead: the end of one name only.
    std::string found;
    if (together.size() < 6) return {};
    for (const ParameterFact& parameter : facts.parameters)
        if (to_lower(parameter.name).ends_with(together)) {
            if (!found.empty()) return {};
            found = parameter.name;
        }
    return found;
}

std::vector<std::string> parameters_meant(const ClausePage& page, std::size_t sentence, const Tokens& tokens, std::size_t begin,
                                          std::size_t end) {
    std::vector<std::string> found;
    end = std::min(end, tokens.size());
    bool other_thing = false;
    std::vector<std::string> phrase;
    const auto close_phrase = [&] {
        // "The array pointed to by Objects": the name is the end of the phrase.
        for (std::string name; !phrase.empty() && name.empty(); phrase.erase(phrase.begin())) {
            name = parameter_spelled(*page.facts, phrase);
            add_once(found, name);
        }
        phrase.clear();
    };
    for (std::size_t i = begin; i < end; ++i) {
        const Token& token = tokens[i];
        if (token.kind == Token::Kind::parameter) {
            close_phrase();
            for (const std::string& name : token.names) add_once(found, name);
        } else if (token.kind == Token::Kind::lock) {
            // "spin lock object" may also be spelled by a parameter that is not the page's own thing.
            std::vector<std::string> words;
            for (const Word& word : split_words(token.noun)) words.push_back(word.lower);
            const std::string spelled = parameter_spelled(*page.facts, words);
            if (page.is_about(token) && holds_thing(page))
                add_once(found, page.lock_parameter);
            else if (!spelled.empty())
                add_once(found, spelled);
            else
                other_thing = true;
            phrase.clear();
        } else if (token.kind == Token::Kind::constant) {
            add_once(found, parameter_of_type(*page.facts, token.text));
            phrase.clear();
        } else if (token.kind == Token::Kind::word && token.lower != "and" && (is_name(tokens, i) || !is_filler(token.lower))) {
            phrase.push_back(token.lower);
        } else if (token.lower == "and" || token.text == ",") {
            close_phrase();
        }
    }
    close_phrase();
    if (!found.empty()) return found;
    if (is_back_reference(tokens, begin, end) && sentence > 0 && page.sentences[sentence - 1].block == page.sentences[sentence].block) {
        const Tokens& before = page.tagged[sentence - 1];
        for (const Token& token : before) {
            if (token.kind == Token::Kind::parameter)
                for (const std::string& name : token.names) add_once(found, name);
            if (token.kind == Token::Kind::lock && page.is_about(token) && holds_thing(page)) add_once(found, page.lock_parameter);
        }
        if (!found.empty()) return found;
    }
    if (page.sentences[sentence].role == Role::parameter && !other_thing) return {page.sentences[sentence].parameter};
    return {};
}

Object object_of_parameter(const ClausePage& page, const std::string& parameter) {
    if (parameter == page.lock_parameter && holds_thing(page)) return page.object();
    for (std::size_t i = 0; i < page.sentences.size(); ++i) {
        if (page.sentences[i].role != Role::parameter || page.sentences[i].parameter != parameter) continue;
        for (const Token& token : page.tagged[i])
            if (token.kind == Token::Kind::lock && token.noun != "lock") return {token.noun, parameter};
    }
    return {{}, parameter};
}

}  // namespace ddi::facts
