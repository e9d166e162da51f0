#include "generator/text/writer.h"

#include <gtest/gtest.h>

namespace ddi::text {
namespace {

TEST(Writer, IndentsLinesAndScopes) {
    Writer out;
    out.line("struct {}", "A");
    {
        auto block = out.block("{", "};");
        out.line("int {} = {};", "x", 1);
        out.line();
        out.line("one\ntwo");
        auto inner = out.indent();
        out.raw_line("{not a placeholder}");
    }
    EXPECT_EQ(out.text(), "struct A\n{\n    int x = 1;\n\n    one\n    two\n        {not a placeholder}\n};\n");
}

TEST(Writer, RawTextIsNotIndented) {
    Writer out;
    auto scope = out.indent();
    out.raw("#define X\n");
    EXPECT_EQ(out.take(), "#define X\n");
    EXPECT_EQ(out.text(), "");
}

TEST(Writer, EmptyLinesCarryNoBlanks) {
    Writer out;
    auto scope = out.indent();
    out.raw_line("a\n\nb");
    EXPECT_EQ(out.text(), "    a\n\n    b\n");
}

TEST(Writer, AMovedScopeClosesOnce) {
    Writer out;
    {
        auto first = out.block("(", ")");
        auto second = std::move(first);
    }
    EXPECT_EQ(out.text(), "(\n)\n");
}

}  // namespace
}  // namespace ddi::text
