#include "generator/page/limits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace ddi::page {
namespace {

using testing::HasSubstr;

std::string repeated(std::string_view piece, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += piece;
    return out;
}

std::string excess(const std::string& bytes) { return check_limits(bytes).what; }

/// The largest that real pages have, all of it in one page.
TEST(Limits, TheLargestRealPagesPass) {
    std::string page = repeated("### -param x\n\n", 737) + std::string(10'358, 'x') + "\n" + repeated("<a>", 7126) + "\n\n";
    page += std::string("|") + repeated("a|", 22) + "\n|" + repeated("-|", 22) + "\n" + repeated("|x|\n", 200);
    EXPECT_FALSE(check_limits(page + std::string(1, '\n') + repeated("y\n", 60'000)).found);
}

TEST(Limits, EachLimitIsNamedWithItsPlace) {
    EXPECT_THAT(excess(std::string(3 << 20, '\n')), HasSubstr("a file of"));
    EXPECT_THAT(excess(std::string(70'000, 'x')), HasSubstr("a line of 70000"));
    EXPECT_THAT(excess(repeated("# h\n", 5000)), HasSubstr("headings"));
    EXPECT_THAT(excess(std::string("|") + repeated("-|", 150) + "\n"), HasSubstr("columns"));
    EXPECT_THAT(excess(std::string("|") + repeated("-|", 90) + "\n" + repeated("|\n", 2000)), HasSubstr("cells"));
    EXPECT_THAT(excess(repeated("> ", 500) + "x\n"), HasSubstr("markers"));
    EXPECT_THAT(excess(repeated("- ", 500) + "x\n"), HasSubstr("markers"));
    EXPECT_THAT(excess(repeated("![", 1000)), HasSubstr("images"));
    EXPECT_THAT(excess(repeated("<?", 1000)), HasSubstr("declarations"));
    EXPECT_THAT(excess(repeated("<![CDATA[", 1000)), HasSubstr("declarations"));
    EXPECT_THAT(excess(repeated("<b>\n", 50'000)), HasSubstr("tags"));
    EXPECT_EQ(check_limits(std::string("ok\n|") + repeated("-|", 150)).span.begin, 3u);
}

TEST(Limits, TablesAreCountedByTheirRows) {
    // Blank lines end a table: many small ones are no large one.
    EXPECT_FALSE(check_limits(repeated("|a|b|\n|-|-|\n|c|d|\n\ntext\n\n", 2000)).found);
}

TEST(HtmlDepth, CountsWhatNests) {
    EXPECT_EQ(html_depth("<div><b>x</b></div><div></div>"), 2u);
    EXPECT_EQ(html_depth(repeated("<p>", 500) + repeated("<li>", 500)), 0u);
    EXPECT_EQ(html_depth(repeated("<div>", 500)), 500u);
    EXPECT_EQ(html_depth("</div></div><div>"), 1u);
    EXPECT_EQ(html_depth("a < b <3 <"), 1u);  // an upper bound
}

}  // namespace
}  // namespace ddi::page
