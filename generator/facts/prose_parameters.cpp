// "The Timeout parameter …" on a page whose headings and declaration have no Timeout: a slip of the page, or of its headings.
// Only what stands in the page's marks (bold, italic, code) is taken for a name, and only in a sentence that mentions no other API.
#include <algorithm>
#include <set>

#include "generator/facts/clause_page.h"
#include "generator/facts/report.h"
#include "generator/facts/words.h"

namespace ddi::facts {

namespace {

bool is_parameter_name(std::string_view name) {
    const bool identifier =
        !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) || c == '_'; });
    const bool lower = std::any_of(name.begin(), name.end(), [](unsigned char c) { return std::islower(c); });
    return identifier && lower && !std::isdigit(static_cast<unsigned char>(name.front()));
}

std::string plain(std::string_view name) {
    std::string text = to_lower(name);
    std::erase(text, '_');
    std::erase(text, '*');
    return text;
}

// Another API, a structure or a method in the sentence: its parameters may be meant.
bool mentions_another(const Sentence& sentence, const std::string& self) {
    for (const Word& word : split_words(sentence.text)) {
        if (word.text == self) continue;
        if (is_function_name(word.text)) return true;
        for (const std::string_view other :
             {"function", "routine", "callback", "method", "request", "ioctl", "command", "structure", "macro", "interface", "when",
              "query", "call", "ddi", "oid", "functions", "routines", "event", "handler"})
            if (word.lower == other) return true;
    }
    const std::uint32_t end = sentence.begin + static_cast<std::uint32_t>(sentence.text.size());
    return std::any_of(sentence.block->marks.begin(), sentence.block->marks.end(), [&](const text::Mark& mark) {
        return mark.kind == text::MarkKind::link && mark.begin < end && mark.end > sentence.begin;
    });
}

}  // namespace

void extract_prose_parameters(const page::Page& page, Facts& facts) {
    if (page.kind != page::PageKind::function && page.kind != page::PageKind::callback) return;
    std::set<std::string> known;
    for (const ParameterFact& parameter : facts.parameters) known.insert(plain(parameter.name));
    if (facts.declaration)
        for (const DeclaredParameter& parameter : facts.declaration->value.parameters) known.insert(plain(parameter.name));
    if (known.empty()) return;  // nothing is documented: other findings say so
    std::set<std::string> reported;
    for (const Sentence& sentence : page_sentences(page, facts)) {
        if (sentence.text.find(" parameter") == std::string::npos || sentence.in_table || sentence.text.starts_with("Defines the "))
            continue;
        for (const text::Mark& mark : sentence.block->marks) {
            const std::uint32_t end = sentence.begin + static_cast<std::uint32_t>(sentence.text.size());
            if (mark.begin < sentence.begin + 4 || mark.end >= end || mark.kind == text::MarkKind::link) continue;
            const std::string_view text = sentence.block->text;
            const std::string name(text.substr(mark.begin, mark.end - mark.begin));
            const std::string_view before = text.substr(mark.begin - 4, 4), after = text.substr(mark.end);
            const bool shaped = (before == "the " || before == "The ") && after.starts_with(" parameter") &&
                                !after.starts_with(" parameter of ") && !after.starts_with(" parameter to ") &&
                                !after.starts_with(" parameter for ");
            if (!shaped || !is_parameter_name(name) || name == facts.name || known.contains(plain(name))) continue;
            if (mentions_another(sentence, facts.name) || !reported.insert(name).second) continue;
            text::Span span{place_of(*sentence.block, mark.begin), place_of(*sentence.block, mark.end)};
            report_finding(facts, "parameter-unknown", text::Severity::warning, span,
                           "the text speaks of the parameter " + name + ", which no heading documents and no declaration has");
        }
    }
}

}  // namespace ddi::facts
