// Pages that were made to hurt a parser: each is read in a moment and keeps its UID, and what the reader gives back holds
// together. The pages under fuzz/corpus are the seeds of the fuzz target, replayed.
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "generator/page/fuzz/check_page.h"
#include "generator/page/page.h"

namespace ddi::page {
namespace {

constexpr std::string_view head = "---\nUID: NF:a.b\n---\n";

std::string repeated(std::string_view piece, int times) {
    std::string out;
    out.reserve(piece.size() * static_cast<std::size_t>(times));
    for (int i = 0; i < times; ++i) out += piece;
    return out;
}

/// A literal with the null bytes inside it.
template <std::size_t Size>
std::string literal(const char (&text)[Size]) {
    return {text, Size - 1};
}

/// Seconds that a page takes. Generous limits: the failures this looks for take minutes, or end the program.
double read_and_check(const std::string& bytes) {
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(fuzz::what_is_wrong(bytes), "");
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

struct Hostile {
    const char* name;
    std::string body;
};

std::vector<Hostile> hostile_bodies() {
    std::string table = "|" + repeated("a|", 15'000) + "\n|";
    table += repeated("-|", 15'000) + "\n" + repeated("|\n", 500);
    std::string narrow = repeated("a|", 99) + "\n" + repeated("-|", 99) + "\n" + repeated("x\n", 480);
    std::string steps;
    for (int i = 0; i < 900; ++i) steps += repeated(" ", 2 * i) + "- x\n";
    return {
        {"nested quotes", repeated("> ", 20'000) + "x\n"},
        {"nested quotes on many lines", repeated(repeated("> ", 120) + "x\n", 3000)},
        {"nested lists", repeated("- ", 20'000) + "x\n"},
        {"lists step by step", steps},
        {"a wide table with short rows", table},
        {"a table within the limits", narrow},
        {"images", repeated("![", 50'000)},
        {"images within the limits", repeated("![", 490) + repeated("](", 20'000)},
        {"brackets", repeated("[", 50'000)},
        {"brackets closed", repeated("[a](", 20'000)},
        {"brackets in pairs", repeated("[", 30'000) + repeated("]", 30'000)},
        {"processing instructions", repeated("a<?", 30'000)},
        {"processing instructions within the limits", repeated("a<?", 99) + repeated("x ", 20'000)},
        {"CDATA", repeated("a<![CDATA[", 10'000)},
        {"comments", repeated("a<!--", 10'000)},
        {"unclosed tags", repeated("<a ", 39'000)},
        {"emphasis", repeated("*a ", 20'000) + "\n\n" + repeated("_a__", 15'000)},
        {"emphasis of all kinds", repeated("**x* _y__ ", 6'000)},
        {"backticks",
         [] {
             std::string out;
             for (int i = 1; i < 350; ++i) out += std::string(static_cast<std::size_t>(i), '`') + "a";
             return out;
         }()},
        {"entities", repeated("&#0;&amp;&lt;&nosuch;&#x10FFFF;", 2000)},
        {"backslashes", repeated("\\", 60'000)},
        {"nested elements", repeated("<div>", 30'000)},
        {"nested elements on lines", repeated("<div>\n", 30'000)},
        {"nested inline elements", "<div>\n" + repeated("<b>", 20'000)},
        {"nested tables", repeated("<table><tr><td>", 10'000)},
        {"paragraphs that never end", "<div>\n" + repeated("<p>", 20'000) + "\n</div>"},
        {"formatting that is opened again and again", "<div>\n" + repeated("<p><i id=1><b id=2>", 60) + repeated("<p>x", 2000)},
        {"large spans", "<table><tr>" + repeated("<td colspan=1000000000 rowspan=99999999>x", 2000) + "</table>"},
        {"negative spans", "<table><tr><td colspan=-5>x<td rowspan=abc>y</table>"},
        {"markdown inside HTML, again and again", repeated("<div>\n\na\n\n", 3000)},
        {"a forged marker", "<div>\n<ddi-node></ddi-node><ddi-node>\n\nreal\n\n</div>\n"},
        {"null bytes", literal("a\0\0b\n\n<p>\0</p>\n\n```\n\0\n```\n")},
        {"lone returns", "a\rb\r\r## -x\r|a|b|\r|-|-|\r|c|d|\r<table>\r<tr><td>x\r\ry\r"},
        {"not UTF-8", "\xFF\xFE **\xC0\x80** <p>\xED\xA0\x80</p>\n\n|\xF8|\n|-|\n|\x80|\n"},
        {"one long line", std::string(1'000'000, 'x')},
        {"many lines", repeated("\n", 1'000'000)},
        {"many headings", repeated("#\n", 60'000)},
        {"reference definitions", repeated("[a]: b\n", 20'000) + repeated("[a]", 20'000)},
        {"setext", repeated("a\n", 20'000) + "---\n"},
    };
}

TEST(Hostile, BodiesAreReadInAMoment) {
    for (const Hostile& hostile : hostile_bodies()) {
        SCOPED_TRACE(hostile.name);
        const std::string bytes = std::string(head) + hostile.body;
        EXPECT_LT(read_and_check(bytes), 5.0);
        const Page page = read_page("a.md", bytes);
        EXPECT_EQ(page.uid, bytes.size() > (1u << 20) ? "" : "NF:a.b");
        EXPECT_EQ(page.is_api, bytes.size() <= (1u << 20));
    }
}

TEST(Hostile, FrontMattersAreReadInAMoment) {
    const auto front = [](std::string_view inside) { return "---\nUID: NF:a.b\n" + std::string(inside) + "\n---\n\ntext\n"; };
    const std::string inside[] = {
        repeated("k: v\n", 100'000),
        repeated("- v\n", 100'000),
        "a: " + repeated("[", 50'000),
        "a: " + repeated("{", 50'000),
        "a: " + repeated("{a: ", 10'000),
        "a: " + repeated("? ", 10'000),
        "a: " + repeated("- ", 10'000),
        "a:\n" + repeated(" - - -\n", 4'000),
        "a: \"" + repeated("\\u0041", 10'000) + "\"",
        "a: &a [*a, *a]",
        "a: &a [&b [*a, *b]]\nb: *b",
        "a: !!binary |\n  x\nb: !<tag:x> y",
        "a: |\n" + repeated("  x\n", 4'000),
        "a: >-\n\n\n  x\n",
        "a: '" + repeated("''", 20'000),
        "%YAML 1.2\n--- x\n... \na: b",
        literal("a: \0b\nc\0: d\n"),
        "a: \xFF\nb: *\xFE\n",
        "a: \"\\xZZ\"\nb: \"\\U99999999\"\n",
        ": a\n: b\n:\n",
    };
    for (const std::string& text : inside) {
        SCOPED_TRACE(text.substr(0, 20));
        EXPECT_LT(read_and_check(front(text)), 5.0);
        EXPECT_EQ(read_page("a.md", front(text)).uid, "NF:a.b");
    }
}

TEST(Hostile, TheFuzzTargetsCorpusIsReplayed) {
    int pages = 0;
    for (const auto& entry : std::filesystem::directory_iterator(DDI_SOURCE_DIR "/generator/page/fuzz/corpus")) {
        if (entry.path().extension() != ".md") continue;
        SCOPED_TRACE(entry.path().filename());
        std::ifstream file(entry.path(), std::ios::binary);
        read_and_check({std::istreambuf_iterator<char>(file), {}});
        ++pages;
    }
    EXPECT_GE(pages, 8);
}

}  // namespace
}  // namespace ddi::page
