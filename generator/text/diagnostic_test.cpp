#include "generator/text/diagnostic.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

namespace ddi::text {
namespace {

using testing::HasSubstr;
using testing::Not;

Diagnostic finding(std::string line, Span span) {
    return {
        "irql-not-understood", Severity::warning, std::make_shared<const SourceText>("wdm/a.md", std::move(line)), span, "no level", {}};
}

TEST(FormatDiagnostic, ShowsPlaceMessageLineAndCaret) {
    EXPECT_EQ(format_diagnostic(finding("---\nreq.irql: Any leveI\n", {14, 23}), false),
              "wdm/a.md:2:11: warning: no level [irql-not-understood]\n"
              "    2 | req.irql: Any leveI\n"
              "      |           ^~~~~~~~~\n");
}

TEST(FormatDiagnostic, ShowsNotesBelow) {
    Diagnostic diagnostic = finding("first\nsecond\n", {6, 12});
    diagnostic.severity = Severity::error;
    diagnostic.notes.push_back({"seen here", diagnostic.source, {0, 5}});
    diagnostic.notes.push_back({"and nowhere", nullptr, {}});
    EXPECT_EQ(format_diagnostic(diagnostic, false),
              "wdm/a.md:2:1: error: no level [irql-not-understood]\n"
              "    2 | second\n"
              "      | ^~~~~~\n"
              "wdm/a.md:1:1: note: seen here\n"
              "    1 | first\n"
              "      | ^~~~~\n"
              "note: and nowhere\n");
}

TEST(FormatDiagnostic, NeedsNoSource) {
    EXPECT_EQ(format_diagnostic({"no-pages", Severity::error, nullptr, {}, "nothing here", {}}, false), "error: nothing here [no-pages]\n");
}

TEST(FormatDiagnostic, TextFromThePageCannotDriveTheTerminal) {
    const std::string shown = format_diagnostic(finding("x\x1b[31mred\x07", {1, 2}), false);
    EXPECT_THAT(shown, Not(HasSubstr("\x1b")));
    EXPECT_THAT(shown, Not(HasSubstr("\x07")));
    EXPECT_THAT(shown, HasSubstr("x\xEF\xBF\xBD[31mred"));
}

TEST(FormatDiagnostic, CaretCountsCharactersNotBytes) {
    EXPECT_THAT(format_diagnostic(finding("\xC3\xA4\xC3\xB6 x", {5, 6}), false), HasSubstr("\n      |    ^\n"));
}

TEST(FormatDiagnostic, CutsLongLinesAroundTheCaret) {
    const std::string line = std::string(3000, 'a') + "HERE" + std::string(3000, 'b');
    const std::string shown = format_diagnostic(finding(line, {3000, 3004}), false);
    EXPECT_LT(shown.size(), 500u);
    EXPECT_THAT(shown, HasSubstr("...aaa"));
    EXPECT_THAT(shown, HasSubstr("aHEREb"));
    EXPECT_THAT(shown, HasSubstr("bbb...\n"));
    const std::string text = shown.substr(shown.find("| ") + 2), carets = shown.substr(shown.rfind("| ") + 2);
    EXPECT_EQ(text.find("HERE"), carets.find('^'));
}

TEST(FormatDiagnostic, ASpanOverLinesMarksItsFirst) {
    EXPECT_THAT(format_diagnostic(finding("abc\ndef\n", {1, 7}), false), HasSubstr("\n      |  ^~\n"));
}

TEST(FormatDiagnostic, ColorsOnlyWhenAsked) {
    EXPECT_THAT(format_diagnostic(finding("abc", {0, 1}), true), HasSubstr("\033["));
    EXPECT_THAT(format_diagnostic(finding("abc", {0, 1}), false), Not(HasSubstr("\033[")));
}

TEST(SortDiagnostics, OrdersByPathThenPlaceThenCode) {
    const auto a = std::make_shared<const SourceText>("a.md", "12345"), b = std::make_shared<const SourceText>("b.md", "12345");
    Diagnostics all{{"y", Severity::note, b, {0, 1}, "", {}},
                    {"x", Severity::note, a, {3, 4}, "", {}},
                    {"z", Severity::note, a, {1, 2}, "", {}},
                    {"w", Severity::note, a, {3, 4}, "", {}},
                    {"v", Severity::note, nullptr, {}, "", {}}};
    sort_diagnostics(all);
    std::string order;
    for (const Diagnostic& diagnostic : all) order += diagnostic.code;
    EXPECT_EQ(order, "vzwxy");
}

}  // namespace
}  // namespace ddi::text
