#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "generator/facts/facts.h"
#include "generator/facts/page_for_test.h"

namespace ddi::facts {
namespace {

using testing::ElementsAre;

std::vector<std::string> names(const Facts& facts) {
    std::vector<std::string> out;
    for (const MemberFact& m : facts.members) out.push_back(m.name);
    return out;
}

std::vector<std::string> values(const std::string& body) {
    TestPage t("## -enum-fields\n\n" + body, "NE:wdm._X");
    extract_members(t.page, t.facts);
    std::vector<std::string> out;
    for (const MemberFact& m : t.facts.members) out.push_back(m.value);
    return out;
}

TEST(Members, WidthsValuesAndBoundsAreNotNames) {
    TestPage t(
        "## -struct-fields\n\n### -field u.Flags.Ready:1\n\nx\n\n### -field Count [in]\n\n### -field VALUE = 3\n\n### -field Data[2]\n",
        "NS:wdm._X");
    extract_members(t.page, t.facts);
    EXPECT_THAT(names(t.facts), ElementsAre("u.Flags.Ready", "Count", "VALUE", "Data"));
}

TEST(Members, ABoundInTheHeadingIsTheFieldsAndAMarkerIsNot) {
    TestPage t("## -struct-fields\n\n### -field A[2][MAX]\n\n### -field B [in, out]\n\n### -field C [8]\n\n### -field D[*]\n", "NS:wdm._X");
    extract_members(t.page, t.facts);
    std::vector<std::string> arrays;
    for (const MemberFact& m : t.facts.members) arrays.push_back(m.array);
    EXPECT_THAT(arrays, ElementsAre("[2][MAX]", "", "[8]", "[]"));
}

TEST(Members, HeadingsStateValuesInManySpellings) {
    EXPECT_THAT(
        values(
            "### -field A:0\n\n### -field B : 0x10\n\n### -field C:-1\n\n### -field D:0x00000020L\n\n### -field E::0x4\n\n"
            "### -field F:0x400:l\n\n### -field G = 2\n\n### -field H:A | B\n\n### -field I:(A | B)\n\n### -field J : \n\n### -field K\n"),
        ElementsAre("0", "0x10", "-1", "0x00000020L", "0x4", "0x400", "2", "A | B", "(A | B)", "", ""));
}

TEST(Members, WhatIsNoValueIsLeftOut) { EXPECT_THAT(values("### -field A: see remarks\n\n### -field B:)\n"), ElementsAre("", "")); }

TEST(Members, TheTextMayStateTheValue) {
    EXPECT_THAT(
        values(
            "### -field A\n\nValue is 7.\n\n### -field B\n\nAll of it.\nB = 0x00000002,\n\n### -field C\n\nDefines the C constant with a "
            "value of 3.\n\n### -field D\n\nThe default value is 5.\n"),
        ElementsAre("7", "", "3", ""));
    EXPECT_THAT(values("### -field B\n\nAll of it.\n\nB = 0x00000002,\n"), ElementsAre("0x00000002"));
}

TEST(Members, ALeadingNumberIsAValueOnlyWhereAllEnumeratorsHaveOne) {
    EXPECT_THAT(values("### -field A\n\n0x0 - nothing\n\n### -field B\n\n0x1 - something\n"), ElementsAre("0x0", "0x1"));
    EXPECT_THAT(values("### -field A\n\n5 - five at most\n\n### -field B\n\nAny number.\n"), ElementsAre("", ""));
}

TEST(Members, AStatedValueIsNotReplacedByWords) {
    EXPECT_THAT(values("### -field A:1\n\nValue is 7.\n\n### -field B\n\nValue is 8.\n"), ElementsAre("1", ""));
}

}  // namespace
}  // namespace ddi::facts
