#include "generator/facts/facts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ddi::facts {
namespace {

using ::testing::ElementsAre;

TEST(Facts, AllOfAPage) {
    const page::Page page = page::read_page("ks/nc-ks-pfnx.md",
                                            "---\nUID: NC.ks.PFNX\ntitle: PFNX\nreq.header: ks.h\nreq.irql: PASSIVE_LEVEL\n---\n\n# PFNX "
                                            "callback\n\n## -description\n\nCloses it.\n\n"
                                            "## -prototype\n\n````\nPFNX MyClose;\n\nNTSTATUS MyClose(\n  _In_ PPIN Pin\n)\n{ ... "
                                            "}\n````\n\n## -parameters\n\n### -param Pin [in]\n\nThe pin.\n\n"
                                            "#### Note\n\nA part of it.\n\n## -returns\n\nA status.\n\n### Codes\n\nMany.\n\n## "
                                            "-remarks\n\nSee [Y](nf-ks-y.md).\n\n### Threads\n\nAny.\n\n## -see-also\n\n[Z](nf-ks-z.md)\n");
    const Facts facts = extract_facts(page);
    EXPECT_EQ(facts.uid.key, "nc:ks.pfnx");
    EXPECT_EQ(facts.name, "PFNX");
    EXPECT_EQ(facts.kind, page::PageKind::callback);
    EXPECT_EQ(facts.title, "PFNX");
    ASSERT_TRUE(facts.declaration);
    EXPECT_EQ(facts.declaration->value.name, "PFNX");
    EXPECT_EQ(facts.parameters.size(), 1U);
    EXPECT_TRUE(facts.returns);
    EXPECT_EQ(facts.links.size(), 2U);
    // What is left to read: neither what became a fact, nor the free headings below it.
    std::vector<std::string> headings;
    for (const text::Section& section : facts.sections) headings.push_back(section.heading);
    EXPECT_THAT(headings, ElementsAre("PFNX callback", "-description", "-remarks", "Threads", "-see-also"));
}

}  // namespace
}  // namespace ddi::facts
