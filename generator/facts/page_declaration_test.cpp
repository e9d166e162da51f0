#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "generator/facts/page_for_test.h"

namespace ddi::facts {
namespace {

using ::testing::ElementsAre;

TestPage extracted(const std::string& block, const std::string& rest = "", const std::string& uid = "NF:wdm.KeX") {
    TestPage t("## -syntax\n\n````\n" + block + "\n````\n\n" + rest, uid);
    extract_parameters(t.page, t.facts);
    extract_returns(t.page, t.facts);
    extract_declaration(t.page, t.facts);
    return t;
}

TEST(PageDeclaration, IsAFactWithItsPlace) {
    const TestPage t = extracted("VOID KeX(\n  _In_ KIRQL a\n);");
    ASSERT_TRUE(t.facts.declaration);
    EXPECT_EQ(t.facts.declaration->value.name, "KeX");
    EXPECT_EQ(t.facts.declaration->cite.origin, Origin::declaration);
    EXPECT_EQ(t.page.source->position(t.facts.declaration->cite.span.begin).line, 9U);
    EXPECT_EQ(t.codes(), "");
}

TEST(PageDeclaration, ACallbackTakesThePagesName) {
    const TestPage t = extracted("ULONG DoIt(\n PVOID a\n);", "", "NC:wdm.PROUTINE");
    EXPECT_EQ(t.facts.declaration->value.form, DeclarationForm::callback);
    EXPECT_EQ(t.facts.declaration->value.name, "PROUTINE");
}

TEST(PageDeclaration, ErrorsPointIntoTheFile) {
    const TestPage t = extracted("\n PFN Example;\n");
    EXPECT_FALSE(t.facts.declaration);
    ASSERT_EQ(t.codes(), "declaration-not-understood ");
    const text::Position at = t.page.source->position(t.facts.diagnostics[0].span.begin);
    EXPECT_EQ(t.page.source->line(at.line), " PFN Example;");
}

TEST(PageDeclaration, WhatThePageSaysDifferently) {
    EXPECT_EQ(extracted("struct X { int a; };").codes(), "declaration-of-something-else ");
    EXPECT_EQ(extracted("VOID KeY(void);").codes(), "declaration-name-differs ");
    EXPECT_EQ(extracted("VOID KeX(int a);", "## -parameters\n\n### -param a\n\nx\n\n### -param b\n\nx\n").codes(),
              "declaration-parameter-count ");
    EXPECT_EQ(extracted("VOID KeX(int first);", "## -parameters\n\n### -param other\n\nx\n").codes(), "declaration-parameter-names ");
    EXPECT_EQ(extracted("NTSTATUS KeX(void);", "## -returns\n\nNone\n").codes(), "returns-contradict-declaration ");
    EXPECT_EQ(extracted("VOID KeX(PCSTR f, ...);", "## -parameters\n\n### -param f\n\nx\n\n### -param ...\n\nx\n").codes(), "");
}

TEST(PageDeclaration, ALeftoverThatIsDeclaredIsAParameter) {
    const TestPage t =
        extracted("VOID KeX(int a, T **b);", "## -parameters\n\n### -param a [in]\n\nx\n\n#### - **b\n\ny\n\n#### - VALUE\n\nz\n");
    ASSERT_EQ(t.facts.parameters.size(), 2U);
    EXPECT_EQ(t.facts.parameters[1].name, "b");
    EXPECT_EQ(t.facts.parameters[1].text.size(), 2U);  // and the value's text
}

TEST(PageDeclaration, LeftoverHeadingsGetTheDeclarationsOrder) {
    const TestPage t = extracted("VOID KeX(int z, int a);",
                                 "## -parameters\n\n### -param x1\n\n### -param x2\n\n#### - a [in]\n\nLast.\n\n#### - z [in]\n\nFirst.\n");
    ASSERT_EQ(t.facts.parameters.size(), 2U);
    EXPECT_EQ(t.facts.parameters[0].name, "z");
    EXPECT_EQ(t.facts.parameters[0].text[0].text, "First.");
    EXPECT_EQ(t.facts.parameters[1].name, "a");
}

}  // namespace
}  // namespace ddi::facts
