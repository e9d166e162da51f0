#include "generator/page/fuzz/check_page.h"

#include <algorithm>

#include "generator/page/page.h"
#include "generator/text/escape.h"

namespace ddi::page::fuzz {
namespace {

std::string check_block(const text::Block& block, std::size_t size) {
    if (!text::is_utf8(block.text)) return "a block's text is not UTF-8";
    if (block.span.begin > block.span.end || block.span.end > size) return "a block's span is not in the file";
    if (block.places.empty()) return "a block has no place";
    for (std::size_t i = 0; i < block.places.size(); ++i) {
        if (block.places[i].first > block.text.size() || block.places[i].second > size)
            return "a place is not in the text or not in the file";
        if (i > 0 && block.places[i].first <= block.places[i - 1].first) return "places do not ascend";
    }
    for (const text::Mark& mark : block.marks) {
        if (mark.begin >= mark.end || mark.end > block.text.size()) return "a mark covers no text";
    }
    const bool verbatim = block.kind == text::BlockKind::code || block.kind == text::BlockKind::html_comment;
    if (verbatim) return {};
    if (block.text.empty() || block.text.front() == ' ' || block.text.back() == ' ') return "a block is empty or not trimmed";
    if (block.text.find("  ") != std::string::npos || block.text.find_first_of("\t\r\n") != std::string::npos)
        return "white space is not folded";
    return {};
}

}  // namespace

std::string what_is_wrong(std::string_view bytes) {
    const Page page = read_page("fuzz.md", std::string(bytes));
    const std::size_t size = page.source->bytes().size();
    if (!page.is_api && page.diagnostics.empty()) return "a page is neither an API page nor does it say why";
    for (const text::Diagnostic& diagnostic : page.diagnostics) {
        if (diagnostic.span.begin > diagnostic.span.end || diagnostic.span.end > size) return "a diagnostic's span is not in the file";
        if (!text::is_utf8(text::format_diagnostic(diagnostic, false))) return "a diagnostic is not UTF-8";
    }
    for (const Field& field : page.fields) {
        if (field.key_span.end > size || field.value_span.begin > field.value_span.end || field.value_span.end > size)
            return "a field's span is not in the file";
        if (!std::all_of(field.values.begin(), field.values.end(), [](const std::string& value) { return text::is_utf8(value); }))
            return "a field is not UTF-8";
        if (!field.is_list && field.values.size() != 1) return "a scalar has not exactly one value";
    }
    for (const text::Section& section : page.sections) {
        if (!text::is_utf8(section.heading) || section.heading_span.end > size || section.level > 6) return "a heading is broken";
        for (const text::Block& block : section.blocks) {
            if (std::string wrong = check_block(block, size); !wrong.empty()) return wrong + ": " + block.text.substr(0, 60);
        }
    }
    if (const auto declaration = read_raw_declaration(bytes)) {
        if (declaration->span.begin > declaration->span.end || declaration->span.end > size)
            return "a declaration's span is not in the file";
    }
    return {};
}

}  // namespace ddi::page::fuzz
