// extract_front_matter: the req.* keys, and the -requirements table of the 2018 pages where a key is blank.
#include <algorithm>
#include <map>

#include "generator/facts/facts.h"
#include "generator/facts/report.h"
#include "generator/facts/words.h"

namespace ddi::facts {
namespace {

std::string trim(std::string_view text) {
    const auto blank = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
    while (!text.empty() && blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && blank(text.back())) text.remove_suffix(1);
    return std::string(text);
}

struct Cell {
    std::string text;
    text::Span span;
};

/// Left column (lower case) → right column of the -requirements table.
using Requirements = std::map<std::string, Cell>;

Requirements read_requirements(const page::Page& page) {
    Requirements out;
    const text::Section* section = page.section("-requirements");
    if (section == nullptr) return out;
    std::string label;
    std::uint32_t row = 0, list = 0;
    for (const text::Block& block : section->blocks) {
        if (block.kind != text::BlockKind::table_cell) continue;
        if (block.column == 0) {
            label = to_lower(trim(block.text));
            row = block.row;
            list = block.list;
        } else if (block.column == 1 && block.row == row && block.list == list && !label.empty()) {
            Cell& cell = out[label];  // a cell may hold several terms: "Wdm.h (include Ntddk.h)", "Hal.lib"
            if (cell.text.empty()) cell.span = block.span;
            cell.text += (cell.text.empty() ? "" : "; ") + trim(block.text);
        }
    }
    return out;
}

Fact<std::string> read_fact(const page::Page& page, std::string_view key, const Requirements& requirements,
                            std::initializer_list<std::string_view> labels) {
    Fact<std::string> fact;
    fact.cite.origin = Origin::front_matter;
    fact.cite.source = page.source;
    if (const page::Field* field = page.field(key)) {
        for (const std::string& value : field->values) {
            const std::string part = trim(value);
            if (!part.empty()) fact.value += (fact.value.empty() ? "" : "; ") + part;
        }
        fact.cite.span = field->value_span;
    }
    if (fact.value.empty()) {
        for (std::string_view label : labels) {
            const auto found = requirements.find(std::string(label));
            if (found == requirements.end() || found->second.text.empty()) continue;
            fact.value = found->second.text;
            fact.cite.origin = Origin::table;
            fact.cite.span = found->second.span;
            break;
        }
    }
    fact.cite.verbatim = fact.value;
    return fact;
}

Fact<std::vector<std::string>> read_list(const page::Page& page, std::string_view key, std::string_view separators) {
    Fact<std::vector<std::string>> fact;
    fact.cite.origin = Origin::front_matter;
    fact.cite.source = page.source;
    const page::Field* field = page.field(key);
    if (field == nullptr) return fact;
    fact.cite.span = field->value_span;
    for (const std::string& value : field->values) {
        fact.cite.verbatim += (fact.cite.verbatim.empty() ? "" : ", ") + value;
        std::size_t begin = 0;
        while (begin <= value.size()) {
            const std::size_t end = std::min(value.find_first_of(separators, begin), value.size());
            std::string part = trim(std::string_view(value).substr(begin, end - begin));
            if (!part.empty()) fact.value.push_back(std::move(part));
            begin = end + 1;
        }
    }
    return fact;
}

// "Wdm.h (include Ntddk.h)" → "Wdm.h", "Ntddk.h"
std::pair<std::string, std::string> split_include(const std::string& cell) {
    const std::size_t open = cell.find('(');
    std::string include;
    if (open != std::string::npos) {
        include = cell.substr(open + 1, cell.find(')', open) - open - 1);
        if (to_lower(include).starts_with("include ")) include = trim(include.substr(8));
    }
    return {trim(cell.substr(0, open)), include};
}

// "Wdm.h", "ntddk.h, wdm.h", "ks.h" → does one of them belong to the UID's header?
bool names_header(std::string_view value, std::string_view header) {
    const std::string wanted = to_lower(header);
    const std::string all = to_lower(value);
    std::size_t begin = 0;
    while (begin <= all.size()) {
        const std::size_t end = std::min(all.find_first_of(",;", begin), all.size());
        std::string part = trim(std::string_view(all).substr(begin, end - begin));
        const std::size_t blank = part.find(' ');
        if (blank != std::string::npos) part.resize(blank);
        part.erase(0, part.rfind('/') + 1);  // "ndis/nblapi.h"
        if (part == wanted || part.substr(0, part.rfind('.')) == wanted) return true;
        begin = end + 1;
    }
    return false;
}

bool says_macro(std::string_view text) {
    for (const Word& word : split_words(text)) {
        if (word.lower == "macro") return true;
    }
    return false;
}

}  // namespace

void extract_front_matter(const page::Page& page, Facts& facts) {
    const Requirements table = read_requirements(page);
    facts.technology = to_lower(trim(page.value("tech.root")));
    if (facts.technology.empty()) facts.technology = to_lower(trim(page.value("old-project")));  // its name on pages of 2018
    facts.header = read_fact(page, "req.header", table, {"header"});
    facts.include_header = read_fact(page, "req.include-header", table, {});
    if (facts.header.cite.origin == Origin::table) {
        const auto [header, include] = split_include(facts.header.value);
        facts.header.value = header;
        if (facts.include_header.value.empty() && !include.empty()) {
            facts.include_header.cite = facts.header.cite;
            facts.include_header.value = include;
        }
    }
    facts.library = read_fact(page, "req.lib", table, {"library"});
    facts.dll = read_fact(page, "req.dll", table, {"dll"});
    facts.min_client = read_fact(page, "req.target-min-winverclnt", table, {"minimum supported client", "version"});
    facts.min_server = read_fact(page, "req.target-min-winversvr", table, {"minimum supported server"});
    facts.kmdf = read_fact(page, "req.kmdf-ver", table, {"minimum kmdf version", "kmdf version"});
    facts.umdf = read_fact(page, "req.umdf-ver", table, {"minimum umdf version", "umdf version"});
    facts.target_type = read_fact(page, "req.target-type", table, {"target platform"});
    facts.compliance = read_list(page, "req.ddi-compliance", ",");
    facts.type_names = read_list(page, "req.typenames", ",;");

    facts.is_macro = says_macro(page.value("title"));
    for (const text::Section& section : page.sections) {
        if (section.level == 1) facts.is_macro = facts.is_macro || says_macro(section.heading);
    }

    const bool has_header = facts.kind == page::PageKind::function || facts.kind == page::PageKind::structure ||
                            facts.kind == page::PageKind::callback || facts.kind == page::PageKind::enumeration ||
                            facts.kind == page::PageKind::ioctl;
    if (!has_header) return;
    if (facts.header.value.empty()) {
        report_finding(facts, "header-missing", text::Severity::note, facts.header.cite.span,
                       "the page names no header; its UID says " + facts.uid.header);
    } else if (!names_header(facts.header.value, facts.uid.header)) {
        report_finding(facts, "header-differs-from-uid", text::Severity::warning, facts.header.cite.span,
                       "the header is " + facts.header.value + ", but the UID " + facts.uid.text + " belongs to " + facts.uid.header);
    }
}

}  // namespace ddi::facts
