#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "generator/facts/page_for_test.h"

namespace ddi::facts {
namespace {

using ::testing::ElementsAre;

TEST(FrontMatter, KeysBecomeFacts) {
    TestPage t("# KeX macro\n", "NF:wdm.KeX",
               "title: KeX macro (wdm.h)\ntech.root: Kernel \nreq.header: wdm.h\nreq.include-header: Wdm.h, Ntddk.h\nreq.lib: Hal.lib; "
               "Ntoskrnl.lib\nreq.dll: "
               "\nreq.target-type: Universal\n"
               "req.kmdf-ver: 1.9\nreq.ddi-compliance: RuleOne, RuleTwo,RuleThree\nreq.typenames: KSX, *PKSX\n");
    extract_front_matter(t.page, t.facts);
    EXPECT_EQ(t.facts.header.value, "wdm.h");
    EXPECT_EQ(t.facts.include_header.value, "Wdm.h, Ntddk.h");
    EXPECT_EQ(t.facts.library.value, "Hal.lib; Ntoskrnl.lib");
    EXPECT_EQ(t.facts.dll.value, "");
    EXPECT_EQ(t.facts.technology, "kernel");
    EXPECT_EQ(t.facts.kmdf.value, "1.9");
    EXPECT_EQ(t.facts.target_type.value, "Universal");
    EXPECT_THAT(t.facts.compliance.value, ElementsAre("RuleOne", "RuleTwo", "RuleThree"));
    EXPECT_THAT(t.facts.type_names.value, ElementsAre("KSX", "*PKSX"));
    EXPECT_TRUE(t.facts.is_macro);
    EXPECT_EQ(t.facts.library.cite.origin, Origin::front_matter);
    const std::string_view bytes = t.page.source->bytes();
    const text::Span span = t.facts.library.cite.span;
    EXPECT_NE(bytes.substr(span.begin, span.end - span.begin).find("Hal.lib; Ntoskrnl.lib"), std::string_view::npos);
    EXPECT_EQ(t.codes(), "");
}

TEST(FrontMatter, PagesOf2018NameTheirPartAsAProject) {
    TestPage t("# KeX function\n", "NF:wdm.KeX", "title: KeX\nold-project: kernel\n");
    extract_front_matter(t.page, t.facts);
    EXPECT_EQ(t.facts.technology, "kernel");
}

TEST(FrontMatter, AWordThatContainsMacroIsNone) {
    TestPage t("# KeMacrofy function\n");
    extract_front_matter(t.page, t.facts);
    EXPECT_FALSE(t.facts.is_macro);
}

TEST(FrontMatter, HeaderAgainstUid) {
    const auto codes = [](const std::string& header) {
        TestPage t("# X\n", "NF:wdm.KeX", "req.header: " + header + "\n");
        extract_front_matter(t.page, t.facts);
        return t.codes();
    };
    EXPECT_EQ(codes("Wdm.h"), "");
    EXPECT_EQ(codes("ntddk.h, wdm.h"), "");
    EXPECT_EQ(codes("km/wdm.h"), "");
    EXPECT_EQ(codes("ntddk.h"), "header-differs-from-uid ");
    EXPECT_EQ(codes(""), "header-missing ");
}

TEST(FrontMatter, TheRequirementsTableFillsWhatIsBlank) {
    TestPage t(
        "## -requirements\n<table>\n<tr>\n<th>\nHeader\n\n</th>\n<td>\n<dl>\n<dt>Wdm.h (include Ntddk.h)</dt>\n</dl>\n</td>\n</tr>\n"
        "<tr>\n<th>\nLibrary\n\n</th>\n<td>\n<dl>\n<dt>Hal.lib</dt>\n<dt>Other.lib</dt>\n</dl>\n</td>\n</tr>\n"
        "<tr>\n<th>\nDLL\n\n</th>\n<td>\n<dl>\n<dt>Table.dll</dt>\n</dl>\n</td>\n</tr>\n</table>\n",
        "NF:wdm.KeX", "req.header: \nreq.dll: Keys.dll\n");
    extract_front_matter(t.page, t.facts);
    EXPECT_EQ(t.facts.header.value, "Wdm.h");
    EXPECT_EQ(t.facts.header.cite.origin, Origin::table);
    EXPECT_EQ(t.facts.include_header.value, "Ntddk.h");
    EXPECT_EQ(t.facts.library.value, "Hal.lib; Other.lib");
    EXPECT_EQ(t.facts.dll.value, "Keys.dll");
    EXPECT_EQ(t.facts.dll.cite.origin, Origin::front_matter);
}

}  // namespace
}  // namespace ddi::facts
