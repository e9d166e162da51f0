#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "generator/facts/direction_words.h"
#include "generator/facts/page_for_test.h"

namespace ddi::facts {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

std::vector<std::string> names(const Facts& facts) {
    std::vector<std::string> out;
    for (const ParameterFact& p : facts.parameters) out.push_back(p.name);
    return out;
}

TestPage extracted(const std::string& body) {
    TestPage t("## -parameters\n\n" + body + "\n## -returns\n\nNone\n");
    extract_parameters(t.page, t.facts);
    return t;
}

TEST(Parameters, DirectionsInTheHeading) {
    const TestPage t = extracted(
        "### -param A [in]\n\nOne.\n\n### -param B [in, out, optional]\n\nTwo.\n\n### -param C [_Inout_]\n\nThree.\n\n### -param D "
        "[out/optional]\n\nFour.\n\n"
        "### -param E [_In_reads_bytes_opt_(Length)]\n\nFive.\n\n### -param F [In]\n\nSix.\n\n### -param G [4] [out]\n\nSeven.\n");
    const auto& p = t.facts.parameters;
    ASSERT_THAT(p, SizeIs(7));
    EXPECT_EQ(p[0].direction, Direction::in);
    EXPECT_TRUE(p[1].direction == Direction::in_out && p[1].optional);
    EXPECT_EQ(p[2].direction, Direction::in_out);
    EXPECT_TRUE(p[3].direction == Direction::out && p[3].optional);
    EXPECT_TRUE(p[4].direction == Direction::in && p[4].optional);
    EXPECT_EQ(p[5].direction, Direction::in);
    EXPECT_TRUE(p[6].direction == Direction::out && p[6].name == "G");
    for (const auto& parameter : p) EXPECT_EQ(parameter.direction_origin, Origin::heading);
    EXPECT_EQ(p[0].text[0].text, "One.");
    EXPECT_EQ(p[0].cite.verbatim, "-param A [in]");
}

TEST(Parameters, MarkersAtTheStartOfTheText) {
    const TestPage t = extracted(
        "### -param A\n\n[in, optional] The **first** thing.\n\n### -param B\n\n\\_Out\\_ The second.\n\n### -param "
        "unnamedParam3\n\n*hDevice* [in]: The third.\n");
    const auto& p = t.facts.parameters;
    ASSERT_THAT(p, SizeIs(3));
    EXPECT_TRUE(p[0].direction == Direction::in && p[0].optional);
    EXPECT_EQ(p[0].direction_origin, Origin::prose);
    EXPECT_EQ(p[0].text[0].text, "The first thing.");
    ASSERT_THAT(p[0].text[0].marks, SizeIs(1));
    EXPECT_EQ(p[0].text[0].text.substr(p[0].text[0].marks[0].begin, 5), "first");
    const std::string_view bytes = t.page.source->bytes();
    EXPECT_TRUE(bytes.substr(text::place_of(p[0].text[0], 0)).starts_with("The **first**"));
    EXPECT_EQ(p[1].direction, Direction::out);
    EXPECT_EQ(p[2].name, "hDevice");
    EXPECT_EQ(p[2].direction, Direction::in);
    EXPECT_EQ(p[2].text[0].text, "The third.");
}

TEST(Parameters, ALinkInBracketsIsNoMarker) {
    EXPECT_FALSE(leading_marker("[Inner] product"));
    EXPECT_FALSE(leading_marker("[ACCESS_MASK] value"));
    EXPECT_TRUE(leading_marker("[in] value"));
    EXPECT_FALSE(named_marker("Flags of 4"));
}

TEST(Parameters, DirectionsFromWordsAreInferred) {
    EXPECT_EQ(meaning_of_words("A pointer to a variable that receives the level.").direction, Direction::out);
    EXPECT_EQ(meaning_of_words("Caller-supplied pointer to a place to receive a handle.").direction, Direction::out);
    EXPECT_EQ(meaning_of_words("On input, the size. On output, the bytes written.").direction, Direction::in_out);
    EXPECT_EQ(meaning_of_words("Specifies the level.").direction, Direction::in);
    EXPECT_EQ(meaning_of_words("A pointer to a block. This pointer is returned by an allocator.").direction, Direction::unknown);
    EXPECT_EQ(meaning_of_words("A pointer to a lock.").direction, Direction::unknown);
    EXPECT_TRUE(meaning_of_words("Reserved for the system.").reserved);
    const TestPage t =
        extracted("### -param A\n\nA pointer to a place that receives the old level.\n\n### -param B [in]\n\nReceives nothing.\n");
    EXPECT_EQ(t.facts.parameters[0].direction_origin, Origin::inferred);
    EXPECT_EQ(t.facts.parameters[1].direction, Direction::in);
    EXPECT_EQ(t.facts.parameters[1].direction_origin, Origin::heading);
}

TEST(Parameters, NamesAreCleaned) {
    const TestPage t = extracted(
        "### -param *pArgs [in]\n\nx\n\n### -param Adapter:\n\nx\n\n### -param D3DKMT_X *\n\nx\n\n### -param fmt, ...\n\nx\n\n### -param "
        "...\n\nx\n\n### -param void\n\nx\n");
    EXPECT_THAT(names(t.facts), ElementsAre("pArgs", "Adapter", "D3DKMT_X", "fmt", "..."));
}

TEST(Parameters, StaleHeadingsGetTheirNamesBack) {
    const TestPage same_text = extracted(
        "### -param First [in]\n\nOne.\n\n### -param param\n\n<p>Two.</p>\n\n### -param Third [in]\n\nThree.\n\n#### - Second [in, "
        "out]\n\nTwo.\n");
    EXPECT_THAT(names(same_text.facts), ElementsAre("First", "Second", "Third"));
    EXPECT_EQ(same_text.facts.parameters[1].direction, Direction::in_out);
    EXPECT_EQ(same_text.codes(), "stale-parameter-heading ");
    const text::Span span = same_text.facts.diagnostics[0].span;
    EXPECT_EQ(same_text.page.source->bytes().substr(span.begin, span.end - span.begin), "### -param param");

    const TestPage undocumented = extracted("### -param a\n\nTBD\n\n#### - P [in]\n\nThe block.\n");
    EXPECT_THAT(names(undocumented.facts), ElementsAre("P"));
    EXPECT_EQ(undocumented.facts.parameters[0].text[0].text, "The block.");
}

TEST(Parameters, AFreeHeadingBelongsToItsParameter) {
    const TestPage t = extracted("### -param Which [in]\n\nOne of:\n\n#### - VALUE_ONE\n\nThe first.\n\n#### Note\n\nMore.\n");
    ASSERT_THAT(t.facts.parameters, SizeIs(1));
    EXPECT_THAT(t.facts.parameters[0].text, SizeIs(4));
    EXPECT_EQ(t.codes(), "");
}

TEST(Parameters, DuplicatesAndHolesAreReported) {
    const TestPage t = extracted(
        "### -param A [in]\n\nx\n\n### -param A [in]\n\ny\n\n### -param B\n\n### -param\n\nz\n\n### -param UINT\n\nx\n\n### -param "
        "UINT\n\ny\n\n### -param the count of it\n\nx\n");
    EXPECT_THAT(names(t.facts), ElementsAre("A", "B", "UINT", "UINT", "the count of it"));
    EXPECT_EQ(t.codes(),
              "duplicate-parameter parameter-undocumented parameter-without-name duplicate-parameter parameter-name-not-understood ");
}

TEST(Parameters, TheSeedWithAStaleHeading) {
    std::ifstream file(DDI_SOURCE_DIR "/../shared/seeds/nf-video-videoportreleasespinlock.md");
    if (!file) GTEST_SKIP() << "the seed pages are not beside the checkout";
    std::stringstream bytes;
    bytes << file.rdbuf();
    const page::Page page = page::read_page("video/nf-video-videoportreleasespinlock.md", bytes.str());
    Facts facts;
    facts.source = page.source;
    extract_parameters(page, facts);
    EXPECT_THAT(names(facts), ElementsAre("HwDeviceExtension", "SpinLock", "NewIrql"));
    EXPECT_EQ(facts.parameters[1].direction, Direction::in_out);
    ASSERT_THAT(facts.diagnostics, SizeIs(1));
    EXPECT_EQ(facts.diagnostics[0].code, "stale-parameter-heading");
    EXPECT_EQ(page.source->position(facts.diagnostics[0].span.begin).line, 67U);
}

}  // namespace
}  // namespace ddi::facts
