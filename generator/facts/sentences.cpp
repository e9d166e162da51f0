#include "generator/facts/sentences.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "generator/facts/words.h"

namespace ddi::facts {

namespace {

bool ends_with_abbreviation(std::string_view text) {
    static constexpr std::array<std::string_view, 8> abbreviations{"e.g.", "i.e.", "etc.", "vs.", "cf.", "no.", "incl.", "approx."};
    const std::string tail = to_lower(text.substr(text.size() > 8 ? text.size() - 8 : 0));
    return std::any_of(abbreviations.begin(), abbreviations.end(), [&](std::string_view abbreviation) {
        if (!tail.ends_with(abbreviation)) return false;
        const std::size_t before = tail.size() - abbreviation.size();
        return before == 0 || !std::isalpha(static_cast<unsigned char>(tail[before - 1]));
    });
}

// True if a sentence ends with text[at].
bool ends_sentence(std::string_view text, std::size_t begin, std::size_t at) {
    const char c = text[at];
    if (c != '.' && c != '!' && c != '?') return false;
    std::size_t next = at + 1;
    while (next < text.size() && (text[next] == ')' || text[next] == '"' || text[next] == '\'')) ++next;
    if (next >= text.size()) return true;
    if (text[next] != ' ' && text[next] != '\n') return false;
    while (next < text.size() && (text[next] == ' ' || text[next] == '\n')) ++next;
    if (next >= text.size()) return true;
    if (c == '.' && ends_with_abbreviation(text.substr(begin, at + 1 - begin))) {
        const auto word = split_words(text.substr(next, 24));
        return !word.empty() && std::isupper(static_cast<unsigned char>(word.front().text[0])) && text.substr(0, at + 1).ends_with("etc.");
    }
    return true;
}

void trim(std::string_view text, std::size_t& begin, std::size_t& end) {
    while (begin < end && std::isspace(static_cast<unsigned char>(text[begin]))) ++begin;
    while (end > begin && std::isspace(static_cast<unsigned char>(text[end - 1]))) --end;
}

bool is_running_text(const text::Block& block) {
    return block.kind != text::BlockKind::code && block.kind != text::BlockKind::html_comment;
}

void append(std::vector<Sentence>& to, std::vector<Sentence> more) { std::move(more.begin(), more.end(), std::back_inserter(to)); }

}  // namespace

std::vector<Sentence> split_sentences(const std::vector<text::Block>& blocks, Role role) {
    std::vector<Sentence> sentences;
    std::string lead;
    for (const text::Block& block : blocks) {
        if (!is_running_text(block)) continue;
        const std::string_view text = block.text;
        const bool in_list = block.kind == text::BlockKind::list_item;
        for (std::size_t at = 0, begin = 0; at < text.size(); ++at) {
            if (at + 1 < text.size() && !ends_sentence(text, begin, at)) continue;
            std::size_t first = begin, last = at + 1;
            while (last < text.size() && (text[last] == ')' || text[last] == '"')) ++last;
            at = last - 1;
            begin = last;
            trim(text, first, last);
            if (first == last) continue;
            Sentence sentence;
            sentence.text = std::string(text.substr(first, last - first));
            sentence.role = role;
            sentence.in_table = block.kind == text::BlockKind::table_cell;
            sentence.in_list = in_list;
            if (in_list) sentence.lead = lead;
            sentence.block = &block;
            sentence.begin = static_cast<std::uint32_t>(first);
            sentences.push_back(std::move(sentence));
        }
        if (!in_list) lead = !sentences.empty() && text.ends_with(":") ? sentences.back().text : std::string();
    }
    return sentences;
}

std::vector<Sentence> page_sentences(const page::Page& page, const Facts& facts) {
    std::vector<Sentence> sentences;
    bool reading = false;
    Role role = Role::description;
    for (const text::Section& section : page.sections) {
        const std::string heading = to_lower(section.heading);
        if (heading.starts_with("-")) {
            reading = heading.starts_with("-description") || heading.starts_with("-remarks");
            role = heading.starts_with("-description") ? Role::description : Role::remarks;
        }
        if (reading) append(sentences, split_sentences(section.blocks, role));
    }
    for (const ParameterFact& parameter : facts.parameters) {
        auto own = split_sentences(parameter.text, Role::parameter);
        for (Sentence& sentence : own) sentence.parameter = parameter.name;
        append(sentences, std::move(own));
    }
    if (facts.returns) append(sentences, split_sentences(facts.returns->text, Role::returns));
    return sentences;
}

Cite cite_sentence(const text::SourcePtr& source, const Sentence& sentence) {
    Cite cite;
    cite.origin = sentence.in_table ? Origin::table : Origin::prose;
    cite.source = source;
    cite.verbatim = sentence.text;
    if (sentence.block && !sentence.block->places.empty()) {
        cite.span.begin = place_of(*sentence.block, sentence.begin);
        cite.span.end =
            std::max(cite.span.begin, place_of(*sentence.block, sentence.begin + static_cast<std::uint32_t>(sentence.text.size())));
    }
    return cite;
}

}  // namespace ddi::facts
