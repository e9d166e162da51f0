#include "generator/emit/reference/html_text.h"

#include <gtest/gtest.h>

namespace ddi::emit::reference {
namespace {

text::Block paragraph(std::string words, std::vector<text::Mark> marks = {}) {
    text::Block block;
    block.text = std::move(words);
    block.marks = std::move(marks);
    return block;
}

std::string to_web(const std::string& target) { return target.starts_with("https://") ? target : std::string(); }

TEST(InlineHtml, EscapesTextBetweenMarks) {
    EXPECT_EQ(inline_html(paragraph("a<b> & \"c\"", {{text::MarkKind::bold, 1, 4, {}}}), to_web), "a<b>&lt;b&gt;</b> &amp; &quot;c&quot;");
}

TEST(InlineHtml, NestsMarksThatCross) {
    auto block = paragraph("abcdef", {{text::MarkKind::bold, 0, 4, {}}, {text::MarkKind::italic, 2, 6, {}}});
    EXPECT_EQ(inline_html(block, to_web), "<b>ab<i>cd</i></b>ef");
}

TEST(InlineHtml, LeavesOutLinksThatLeadNowhereAndLinksInLinks) {
    EXPECT_EQ(inline_html(paragraph("go", {{text::MarkKind::link, 0, 2, "javascript:alert(1)"}}), to_web), "go");
    auto nested = paragraph("abc", {{text::MarkKind::link, 0, 3, "https://a"}, {text::MarkKind::link, 1, 2, "https://b"}});
    EXPECT_EQ(inline_html(nested, to_web), "<a href=\"https://a\">abc</a>");
}

TEST(InlineHtml, ClampsMarksPastTheEnd) {
    EXPECT_EQ(inline_html(paragraph("ab", {{text::MarkKind::code, 1, 99, {}}}), to_web), "a<code>b</code>");
}

TEST(BlocksHtml, NestsLists) {
    auto outer = paragraph("one"), inner = paragraph("two"), last = paragraph("three");
    outer.kind = inner.kind = last.kind = text::BlockKind::list_item;
    inner.depth = 1;
    EXPECT_EQ(blocks_html({outer, inner, last}, to_web), "<ul>\n<li>one<ul>\n<li>two</li>\n</ul>\n</li>\n<li>three</li>\n</ul>\n");
}

TEST(BlocksHtml, TakesTheFirstItemsLevelForTheLists) {
    auto item = paragraph("one");
    item.kind = text::BlockKind::list_item;
    item.depth = 1;
    item.ordered = true;
    EXPECT_EQ(blocks_html({item}, to_web), "<ol>\n<li>one</li>\n</ol>\n");
}

TEST(BlocksHtml, PadsShortRowsOfTables) {
    auto cell = [](const char* words, std::uint32_t row, std::uint32_t column, bool header) {
        auto block = paragraph(words);
        block.kind = text::BlockKind::table_cell;
        block.row = row, block.column = column, block.header = header, block.list = 1;
        return block;
    };
    EXPECT_EQ(blocks_html({cell("a", 0, 0, true), cell("b", 0, 1, true), cell("c", 1, 0, false)}, to_web),
              "<div class=\"wide\"><table>\n<tr><th>a</th><th>b</th></tr>\n<tr><td>c</td><td></td></tr>\n</table></div>\n");
}

}  // namespace
}  // namespace ddi::emit::reference
