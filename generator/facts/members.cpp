// extract_members: "-field" headings → fields and enumerators, with what heading and text state of them: a bound, a value.
#include <algorithm>

#include "generator/facts/facts.h"
#include "generator/facts/words.h"

namespace ddi::facts {
namespace {

constexpr std::string_view blanks = " \t";

bool is_name_char(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.'; }

std::string_view trim(std::string_view text, std::string_view drop) {
    while (!text.empty() && drop.find(text.front()) != std::string_view::npos) text.remove_prefix(1);
    while (!text.empty() && drop.find(text.back()) != std::string_view::npos) text.remove_suffix(1);
    return text;
}

/// Digits of a decimal, or "0x" and hexadecimal ones, with C's suffixes.
std::size_t number_length(std::string_view text) {
    std::size_t end = text.starts_with('-') ? 1 : 0;
    const bool hex = text.substr(end).starts_with("0x") || text.substr(end).starts_with("0X");
    if (hex) end += 2;
    const std::size_t digits = end;
    const auto is_digit = [&](char c) { return (c >= '0' && c <= '9') || (hex && ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))); };
    while (end < text.size() && is_digit(text[end])) ++end;
    if (end == digits) return 0;
    while (end < text.size() && std::string_view("uUlL").find(text[end]) != std::string_view::npos) ++end;
    return end;
}

bool is_number(std::string_view text) { return !text.empty() && number_length(text) == text.size(); }

/// "0x1", "A | B", "(A | B | C)": names and numbers joined by operators.
bool is_value(std::string_view text) {
    bool operand = false;
    int depth = 0;
    for (std::size_t i = 0; i < text.size();) {
        const char c = text[i];
        if (c == ' ') {
            ++i;
        } else if (!operand && c == '(') {
            ++depth, ++i;
        } else if (operand && c == ')') {
            --depth, ++i;
        } else if (operand && std::string_view("|+-&").find(c) != std::string_view::npos) {
            operand = false, ++i;
        } else if (operand && text.substr(i).starts_with("<<")) {
            operand = false, i += 2;
        } else if (const std::size_t number = operand ? 0 : number_length(text.substr(i)); number > 0) {
            operand = true, i += number;
        } else if (!operand && is_name_char(c) && c != '.') {
            while (i < text.size() && is_name_char(text[i])) ++i;
            operand = true;
        } else {
            return false;
        }
        if (depth < 0) return false;
    }
    return operand && depth == 0;
}

// "### -field Name:0x1", "Name : ", "Name = 2", "Name::0x4", "Name:0x400:l" (a suffix that got a colon).
std::string heading_value(std::string_view rest) {
    rest = trim(rest, blanks);
    if (rest.empty() || (rest.front() != ':' && rest.front() != '=')) return {};
    rest = trim(rest, " \t:=");
    if (const std::size_t colon = rest.find(':'); colon != std::string_view::npos && is_number(rest.substr(0, colon)))
        rest = rest.substr(0, colon);
    return is_value(rest) ? std::string(rest) : std::string();
}

std::string heading_array(std::string_view rest) {
    std::string array;
    while (rest.starts_with('[')) {
        const std::size_t close = rest.find(']');
        if (close == std::string_view::npos) break;
        const std::string_view bound = trim(rest.substr(1, close - 1), blanks);
        const std::string lower = to_lower(bound);
        if (lower == "in" || lower == "out" || lower.find('/') != std::string::npos || lower.find(',') != std::string::npos) break;
        array += bound == "*" ? "[]" : "[" + std::string(bound) + "]";
        rest = rest.substr(close + 1);
    }
    return array;
}

// "Value is 7.", "Value = 0x2", "NAME = 0x2,", "Defines the NAME constant with a value of 3.", "0x4 - what it means."
std::string text_value(const MemberFact& member, bool all_lead) {
    for (const text::Block& block : member.text) {
        if (block.kind != text::BlockKind::paragraph && block.kind != text::BlockKind::code && block.kind != text::BlockKind::term)
            continue;
        std::string_view text = trim(block.text, " \t\n");
        const std::string_view whole = trim(text, " .,;");
        for (std::string_view lead : {"Value is ", "Value = ", "Value: ", "Value="}) {
            if (whole.starts_with(lead) && is_number(whole.substr(lead.size()))) return std::string(whole.substr(lead.size()));
        }
        if (whole.starts_with(member.name)) {
            std::string_view rest = trim(whole.substr(member.name.size()), blanks);
            if (rest.starts_with('=') && is_number(trim(rest.substr(1), blanks))) return std::string(trim(rest.substr(1), blanks));
        }
        for (std::string_view phrase : {"constant with a value of ", "constant with the value of ", "constant with the value "}) {
            const std::size_t at = whole.find(phrase);
            if (at == std::string_view::npos || whole.substr(0, at).find(member.name) == std::string_view::npos) continue;
            const std::string_view rest = whole.substr(at + phrase.size());
            const std::size_t length = number_length(rest);
            if (length > 0 && (length == rest.size() || rest[length] == '.' || rest[length] == ' '))
                return std::string(rest.substr(0, length));
        }
        if (const std::size_t length = number_length(text); all_lead && length > 0) return std::string(text.substr(0, length));
    }
    return {};
}

bool leads_with_number(const MemberFact& member) {
    if (member.text.empty()) return false;
    const std::string_view text = member.text.front().text;
    const std::size_t length = number_length(text);
    return length > 0 && text.substr(length).starts_with(" - ");
}

void read_text_values(std::vector<MemberFact>& members) {
    if (std::any_of(members.begin(), members.end(), [](const MemberFact& m) { return !m.value.empty(); })) return;
    // "5 - five" may be a value only if the whole enumeration is described so.
    const bool all_lead = std::all_of(members.begin(), members.end(), leads_with_number);
    for (MemberFact& member : members) {
        member.value = text_value(member, all_lead);
        if (!member.value.empty()) member.value_origin = Origin::prose;
    }
}

}  // namespace

void extract_members(const page::Page& page, Facts& facts) {
    for (const text::Section& section : page.sections) {
        const std::string lower = to_lower(section.heading);
        if (!lower.starts_with("-field") || (lower.size() > 6 && lower[6] != ' ')) continue;
        MemberFact member;
        const std::string_view heading = trim(std::string_view(section.heading).substr(6), blanks);
        // "Name:1", "Name[2]", "Name [in]": value, bound and marker are not part of the name.
        std::size_t end = 0;
        while (end < heading.size() && is_name_char(heading[end])) ++end;
        member.name = end > 0 ? heading.substr(0, end) : heading;
        while (member.name.ends_with('.') && member.name.size() > 1) member.name.pop_back();
        member.array = heading_array(trim(heading.substr(end), blanks));
        if (facts.kind == page::PageKind::enumeration) member.value = heading_value(heading.substr(end));
        member.text = section.blocks;
        member.cite = {Origin::heading, page.source, section.heading_span, section.heading, ""};
        facts.members.push_back(std::move(member));
    }
    if (facts.kind == page::PageKind::enumeration) read_text_values(facts.members);
}

}  // namespace ddi::facts
