#include "generator/text/escape.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>

namespace ddi::text {
namespace {

constexpr const char* replacement = "\xEF\xBF\xBD";

TEST(EscapeCComment, CannotEndOrNestTheComment) {
    EXPECT_EQ(escape_c_comment("a */ b"), "a * / b");
    EXPECT_EQ(escape_c_comment("a /* b"), "a / * b");
    EXPECT_EQ(escape_c_comment("**//*"), "** // * ");
    EXPECT_EQ(escape_c_comment("ends with *"), "ends with * ");
    EXPECT_EQ(escape_c_comment("tab\tstays, bell\x07goes"), "tab\tstays, bell goes");
}

TEST(EscapeCComment, BreaksSplicesAndTrigraphs) {
    EXPECT_EQ(escape_c_comment("a \\\nb"), "a \\ .\nb");
    EXPECT_EQ(escape_c_comment("a \\  \r\nb"), "a \\ .\nb");
    EXPECT_EQ(escape_c_comment("at the end \\"), "at the end \\ .");
    EXPECT_EQ(escape_c_comment("what?\?/ and ?? x"), "what? ?/ and ?? x");
}

/// The compiler is the judge: every hostile piece in a comment, followed by code that only compiles if the comment ended rightly.
TEST(EscapeCComment, TheCompilerAgrees) {
    const char* hostile[] = {"*/ #error out", "*\\\n/ #error out", "?\?/\n*/ int", "\\", "*", "/", "/*", "*\\ \n/ #error", "**\\\r\n//"};
    const std::string file = testing::TempDir() + "escape_c_comment.c";
    std::ofstream out(file);
    for (const char* text : hostile) out << "/* x" << escape_c_comment(text) << "*/\n";
    out << "int the_only_declaration;\n";
    out.close();
    EXPECT_EQ(std::system(("cc -std=c11 -Wall -Wextra -Werror -fsyntax-only " + file).c_str()), 0);
    EXPECT_EQ(std::system(("cc -std=c11 -trigraphs -Wno-trigraphs -Wall -Wextra -Werror -fsyntax-only " + file).c_str()), 0);
    std::remove(file.c_str());
}

TEST(EscapeCString, KeepsWordsAndHidesTheRest) {
    EXPECT_EQ(escape_c_string("say \"x\\y\""), "say \\\"x\\\\y\\\"");
    EXPECT_EQ(escape_c_string("a\nb\tc"), "a\\nb\\tc");
    EXPECT_EQ(escape_c_string("\x01"
                              "7"),
              "\\0017");  // three octal digits, so that a digit behind is not taken in
    EXPECT_EQ(escape_c_string("\xC3\xA4 \xFF"), "\xC3\xA4 \\377");
    EXPECT_EQ(escape_c_string("?\?="), "?\\?=");
}

TEST(ToIdentifier, IsAlwaysAnIdentifier) {
    EXPECT_EQ(to_identifier("KeRaiseIrql"), "KeRaiseIrql");
    EXPECT_EQ(to_identifier("operator ="), "operator__");
    EXPECT_EQ(to_identifier("3D"), "_3D");
    EXPECT_EQ(to_identifier(""), "_");
    EXPECT_EQ(to_identifier("default"), "default_");
    EXPECT_EQ(to_identifier("\xC3\xA4"), "__");
}

TEST(ToFileName, IsAFileNameOnEverySystem) {
    EXPECT_EQ(to_file_name("NF:wdm.KeRaiseIrql"), "nf-wdm.keraiseirql");
    EXPECT_EQ(to_file_name("../../etc/passwd"), "-.-..-etc-passwd");
    EXPECT_EQ(to_file_name("CON.h"), "_con.h");
    EXPECT_EQ(to_file_name("com1"), "_com1");
    EXPECT_EQ(to_file_name("com10"), "com10");
    EXPECT_EQ(to_file_name(""), "-");
    EXPECT_EQ(to_file_name(".hidden."), "-hidden-");
}

TEST(ToFileName, LongNamesStayApart) {
    const std::string a = to_file_name(std::string(300, 'x') + "a"), b = to_file_name(std::string(300, 'x') + "b");
    EXPECT_EQ(a.size(), 100u);
    EXPECT_NE(a, b);
}

TEST(EscapeHtml, EscapesForTextAndAttributes) {
    EXPECT_EQ(escape_html("<a href=\"x\">'&'</a>"), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
    EXPECT_EQ(escape_html("a\x01"
                          "b\nc\x7F"),
              "ab\nc");
    EXPECT_EQ(escape_html("\xC2\x85\xC3\xA4\xFF"), std::string("\xC3\xA4") + replacement);
}

TEST(EscapeXml, ReplacesWhatXmlForbids) {
    EXPECT_EQ(escape_xml("a\x01<\r\xEF\xBF\xBF"), std::string("a") + replacement + "&lt;&#13;" + replacement);
    EXPECT_EQ(escape_xml("\t\n'"), "\t\n&#39;");
}

TEST(EscapeTerminal, LeavesNoControl) {
    EXPECT_EQ(escape_terminal("a\x1b[0m\n\xC2\x9B"), std::string("a") + replacement + "[0m" + replacement + replacement);
    EXPECT_EQ(escape_terminal("\xE2\x80\xAE"
                              "drow"),
              std::string(replacement) + "drow");  // right-to-left override
}

TEST(Utf8, KnowsWhatIsValid) {
    EXPECT_TRUE(is_utf8("plain, and then more than eight bytes of it"));
    EXPECT_TRUE(is_utf8("\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80"));
    EXPECT_FALSE(is_utf8("\xC0\x80"));          // overlong
    EXPECT_FALSE(is_utf8("\xE0\x80\xAF"));      // overlong
    EXPECT_FALSE(is_utf8("\xED\xA0\x80"));      // surrogate
    EXPECT_FALSE(is_utf8("\xF4\x90\x80\x80"));  // above U+10FFFF
    EXPECT_FALSE(is_utf8("\xE2\x82"));          // cut off
    EXPECT_EQ(first_not_utf8("12345678abc\xFF"), 11u);
    EXPECT_EQ(to_utf8("a\xE9z"), std::string("a") + replacement + "z");
    EXPECT_EQ(to_utf8("\xE2\x82"), std::string(replacement) + replacement);
}

TEST(Utf8, WhatToUtf8MakesIsUtf8) {
    std::string bytes;
    std::uint32_t state = 1;
    for (int i = 0; i < 20000; ++i) {
        state = state * 1664525u + 1013904223u;
        bytes += static_cast<char>(state >> 24);
    }
    EXPECT_FALSE(is_utf8(bytes));
    EXPECT_TRUE(is_utf8(to_utf8(bytes)));
    EXPECT_TRUE(is_utf8(escape_html(bytes)));
    EXPECT_TRUE(is_utf8(escape_xml(bytes)));
    EXPECT_TRUE(is_utf8(escape_terminal(bytes)));
}

}  // namespace
}  // namespace ddi::text
