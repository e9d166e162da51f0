#include "generator/page/outline.h"

#include <algorithm>
#include <string_view>

namespace ddi::page {
namespace {

/// Pages of 2018 end with a link that mails feedback to the documentation's authors; it is not part of any section.
bool is_feedback_link(const text::Block& block) {
    constexpr std::string_view mailbox = "mailto:wsddocfb";
    return std::any_of(block.marks.begin(), block.marks.end(), [&](const text::Mark& mark) {
        return mark.kind == text::MarkKind::link && mark.target.compare(0, mailbox.size(), mailbox) == 0;
    });
}

}  // namespace

text::Section& Outline::current() {
    if (sections_.empty()) sections_.emplace_back();
    return sections_.back();
}

void Outline::heading(std::uint32_t level, text::Block block) {
    text::Section section;
    section.level = level;
    section.heading = std::move(block.text);
    section.heading_span = {std::min(block.span.begin, file_size_), std::min(block.span.end, file_size_)};
    sections_.push_back(std::move(section));
}

void Outline::place(text::Block& block, const Context& context) {
    block.depth = context.depth;
    block.row = context.row;
    block.column = context.column;
    block.list = context.list;
    block.header = context.header;
    block.ordered = context.ordered;
    block.span.begin = std::min(block.span.begin, file_size_);
    block.span.end = std::clamp(block.span.end, block.span.begin, file_size_);
    if (block.places.empty()) block.places.emplace_back(0, block.span.begin);
    for (auto& pair : block.places) pair.second = std::min(pair.second, file_size_);
}

void Outline::add(text::Block block, const Context& context) {
    if (block.text.empty() || is_feedback_link(block)) return;
    block.kind = context.kind;
    block.language = context.language;
    place(block, context);
    current().blocks.push_back(std::move(block));
}

void Outline::add_verbatim(text::BlockKind kind, text::Block block, const Context& context) {
    block.kind = kind;
    place(block, context);
    current().blocks.push_back(std::move(block));
}

}  // namespace ddi::page
