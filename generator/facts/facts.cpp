// extract_facts: every extractor in turn, and the sections that are left for reading.
#include "generator/facts/facts.h"

#include "generator/facts/sample_declaration.h"
#include "generator/facts/words.h"

namespace ddi::facts {
namespace {

/// Sections that extractors turn into facts of their own; their free sub-headings go with them.
bool is_extracted(std::string_view heading) {
    static constexpr std::string_view prefixes[] = {"-param",        "-field",   "-struct-fields", "-enum-fields",
                                                    "-union-fields", "-members", "-returns",       "-return-value",
                                                    "-return",       "-syntax",  "-prototype",     "-requirements"};
    const std::string lower = to_lower(heading);
    for (std::string_view prefix : prefixes) {
        if (lower == prefix || lower.starts_with(std::string(prefix) + " ") || (prefix == "-param" && lower.starts_with("-parameters")))
            return true;
    }
    return false;
}

std::vector<text::Section> reading_sections(const page::Page& page) {
    std::vector<text::Section> out;
    bool inside_extracted = false;
    for (const text::Section& section : page.sections) {
        const bool own = section.heading.starts_with("-") && !section.heading.starts_with("- ");
        if (own || section.level <= 2) inside_extracted = is_extracted(section.heading);
        if (!inside_extracted) out.push_back(section);
    }
    return out;
}

}  // namespace

Facts extract_facts(const page::Page& page) {
    Facts facts;
    facts.source = page.source;
    facts.kind = page.kind;
    facts.title = page.value("title");
    if (std::optional<Uid> uid = parse_uid(page.uid)) {
        facts.uid = std::move(*uid);
    } else {
        facts.uid.text = page.uid;
        facts.uid.key = to_lower(page.uid);
    }
    facts.name = facts.uid.name.empty() ? facts.uid.header : facts.uid.name;
    extract_front_matter(page, facts);
    extract_parameters(page, facts);
    extract_members(page, facts);
    extract_constants(page, facts);
    extract_returns(page, facts);
    extract_declaration(page, facts);
    if (!facts.declaration || !facts.declaration->value.typed()) facts.sample = find_sample_declaration(page, facts);
    extract_links(page, facts);
    extract_prose_parameters(page, facts);
    facts.sections = reading_sections(page);
    extract_irql(page, facts);
    extract_clauses(page, facts);
    return facts;
}

}  // namespace ddi::facts
