// The five pages that stand for the generations of the format. They are not part of this repository.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "generator/page/page_lines.h"

namespace ddi::page {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

class Seeds : public testing::Test {
  protected:
    void SetUp() override {
        if (!std::filesystem::exists(folder)) GTEST_SKIP() << "the seed pages are not there: " << folder;
    }
    static Page read(const std::string& name) {
        std::ifstream file(folder + name, std::ios::binary);
        EXPECT_TRUE(file.is_open()) << name;
        Page page = read_page(name, {std::istreambuf_iterator<char>(file), {}});
        EXPECT_TRUE(page.is_api);
        EXPECT_THAT(codes_of(page), IsEmpty());
        return page;
    }
    static std::vector<std::string> headings(const Page& page) {
        std::vector<std::string> out;
        for (const text::Section& section : page.sections) out.push_back(section.heading);
        return out;
    }
    static const std::string folder;
};
const std::string Seeds::folder = DDI_SOURCE_DIR "/../shared/seeds/";

TEST_F(Seeds, ACallbackOfJanuary2018) {
    const Page page = read("nc-ks-pfnkspinirp.md");
    EXPECT_EQ(page.kind, PageKind::callback);
    EXPECT_EQ(page.uid, "NC.ks.PFNKSPINIRP");
    EXPECT_EQ(page.value("req.header"), "ks.h");
    EXPECT_EQ(page.value("req.irql"), "");
    EXPECT_THAT(headings(page), ElementsAre("PFNKSPINIRP callback", "-description", "-prototype", "-parameters", "-param Pin [in]",
                                            "-param Irp [in]", "-returns", "-remarks", "-requirements", "-see-also"));
    const text::Section& prototype = *page.section("-prototype");
    ASSERT_EQ(prototype.blocks.size(), 1u);
    EXPECT_EQ(prototype.blocks[0].kind, text::BlockKind::code);
    const auto raw = read_raw_declaration(page.source->bytes());
    ASSERT_TRUE(raw.has_value());
    EXPECT_EQ(raw->text, prototype.blocks[0].text);
    EXPECT_EQ(raw->span.begin, prototype.blocks[0].places[0].second);
    EXPECT_THAT(lines_of(page), AllOf(Contains("cell1[0,0]h@88 Target platform"), Contains("cell1[2,1]@114 Ks.h (include Ks.h)"),
                                      Contains("term2.0@129 a{KsCompletePendingRequest}(stream.kscompletependingrequest)")));
    // The mail link at the foot would be the last block of -see-also.
    EXPECT_EQ(page.section("-see-also")->blocks.size(), 3u);
}

TEST_F(Seeds, AFunctionOfApril2018WithAStaleParameter) {
    const Page page = read("nf-video-videoportreleasespinlock.md");
    EXPECT_EQ(page.value("req.irql"), "DISPATCH_LEVEL (see Remarks section)");
    EXPECT_THAT(page.field("api_location")->values, ElementsAre("Videoprt.sys"));  // a tab behind the dash
    EXPECT_THAT(headings(page),
                ElementsAre("VideoPortReleaseSpinLock function", "-description", "-parameters", "-param HwDeviceExtension [in]",
                            "-param param", "-param NewIrql [in]", "- SpinLock [in, out]", "-returns", "-remarks", "-see-also"));
    EXPECT_EQ(page.section("- SpinLock [in, out]")->level, 4u);
    ASSERT_EQ(page.section("-param param")->blocks.size(), 1u);  // HTML
    EXPECT_EQ(page.section("-param param")->blocks[0].text.substr(0, 10), "Pointer to");
    EXPECT_EQ(page.section("-returns")->blocks.at(0).text, "None");
    const text::Block& remark = page.section("-remarks")->blocks.at(1);
    EXPECT_EQ(page.source->position(text::place_of(remark, static_cast<std::uint32_t>(remark.text.find("DISPATCH_LEVEL")))),
              (text::Position{97, 70}));
}

TEST_F(Seeds, FunctionsOfLaterYears) {
    for (const char* name :
         {"nf-ks-kspinreleaseprocessingmutex.md", "nf-ks-ksreleasedevice.md", "nf-video-videoportreleasedevicelock.md"}) {
        const Page page = read(name);
        EXPECT_EQ(page.kind, PageKind::function);
        EXPECT_EQ(page.value("req.irql"), "PASSIVE_LEVEL");
        EXPECT_FALSE(read_raw_declaration(page.source->bytes()).has_value());
        EXPECT_THAT(headings(page), AllOf(Contains(StartsWith("-param ")), Contains("-remarks"), Not(Contains(""))));
    }
    EXPECT_THAT(read("nf-ks-ksreleasedevice.md").field("keywords")->values, ElementsAre("KsReleaseDevice function"));
}

}  // namespace
}  // namespace ddi::page
