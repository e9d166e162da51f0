#include <gtest/gtest.h>

#include "generator/facts/page_for_test.h"

namespace ddi::facts {
namespace {

std::string codes_of(const std::string& remarks) {
    TestPage t("## -parameters\n\n### -param Lock\n\nThe lock.\n\n## -remarks\n\n" + remarks + "\n");
    extract_parameters(t.page, t.facts);
    extract_prose_parameters(t.page, t.facts);
    return t.codes();
}

TEST(ProseParameters, ReportsANameThatNoHeadingHas) { EXPECT_EQ(codes_of("The *Timeout* parameter is zero."), "parameter-unknown "); }

TEST(ProseParameters, KnowsTheNamesOfThePage) { EXPECT_EQ(codes_of("The <i>Lock</i> parameter is zero."), ""); }

TEST(ProseParameters, LeavesOthersParametersAlone) {
    EXPECT_EQ(codes_of("The *Timeout* parameter of the other routine is zero."), "");
    EXPECT_EQ(codes_of("KeOtherRoutine has the *Timeout* parameter too, but the *Timeout* parameter is zero."), "");
}

}  // namespace
}  // namespace ddi::facts
