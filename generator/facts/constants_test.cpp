#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "generator/facts/facts.h"
#include "generator/facts/page_for_test.h"

namespace ddi::facts {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> constants(const std::string& body) {
    TestPage t(body);
    extract_constants(t.page, t.facts);
    std::vector<std::string> out;
    for (const ConstantFact& c : t.facts.constants) out.push_back(c.name + "=" + c.value);
    return out;
}

TEST(Constants, DefinitionsInCode) {
    EXPECT_THAT(constants("## -remarks\n\n```cpp\n#define MY_FLAG 3\n#define A_FLAG   0x00000001  // first\n#define A_SHIFTED (1 << "
                          "5)\n#define A_CAST ((USHORT)0x401)\n"
                          "#define A_MACRO(x) 1\n#define A_NAME OTHER_NAME\n#define A_LONG \\\n    0x10\n```\n"),
                ElementsAre("A_FLAG=0x00000001", "A_SHIFTED=(1 << 5)", "A_CAST=((USHORT)0x401)", "A_LONG=0x10"));
}

TEST(Constants, ANumberInBracketsAfterAName) {
    EXPECT_THAT(constants("## -remarks\n\nSet it to SOME_FLAG (0x2) or to OTHER_FLAG (7), at most NAME_LEN (12) or Word (0x3).\n\n"
                          "- LIST_FLAG (4)\n\n#### HEAD_FLAG (0x8)\n\ntext\n"),
                ElementsAre("SOME_FLAG=0x2", "NAME_LEN=12", "LIST_FLAG=4", "HEAD_FLAG=0x8"));
}

TEST(Constants, TablesGiveNameAndValueInTheirFirstColumns) {
    EXPECT_THAT(
        constants("## -remarks\n\n| Flag | Value | Meaning |\n|---|---|---|\n| A_FLAG | 0x1 | x |\n| B_FLAG | 020040 | x |\n| Word | 3 | x "
                  "|\n\n| Flag | Meaning |\n|---|---|\n| C_FLAG (0x4) | see D_FLAG |\n"),
        ElementsAre("A_FLAG=0x1", "C_FLAG=0x4"));
}

TEST(Constants, AConstantThatTheTextDefines) {
    EXPECT_THAT(constants("## -remarks\n\nThe MAX_THINGS constant, which is defined as 64, bounds it.\n"), ElementsAre("MAX_THINGS=64"));
}

TEST(Constants, AControlCodesPageStatesItsCode) {
    TestPage t(
        "## -description\n\n```cpp\n#define IOCTL_X_GET \\\n    CTL_CODE(IOCTL_X_BASE, 0x0002, METHOD_BUFFERED, FILE_ANY_ACCESS)\n```\n",
        "NI:x.IOCTL_X_GET");
    extract_constants(t.page, t.facts);
    ASSERT_TRUE(t.facts.control_code);
    EXPECT_EQ(t.facts.control_code->value, "CTL_CODE(IOCTL_X_BASE, 0x0002, METHOD_BUFFERED, FILE_ANY_ACCESS)");
    EXPECT_THAT(t.facts.constants, IsEmpty());
}

}  // namespace
}  // namespace ddi::facts
