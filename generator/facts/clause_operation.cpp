// operation and atomic: what an interlocked function does, and with respect to which others no step of it can be seen.
#include <algorithm>

#include "generator/facts/clause_page.h"
#include "generator/facts/words.h"

namespace ddi::facts {

namespace {

bool is_interlocked(const ClausePage& page) {
    for (const Sentence& sentence : page.sentences) {
        const std::string lower = to_lower(sentence.text);
        if (lower.find("atomic") != lower.npos || lower.find("interlocked") != lower.npos) return true;
    }
    return to_lower(page.names.self).find("interlocked") != std::string::npos;
}

std::string parameter_ending(const Facts& facts, std::initializer_list<std::string_view> words) {
    for (const std::string_view word : words)
        for (const ParameterFact& parameter : facts.parameters) {
            const std::string lower = to_lower(parameter.name);
            if (lower.find(word) != lower.npos) return parameter.name;
        }
    return {};
}

// The variable: a parameter that the sentence names, or that is said to be changed, or the only pointer.
std::string variable(const ClausePage& page, const Tokens& tokens) {
    for (const Token& token : tokens)
        if (token.kind == Token::Kind::parameter && token.names.front() != page.lock_parameter) return token.names.front();
    const std::string named = parameter_ending(*page.facts, {"addend", "destination", "target"});
    if (!named.empty()) return named;
    std::string only;
    for (const ParameterFact& parameter : page.facts->parameters) {
        if (parameter.text.empty() || parameter.name == page.lock_parameter) continue;
        if (to_lower(parameter.text.front().text).find("point") == std::string::npos) continue;
        if (!only.empty()) return {};
        only = parameter.name;
    }
    return only;
}

void read_operation(ClausePage& page) {
    struct Verb_ {
        Phrase phrase;
        const char* verb;
        bool list;
    };
    static const std::vector<Verb_> verbs{
        {Phrase("inserts *3 entry *2 at|onto|in *1 beginning|head|front of *3 list"), "insert-head", true},
        {Phrase("inserts *3 entry *2 at|onto *1 end|tail of *3 list"), "insert-tail", true},
        {Phrase("inserts *4 entry|packets|packet *4 at head of *4 list|queue"), "insert-head", true},
        {Phrase("inserts *4 entry|packets|packet *4 at end|tail of *4 list|queue"), "insert-tail", true},
        {Phrase("removes *3 entry *1 from *1 beginning|head|front of *3 doubly *3 list"), "remove-head", true},
        {Phrase("removes *3 entry *1 from *1 beginning|head|front of *4 list"), "remove-head", true},
        {Phrase("removes *2 first entry *1 from *1 head of *4 list|queue"), "remove-head", true},
        {Phrase("removes *2 entry from|of *4 singly *1 linked list"), "pop", true},
        {Phrase("removes *1 all|any *2 entries|items *2 from *4 list"), "flush", true},
        {Phrase("flushes *6 list"), "flush", true},
        {Phrase("adds *6 to"), "add", false},
        {Phrase("increments *4 by *1 one|1"), "increment", false},
        {Phrase("increments *3 variable"), "increment", false},
        {Phrase("decrements *4 by *1 one|1"), "decrement", false},
        {Phrase("decrements *3 variable"), "decrement", false},
        {Phrase("compares *6 exchanges"), "compare-exchange", false},
        {Phrase("compares *8 and *2 exchanges"), "compare-exchange", false},
        {Phrase("compares *4 variable|variables *8 equal , sets"), "compare-exchange", false},
    };
    for (std::size_t i = 0; i < page.sentences.size(); ++i) {
        const Sentence& sentence = page.sentences[i];
        if (sentence.role != Role::description) continue;
        const Tokens& tokens = page.tagged[i];
        for (const Verb_& verb : verbs) {
            const auto match = verb.phrase.find(tokens);
            if (!match) continue;
            // "First" carries no weight and is not among the tokens; without it, nobody knows which entry.
            if (std::string_view(verb.verb) == "pop" && sentence.text.find("first") == std::string::npos) continue;
            const std::string parameter = verb.list ? parameter_ending(*page.facts, {"listhead"}) : variable(page, tokens);
            if (parameter.empty()) continue;
            // A singly linked list is a stack.
            const bool single = has_word(tokens, {"singly"});
            std::string name = verb.verb;
            if (single && name == "insert-head") name = "push";
            if (single && name == "remove-head") name = "pop";
            page.add(clause::Operation{name, parameter}, sentence);
            break;
        }
    }
}

// The argument that is a lock: its own text says so.
std::string lock_argument(const ClausePage& page) {
    // "Used if the system cannot do without": most systems do.
    static const Phrase sometimes("+use.past if");
    for (std::size_t i = 0; i < page.sentences.size(); ++i)
        if (page.sentences[i].parameter == page.lock_parameter && sometimes.find(page.tagged[i])) return {};
    for (std::size_t i = 0; i < page.sentences.size(); ++i)
        if (page.sentences[i].role == Role::parameter && page.sentences[i].parameter == page.lock_parameter)
            for (const Token& token : page.tagged[i])
                if (token.kind == Token::Kind::lock && token.noun.ends_with("lock")) return page.lock_parameter;
    return {};
}

void read_atomic(ClausePage& page) {
    static const std::vector<Phrase> atomic =
        phrases({"<self> is atomic only? with respect to other", "<self> is atomic with respect to", "atomic only with respect to other"});
    static const std::vector<Phrase> guards =
        phrases({"<lock> +use.past to synchronize access to *3 list", "<lock> to +be +use.past to synchronize access to",
                 "<lock> that is +use.past to synchronize access to", "<lock> +use.past to synchronize access to"});
    for (std::size_t i = 0; i < page.sentences.size(); ++i) {
        const Sentence& sentence = page.sentences[i];
        const Tokens& tokens = page.tagged[i];
        if (const auto match = find_any(atomic, tokens)) {
            std::vector<std::string> functions;
            for (std::size_t at = match->end; at < tokens.size(); ++at)
                if (tokens[at].text.find("Xxx") != std::string::npos) {
                    // "(Ex)InterlockedXxx": with and without the prefix.
                    const std::string& name = tokens[at].text;
                    const bool prefix = at >= 2 && tokens[at - 1].text == ")" && tokens[at - 2].kind != Token::Kind::sign;
                    if (prefix) functions.push_back(tokens[at - 2].text + name);
                    functions.push_back(name);
                }
            if (!functions.empty()) page.add(clause::Atomic{lock_argument(page), functions}, sentence);
        }
        if (sentence.role == Role::parameter && sentence.parameter == page.lock_parameter && find_any(guards, tokens))
            page.add(clause::Atomic{page.lock_parameter, {}}, sentence);
    }
}

}  // namespace

void read_operation_clauses(ClausePage& page) {
    if (page.names.callback || !is_interlocked(page)) return;
    read_operation(page);
    read_atomic(page);
}

}  // namespace ddi::facts
