// Where an argument's memory lies: nonpaged, aligned.
#include <algorithm>
#include <cctype>

#include "generator/facts/clause_page.h"
#include "generator/facts/clause_subject.h"
#include "generator/facts/words.h"

namespace ddi::facts {

namespace {

bool is_residence(const Token& token) {
    return token.lower == "resident" || token.lower == "nonpaged" || token.lower == "non-paged" || token.lower == "non-pageable";
}

std::size_t position(const Tokens& tokens, std::string_view word) {
    for (std::size_t i = 0; i < tokens.size(); ++i)
        if (tokens[i].lower == word) return i;
    return tokens.size();
}

void add_resident(ClausePage& page, const Statement& statement, const Tokens& tokens, std::size_t begin, std::size_t end) {
    auto conditions = read_conditions(page, statement);
    for (const std::string& parameter : parameters_meant(page, statement.sentence, tokens, begin, end))
        for (const Condition& condition : conditions) page.add(clause::Resident{parameter}, page.sentence_of(statement), condition);
}

void read_resident(ClausePage& page) {
    // What lies there stands before the verb: "the storage for X must be resident".
    static const std::vector<Phrase> subject_first = phrases({
        "must be resident",
        "must reside *1 in *2 nonpaged|non-paged|resident|non-pageable",
        "must reside in driver context area or *2 nonpaged",
        "must be in|from nonpaged|non-paged|resident",
        "must be allocated|located only? from|in *2 nonpaged|non-paged|resident",
        "must be allocated by caller from|in *1 nonpaged|non-paged|resident",
        "must be nonpaged|non-paged",
    });
    // The caller provides it: "must provide resident storage for X", "must allocate storage for X from resident memory".
    static const std::vector<Phrase> object_last = phrases({
        "must provide nonpaged|non-paged|resident storage|memory for",
        "must allocate storage|memory for",
        "must allocate this structure as part of *4 device extension",
    });
    for (const Statement& statement : page.statements) {
        const Tokens& tokens = statement.tokens;
        const bool speaks = std::any_of(tokens.begin(), tokens.end(), is_residence) || has_word(tokens, {"extension"});
        if (!speaks || has_negation(tokens) || !has_word(tokens, {"must"})) continue;
        const Role role = page.sentence_of(statement).role;
        if (role == Role::returns) continue;
        if (const auto match = find_any(subject_first, tokens)) {
            // "The buffer … must be nonpaged": without a name only the parameter's own text says which.
            if (!has_word(tokens, {"routine", "function", "callback", "code"})) add_resident(page, statement, tokens, 0, match->begin);
        } else if (const auto last = find_any(object_last, tokens)) {
            const bool extension = has_word(tokens, {"extension"});
            if (!extension && std::none_of(tokens.begin(), tokens.end(), is_residence)) continue;
            std::size_t end = last->end;
            while (end < tokens.size() && tokens[end].text != "," && tokens[end].lower != "from" && tokens[end].lower != "which" &&
                   tokens[end].lower != "that")
                ++end;
            add_resident(page, statement, tokens, extension ? last->begin : last->end, extension ? last->begin : end);
        }
    }
}

// "As long as the block itself is nonpaged, X can be called at DISPATCH_LEVEL": at that level it must be.
void read_nonpaged_at_level(ClausePage& page) {
    static const Phrase callable("<self> can|may +be +call.past *1 at? <level>");
    static const Phrase nonpaged("is nonpaged|non-paged|resident");
    for (const Statement& statement : page.statements) {
        const auto match = callable.find(statement.tokens);
        const auto part = nonpaged.find(statement.condition);
        if (!match || !part || has_negation(statement.condition) || has_negation(statement.tokens)) continue;
        const auto levels = match->level()->levels.levels();
        if (levels.empty()) continue;
        auto parameters = parameters_meant(page, statement.sentence, statement.condition, 0, part->begin);
        if (parameters.empty() && holds_thing(page)) parameters = {page.lock_parameter};
        if (parameters.empty() && page.facts->parameters.size() == 1) parameters = {page.facts->parameters.front().name};
        const Condition when{{Comparison{Comparison::Subject::irql, "", "==", level_name(levels.back())}}, statement.condition_text};
        for (const std::string& parameter : parameters) page.add(clause::Resident{parameter}, page.sentence_of(statement), when);
    }
}

// "X cannot be used on variables in pageable memory": its only argument.
void read_not_pageable(ClausePage& page) {
    static const Phrase not_on("<self> cannot +be +use.past on variables in pageable memory");
    if (page.facts->parameters.size() != 1) return;
    for (const Statement& statement : page.statements)
        if (not_on.find(statement.tokens)) page.add(clause::Resident{page.facts->parameters.front().name}, page.sentence_of(statement));
}

// "8-byte aligned on 64-bit platforms": the bytes; 0: none stated for 64-bit Windows.
unsigned alignment_in(const std::string& text) {
    const std::string lower = to_lower(text);
    // The constant that the allocators guarantee: 16 on every 64-bit architecture.
    if (lower.find("memory_allocation_alignment boundary") != lower.npos) return 16;
    constexpr std::string_view words = "-byte aligned on 64-bit";
    const std::size_t at = lower.find(words);
    if (at == lower.npos) return 0;
    std::size_t begin = at;
    while (begin > 0 && std::isdigit(static_cast<unsigned char>(lower[begin - 1]))) --begin;
    return begin == at ? 0 : static_cast<unsigned>(std::stoul(lower.substr(begin, std::min<std::size_t>(at - begin, 4))));
}

void read_aligned(ClausePage& page) {
    for (std::size_t i = 0; i < page.sentences.size(); ++i) {
        const Sentence& sentence = page.sentences[i];
        const Tokens& tokens = page.tagged[i];
        if (sentence.text.find("align") == sentence.text.npos || !has_word(tokens, {"must"}) || has_negation(tokens)) continue;
        const unsigned bytes = alignment_in(sentence.text);
        if (bytes == 0) continue;
        for (const std::string& parameter : parameters_meant(page, i, tokens, 0, position(tokens, "must")))
            page.add(clause::Aligned{parameter, bytes}, sentence);
    }
}

}  // namespace

void read_memory_clauses(ClausePage& page) {
    read_resident(page);
    read_not_pageable(page);
    read_nonpaged_at_level(page);
    read_aligned(page);
}

}  // namespace ddi::facts
