// extract_returns: the -returns section. "None" and its many spellings mean void; what stands below is kept either way.
#include <algorithm>
#include <array>

#include "generator/facts/facts.h"
#include "generator/facts/report.h"
#include "generator/facts/words.h"

namespace ddi::facts {
namespace {

// The first sentence in lower-case words without the sign at its end.
std::string first_sentence(std::string_view text) {
    std::string out;
    for (const Word& word : split_words(text)) {
        if (word.text == "." || word.text == "!" || word.text == ";") break;
        out += (out.empty() ? "" : " ") + word.lower;
    }
    return out;
}

bool says_nothing_returned(const std::string& sentence) {
    static constexpr std::array<std::string_view, 12> whole = {
        "none",         "void",     "nothing",     "no return value", "not applicable",
        "n/a",          "n / a",    "none (void)", "(none)",          "this function has no return value",
        "returns void", "no return"};
    if (std::find(whole.begin(), whole.end(), sentence) != whole.end()) return true;
    static constexpr std::array<std::string_view, 12> parts = {
        "does not return a value",  "doesn't return a value",  "does not return any value",    "do not return a value",
        "does not return anything", "doesn't return anything", "does not have a return value", "has no return value",
        "returns no value",         "returns nothing",         "there is no return value",     "return value is void"};
    // Long sentences say more than that: "… does not return a value that the driver can use, but …".
    if (split_words(sentence).size() <= 14) {
        if (std::any_of(parts.begin(), parts.end(), [&](std::string_view p) { return sentence.find(p) != std::string::npos; })) return true;
    }
    const bool void_word = sentence == "this function returns void" || sentence == "this method returns void" ||
                           sentence == "this routine returns void" || sentence.starts_with("returns void ") ||
                           (sentence.starts_with("this function returns ") && sentence.ends_with("api void")) ||
                           sentence == "this callback function returns void" || sentence == "this callback returns void";
    return void_word;
}

}  // namespace

void extract_returns(const page::Page& page, Facts& facts) {
    for (std::size_t i = 0; i < page.sections.size(); ++i) {
        const text::Section& section = page.sections[i];
        const std::string heading = to_lower(section.heading);
        if (heading != "-returns" && heading != "-return" && heading != "-return-value") continue;
        ReturnFact fact;
        fact.cite.origin = Origin::prose;
        fact.cite.source = page.source;
        fact.cite.span = section.heading_span;
        // Free headings below it ("### Remarks on the status") belong to it.
        for (std::size_t k = i; k < page.sections.size(); ++k) {
            const text::Section& part = page.sections[k];
            if (k > i && (part.level <= section.level || part.heading.starts_with("-"))) break;
            fact.text.insert(fact.text.end(), part.blocks.begin(), part.blocks.end());
        }
        const auto first = std::find_if(fact.text.begin(), fact.text.end(),
                                        [](const text::Block& b) { return b.kind != text::BlockKind::html_comment && !b.text.empty(); });
        if (first == fact.text.end()) {
            report_finding(facts, "returns-empty", text::Severity::note, section.heading_span, "the section on the return value is empty");
            return;  // says nothing: as if it were not there
        }
        fact.cite.span = first->span;
        fact.cite.verbatim = first->text;
        fact.is_void = first->kind == text::BlockKind::paragraph && says_nothing_returned(first_sentence(first->text));
        facts.returns = std::move(fact);
        return;
    }
}

}  // namespace ddi::facts
