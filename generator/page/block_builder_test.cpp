#include "generator/page/block_builder.h"

#include <gtest/gtest.h>

namespace ddi::page {
namespace {

using text::MarkKind;

TEST(BlockBuilder, FoldsBlanksAndTrims) {
    BlockBuilder builder;
    builder.text(" \n a  b", 10);
    builder.blank();
    builder.text(
        "\xC2\xA0"
        "c ",
        30);
    const text::Block block = builder.finish();
    EXPECT_EQ(block.text, "a b c");
    EXPECT_EQ(text::place_of(block, 0), 13u);
    EXPECT_EQ(text::place_of(block, 2), 16u);
    EXPECT_EQ(text::place_of(block, 4), 32u);
}

TEST(BlockBuilder, MarksCoverWordsNotBlanks) {
    BlockBuilder builder;
    builder.text("The", 0);
    builder.open(MarkKind::bold);
    builder.text(" KeX ", 6);
    builder.close(MarkKind::bold);
    builder.text("routine", 15);
    const text::Block block = builder.finish();
    ASSERT_EQ(block.marks.size(), 1u);
    EXPECT_EQ(block.text.substr(block.marks[0].begin, block.marks[0].end - block.marks[0].begin), "KeX");
}

TEST(BlockBuilder, EmptyMarksVanishAndOpenOnesEndWithTheBlock) {
    BlockBuilder builder;
    builder.open(MarkKind::italic);
    builder.close(MarkKind::italic);
    builder.close(MarkKind::code);  // never opened
    builder.open(MarkKind::link, "x.md");
    builder.text("a", 0);
    builder.open(MarkKind::bold);
    builder.text("b", 1);
    const text::Block block = builder.finish();
    ASSERT_EQ(block.marks.size(), 2u);
    EXPECT_EQ(block.marks[0].target, "x.md");
    EXPECT_EQ(block.marks[0].end, 2u);
    EXPECT_EQ(block.marks[1].begin, 1u);
    EXPECT_TRUE(builder.empty());
}

TEST(DropFront, MovesMarksAndPlaces) {
    BlockBuilder builder;
    builder.open(MarkKind::bold);
    builder.text("[!NOTE]", 0);
    builder.close(MarkKind::bold);
    builder.text(" x ", 7);
    builder.open(MarkKind::code);
    builder.text("y", 20);
    text::Block block = builder.finish();
    drop_front(block, 8);
    EXPECT_EQ(block.text, "x y");
    ASSERT_EQ(block.marks.size(), 1u);
    EXPECT_EQ(block.marks[0].begin, 2u);
    EXPECT_EQ(text::place_of(block, 0), 8u);
    EXPECT_EQ(text::place_of(block, 2), 20u);
}

}  // namespace
}  // namespace ddi::page
