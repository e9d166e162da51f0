#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "generator/page/page_lines.h"

namespace ddi::page {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// A page of which the body begins on line 4.
Page body(const std::string& markdown) { return read_page("a.md", "---\nUID: NF:a.b\n---\n" + markdown); }
std::vector<std::string> lines(const std::string& markdown) { return lines_of(body(markdown)); }

TEST(Markdown, HeadingsMakeSections) {
    EXPECT_THAT(lines("# F function\n\n## -parameters\n\n### -param SpinLock [in, out]\n\nA lock.\n\n#### - NewIrql [in]\n\nA level.\n"),
                ElementsAre("H1 F function@4", "H2 -parameters@6", "H3 -param SpinLock [in, out]@8", "paragraph@10 A lock.",
                            "H4 - NewIrql [in]@12", "paragraph@14 A level."));
}

TEST(Markdown, TextBeforeTheFirstHeadingHasASectionOfItsOwn) {
    const Page page = body("Alone.\n\n# F\n");
    ASSERT_EQ(page.sections.size(), 2u);
    EXPECT_EQ(page.sections[0].level, 0u);
    EXPECT_EQ(page.sections[0].blocks.size(), 1u);
}

TEST(Markdown, HeadingsInCodeAreCode) {
    EXPECT_THAT(lines("## -syntax\n\n````\n# define X\n```\n## -no\n````\n\n## -remarks\n"),
                ElementsAre("H2 -syntax@4", "code@7 # define X\n```\n## -no", "H2 -remarks@12"));
}

TEST(Markdown, AFenceThatSwallowsASectionIsReported) {
    const Page page = body("## -syntax\n\n````\nint f();\n```\n\n## -remarks\n\nGone.\n");
    EXPECT_THAT(codes_of(page), ElementsAre("heading-in-code@10"));
}

TEST(Markdown, MarksEscapesAndEntities) {
    EXPECT_THAT(
        lines("Call **KeX** at IRQL \\<= APC\\_LEVEL &mdash; *never* at `IRQL > 2` or [**KeY**](nf-wdm-key.md).\n"),
        ElementsAre("paragraph@4 Call b{KeX} at IRQL <= APC_LEVEL \xE2\x80\x94 i{never} at c{IRQL > 2} or a{b{KeY}}(nf-wdm-key.md)."));
}

TEST(Markdown, InlineHtmlBecomesMarksOrVanishes) {
    EXPECT_THAT(
        lines(
            "The<b> KeX </b>routine <span class=\"x\">of</span> <a href=\"wdm.key\">KeY</a> takes 2<sup>32</sup><br/>bytes<!-- no -->.\n"),
        ElementsAre("paragraph@4 The b{KeX} routine of a{KeY}(wdm.key) takes 2^32 bytes."));
}

TEST(Markdown, WhatIsNoTagIsText) {
    EXPECT_THAT(lines("A ComPtr<IModelObject> holds <b>it</b>.\n"), ElementsAre("paragraph@4 A ComPtr<IModelObject> holds b{it}."));
}

TEST(Markdown, BlanksFold) {
    EXPECT_THAT(lines("A\xC2\xA0lock  and\n\ta level &nbsp; here \xC2\xA0\n"), ElementsAre("paragraph@4 A lock and a level here"));
    EXPECT_THAT(lines("```\na\xC2\xA0 b\n```\n"), ElementsAre("code@5 a\xC2\xA0 b"));
}

TEST(Markdown, ListsKeepTheirItemsAndDepth) {
    EXPECT_THAT(lines("- one\n\n  more\n- two\n  1. deep\n\n```\ncode\n```\n"),
                ElementsAre("item1.10@4 one", "item1.10@6 more", "item1.11@7 two", "item2#.20@8 deep", "code@11 code"));
}

TEST(Markdown, TablesKeepTheirCells) {
    EXPECT_THAT(lines("Values are\n\n| Name | Value |\n|---|:-:|\n| `A \\| B` | *x* |\n| C |\n\nend\n"),
                ElementsAre("paragraph@4 Values are", "cell1[0,0]h@6 Name", "cell1[0,1]h@6 Value", "cell1[1,0]@8 c{A | B}",
                            "cell1[1,1]@8 i{x}", "cell1[2,0]@9 C", "paragraph@11 end"));
}

TEST(Markdown, ATableRightBelowAParagraph) {
    EXPECT_THAT(lines("One\ntwo:\n|A|B|\n|-|-|\n|c|d|\n"),
                ElementsAre("paragraph@4 One two:", "cell1[0,0]h@6 A", "cell1[0,1]h@6 B", "cell1[1,0]@8 c", "cell1[1,1]@8 d"));
}

TEST(Markdown, AlertsAreQuotes) {
    EXPECT_THAT(lines("> [!NOTE]\n> Hold the *lock*.\n>\n> - Really.\n\n> said\n>> again\n"),
                ElementsAre("quote(note)@5 Hold the i{lock}.", "item1.20(note)@7 Really.", "quote@9 said", "quote@10 again"));
    EXPECT_THAT(lines("> [!Warning] On one line.\n"), ElementsAre("quote(warning)@4 On one line."));
}

TEST(Markdown, TheFeedbackMailAtTheFootIsDropped) {
    EXPECT_THAT(lines("## -see-also\n\n<a href=\"x\">KeX</a>\n\xC2\xA0\n\n<a href=\"mailto:wsddocfb@microsoft.com?subject=x [a\\b]:%20y "
                      "&amp;body=z.\" title=\"Send\">Send comments</a>\n"),
                ElementsAre("H2 -see-also@4", "paragraph@6 a{KeX}(x)"));
}

TEST(Markdown, ImagesAreNoText) {
    EXPECT_THAT(lines("Before ![a diagram](x.png) after.\n\n![alone](y.png)\n"), ElementsAre("paragraph@4 Before after."));
}

/// Where each word of a paragraph stands in the file, by searching for it: the words are all different.
TEST(Markdown, PlacesPointAtTheWords) {
    const Page page = body(
        "## -remarks\n\nAlpha **beta** &lt;= gamma\\_delta [epsilon](zeta.md \"eta\") `theta`\n  iota &amp; kappa <i>lambda</i>\nmu "
        "[nu][xi]\n\n[xi]: y.md\n\n1. omicron\n   > pi \\*rho\n\n| sigma | tau &gt; |\n|---|---|\n| *upsilon* | phi |\n");
    int checked = 0;
    for (const text::Block& block : page.sections.at(0).blocks) {
        for (const char* word : {"Alpha", "beta", "gamma", "delta", "epsilon", "theta", "iota", "kappa", "lambda", "mu", "nu", "omicron",
                                 "pi", "rho", "sigma", "tau", "upsilon", "phi"}) {
            const std::size_t at = block.text.find(word);
            if (at == std::string::npos || (std::string(word) == "pi" && block.text.find("epsilon") != std::string::npos)) continue;
            const std::size_t place = text::place_of(block, static_cast<std::uint32_t>(at));
            EXPECT_EQ(page.source->bytes().substr(place, std::string_view(word).size()), word);
            ++checked;
        }
    }
    EXPECT_GE(checked, 18);
}

TEST(Markdown, NullBytesAreReplaced) {
    const Page page = body(std::string("a\0b\n", 4));
    EXPECT_THAT(lines_of(page), ElementsAre("paragraph@4 a\xEF\xBF\xBD"
                                            "b"));
}

TEST(Markdown, AnEmptyBodyHasNoSections) { EXPECT_THAT(body("").sections, IsEmpty()); }

}  // namespace
}  // namespace ddi::page
