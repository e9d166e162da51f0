#include "generator/page/arena.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <string>

namespace ddi::page {
namespace {

TEST(Arena, PiecesAreAlignedAndApart) {
    Arena arena;
    char* last = nullptr;
    for (std::size_t size = 0; size < 3000; ++size) {
        auto* piece = static_cast<char*>(arena.allocate(size));
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(piece) % alignof(std::max_align_t), 0u);
        std::memset(piece, static_cast<int>(size), size);
        if (last != nullptr && size > 1) {
            EXPECT_EQ(*last, static_cast<char>(size - 1));
        }
        last = piece;
    }
}

TEST(Arena, GrowingKeepsTheBytes) {
    Arena arena;
    auto* text = static_cast<char*>(arena.grow(nullptr, 6));
    std::memcpy(text, "hello", 6);
    text = static_cast<char*>(arena.grow(text, 100));  // in place
    arena.allocate(1);
    text = static_cast<char*>(arena.grow(text, 1'000'000));  // elsewhere, in a block of its own
    EXPECT_STREQ(text, "hello");
    EXPECT_EQ(arena.grow(text, 10), text);
    std::memset(text, 'x', 1'000'000);
}

TEST(Arena, CanBeUsedAgain) {
    Arena arena;
    void* first = arena.allocate(100);
    arena.allocate(900'000);
    arena.reset();
    EXPECT_EQ(arena.allocate(100), first);  // one block is kept
    arena.reset();
    arena.allocate(900'000);
    arena.reset();
    EXPECT_NE(arena.allocate(10), nullptr);
}

}  // namespace
}  // namespace ddi::page
