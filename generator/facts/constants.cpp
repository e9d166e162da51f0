// extract_constants: the numbers that a page gives names: "#define FLAG_X 0x1" in code, "FLAG_X (0x1)" in a cell, a list, a heading or a
// sentence, "| FLAG_X | 0x1 |" in a table, "NAME, which is defined as 64". On the page of a control code, its own definition.
#include <algorithm>
#include <cctype>

#include "generator/facts/facts.h"

namespace ddi::facts {
namespace {

bool is_word_char(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

std::string_view trim(std::string_view text) {
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0) text.remove_prefix(1);
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) text.remove_suffix(1);
    return text;
}

/// "FILE_ATTRIBUTE_READONLY": what only a constant's name looks like.
bool is_constant_name(std::string_view name) {
    return name.size() > 4 && name.front() >= 'A' && name.front() <= 'Z' && name.find('_') != std::string_view::npos &&
           std::all_of(name.begin(), name.end(), [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; });
}

bool is_number(std::string_view text) {
    const bool hex = text.starts_with("0x") || text.starts_with("0X");
    if (hex) text.remove_prefix(2);
    while (!text.empty() && std::string_view("uUlL").find(text.back()) != std::string_view::npos) text.remove_suffix(1);
    if (text.empty() || (!hex && text.size() > 1 && text.front() == '0')) return false;  // "020040": a slip, or octal
    return std::all_of(text.begin(), text.end(),
                       [&](char c) { return (c >= '0' && c <= '9') || (hex && std::isxdigit(static_cast<unsigned char>(c)) != 0); });
}

bool is_hex(std::string_view text) { return is_number(text) && (text.starts_with("0x") || text.starts_with("0X")); }

/// "0x10", "(0x10)", "(1 << 5)", "((USHORT)0x401)", "CTL_CODE(A, 0x1, B, C)".
bool is_definition(std::string_view text) {
    if (text.starts_with("CTL_CODE")) return text.ends_with(')') && text.find('(') != std::string_view::npos;
    while (text.size() > 2 && text.front() == '(' && text.back() == ')') text = trim(text.substr(1, text.size() - 2));
    if (text.starts_with('(')) {  // a cast
        const std::size_t close = text.find(')');
        const std::string_view type = close == std::string_view::npos ? std::string_view() : text.substr(1, close - 1);
        if (type.empty() || !std::all_of(type.begin(), type.end(), is_word_char)) return false;
        text = trim(text.substr(close + 1));
    }
    if (const std::size_t shift = text.find("<<"); shift != std::string_view::npos)
        return is_number(trim(text.substr(0, shift))) && is_number(trim(text.substr(shift + 2)));
    return is_number(text);
}

class Reader {
  public:
    Reader(const page::Page& page, Facts& facts) : page_(page), facts_(facts) {}

    void read() {
        for (const text::Section& section : page_.sections) {
            named_numbers(section.heading, section.heading_span, nullptr, true);
            for (std::size_t i = 0; i < section.blocks.size(); ++i) {
                const text::Block& block = section.blocks[i];
                if (block.kind == text::BlockKind::html_comment) continue;
                if (block.kind == text::BlockKind::code) {
                    definitions(block);
                    continue;
                }
                const bool head = block.kind == text::BlockKind::table_cell || block.kind == text::BlockKind::list_item ||
                                  block.kind == text::BlockKind::term;
                named_numbers(block.text, block.span, &block, head);
                if (block.kind == text::BlockKind::table_cell && block.column == 0 && !block.header && i + 1 < section.blocks.size())
                    row(block, section.blocks[i + 1]);
                defined_as(block);
            }
        }
    }

  private:
    void add(std::string_view name, std::string_view value, text::Span span, Origin origin) {
        const auto same = [&](const ConstantFact& c) { return c.name == name && c.value == value; };
        if (std::any_of(facts_.constants.begin(), facts_.constants.end(), same)) return;
        facts_.constants.push_back({std::string(name), std::string(value), {origin, page_.source, span, std::string(name), ""}});
    }

    // "#define NAME value", lines that end in a backslash joined.
    void definitions(const text::Block& block) {
        std::size_t at = 0;
        while ((at = block.text.find("#define", at)) != std::string::npos) {
            std::string line;
            std::size_t end = at + 7;
            while (end < block.text.size() && block.text[end] != '\n') {
                if (block.text[end] == '\\' && block.text.find_first_not_of(" \r", end + 1) == block.text.find('\n', end)) {
                    end = std::min(block.text.find('\n', end), block.text.size() - 1) + 1;
                    line += ' ';
                } else {
                    line += block.text[end++];
                }
            }
            define(line, block, at);
            at = end;
        }
    }

    void define(std::string_view line, const text::Block& block, std::size_t at) {
        for (std::string_view comment : {"//", "/*"}) line = line.substr(0, std::min(line.find(comment), line.size()));
        line = trim(line);
        std::size_t end = 0;
        while (end < line.size() && is_word_char(line[end])) ++end;
        const std::string_view name = line.substr(0, end), value = trim(line.substr(end));
        if (name.empty() || end >= line.size() || line[end] == '(' || !is_definition(value)) return;
        if (name.starts_with("MY_") || name.find("SAMPLE_") != std::string_view::npos) return;  // of an example, not of a header
        const std::uint32_t place = text::place_of(block, static_cast<std::uint32_t>(at));
        if (facts_.kind == page::PageKind::ioctl && name == facts_.name) {
            facts_.control_code =
                Fact<std::string>{std::string(value), {Origin::declaration, page_.source, {place, place}, block.text, ""}};
        } else if (!value.starts_with("CTL_CODE")) {
            add(name, value, {place, place}, Origin::declaration);
        }
    }

    // "NAME (0x1)". A decimal number is one only at the head of a cell or an item, or after the name of a length.
    void named_numbers(std::string_view text, text::Span span, const text::Block* block, bool head) {
        for (std::size_t open = text.find(" ("); open != std::string_view::npos; open = text.find(" (", open + 1)) {
            const std::size_t close = text.find(')', open);
            if (close == std::string_view::npos) return;
            const std::string_view value = text.substr(open + 2, close - open - 2);
            if (!is_number(value)) continue;
            std::size_t end = open;
            while (end > 0 && text[end - 1] == ' ') --end;
            std::size_t begin = end;
            while (begin > 0 && is_word_char(text[begin - 1])) --begin;
            const std::string_view name = text.substr(begin, end - begin);
            if (!is_constant_name(name)) continue;
            const bool length = name.ends_with("_LEN") || name.ends_with("_LENGTH") || name.ends_with("_SIZE");
            if (!is_hex(value) && !(head && begin == 0) && !length) continue;
            const std::uint32_t place = block != nullptr ? text::place_of(*block, static_cast<std::uint32_t>(begin)) : span.begin;
            add(name, value, {place, place}, head ? Origin::table : Origin::prose);
        }
    }

    void row(const text::Block& name, const text::Block& value) {
        if (value.kind != text::BlockKind::table_cell || value.row != name.row || value.list != name.list || value.column != 1) return;
        if (is_constant_name(trim(name.text)) && is_number(trim(value.text)))
            add(trim(name.text), trim(value.text), name.span, Origin::table);
    }

    // "The NAME constant, which is defined as 64, …"
    void defined_as(const text::Block& block) {
        for (std::string_view phrase : {" constant, which is defined as ", ", which is defined as ", " is defined as "}) {
            const std::size_t at = block.text.find(phrase);
            if (at == std::string::npos) continue;
            std::size_t begin = at;
            while (begin > 0 && is_word_char(block.text[begin - 1])) --begin;
            const std::size_t number = at + phrase.size();
            std::size_t end = number;
            while (end < block.text.size() && is_word_char(block.text[end])) ++end;
            const std::string_view name = std::string_view(block.text).substr(begin, at - begin);
            const std::string_view value = std::string_view(block.text).substr(number, end - number);
            if (!is_constant_name(name) || !is_number(value)) continue;
            const std::uint32_t place = text::place_of(block, static_cast<std::uint32_t>(begin));
            add(name, value, {place, place}, Origin::prose);
            return;
        }
    }

    const page::Page& page_;
    Facts& facts_;
};

}  // namespace

void extract_constants(const page::Page& page, Facts& facts) { Reader(page, facts).read(); }

}  // namespace ddi::facts
