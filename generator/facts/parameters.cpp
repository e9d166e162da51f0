// extract_parameters: "-param" headings → parameters.
#include <algorithm>
#include <map>
#include <set>

#include "generator/facts/declaration_words.h"
#include "generator/facts/direction_words.h"
#include "generator/facts/facts.h"
#include "generator/facts/page_declaration.h"
#include "generator/facts/report.h"
#include "generator/facts/words.h"

namespace ddi::facts {
namespace {

bool is_identifier_char(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }
bool is_identifier(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_identifier_char); }

/// One heading of a parameter with what stands below it.
struct Entry {
    std::string name;
    decl::Meaning marker;
    bool marked = false;
    bool leftover = false;  // "#### - Name [in]": a heading that the pages' tooling left behind
    bool stale = false;     // a literal "param" where a name should be
    std::vector<text::Block> text;
    text::Span span;  // the heading
    std::string heading;
};

// The text after "-param " or "- ": a name and perhaps a marker in brackets.
void read_heading(std::string_view rest, Entry& entry) {
    std::size_t bracket = rest.find('[');
    if (bracket != std::string_view::npos) {
        for (std::size_t at = bracket; at != std::string_view::npos; at = rest.find('[', at + 1)) {
            const std::size_t close = std::min(rest.find(']', at), rest.size());
            if (const auto marker = read_marker(rest.substr(at + 1, close - at - 1))) {
                entry.marker = *marker;
                entry.marked = true;
            }
        }
        rest = rest.substr(0, bracket);  // what is no marker is an array's bound
    }
    const auto trim = [](std::string_view text, std::string_view drop) {
        while (!text.empty() && drop.find(text.front()) != std::string_view::npos) text.remove_prefix(1);
        while (!text.empty() && drop.find(text.back()) != std::string_view::npos) text.remove_suffix(1);
        return text;
    };
    std::string_view name = trim(rest, " \t:");
    if (name.starts_with("...")) {
        entry.name = "...";
        return;
    }
    name = name.substr(0, std::min(name.find(", ..."), name.size()));
    // "*pArgs", "(*AccessRanges)", "TYPE *": the stars belong to the type. A heading that is nothing but a star stays as it is.
    const std::string_view bare = trim(name, " \t*&(),;");
    entry.name = bare.empty() ? std::string(name) : std::string(bare);
}

bool starts_with_word(const std::string& lower, std::string_view word) {
    return lower.starts_with(word) && (lower.size() == word.size() || lower[word.size()] == ' ');
}

// The sections of a group ("-param", "-field") in order, each with the free headings below it.
std::vector<Entry> read_entries(const page::Page& page, std::string_view word, bool leftovers) {
    std::vector<Entry> out;
    bool inside = false;
    std::uint32_t level = 0;
    for (const text::Section& section : page.sections) {
        const std::string lower = to_lower(section.heading);
        if (starts_with_word(lower, word)) {
            Entry entry;
            read_heading(std::string_view(section.heading).substr(word.size()), entry);
            entry.text = section.blocks;
            entry.span = section.heading_span;
            entry.heading = section.heading;
            out.push_back(std::move(entry));
            inside = true;
            level = section.level;
        } else if (inside && section.level > level && leftovers && lower.starts_with("- ")) {
            Entry entry;
            entry.leftover = true;
            read_heading(std::string_view(section.heading).substr(2), entry);
            entry.text = section.blocks;
            entry.span = section.heading_span;
            entry.heading = section.heading;
            out.push_back(std::move(entry));
        } else if (inside && section.level > level && (!lower.starts_with("-") || lower.starts_with("- "))) {
            // A free heading inside the description: a term with its text.
            text::Block term;
            term.kind = text::BlockKind::term;
            term.text = section.heading.substr(lower.starts_with("- ") ? 2 : 0);
            term.span = section.heading_span;
            term.places = {{0, section.heading_span.begin}};
            out.back().text.push_back(std::move(term));
            out.back().text.insert(out.back().text.end(), section.blocks.begin(), section.blocks.end());
        } else {
            inside = false;
        }
    }
    return out;
}

std::string plain(const std::vector<text::Block>& blocks) {
    std::string out;
    for (const text::Block& block : blocks) out += block.text + '\n';
    return out;
}

text::Diagnostic& report_stale(Facts& facts, const Entry& stale, const std::string& name) {
    return report_finding(facts, "stale-parameter-heading", text::Severity::warning, stale.span,
                          "this heading should name the parameter " + name);
}

// Nothing is known of the parameter but a heading: the tooling found a name in a header (or none: "param", "*") and no text.
bool is_placeholder(const Entry& entry) {
    if (entry.leftover || entry.marked) return false;
    if (entry.name == "param" || entry.text.empty()) return true;
    return entry.text.size() == 1 && (entry.text.front().text == "TBD" || entry.text.front().text == "TBD.");
}

// "### -param param" holds the text of a parameter whose real heading was left behind as "#### - Name [in, out]" further down (or
// holds nothing, or "TBD"). The leftover takes the placeholder's place: the one with the same text first, the others in order.
std::vector<Entry> repair_stale(std::vector<Entry> entries, const std::set<std::string>& declared, Facts& facts) {
    std::vector<std::size_t> stale, leftover;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (entries[i].leftover) leftover.push_back(i);
        if (is_placeholder(entries[i])) stale.push_back(i);
    }
    std::vector<bool> gone(entries.size(), false);
    std::vector<bool> filled(entries.size(), false);
    const auto take = [&](std::size_t from, std::size_t to) {
        report_stale(facts, entries[to], entries[from].name)
            .notes.push_back({"its own heading was left behind here", facts.source, entries[from].span});
        gone[from] = filled[to] = true;
        Entry moved = entries[from];
        moved.leftover = false;
        if (moved.text.empty()) moved.text = entries[to].text;
        entries[to] = std::move(moved);
    };
    const auto match = [&](auto&& same) {
        for (std::size_t s : stale) {
            for (std::size_t l : leftover) {
                if (gone[l] || filled[s] || !same(entries[l], entries[s])) continue;
                take(l, s);
                break;
            }
        }
    };
    match([](const Entry& l, const Entry& s) { return !s.text.empty() && plain(l.text) == plain(s.text); });
    match([](const Entry& l, const Entry& s) { return to_lower(l.name) == to_lower(s.name); });  // "ExChange" for "Exchange"
    match([](const Entry&, const Entry&) { return true; });
    std::vector<Entry> out;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (gone[i]) continue;
        Entry& entry = entries[i];
        // Markdown has six heading levels: "####### - ..." is a paragraph.
        if (entry.name == "param" && !entry.marked && !entry.leftover) {
            const auto ellipsis =
                std::find_if(entry.text.begin(), entry.text.end(), [](const text::Block& b) { return b.text.starts_with("####### - "); });
            if (ellipsis != entry.text.end()) {
                read_heading(std::string_view(ellipsis->text).substr(10), entry);
                entry.text.erase(ellipsis);
                report_stale(facts, entry, entry.name);
            }
        }
        const bool known = std::any_of(out.begin(), out.end(), [&](const Entry& e) { return e.name == entry.name; });
        const bool parameter = entry.marked || declared.contains(entry.name);
        if (entry.leftover && (!parameter || known) && !out.empty()) {
            // A part of the parameter before it, or its heading once more.
            if (known) continue;
            out.back().text.insert(out.back().text.end(), entry.text.begin(), entry.text.end());
            continue;
        }
        out.push_back(std::move(entry));
    }
    return out;
}

// Cuts the first `length` bytes off a block, with its marks and places.
void cut(text::Block& block, std::size_t length) {
    const auto n = static_cast<std::uint32_t>(length);
    const std::uint32_t place = text::place_of(block, n);
    block.text.erase(0, length);
    std::erase_if(block.marks, [&](const text::Mark& mark) { return mark.end <= n; });
    for (text::Mark& mark : block.marks) {
        mark.begin = mark.begin > n ? mark.begin - n : 0;
        mark.end -= n;
    }
    std::vector<std::pair<std::uint32_t, std::uint32_t>> places = {{0, place}};
    for (const auto& [offset, file] : block.places) {
        if (offset > n) places.emplace_back(offset - n, file);
    }
    block.places = std::move(places);
}

// What the documentation's tooling calls a parameter of which the header gives only the type.
bool is_unnamed(std::string_view name) { return name.starts_with("unnamedParam"); }

ParameterFact make_parameter(Entry entry, const text::SourcePtr& source) {
    ParameterFact out;
    out.name = entry.name;
    out.cite.origin = Origin::heading;
    out.cite.source = source;
    out.cite.span = entry.span;
    out.cite.verbatim = entry.heading;
    out.text = std::move(entry.text);
    out.direction = entry.marker.direction;
    out.optional = entry.marker.optional;
    out.reserved = entry.marker.reserved;
    bool marked = entry.marked;
    const bool running =
        !out.text.empty() && (out.text.front().kind == text::BlockKind::paragraph || out.text.front().kind == text::BlockKind::term);
    if (running) {
        text::Block& first = out.text.front();
        decl::Meaning said;
        std::size_t length = 0;
        if (const auto marker = leading_marker(first.text)) {
            said = marker->meaning;
            length = marker->length;
        } else if (const auto named = named_marker(first.text); named && (named->name == out.name || is_unnamed(out.name))) {
            said = named->meaning;
            length = named->length;
            out.name = named->name;
        }
        if (length > 0) {
            cut(first, length);
            if (out.direction == Direction::unknown) {
                out.direction = said.direction;
                out.direction_origin = Origin::prose;
            }
            out.optional = out.optional || said.optional;
            out.reserved = out.reserved || said.reserved;
            marked = true;
            if (first.text.empty()) out.text.erase(out.text.begin());
        }
    }
    if (!out.text.empty()) {
        const decl::Meaning words = meaning_of_words(out.text.front().text);
        if (out.direction == Direction::unknown && words.direction != Direction::unknown) {
            out.direction = words.direction;
            out.direction_origin = Origin::inferred;
        }
        out.optional = out.optional || (!marked && words.optional);
        out.reserved = out.reserved || words.reserved;
    }
    return out;
}

// Names in the page's own declaration: only they tell a leftover heading of a parameter from a part of one's description.
std::set<std::string> declared_names(const page::Page& page, const std::vector<Entry>& entries, std::string_view name) {
    std::set<std::string> out;
    if (std::none_of(entries.begin(), entries.end(), [](const Entry& e) { return e.leftover; })) return out;
    const text::Block* block = find_declaration_block(page);
    if (block == nullptr) return out;
    const DeclarationResult result = parse_declaration(block->text, name);
    if (!result.declaration) return out;
    for (const DeclaredParameter& p : result.declaration->parameters) out.insert(p.name);
    return out;
}

bool is_undocumented(const ParameterFact& parameter) {
    if (parameter.text.empty()) return true;
    const std::string text = to_lower(parameter.text.front().text);
    return parameter.text.size() == 1 && (text == "tbd" || text == "tbd." || text.empty());
}

}  // namespace

void extract_parameters(const page::Page& page, Facts& facts) {
    std::map<std::string, text::Span, std::less<>> seen;
    std::vector<Entry> entries = read_entries(page, "-param", true);
    const std::set<std::string> declared = declared_names(page, entries, facts.name);
    for (Entry& entry : repair_stale(std::move(entries), declared, facts)) {
        if (entry.name.empty()) {
            report_finding(facts, "parameter-without-name", text::Severity::warning, entry.span, "this heading names no parameter");
            continue;
        }
        // "void" or "None" described as if it were a parameter.
        const std::string lower = to_lower(entry.name);
        if (lower == "void" || lower == "none") continue;
        const bool ordinary = is_identifier(entry.name);
        if (!ordinary && entry.name != "...") {
            report_finding(facts, "parameter-name-not-understood", text::Severity::warning, entry.span,
                           "\"" + entry.name + "\" is no parameter's name");
        }
        const auto [place, first] = seen.emplace(entry.name, entry.span);
        if (!first) {
            report_finding(facts, "duplicate-parameter", text::Severity::warning, entry.span,
                           "the parameter " + entry.name + " is described a second time")
                .notes.push_back({"the first description is here", facts.source, place->second});
            // Pages without names put types there, and a type may well come twice.
            if (!decl::looks_like_type(entry.name)) continue;
        }
        ParameterFact parameter = make_parameter(std::move(entry), page.source);
        if (is_undocumented(parameter)) {
            report_finding(facts, "parameter-undocumented", text::Severity::note, parameter.cite.span,
                           "nothing is said about the parameter " + parameter.name);
        }
        facts.parameters.push_back(std::move(parameter));
    }
}

}  // namespace ddi::facts
