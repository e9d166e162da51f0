#include "generator/page/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "generator/page/page_lines.h"

namespace ddi::page {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Page page_of(const std::string& uid, std::string path = "wdm/nf-wdm-x.md") {
    return read_page(std::move(path), "---\nUID: " + uid + "\n---\n\n# X\n");
}

TEST(ReadPage, TheUidNamesTheKind) {
    EXPECT_EQ(page_of("NF:wdm.KeRaiseIrql").kind, PageKind::function);
    EXPECT_EQ(page_of("NC.ks.PFNKSPINIRP").kind, PageKind::callback);
    EXPECT_EQ(page_of("NS:wdm._KMUTANT").kind, PageKind::structure);
    EXPECT_EQ(page_of("NE:wdm._POOL_TYPE~r1").kind, PageKind::enumeration);
    EXPECT_EQ(page_of("NI:ntddscsi.IOCTL_X").kind, PageKind::ioctl);
    EXPECT_EQ(page_of("NN:portcls.IPort").kind, PageKind::interface);
    EXPECT_EQ(page_of("NL:x.Macros").kind, PageKind::list);
    EXPECT_EQ(page_of("NA:x").kind, PageKind::area);
    EXPECT_EQ(page_of("NF:engextcpp.ExtRemoteData.operator =").uid, "NF:engextcpp.ExtRemoteData.operator =");
    EXPECT_TRUE(page_of("NA:x").is_api);
}

TEST(ReadPage, APageThatIsNoApiPageSaysWhy) {
    const Page index = page_of("NA:wdm", "wdm/index.md");
    EXPECT_EQ(index.kind, PageKind::index);
    EXPECT_FALSE(index.is_api);
    EXPECT_THAT(codes_of(index), ElementsAre("not-an-api-page@2"));
    EXPECT_THAT(codes_of(page_of("XX:wdm.A")), ElementsAre("not-an-api-page@2"));
    EXPECT_THAT(codes_of(page_of("")), ElementsAre("not-an-api-page@2"));
    const Page readme = read_page("README.md", "# Read me\n");
    EXPECT_EQ(readme.kind, PageKind::other);
    EXPECT_THAT(codes_of(readme), ElementsAre("not-an-api-page@1"));
    EXPECT_THAT(codes_of(read_page("empty.md", "")), ElementsAre("not-an-api-page@1"));
}

TEST(ReadPage, SectionsAndFieldsAreFoundByName) {
    const Page page = read_page("a.md", "---\nUID: NF:a.b\nreq.irql:\ntopic_type:\n- APIRef\n- kbSyntax\n---\n## -Remarks\n\nText.\n");
    ASSERT_NE(page.section("-remarks"), nullptr);
    EXPECT_EQ(page.section("-remarks")->blocks.size(), 1u);
    EXPECT_EQ(page.section("-returns"), nullptr);
    EXPECT_EQ(page.value("req.irql"), "");
    ASSERT_NE(page.field("topic_type"), nullptr);
    EXPECT_THAT(page.field("topic_type")->values, ElementsAre("APIRef", "kbSyntax"));
    EXPECT_EQ(page.field("Topic_Type"), nullptr);
    EXPECT_EQ(page.value("none"), "");
}

TEST(ReadPage, BytesThatAreNotUtf8AreNamedAndReplaced) {
    const Page page = read_page("a.md", "---\nUID: NF:a.b\ndescription: caf\xE9\n---\n## -remarks\n\nAn \xFF here, and [one](x\xFE.md).\n");
    EXPECT_TRUE(page.is_api);
    ASSERT_EQ(page.diagnostics.size(), 1u);
    EXPECT_EQ(page.diagnostics[0].code, "not-utf8");
    EXPECT_EQ(page.source->position(page.diagnostics[0].span.begin), (text::Position{3, 17}));
    EXPECT_NE(page.diagnostics[0].message.find("U+FFFD"), std::string::npos);
    EXPECT_EQ(page.value("description"), "caf\xEF\xBF\xBD");
    ASSERT_EQ(page.sections.size(), 1u);
    EXPECT_EQ(page.sections[0].blocks.at(0).text, "An \xEF\xBF\xBD here, and one.");
}

TEST(ReadPage, ABomAndCrlfLeaveNoTrace) {
    const Page page = read_page("a.md",
                                "\xEF\xBB\xBF---\r\nUID: NF:a.b\r\nreq.irql: <= APC_LEVEL\r\n---\r\n\r\n## "
                                "-remarks\r\n\r\nTwo\r\nlines.\r\n\r\n```cpp\r\nint x;\r\n  y;\r\n```\r\n");
    EXPECT_THAT(codes_of(page), IsEmpty());
    EXPECT_EQ(page.value("req.irql"), "<= APC_LEVEL");
    EXPECT_THAT(lines_of(page), ElementsAre("H2 -remarks@6", "paragraph@8 Two lines.", "code(cpp)@12 int x;\n  y;"));
}

TEST(ReadPage, ALoneCarriageReturnEndsALineForTheParserOnly) {
    const Page page = read_page("a.md", "---\nUID: NF:a.b\n---\n## -remarks\r\rfirst\r\rsecond\n\nthird\n");
    EXPECT_THAT(lines_of(page), ElementsAre("H2 -remarks@4", "paragraph@4 first", "paragraph@4 second", "paragraph@6 third"));
}

TEST(ReadPage, WhatIsTooLargeIsNamedAndKeepsItsFields) {
    std::string bytes = "---\nUID: NF:a.b\nreq.irql: Any level\n---\n## -remarks\n\n|";
    for (int i = 0; i < 3000; ++i) bytes += "a|";
    bytes += "\n|";
    for (int i = 0; i < 3000; ++i) bytes += "-|";
    const Page page = read_page("a.md", bytes + "\n|x|\n");
    EXPECT_TRUE(page.is_api);
    EXPECT_EQ(page.value("req.irql"), "Any level");
    EXPECT_THAT(codes_of(page), ElementsAre("page-too-large@8"));
    EXPECT_THAT(page.sections, IsEmpty());
    const Page huge = read_page("a.md", std::string(2 << 20, 'x'));
    EXPECT_FALSE(huge.is_api);
    EXPECT_EQ(huge.diagnostics.at(0).code, "page-too-large");
}

TEST(KindName, NamesEveryKind) {
    EXPECT_STREQ(kind_name(PageKind::function), "function");
    EXPECT_STREQ(kind_name(PageKind::index), "index");
}

TEST(ReadPage, ATooLargePageIsAnErrorOnlyWhereItMayBeAnApi) {
    const std::string filler(2 << 20, 'x');
    const Page contents = read_page("TOC.md", "# Contents\n\n" + filler + "\n");
    ASSERT_FALSE(contents.diagnostics.empty());
    EXPECT_EQ(contents.diagnostics[0].code, "page-too-large");
    EXPECT_EQ(contents.diagnostics[0].severity, text::Severity::warning);
    const Page api = read_page("wdm/nf-wdm-kex.md", "---\nUID: NF:wdm.KeX\n---\n\n" + filler + "\n");
    ASSERT_FALSE(api.diagnostics.empty());
    EXPECT_EQ(api.diagnostics[0].severity, text::Severity::error);
}

}  // namespace
}  // namespace ddi::page
