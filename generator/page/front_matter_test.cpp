#include "generator/page/front_matter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace ddi::page {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Result {
    text::SourcePtr source;
    FrontMatter front;
    text::Diagnostics diagnostics;

    std::vector<std::string> values(std::string_view key) const {
        for (const Field& field : front.fields) {
            if (field.key == key) return field.values;
        }
        return {"no such key"};
    }
    std::vector<std::string> codes() const {
        std::vector<std::string> out;
        for (const auto& diagnostic : diagnostics) out.push_back(diagnostic.code);
        return out;
    }
    std::string_view marked(std::size_t i) const {
        const text::Span span = diagnostics.at(i).span;
        return source->bytes().substr(span.begin, span.end - span.begin);
    }
};

Result read(std::string bytes) {
    Result result;
    result.source = std::make_shared<const text::SourceText>("a.md", std::move(bytes));
    result.front = read_front_matter(result.source, result.diagnostics);
    return result;
}

TEST(FrontMatter, ReadsScalarsAndLists) {
    const Result r = read(
        "---\nUID: NF:wdm.X\ntitle: \"X function\"\nold: 'it'\nempty:\nblank: \nlist:\n - \"a/b\"\n - "
        "c\ntabs:\n-\tAPIRef\n-\tkbSyntax\nflow: [\"x, y\", \"z\"]\n---\nbody");
    EXPECT_THAT(r.codes(), IsEmpty());
    EXPECT_THAT(r.values("UID"), ElementsAre("NF:wdm.X"));
    EXPECT_THAT(r.values("title"), ElementsAre("X function"));
    EXPECT_THAT(r.values("old"), ElementsAre("it"));
    EXPECT_THAT(r.values("empty"), ElementsAre(""));
    EXPECT_THAT(r.values("blank"), ElementsAre(""));
    EXPECT_THAT(r.values("list"), ElementsAre("a/b", "c"));
    EXPECT_THAT(r.values("tabs"), ElementsAre("APIRef", "kbSyntax"));
    EXPECT_THAT(r.values("flow"), ElementsAre("x, y", "z"));
    EXPECT_EQ(r.source->bytes().substr(r.front.body_begin), "body");
    const Field& list = r.front.fields.at(5);
    EXPECT_TRUE(list.is_list);
    EXPECT_EQ(r.source->bytes().substr(list.value_span.begin, list.value_span.end - list.value_span.begin), "- \"a/b\"\n - c");
    EXPECT_EQ(r.source->bytes().substr(list.key_span.begin, list.key_span.end - list.key_span.begin), "list");
}

TEST(FrontMatter, ReadsYamlsOtherShapes) {
    const Result r = read(
        "---\na: two\n  lines\nb: |\n  kept\n  lines\nc: \"esc \\\"x\\\"\"\nd: 'it''s'\ne: text # comment\nf: [one, 'two']\n# a "
        "comment\n\ng: ~\n---\n");
    EXPECT_THAT(r.codes(), IsEmpty());
    EXPECT_THAT(r.values("a"), ElementsAre("two lines"));
    EXPECT_THAT(r.values("b"), ElementsAre("kept\nlines\n"));
    EXPECT_THAT(r.values("c"), ElementsAre("esc \"x\""));
    EXPECT_THAT(r.values("d"), ElementsAre("it's"));
    EXPECT_THAT(r.values("e"), ElementsAre("text"));
    EXPECT_THAT(r.values("f"), ElementsAre("one", "two"));
    EXPECT_THAT(r.values("g"), ElementsAre(""));
}

TEST(FrontMatter, ReadsWhatIsNotYamlAsItWasMeant) {
    const Result r = read(
        "---\nreq.typenames: *PX, X\nreq.irql: >= DISPATCH_LEVEL\ndescription: Note: one, and: two\ntail: ends with:\nname:\n- *PY\n- a: "
        "b\nhalf: \"open\nreq.lib:Ks.lib\n---\n");
    EXPECT_THAT(r.values("req.typenames"), ElementsAre("*PX, X"));
    EXPECT_THAT(r.values("req.irql"), ElementsAre(">= DISPATCH_LEVEL"));
    EXPECT_THAT(r.values("description"), ElementsAre("Note: one, and: two"));
    EXPECT_THAT(r.values("tail"), ElementsAre("ends with:"));
    EXPECT_THAT(r.values("name"), ElementsAre("*PY", "a: b"));
    EXPECT_THAT(r.values("half"), ElementsAre("\"open"));
    EXPECT_THAT(r.values("req.lib"), ElementsAre("Ks.lib"));
    EXPECT_THAT(r.codes(), testing::Each("front-matter-not-yaml"));
    ASSERT_EQ(r.diagnostics.size(), 7u);
    EXPECT_EQ(r.source->position(r.diagnostics[1].span.begin), (text::Position{2, 16}));  // the missing blank is found first
    EXPECT_EQ(r.marked(1), "*PX, X");
    EXPECT_THAT(r.diagnostics[1].message, HasSubstr("anchor"));
}

TEST(FrontMatter, TextThatYamlWouldLoseIsKept) {
    const Result r = read("---\na: &Name\nb: !important\n---\n");
    EXPECT_THAT(r.values("a"), ElementsAre("&Name"));
    EXPECT_THAT(r.values("b"), ElementsAre("!important"));
    EXPECT_THAT(r.codes(), ElementsAre("front-matter-text-lost", "front-matter-text-lost"));
}

TEST(FrontMatter, LinesWithoutAKeyJoinTheValueAbove) {
    const Result r = read("---\na: one\ntwo words\nb: x\n---\n");
    EXPECT_THAT(r.values("a"), ElementsAre("one two words"));
    EXPECT_THAT(r.codes(), ElementsAre("front-matter-not-yaml"));
    EXPECT_EQ(r.marked(0), "two words");
}

TEST(FrontMatter, AKeyMayHoldABlank) {
    const Result r = read("---\nreq.target- min: Windows 10\nx: y\n---\n");
    EXPECT_THAT(r.values("req.target- min"), ElementsAre("Windows 10"));
    EXPECT_THAT(r.codes(), IsEmpty());
}

TEST(FrontMatter, ReportsDuplicateKeys) {
    const Result r = read("---\na: 1\nb: 2\na: 3\n---\n");
    EXPECT_THAT(r.codes(), ElementsAre("front-matter-duplicate-key"));
    EXPECT_EQ(r.source->position(r.diagnostics[0].span.begin).line, 4u);
    ASSERT_EQ(r.diagnostics[0].notes.size(), 1u);
    EXPECT_EQ(r.source->position(r.diagnostics[0].notes[0].span.begin).line, 2u);
    EXPECT_THAT(r.values("a"), ElementsAre("1"));
    EXPECT_EQ(r.front.fields.size(), 3u);
}

TEST(FrontMatter, ReadsASecondOneBehindTheFirst) {
    const Result r = read("---\nUID: NF:a.b\n---\n\n---\nUID: NF:a.b\nreq.lib: x.lib\n---\nbody");
    EXPECT_THAT(r.codes(), ElementsAre("front-matter-duplicated", "front-matter-duplicate-key"));
    EXPECT_THAT(r.values("req.lib"), ElementsAre("x.lib"));
    EXPECT_EQ(r.source->bytes().substr(r.front.body_begin), "body");
}

TEST(FrontMatter, ARuleIsNoSecondFrontMatter) {
    const Result r = read("---\na: 1\n---\n---\nSome text.\n\n---\n");
    EXPECT_THAT(r.codes(), IsEmpty());
    EXPECT_EQ(r.source->bytes().substr(r.front.body_begin, 4), "---\n");
}

TEST(FrontMatter, AMissingEndIsReported) {
    const Result r = read("---\nUID: NF:a.b\nreq.irql: x\n\n# Heading\n\nText: yes\n");
    EXPECT_THAT(r.codes(), ElementsAre("front-matter-not-closed"));
    EXPECT_THAT(r.values("req.irql"), ElementsAre("x"));
    EXPECT_EQ(r.source->bytes().substr(r.front.body_begin, 9), "# Heading");
}

TEST(FrontMatter, NoneIsNone) {
    EXPECT_FALSE(read("# Title\n").front.present);
    EXPECT_FALSE(read("").front.present);
    EXPECT_FALSE(read("---").front.present);
    const Result bom = read("\xEF\xBB\xBF# Title");
    EXPECT_FALSE(bom.front.present);
    EXPECT_EQ(bom.front.body_begin, 3u);
}

}  // namespace
}  // namespace ddi::page
