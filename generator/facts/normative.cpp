#include "generator/facts/normative.h"

#include <algorithm>
#include <cctype>
#include <initializer_list>

#include "generator/facts/words.h"

namespace ddi::facts {

namespace {

// The sentence's words in lower case between single blanks, signs too: " returns true if count > 0 ". Makes phrases easy to find.
std::string spaced(std::string_view text) {
    std::string result = " ";
    for (const Word& word : split_words(text)) result += word.lower + " ";
    return result;
}

bool has_any(const std::string& text, std::initializer_list<std::string_view> list) {
    return std::any_of(list.begin(), list.end(),
                       [&](std::string_view phrase) { return text.find(" " + std::string(phrase) + " ") != text.npos; });
}

}  // namespace

std::vector<Sentence> contract_sentences(const ContractText& text) {
    std::vector<Sentence> result;
    auto append = [&](std::vector<Sentence> more) { std::move(more.begin(), more.end(), std::back_inserter(result)); };
    for (const auto& [name, blocks] : text.parameters) {
        auto own = split_sentences(*blocks, Role::parameter);
        for (Sentence& sentence : own) sentence.parameter = name;
        append(std::move(own));
    }
    if (text.returns != nullptr) append(split_sentences(*text.returns, Role::returns));
    bool remarks = false;
    for (const text::Section& section : *text.sections) {
        const std::string heading = to_lower(section.heading);
        if (heading.starts_with("-")) remarks = heading.starts_with("-remarks");
        if (remarks) append(split_sentences(section.blocks, Role::remarks));
    }
    return result;
}

bool is_normative(const Sentence& sentence) {
    const std::string text = spaced(sentence.text);
    if (has_any(text, {"must",    "cannot",    "can't",       "only",     "never",    "always",   "guaranteed", "guarantee", "guarantees",
                       "returns", "returned",  "return",      "raises",   "raised",   "restores", "restored",   "disables",  "disabled",
                       "enables", "reenables", "reenabled",   "is held",  "are held", "holds",    "irql",       "deadlock",  "fatal",
                       "illegal", "error to",  "bug check",   "bugcheck", "required", "requires", "releases",   "acquires",  "waits",
                       "blocks",  "not be",    "immediately", "until",    "exception"}))
        return true;
    return text.find("_level ") != text.npos || text.find(" = dispatch") != text.npos;
}

}  // namespace ddi::facts
