#include <gtest/gtest.h>

#include "generator/facts/page_for_test.h"

namespace ddi::facts {
namespace {

std::string key_of(const std::string& target) {
    TestPage t("## -remarks\n\nSee [Label](" + target + ").\n");
    extract_links(t.page, t.facts);
    if (t.facts.links.size() != 1) return "no link";
    EXPECT_EQ(t.facts.links[0].label, "Label");
    EXPECT_EQ(t.facts.links[0].target, target);
    return t.facts.links[0].uid_key;
}

TEST(Links, EverySpellingOfAPageOfTheSameDocumentation) {
    for (const char* target : {"nf-wdm-kex.md", "../wdm/nf-wdm-kex.md", "./nf-wdm-kex.md#remarks",
                               "/windows-hardware/drivers/ddi/wdm/nf-wdm-kex", "/windows-hardware/drivers/ddi/content/wdm/nf-wdm-kex",
                               "https://docs.microsoft.com/windows-hardware/drivers/ddi/content/wdm/nf-wdm-kex",
                               "https://learn.microsoft.com/en-us/windows-hardware/drivers/ddi/wdm/nf-wdm-kex?x=1"}) {
        EXPECT_EQ(key_of(target), "nf:wdm.kex") << target;
    }
}

TEST(Links, OtherPages) {
    for (const char* target : {"/windows-hardware/drivers/kernel/locks", "/windows/win32/api/winspool/nf-winspool-x",
                               "https://example.com/drivers/ddi/wdm/nf-wdm-kex",
                               "https://msdn.microsoft.com/library/windows/hardware/ff570175", "kernel.kex", "#remarks"}) {
        EXPECT_EQ(key_of(target), "") << target;
    }
}

TEST(Links, OnceEach) {
    TestPage t("## -remarks\n\n[A](nf-wdm-a.md) and [again](nf-wdm-a.md).\n\n## -see-also\n\n<a href=\"nf-wdm-b.md\">B</a>\n");
    extract_links(t.page, t.facts);
    ASSERT_EQ(t.facts.links.size(), 2U);
    EXPECT_EQ(t.facts.links[1].uid_key, "nf:wdm.b");
}

}  // namespace
}  // namespace ddi::facts
