#include "generator/emit/reference/html_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

#include "generator/text/escape.h"

namespace ddi::emit::reference {

namespace {

using text::Block;
using text::BlockKind;
using text::Mark;
using text::MarkKind;

std::string open_tag(const Mark& mark, const std::string& address) {
    switch (mark.kind) {
        case MarkKind::bold:
            return "<b>";
        case MarkKind::italic:
            return "<i>";
        case MarkKind::code:
            return "<code>";
        case MarkKind::link:
            return fmt::format("<a href=\"{}\">", text::escape_html(address));
    }
    return {};
}

const char* close_tag(MarkKind kind) {
    switch (kind) {
        case MarkKind::bold:
            return "</b>";
        case MarkKind::italic:
            return "</i>";
        case MarkKind::code:
            return "</code>";
        case MarkKind::link:
            return "</a>";
    }
    return "";
}

/// Lists nest by depth: a deeper list stands inside the item above it, so an item is closed only by what follows it.
class ListNesting {
  public:
    explicit ListNesting(std::string& out) : out_(out) {}
    void item(std::uint32_t depth, bool ordered, const std::string& content) {
        // A list may stand in a quote or a cell, which count as levels, too: the first item's level is the list's own.
        if (open_.empty()) base_ = depth;
        depth = depth > base_ ? depth - base_ : 0;
        while (open_.size() > depth + 1) close();
        if (open_.size() == depth + 1) out_ += "</li>\n";
        while (open_.size() < depth + 1) {
            open_.push_back(ordered ? "ol" : "ul");
            out_ += "<" + open_.back() + ">\n";
            // A list that begins deeper than one level has no item to stand in.
            if (open_.size() < depth + 1) out_ += "<li>\n";
        }
        out_ += "<li>" + content;
    }
    void end() {
        while (!open_.empty()) close();
    }

  private:
    void close() {
        out_ += "</li>\n</" + open_.back() + ">\n";
        open_.pop_back();
    }
    std::string& out_;
    std::uint32_t base_ = 0;
    std::vector<std::string> open_;  // "ul" or "ol", outermost first
};

std::string code_html(const Block& block) { return "<pre><code>" + text::escape_html(block.text) + "</code></pre>\n"; }

/// The cells of one table, row by row; short rows are padded, so that the table is rectangular.
std::string table_html(const Block* begin, const Block* end, const LinkTarget& link) {
    std::string out = "<div class=\"wide\"><table>\n";
    std::uint32_t columns = 0;
    for (const Block* cell = begin; cell != end; ++cell) columns = std::max(columns, cell->column + 1);
    for (const Block* cell = begin; cell != end;) {
        std::uint32_t row = cell->row;
        out += "<tr>";
        for (std::uint32_t column = 0; column < columns; ++column) {
            bool header = cell != end && cell->row == row && cell->header;
            std::string content;
            // Several paragraphs of one cell are several blocks with the same place in the table.
            for (; cell != end && cell->row == row && cell->column == column; ++cell)
                content += cell->kind == BlockKind::code ? code_html(*cell) : (content.empty() ? "" : "<br>") + inline_html(*cell, link);
            out += header ? "<th>" + content + "</th>" : "<td>" + content + "</td>";
        }
        // A cell out of order would stall the walk; it cannot be placed in the grid, so its text goes below.
        for (; cell != end && cell->row == row; ++cell) out += "<td>" + inline_html(*cell, link) + "</td>";
        out += "</tr>\n";
    }
    return out + "</table></div>\n";
}

}  // namespace

std::string inline_html(const Block& block, const LinkTarget& link) {
    auto size = static_cast<std::uint32_t>(block.text.size());
    std::vector<Mark> marks = block.marks;
    for (auto& mark : marks) mark.begin = std::min(mark.begin, size), mark.end = std::min(mark.end, size);
    std::stable_sort(marks.begin(), marks.end(),
                     [](const Mark& a, const Mark& b) { return a.begin != b.begin ? a.begin < b.begin : a.end > b.end; });
    std::string out;
    std::vector<const Mark*> open;
    std::uint32_t at = 0;
    auto text_to = [&](std::uint32_t end) {
        if (end > at) out += text::escape_html(std::string_view(block.text).substr(at, end - at)), at = end;
    };
    auto close_until = [&](std::uint32_t place) {
        while (!open.empty() && open.back()->end <= place) {
            text_to(open.back()->end);
            out += close_tag(open.back()->kind);
            open.pop_back();
        }
    };
    for (auto& mark : marks) {
        if (mark.begin >= mark.end) continue;
        close_until(mark.begin);
        std::string address = mark.kind == MarkKind::link ? link(mark.target) : std::string();
        bool nested_link =
            mark.kind == MarkKind::link && std::any_of(open.begin(), open.end(), [](const Mark* m) { return m->kind == MarkKind::link; });
        if (mark.kind == MarkKind::link && (address.empty() || nested_link)) continue;
        text_to(mark.begin);
        if (!open.empty()) mark.end = std::min(mark.end, open.back()->end);
        out += open_tag(mark, address);
        open.push_back(&mark);
    }
    close_until(size);
    text_to(size);
    return out;
}

std::string blocks_html(const std::vector<Block>& blocks, const LinkTarget& link) {
    std::string out;
    ListNesting lists(out);
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        const Block& block = blocks[i];
        if (block.kind == BlockKind::html_comment) continue;
        if (block.kind == BlockKind::list_item) {
            lists.item(block.depth, block.ordered, inline_html(block, link));
            continue;
        }
        lists.end();
        switch (block.kind) {
            case BlockKind::code:
                out += code_html(block);
                break;
            case BlockKind::quote:
                out += "<blockquote><p>" + inline_html(block, link) + "</p></blockquote>\n";
                break;
            case BlockKind::table_cell: {
                std::size_t end = i;
                // Code in a cell is a block of its own kind that carries the table's number.
                while (end < blocks.size() && (blocks[end].kind == BlockKind::table_cell || blocks[end].kind == BlockKind::code) &&
                       blocks[end].list == block.list)
                    ++end;
                out += table_html(&blocks[i], blocks.data() + end, link);
                i = end - 1;
                break;
            }
            case BlockKind::term:
            case BlockKind::definition: {
                out += "<dl>\n";
                std::size_t end = i;
                for (; end < blocks.size() && (blocks[end].kind == BlockKind::term || blocks[end].kind == BlockKind::definition); ++end) {
                    const char* tag = blocks[end].kind == BlockKind::term ? "dt" : "dd";
                    out += fmt::format("<{0}>{1}</{0}>\n", tag, inline_html(blocks[end], link));
                }
                out += "</dl>\n";
                i = end - 1;
                break;
            }
            default:
                out += "<p>" + inline_html(block, link) + "</p>\n";
        }
    }
    lists.end();
    return out;
}

}  // namespace ddi::emit::reference
