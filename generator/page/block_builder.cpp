#include "generator/page/block_builder.h"

#include <algorithm>
#include <utility>

namespace ddi::page {
namespace {

/// Length of the white space at text[at]: 0 if there is none. U+00A0 is two bytes.
std::size_t blank_length(std::string_view text, std::size_t at) {
    const char c = text[at];
    if (c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' || c == '\v') return 1;
    if (c == '\xC2' && at + 1 < text.size() && text[at + 1] == '\xA0') return 2;
    return 0;
}

}  // namespace

void BlockBuilder::text(std::string_view text, std::uint32_t place) {
    for (std::size_t i = 0; i < text.size();) {
        if (const std::size_t length = blank_length(text, i)) {
            blank();
            i += length;
            continue;
        }
        std::size_t end = i + 1;
        while (end < text.size() && blank_length(text, end) == 0) ++end;
        append(text.substr(i, end - i), place + static_cast<std::uint32_t>(i));
        i = end;
    }
}

void BlockBuilder::append(std::string_view run, std::uint32_t place) {
    if (pending_blank_) {
        pending_blank_ = false;
        block_.text += ' ';
        if (next_place_ != unset) ++next_place_;
    }
    const auto at = static_cast<std::uint32_t>(block_.text.size());
    for (auto mark = open_.rbegin(); mark != open_.rend() && mark->begin == unset; ++mark) mark->begin = at;
    if (place != next_place_) block_.places.emplace_back(at, place);
    block_.text += run;
    next_place_ = place + static_cast<std::uint32_t>(run.size());
}

void BlockBuilder::open(text::MarkKind kind, std::string target) { open_.push_back({kind, std::move(target), unset}); }

void BlockBuilder::end_mark(OpenMark& mark) {
    const auto end = static_cast<std::uint32_t>(block_.text.size());
    if (mark.begin != unset && mark.begin < end) block_.marks.push_back({mark.kind, mark.begin, end, std::move(mark.target)});
}

void BlockBuilder::close(text::MarkKind kind) {
    const auto found = std::find_if(open_.rbegin(), open_.rend(), [&](const OpenMark& mark) { return mark.kind == kind; });
    if (found == open_.rend()) return;
    end_mark(*found);
    open_.erase(std::next(found).base());
}

text::Block BlockBuilder::finish() {
    for (auto mark = open_.rbegin(); mark != open_.rend(); ++mark) end_mark(*mark);
    // Outer marks first; among equals the one that was closed last is the outer one.
    std::reverse(block_.marks.begin(), block_.marks.end());
    std::stable_sort(block_.marks.begin(), block_.marks.end(),
                     [](const text::Mark& a, const text::Mark& b) { return a.begin != b.begin ? a.begin < b.begin : a.end > b.end; });
    open_.clear();
    pending_blank_ = false;
    next_place_ = unset;
    return std::exchange(block_, {});
}

void drop_front(text::Block& block, std::uint32_t count) {
    const std::uint32_t place = text::place_of(block, count);
    block.text.erase(0, count);
    const auto moved = [&](std::uint32_t at) { return at > count ? at - count : 0; };
    for (text::Mark& mark : block.marks) mark.begin = moved(mark.begin), mark.end = moved(mark.end);
    std::erase_if(block.marks, [](const text::Mark& mark) { return mark.begin == mark.end; });
    std::erase_if(block.places, [&](const auto& pair) { return pair.first <= count; });
    for (auto& pair : block.places) pair.first -= count;
    block.places.insert(block.places.begin(), {0, place});
}

}  // namespace ddi::page
