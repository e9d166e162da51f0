#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "generator/page/page_lines.h"

namespace ddi::page {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> lines(const std::string& markdown) { return lines_of(read_page("a.md", "---\nUID: NF:a.b\n---\n" + markdown)); }

TEST(Html, ParagraphsAndMarks) {
    EXPECT_THAT(lines("<p>Points to &lt;a&gt;\n<b>lock</b> in <code>x</code>.</p>\n<p>Second\n"),
                ElementsAre("paragraph@4 Points to <a> b{lock} in c{x}.", "paragraph@6 Second"));
}

TEST(Html, TablesWithMarkdownInTheirCells) {
    EXPECT_THAT(lines("<table>\n<tr><th>Name</th>\n<th>Meaning</th></tr>\n<tr>\n<td>\n\n**A**\n\n</td>\n<td>\nfirst\n\n* "
                      "item\n\n</td>\n</tr>\n</table>\n\nafter\n"),
                ElementsAre("cell1[0,0]h@5 Name", "cell1[0,1]h@6 Meaning", "cell1[1,0]@10 b{A}", "cell1[1,1]@14 first",
                            "cell1[1,1]@16 item", "paragraph@22 after"));
}

TEST(Html, SpansKeepColumnsApart) {
    EXPECT_THAT(
        lines("<table><tr><td rowspan=\"2\">a</td><td colspan=2>b</td><td>c</td></tr><tr><td>d</td><td>e</td><td>f</td></tr></table>\n"),
        ElementsAre("cell1[0,0]@4 a", "cell1[0,1]@4 b", "cell1[0,3]@4 c", "cell1[1,1]@4 d", "cell1[1,2]@4 e", "cell1[1,3]@4 f"));
}

TEST(Html, DefinitionListsPairTermsAndDefinitions) {
    EXPECT_THAT(
        lines("<dl>\n<dt><b>A</b></dt>\n<dd>one</dd>\n<dd>two</dd>\n<dt>B</dt>\n<dt>C</dt><dd>three</dd>\n</dl>\n"),
        ElementsAre("term1.0@5 b{A}", "definition1.0@6 one", "definition1.0@7 two", "term1.1@8 B", "term1.1@9 C", "definition1.1@9 three"));
}

TEST(Html, Lists) {
    EXPECT_THAT(lines("<ul>\n<li>one\n<ol><li>deep</li></ol></li>\n<li><p>two</p><p>more</p></li>\n</ul>\n"),
                ElementsAre("item1.10@5 one", "item2#.20@6 deep", "item1.11@7 two", "item1.11@7 more"));
}

TEST(Html, AListThatBeginsInsideAParagraph) {
    EXPECT_THAT(lines("It is *one* of &lt;:<ul><li>[A](a.md)</li><li>b\\_c\n</li></ul>\n\nafter\n"),
                ElementsAre("paragraph@4 It is i{one} of <:", "item1.10@4 a{A}(a.md)", "item1.11@4 b_c", "paragraph@7 after"));
}

TEST(Html, RowsThatLostTheirTable) {
    EXPECT_THAT(lines("<tr>\n<td>a</td>\n<td>b</td>\n</tr>\n"), ElementsAre("cell1[0,0]@5 a", "cell1[0,1]@6 b"));
}

TEST(Html, CodeKeepsItsLines) {
    EXPECT_THAT(lines("<pre class=\"syntax\">\nvoid f(\n  int&nbsp;x);\n</pre>\n"), ElementsAre("code@5 void f(\n  int\xC2\xA0x);"));
    // A blank line ends the HTML for the markdown parser: what follows is a paragraph inside <pre>.
    EXPECT_THAT(lines("<div><pre>\nint *a* = &lt;b&gt;;\n\n  int *c*;\nint d;\n</pre></div>\n"),
                ElementsAre("code@5 int *a* = <b>;\n\n  int *c*;\nint d;"));
    EXPECT_THAT(lines("<div class=\"code\">\n\n```cpp\nx;\n```\n\n</div>\n"), ElementsAre("code(cpp)@7 x;"));
}

TEST(Html, AlertsAreQuotes) {
    EXPECT_THAT(lines("<div class=\"alert\"><b>Note</b>  Beware.</div>\n<div> </div>\n"), ElementsAre("quote@4 b{Note} Beware."));
}

TEST(Html, HeadingsMakeSectionsOnlyAtTheTop) {
    EXPECT_THAT(lines("<h3><a id=\"x\"></a>Example</h3>\nText\n\n<table><tr><td><h3>inner</h3>x</td></tr></table>\n"),
                ElementsAre("H3 Example@4", "paragraph@5 Text", "cell1[0,0]@7 inner", "cell1[0,0]@7 x"));
}

TEST(Html, AHeadingEndsHtmlThatIsLeftOpen) {
    EXPECT_THAT(lines("<table><tr><td>a\n\n## -remarks\n\nb\n"), ElementsAre("cell1[0,0]@4 a", "H2 -remarks@6", "paragraph@8 b"));
}

TEST(Html, CommentsAreKeptApart) {
    EXPECT_THAT(lines("<!-- not\nshown -->\n\ntext\n"), ElementsAre("comment@4  not\nshown ", "paragraph@7 text"));
}

TEST(Html, AHeadingInsideHtmlIsReported) {
    const Page page = read_page("a.md", "---\nUID: NS:a.b\n---\n<div>\n### -field A\n</div>\n");
    EXPECT_THAT(codes_of(page), ElementsAre("heading-in-html@5"));
}

TEST(Html, ScriptsStylesAndImagesAreNoText) {
    EXPECT_THAT(lines("<div><script>alert(1)</script><style>p{}</style><img src=x alt=y></div>\n"), IsEmpty());
}

/// The reader marks the places of markdown inside HTML with an element of its own; a page that writes one gets text.
TEST(Html, APageCannotForgeTheReadersMarker) {
    EXPECT_THAT(lines("<div>\n<ddi-node></ddi-node>\n\nreal\n\n</div>\n"), ElementsAre("paragraph@7 real"));
}

TEST(Html, PlacesSurviveEntitiesAndLines) {
    const Page page = read_page("a.md", "---\nUID: NF:a.b\n---\n<dl>\n<dd>one &amp; two\nthree <i>four</i></dd>\n</dl>\n");
    const text::Block& block = page.sections.at(0).blocks.at(0);
    EXPECT_EQ(block.text, "one & two three four");
    const auto at = [&](const char* word) {
        return page.source->position(text::place_of(block, static_cast<std::uint32_t>(block.text.find(word))));
    };
    EXPECT_EQ(at("one"), (text::Position{5, 5}));
    EXPECT_EQ(at("two").line, 5u);
    EXPECT_EQ(at("three"), (text::Position{6, 1}));
    EXPECT_EQ(at("four"), (text::Position{6, 10}));
}

}  // namespace
}  // namespace ddi::page
