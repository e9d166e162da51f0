#include "generator/facts/normative.h"

#include <gtest/gtest.h>

#include <set>

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

TEST(Normative, KnowsWhoIsSpokenOf) {
    EXPECT_EQ(category("When the driver calls KeUnlockXx, the system returns to the level before."), "other-function");
    EXPECT_EQ(category("Likewise, if the lock is acquired with KeOtherLockYy, it must be released with KeOtherUnlockYy."),
              "other-function");
    EXPECT_EQ(category("Use KeOtherLockYy to wait until the lock is free."), "other-function");
    EXPECT_EQ(category("The system returns TRUE from KeLockXx."), "");
    EXPECT_EQ(category("Drivers must leave that member unused."), "driver-design");
    EXPECT_EQ(category("The driver must release it."), "");
    EXPECT_EQ(category("The driver must restore the IRQL."), "");
}

TEST(Normative, AnObligationIsNeitherHeadingNorRestatementNorDefinition) {
    EXPECT_EQ(category("The lock must be held before one of these fields is read:"), "");
    EXPECT_EQ(category("Therefore, the driver must not call KeLockXx again."), "");
    EXPECT_EQ(category("The pointer is a required parameter of every call."), "");
    EXPECT_EQ(std::string(category_of(sentence("A pointer to the lock that is returned.", Role::parameter), "KeLockXx", {"Lock"})), "");
    EXPECT_EQ(std::string(category_of(sentence("This gate must be at the beginning of a chain.", Role::parameter), "KeLockXx", {"Gate"})),
              "opaque");
    EXPECT_EQ(category("This gate must be at the beginning of a chain."), "");
    EXPECT_EQ(category("KeLockXx returns a LONG value."), "definition");
    EXPECT_EQ(category("KeLockXx returns the value."), "");
}

TEST(Normative, EveryCategoryHasItsReasonOnce) {
    std::set<std::string_view> names;
    for (const Category& category : categories()) {
        EXPECT_TRUE(names.insert(category.name).second) << category.name;
        EXPECT_FALSE(category.reason.empty()) << category.name;
    }
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
