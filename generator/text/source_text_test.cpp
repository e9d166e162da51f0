#include "generator/text/source_text.h"

#include <gtest/gtest.h>

namespace ddi::text {
namespace {

TEST(SourceText, PositionsAreOneBasedAndCountBytes) {
    const SourceText text("a.md", "ab\n\xC3\xA4x\n");
    EXPECT_EQ(text.position(0), (Position{1, 1}));
    EXPECT_EQ(text.position(2), (Position{1, 3}));  // the line feed belongs to its line
    EXPECT_EQ(text.position(3), (Position{2, 1}));
    EXPECT_EQ(text.position(5), (Position{2, 3}));  // behind a character of two bytes
    EXPECT_EQ(text.position(7), (Position{3, 1}));
    EXPECT_EQ(text.position(999), (Position{3, 1}));
}

TEST(SourceText, LinesHaveNoLineEnd) {
    const SourceText text("a.md", "one\r\ntwo\n\nfour");
    EXPECT_EQ(text.line_count(), 4u);
    EXPECT_EQ(text.line(1), "one");
    EXPECT_EQ(text.line(2), "two");
    EXPECT_EQ(text.line(3), "");
    EXPECT_EQ(text.line(4), "four");
    EXPECT_EQ(text.line(0), "");
    EXPECT_EQ(text.line(5), "");
    EXPECT_EQ(text.line_begin(2), 5u);
    EXPECT_EQ(text.line_begin(5), 14u);
}

TEST(SourceText, AnEmptyFileHasOneEmptyLine) {
    const SourceText text("a.md", "");
    EXPECT_EQ(text.line_count(), 1u);
    EXPECT_EQ(text.position(0), (Position{1, 1}));
}

}  // namespace
}  // namespace ddi::text
