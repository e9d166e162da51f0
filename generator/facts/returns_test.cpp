#include <gtest/gtest.h>

#include "generator/facts/page_for_test.h"

namespace ddi::facts {
namespace {

std::optional<ReturnFact> returns_of(const std::string& text) {
    TestPage t("## -returns\n\n" + text + "\n\n## -remarks\n\nMore.\n");
    extract_returns(t.page, t.facts);
    return t.facts.returns;
}

TEST(Returns, WordsForVoid) {
    for (const char* text :
         {"None", "None.", "none", "Void", "This function does not return a value.", "This callback function does not return a value.",
          "KeX does not return a value.", "No return value.", "This function returns void.", "This function returns NTSYSAPI VOID.",
          "None.\n\nA bug check occurs if the handle is bad."}) {
        const auto fact = returns_of(text);
        ASSERT_TRUE(fact) << text;
        EXPECT_TRUE(fact->is_void) << text;
    }
}

TEST(Returns, WordsForAValue) {
    for (const char* text :
         {"NTSTATUS", "This function returns PVOID.", "The routine returns NULL if none is found.", "Returns a void pointer.",
          "KeX does not return if it succeeds; otherwise it returns a status.", "Reserved."}) {
        const auto fact = returns_of(text);
        ASSERT_TRUE(fact) << text;
        EXPECT_FALSE(fact->is_void) << text;
        EXPECT_EQ(fact->text[0].text, text);
    }
}

TEST(Returns, NoSectionAndEmptySection) {
    TestPage none("## -remarks\n\nx\n");
    extract_returns(none.page, none.facts);
    EXPECT_FALSE(none.facts.returns);
    EXPECT_EQ(none.codes(), "");
    TestPage empty("## -returns\n\n## -remarks\n\nx\n");
    extract_returns(empty.page, empty.facts);
    EXPECT_FALSE(empty.facts.returns);
    EXPECT_EQ(empty.codes(), "returns-empty ");
}

TEST(Returns, FreeHeadingsBelongToIt) {
    TestPage t("## -returns\n\nA status.\n\n### Codes\n\nMany.\n\n## -remarks\n\nx\n");
    extract_returns(t.page, t.facts);
    ASSERT_EQ(t.facts.returns->text.size(), 2U);
    EXPECT_EQ(t.facts.returns->text[1].text, "Many.");
}

}  // namespace
}  // namespace ddi::facts
