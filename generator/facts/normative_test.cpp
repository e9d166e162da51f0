#include "generator/facts/normative.h"

#include <gtest/gtest.h>

namespace ddi::facts {
namespace {

Sentence sentence(std::string text, Role role = Role::remarks) {
    Sentence result;
    result.text = std::move(text);
    result.role = role;
    return result;
}

std::string category(const std::string& text) { return std::string(category_of(sentence(text), "KeLockXx", {"Lock", "Wait"})); }

TEST(Normative, FindsWhatRequiresOrPromises) {
    EXPECT_TRUE(is_normative(sentence("Callers must hold the lock.")));
    EXPECT_TRUE(is_normative(sentence("The routine returns TRUE.")));
    EXPECT_TRUE(is_normative(sentence("It runs at IRQL = DISPATCH_LEVEL.")));
    EXPECT_TRUE(is_normative(sentence("Only one thread gets it.")));
    EXPECT_FALSE(is_normative(sentence("A pointer to the lock.")));
    EXPECT_FALSE(is_normative(sentence("Musterroutine is a name.")));
}

TEST(Normative, SaysWhyASentenceIsNoClause) {
    EXPECT_EQ(category("Callers should release the lock soon."), "advice");
    EXPECT_EQ(category("A driver can call this routine at once."), "permission");
    EXPECT_EQ(category("The code that holds it must not be pageable."), "memory");
    EXPECT_EQ(category("KeOtherLock returns FALSE."), "other-function");
    EXPECT_EQ(category("In earlier versions of Windows it always returns TRUE."), "version");
    EXPECT_EQ(category("It can be one of the following:"), "heading");
}

TEST(Normative, DoesNotExplainAwayAnObligationOfTheFunctionItself) {
    EXPECT_EQ(category("The caller must release it with KeLockXx."), "");
    EXPECT_EQ(category("KeLockXx returns TRUE if the lock is free."), "");
    EXPECT_EQ(category("Note that KeLockXx cannot be called with the lock held."), "");
}

TEST(Normative, ReadsParametersReturnsAndRemarksOnly) {
    text::Block block;
    block.text = "First. Second.";
    std::vector<text::Section> sections(3);
    sections[0].heading = "-description";
    sections[1].heading = "-remarks";
    sections[2].heading = "Free heading";
    for (auto& section : sections) section.blocks = {block};
    const std::vector<text::Block> blocks{block};
    ContractText text;
    text.sections = &sections;
    text.parameters = {{"Lock", &blocks}};
    text.returns = &blocks;
    const auto list = contract_sentences(text);
    ASSERT_EQ(list.size(), 8U);
    EXPECT_EQ(list[0].parameter, "Lock");
    EXPECT_EQ(list[2].role, Role::returns);
    EXPECT_EQ(list[4].role, Role::remarks);
}

}  // namespace
}  // namespace ddi::facts
