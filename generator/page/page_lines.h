// For tests: a page's sections as lines of text, so that an expectation reads like the page it is about.
#pragma once

#include <fmt/format.h>

#include <string>
#include <vector>

#include "generator/page/page.h"

namespace ddi::page {

/// "H2 -remarks@12" for a heading, "paragraph@13 text" for a block; lists and tables with their coordinates. Marks as
/// `b{bold} i{italic} c{code} a{link}(target)` inside the text.
inline std::vector<std::string> lines_of(const Page& page) {
    using text::BlockKind;
    using text::MarkKind;
    const auto line = [&](std::uint32_t offset) { return page.source->position(offset).line; };
    std::vector<std::string> out;
    for (const text::Section& section : page.sections) {
        if (section.level > 0) out.push_back(fmt::format("H{} {}@{}", section.level, section.heading, line(section.heading_span.begin)));
        for (const text::Block& block : section.blocks) {
            constexpr const char* kinds[] = {"paragraph", "item", "code", "cell", "term", "definition", "quote", "comment"};
            std::string head = kinds[static_cast<int>(block.kind)];
            if (block.kind == BlockKind::list_item)
                head += fmt::format("{}{}.{}{}", block.list, block.ordered ? "#" : "", block.depth, block.row);
            if (block.kind == BlockKind::term || block.kind == BlockKind::definition) head += fmt::format("{}.{}", block.list, block.row);
            if (block.kind == BlockKind::table_cell)
                head += fmt::format("{}[{},{}]{}", block.list, block.row, block.column, block.header ? "h" : "");
            if (!block.language.empty()) head += fmt::format("({})", block.language);
            std::string body;
            for (std::uint32_t i = 0; i <= block.text.size(); ++i) {
                for (auto mark = block.marks.rbegin(); mark != block.marks.rend(); ++mark) {
                    if (mark->end == i) body += mark->kind == MarkKind::link ? "}(" + mark->target + ")" : "}";
                }
                for (const text::Mark& mark : block.marks) {
                    if (mark.begin == i) body += std::string(1, "bica"[static_cast<int>(mark.kind)]) + "{";
                }
                if (i < block.text.size()) body += block.text[i];
            }
            out.push_back(fmt::format("{}@{} {}", head, line(text::place_of(block, 0)), body));
        }
    }
    return out;
}

/// The codes of a page's diagnostics with their lines: "not-utf8@7".
inline std::vector<std::string> codes_of(const Page& page) {
    std::vector<std::string> out;
    for (const text::Diagnostic& diagnostic : page.diagnostics)
        out.push_back(fmt::format("{}@{}", diagnostic.code, page.source->position(diagnostic.span.begin).line));
    return out;
}

}  // namespace ddi::page
