#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "generator/page/page.h"
#include "generator/page/raw_field_names.h"

namespace ddi::page {
namespace {

std::string text_of(const std::string& bytes) {
    const auto declaration = read_raw_declaration(bytes);
    return declaration ? declaration->text : "none";
}

TEST(RawDeclaration, IsTheCodeBelowItsHeading) {
    const std::string page =
        "---\nUID: x\n---\n## -description\n\nA -syntax of sorts.\n\n## -syntax\n\n\n````\nint f(\n  int a\n);\n````\n\n## -remarks\n";
    const auto declaration = read_raw_declaration(page);
    ASSERT_TRUE(declaration.has_value());
    EXPECT_EQ(declaration->text, "int f(\n  int a\n);");
    EXPECT_EQ(page.substr(declaration->span.begin, declaration->span.end - declaration->span.begin), declaration->text);
}

TEST(RawDeclaration, FenceShapes) {
    EXPECT_EQ(text_of("## -prototype\n\n```cpp\nX Y;\n\nint Y(\n)\n```\n"), "X Y;\n\nint Y(\n)");
    EXPECT_EQ(text_of("## -syntax\n````\n```\nx\n````\n"), "```\nx");
    EXPECT_EQ(text_of("## -SYNTAX  \r\n\r\n~~~\r\na\r\nb\r\n~~~\r\n"), "a\nb");
    EXPECT_EQ(text_of("## -syntax\n```\nnever closed\n"), "never closed");
}

TEST(RawDeclaration, EmptyFencesAreSkipped) { EXPECT_EQ(text_of("## -syntax\n```\n\n```\n```\nx;\n```\n"), "x;"); }

TEST(RawDeclaration, OtherSectionsAndHeadingsInCodeDoNotCount) {
    EXPECT_EQ(text_of("## -remarks\n```\nx\n```\n"), "none");
    EXPECT_EQ(text_of("## -syntax\n\n## -remarks\n```\nx\n```\n"), "none");
    EXPECT_EQ(text_of("## -remarks\n````\n## -syntax\n```\nx\n```\n````\n"), "none");
    EXPECT_EQ(text_of("## -syntax-of-it\n```\nx\n```\n"), "none");
    EXPECT_EQ(text_of(""), "none");
    EXPECT_EQ(text_of("## -syntax"), "none");
}

TEST(RawDeclaration, CodeInASentenceIsNoFence) { EXPECT_EQ(text_of("## -syntax\n```a``` is `b`\n```\nc\n```\n"), "c"); }

TEST(RawFieldNames, AreThoseOfTheHeadings) {
    EXPECT_THAT(read_raw_field_names(
                    "# X\n## -struct-fields\n### -field u.Flags:1\r\n\ntext\n### -field Size\n#### - Left [in]\n## -remarks\n-field No\n"),
                testing::ElementsAre("Flags", "Left", "Size", "u"));
}

}  // namespace
}  // namespace ddi::page
