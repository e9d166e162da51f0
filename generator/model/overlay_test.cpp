#include "generator/model/overlay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ddi::model {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

struct Read {
    Overlay overlay;
    text::Diagnostics diagnostics;
};

Read read(const std::string& yaml) {
    Read result;
    read_overlay(std::make_shared<const text::SourceText>("overlays/x.yaml", yaml), result.overlay, result.diagnostics);
    return result;
}

TEST(Overlay, ReadsDeclarationsTypesAndClauses) {
    auto [overlay, diagnostics] = read(
        "declarations:\n  - uid: NF:wdm.KeX\n    declaration: \"VOID KeX(void);\"\n    source: s1\n"
        "types:\n  - name: FAST_MUTEX\n    tag: _FAST_MUTEX\n    pointers: [PFAST_MUTEX]\n    size: 56\n    alignment: 8\n    header: "
        "wdm.h\n    source: s2\n"
        "clauses:\n  - uid: NF:wdm.KeY\n    kind: acquire\n    object: mutex\n    parameter: Object\n    when: [\"result == "
        "STATUS_SUCCESS\", \"pointee "
        "Timeout != 0\"]\n    text: t\n    source: s3\n");
    EXPECT_THAT(diagnostics, IsEmpty());
    ASSERT_THAT(overlay.declarations, SizeIs(1));
    EXPECT_EQ(overlay.declarations[0].cite.note, "s1");
    ASSERT_THAT(overlay.types, SizeIs(1));
    EXPECT_EQ(overlay.types[0].size, 56U);
    ASSERT_THAT(overlay.clauses, SizeIs(1));
    const auto& clause = overlay.clauses[0].clause;
    EXPECT_EQ(clause.cite.origin, facts::Origin::overlay);
    ASSERT_THAT(clause.when.all, SizeIs(2));
    EXPECT_EQ(clause.when.all[0], (facts::Comparison{facts::Comparison::Subject::result, "", "==", "STATUS_SUCCESS"}));
    EXPECT_EQ(clause.when.all[1], (facts::Comparison{facts::Comparison::Subject::pointee, "Timeout", "!=", "0"}));
}

TEST(Overlay, RefusesAnEntryWithoutASource) {
    auto [overlay, diagnostics] = read("declarations:\n  - uid: NF:wdm.KeX\n    declaration: \"VOID KeX(void);\"\n");
    EXPECT_THAT(overlay.declarations, IsEmpty());
    ASSERT_THAT(diagnostics, SizeIs(1));
    EXPECT_EQ(diagnostics[0].severity, text::Severity::error);
    EXPECT_EQ(diagnostics[0].source->position(diagnostics[0].span.begin).line, 2U);
}

TEST(Overlay, ReadsAFunctionsOtherName) {
    auto [overlay, diagnostics] = read("macros:\n  - name: KeY\n    function: KeX\n    source: s\n");
    EXPECT_THAT(diagnostics, IsEmpty());
    ASSERT_THAT(overlay.macros, SizeIs(1));
    EXPECT_EQ(overlay.macros[0].function, "KeX");
    EXPECT_EQ(overlay.macros[0].cite.note, "s");
}

TEST(Overlay, ReadsAMacrosDefinitionLineByLine) {
    auto [overlay, diagnostics] = read(
        "definitions:\n  - name: XX_NEXT\n    parameters: \"(a)\"\n    body: |\n      first\n      second(a)\n    header: xx.h\n    "
        "source: s\n"
        "  - name: XX_EMPTY\n    header: xx.h\n    source: s\n");
    EXPECT_THAT(diagnostics, SizeIs(1));  // the second has no body
    ASSERT_THAT(overlay.definitions, SizeIs(1));
    EXPECT_THAT(overlay.definitions[0].body, testing::ElementsAre("first", "second(a)"));
    EXPECT_EQ(overlay.definitions[0].parameters, "(a)");
    EXPECT_EQ(overlay.definitions[0].cite.note, "s");
}

TEST(Overlay, ReadsAConstant) {
    auto [overlay, diagnostics] =
        read("constants:\n  - {name: XX_SIZE, value: 64, header: xx.h, source: s}\n  - {name: XX_NONE, header: xx.h, source: s}\n");
    EXPECT_THAT(diagnostics, SizeIs(1));
    ASSERT_THAT(overlay.constants, SizeIs(1));
    EXPECT_EQ(overlay.constants[0].value, "64");
}

TEST(Overlay, RefusesUnknownWords) {
    for (const char* yaml :
         {"macros:\n  - name: KeY\n    source: s\n", "clauses:\n  - uid: NF:wdm.X\n    kind: teleport\n    text: t\n    source: s\n",
          "clauses:\n  - uid: NF:wdm.X\n    kind: acquire\n    text: t\n    source: s\n",
          "clauses:\n  - uid: NF:wdm.X\n    kind: waits\n    object: m\n    when: [\"moon == full\"]\n    text: t\n    source: s\n",
          "clauses:\n  - uid: NF:wdm.X\n    kind: waits\n    object: m\n    source: s\n",
          "types:\n  - name: X\n    header: wdm.h\n    size: big\n    source: s\n", "others:\n  - source: s\n"}) {
        auto [overlay, diagnostics] = read(yaml);
        EXPECT_THAT(diagnostics, SizeIs(1)) << yaml;
        EXPECT_THAT(overlay.clauses, IsEmpty()) << yaml;
    }
}

TEST(Overlay, ReportsWhatIsNotYamlOrSaysAKeyTwice) {
    EXPECT_THAT(read("declarations: [").diagnostics, SizeIs(1));
    auto twice = read("types:\n  - name: A\n    name: B\n    header: h\n    source: s\n");
    ASSERT_THAT(twice.diagnostics, SizeIs(1));
    EXPECT_THAT(twice.diagnostics[0].message, HasSubstr("twice"));
}

}  // namespace
}  // namespace ddi::model
