#include "generator/text/document.h"

#include <gtest/gtest.h>

namespace ddi::text {
namespace {

Block block_with(std::vector<std::pair<std::uint32_t, std::uint32_t>> places) {
    Block block;
    block.text = "a b c";
    block.span = {100, 200};
    block.places = std::move(places);
    return block;
}

TEST(PlaceOf, CountsOnFromTheLastPair) {
    const Block block = block_with({{0, 110}, {2, 130}});
    EXPECT_EQ(place_of(block, 0), 110u);
    EXPECT_EQ(place_of(block, 1), 111u);
    EXPECT_EQ(place_of(block, 2), 130u);
    EXPECT_EQ(place_of(block, 4), 132u);
}

TEST(PlaceOf, DoesNotRunIntoTheNextStretch) {
    // "a b" came from something shorter in the file than it is as text: the next pair bounds it.
    EXPECT_EQ(place_of(block_with({{0, 110}, {4, 111}}), 3), 111u);
}

TEST(PlaceOf, StaysInsideTheBlock) {
    EXPECT_EQ(place_of(block_with({{0, 198}}), 4), 200u);
    EXPECT_EQ(place_of(block_with({}), 3), 100u);
}

}  // namespace
}  // namespace ddi::text
