#include "generator/model/aggregate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "generator/model/alignment.h"
#include "generator/model/constants.h"

namespace ddi::model {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Heading {
    std::string name;
    std::string value;  // enumerations
    std::string type;   // structures: what the text says
};

Api api_of(page::PageKind kind, const std::string& declaration, std::vector<Heading> headings) {
    Api api;
    api.kind = kind;
    api.name = "_X";
    if (!declaration.empty()) {
        auto result = facts::parse_declaration(declaration, "_X");
        EXPECT_TRUE(result.declaration) << declaration;
        api.declaration = Fact<facts::Declaration>{*result.declaration, {Origin::history, nullptr, {}, "", "docs-2018-04-03"}};
    }
    for (auto& heading : headings) {
        facts::MemberFact member;
        member.name = std::move(heading.name);
        member.value = std::move(heading.value);
        member.type = std::move(heading.type);
        member.cite.origin = Origin::heading;
        api.members.push_back(std::move(member));
    }
    return api;
}

std::vector<std::string> shown(const std::vector<facts::DeclaredMember>& members) {
    std::vector<std::string> out;
    for (const auto& member : members) {
        std::string text = member.name;
        if (!member.value.empty()) text += "=" + member.value;
        if (!member.type.empty() && member.aggregate.empty()) text += ":" + member.type + member.array;
        if (!member.bits.empty()) text += ":" + member.bits;
        if (!member.aggregate.empty()) {
            text += "{" + member.aggregate;
            for (const auto& inner : shown(member.members)) text += " " + inner;
            text += "}";
        }
        if (member.origin != Origin::declaration) text += "?";
        out.push_back(text);
    }
    return out;
}

Api enumeration(const std::string& declaration, std::vector<Heading> headings) {
    Api api = api_of(page::PageKind::enumeration, declaration, std::move(headings));
    text::Diagnostics diagnostics;
    resolve_enumeration(api, diagnostics);
    return api;
}

Api structure(const std::string& declaration, std::vector<Heading> headings) {
    Api api = api_of(page::PageKind::structure, declaration, std::move(headings));
    text::Diagnostics diagnostics;
    resolve_structure(api, diagnostics);
    return api;
}

TEST(Alignment, FindsWhatIsSharedAndWhatStandsBetween) {
    const Alignment a = align({"a", "b", "c", "e"}, {"a", "x", "c", "d", "e", "f"});
    EXPECT_THAT(a.same, ElementsAre(std::pair(0U, 0U), std::pair(2U, 2U), std::pair(3U, 4U)));
    ASSERT_EQ(a.differences.size(), 3U);
    EXPECT_EQ(a.differences[0].old_begin, 1U);
    EXPECT_EQ(a.differences[0].new_end, 2U);
    EXPECT_EQ(a.differences[1].old_begin, a.differences[1].old_end);
    EXPECT_EQ(a.differences[2].new_begin, 5U);
    EXPECT_THAT(align({"a"}, {"a"}).differences, IsEmpty());
    EXPECT_EQ(align({}, {"a", "b"}).differences.size(), 1U);
}

TEST(Enumeration, HeadingsAloneAreOneAndWithoutValuesTheirOrderIsInferred) {
    const Api api = enumeration("", {{"A", "", ""}, {"B", "", ""}, {"B", "", ""}, {"not a name", "", ""}});
    ASSERT_TRUE(api.declaration);
    EXPECT_EQ(api.declaration->cite.origin, Origin::heading);
    EXPECT_THAT(shown(api.declaration->value.members), ElementsAre("A?", "B?"));
    EXPECT_TRUE(api.aggregate.values_inferred);
}

TEST(Enumeration, CCountsBetweenValuesThatHeadingsStateAndNothingSaysWhatIsBeforeAndAfter) {
    const Api between = enumeration("", {{"A", "4", ""}, {"B", "", ""}, {"C", "9", ""}});
    EXPECT_THAT(shown(between.declaration->value.members), ElementsAre("A=4?", "B?", "C=9?"));
    EXPECT_FALSE(between.aggregate.values_inferred);
    EXPECT_TRUE(enumeration("", {{"A", "4", ""}, {"B", "", ""}}).aggregate.values_inferred);
    EXPECT_TRUE(enumeration("", {{"A", "", ""}, {"B", "4", ""}}).aggregate.values_inferred);
    EXPECT_FALSE(enumeration("", {{"A", "4", ""}, {"B", "5", ""}}).aggregate.values_inferred);
}

TEST(Enumeration, HeadingsInAnotherOrderThanTheHeadersGiveNoValues) {
    const std::vector<Heading> sorted = {{"A", "", ""}, {"B", "", ""}, {"C", "", ""}, {"D", "", ""}, {"E", "", ""}, {"F", "", ""}};
    EXPECT_TRUE(enumeration("", sorted).aggregate.values_unknown);
    std::vector<Heading> mixed = sorted;
    std::swap(mixed[1], mixed[4]);
    EXPECT_FALSE(enumeration("", mixed).aggregate.values_unknown);
    EXPECT_TRUE(enumeration("", mixed).aggregate.values_inferred);
    const Api falling = enumeration("", {{"A", "9", ""}, {"B", "", ""}, {"C", "2", ""}});
    EXPECT_TRUE(falling.aggregate.values_unknown);
    EXPECT_TRUE(falling.aggregate.values_inferred);
    EXPECT_FALSE(enumeration("", {{"A", "9", ""}, {"C", "2", ""}}).aggregate.values_unknown);
}

TEST(Enumeration, WhatOnlyHeadingsHaveNeverMovesTheDeclaredOnes) {
    const Api api =
        enumeration("typedef enum _X { B = 1, C, E } X;", {{"A", "", ""}, {"B", "", ""}, {"C", "", ""}, {"D", "", ""}, {"E", "", ""}});
    EXPECT_THAT(shown(api.declaration->value.members), ElementsAre("A?", "B=1", "C", "E"));
    EXPECT_THAT(api.aggregate.unvalued, ElementsAre("D"));
    EXPECT_TRUE(api.aggregate.stale);
    EXPECT_TRUE(api.aggregate.values_inferred);
    const Api stated = enumeration("typedef enum _X { A, B, C } X;", {{"A", "", ""}, {"N", "7", ""}, {"B", "", ""}, {"C", "", ""}});
    EXPECT_THAT(shown(stated.declaration->value.members), ElementsAre("A", "N=7?", "B=1", "C"));
    EXPECT_FALSE(stated.aggregate.values_inferred);
}

TEST(Enumeration, AGapOfTheDeclarationIsFilledByAsManyAsItIsWide) {
    const auto members = [](std::vector<Heading> headings) {
        return shown(enumeration("typedef enum _X { A = 1, D = 4 } X;", std::move(headings)).declaration->value.members);
    };
    EXPECT_THAT(members({{"A", "", ""}, {"B", "", ""}, {"C", "", ""}, {"D", "", ""}}), ElementsAre("A=1", "B?", "C?", "D=4"));
    EXPECT_THAT(members({{"A", "", ""}, {"B", "", ""}, {"D", "", ""}}), ElementsAre("A=1", "D=4"));
}

TEST(Enumeration, NewOnesAtTheEndFollowAndTheLimitCountsThem) {
    const std::vector<Heading> headings = {{"A", "", ""}, {"B", "", ""}, {"C", "", ""}, {"XMax", "", ""}};
    const Api api = enumeration("typedef enum _X { A, B, XMax } X;", headings);
    EXPECT_THAT(shown(api.declaration->value.members), ElementsAre("A", "B", "C?", "XMax?"));
    EXPECT_TRUE(api.aggregate.values_inferred);
    // A limit with its value written counts them, too; one that counts nothing keeps its own.
    const Api written = enumeration("typedef enum _X { A, B, XMax = 2 } X;", headings);
    EXPECT_THAT(shown(written.declaration->value.members), ElementsAre("A", "B", "C?", "XMax?"));
    const Api far = enumeration("typedef enum _X { A, B, XMax = 99 } X;", headings);
    EXPECT_THAT(shown(far.declaration->value.members), ElementsAre("A", "B", "C?", "XMax=99"));
    const Api limited = enumeration("typedef enum _X { A, B } X;", headings);
    EXPECT_THAT(shown(limited.declaration->value.members), ElementsAre("A", "B", "C?", "XMax?"));
    const Api sparse = enumeration("typedef enum _X { A, B = 4 } X;", headings);
    EXPECT_THAT(shown(sparse.declaration->value.members), ElementsAre("A", "B=4"));
    // In another order than the declaration's the headings place nothing.
    const Api other = enumeration("typedef enum _X { A, B, D } X;", {{"B", "", ""}, {"A", "", ""}, {"D", "", ""}, {"C", "", ""}});
    EXPECT_THAT(shown(other.declaration->value.members), ElementsAre("A", "B", "D"));
    EXPECT_THAT(other.aggregate.unvalued, ElementsAre("C"));
}

TEST(Enumeration, ASortedDeclarationThatStatesSomeValuesPlacesNoOthers) {
    const Api api = enumeration("typedef enum _X { A, B, C = 0xFFFE, D, E, F = 0xFFFD, G } X;", {{"A", "", ""}});
    EXPECT_THAT(shown(api.declaration->value.members), ElementsAre("C=0xFFFE", "F=0xFFFD"));
    EXPECT_THAT(api.aggregate.unvalued, ElementsAre("A", "B", "D", "E", "G"));
    const Api counted = enumeration("typedef enum _X { A = 1, B, C, D, E, F = 9, G } X;", {{"A", "", ""}});
    EXPECT_THAT(counted.aggregate.unvalued, IsEmpty());
}

TEST(Enumeration, KeepsWhatThePageDoesNotDescribe) {
    const Api api = enumeration("typedef enum _X { A, B, C } X;", {{"A", "", ""}, {"C", "", ""}});
    EXPECT_THAT(shown(api.declaration->value.members), ElementsAre("A", "B", "C"));
    EXPECT_FALSE(api.aggregate.stale);
    EXPECT_FALSE(api.aggregate.values_inferred);
}

TEST(Enumeration, ARenamedEnumeratorKeepsItsValue) {
    const Api api = enumeration("typedef enum _X { A = 2, Unmodifed = 5, C } X;", {{"A", "", ""}, {"Unmodified", "", ""}, {"C", "", ""}});
    EXPECT_THAT(shown(api.declaration->value.members), ElementsAre("A=2", "Unmodified=5?", "C"));
}

TEST(Enumeration, ANewValueOfTheHeadingReplacesTheDeclaredOneAndAnotherSpellingDoesNot) {
    const Api api = enumeration("typedef enum _X { A = 11, B = 2, C = OTHER, D = 0xFFFFFFFF } X;",
                                {{"A", "14", ""}, {"B", "0x00000002", ""}, {"C", "0", ""}, {"D", "-1", ""}});
    EXPECT_THAT(shown(api.declaration->value.members), ElementsAre("A=14", "B=2", "C=0", "D=0xFFFFFFFF"));
    EXPECT_TRUE(api.aggregate.stale);
}

TEST(Enumeration, AnotherOrderIsNoDifference) {
    const Api api = enumeration("typedef enum _X { A, B, C } X;", {{"C", "", ""}, {"A", "", ""}, {"B", "", ""}});
    EXPECT_THAT(shown(api.declaration->value.members), ElementsAre("A", "B", "C"));
    EXPECT_FALSE(api.aggregate.stale);
}

TEST(Enumeration, FlagsWithoutAnyValueAreNotToldApartFromOnesThatLostThem) {
    Api api = api_of(page::PageKind::enumeration, "typedef enum _X { A, B, C } X;", {{"A", "", ""}});
    api.name = "X_FLAGS";
    text::Diagnostics diagnostics;
    resolve_enumeration(api, diagnostics);
    EXPECT_TRUE(api.aggregate.values_inferred);
}

TEST(Enumeration, TheNameThatForcesTheSizeHasTheLargestValue) {
    const Api api = enumeration("", {{"X_A", "", ""}, {"X_FORCE_DWORD", "", ""}});
    EXPECT_THAT(shown(api.declaration->value.members), ElementsAre("X_A?", "X_FORCE_DWORD=0x7fffffff?"));
    EXPECT_TRUE(api.aggregate.values_inferred);
    const Api stated = enumeration("", {{"X_A", "", ""}, {"X_FORCE_DWORD", "0xffffffff", ""}});
    EXPECT_THAT(shown(stated.declaration->value.members), ElementsAre("X_A?", "X_FORCE_DWORD=0xffffffff?"));
}

TEST(Structure, AMadeUpNameBeforeDeclaredFieldsIsNoField) {
    const Api api = structure("typedef union _X { struct { ULONG A; ULONG B; }; ULONG64 C; } X;",
                              {{"_TAG", "", ""}, {"_TAG.A", "", ""}, {"_TAG.B", "", ""}, {"C", "", ""}, {"_X", "", ""}});
    EXPECT_THAT(shown(api.declaration->value.members), ElementsAre("{struct A:ULONG B:ULONG}", "C:ULONG64"));
    EXPECT_FALSE(api.aggregate.stale);
}

TEST(Structure, AStructureThatTheDeclarationLostInsideAUnion) {
    const std::vector<Heading> headings = {{"_TAG", "", ""}, {"_TAG.A", "", ""}, {"_TAG.B", "", ""}, {"C", "", ""}};
    const Api api = structure("typedef struct _X { union { GUID A; ULONG B; ULONG64 C; }; } X;", headings);
    EXPECT_THAT(shown(api.declaration->value.members), ElementsAre("{union {struct A:GUID B:ULONG}? C:ULONG64}"));
    const Api whole = structure("typedef struct _X { union { GUID A; ULONG B; }; ULONG64 C; } X;", headings);
    EXPECT_THAT(shown(whole.declaration->value.members), ElementsAre("{union A:GUID B:ULONG}", "C:ULONG64"));
}

TEST(Structure, SameFieldsChangeNothing) {
    const Api api = structure("typedef struct _X { ULONG A; union { ULONG B; PVOID C; }; } X;",
                              {{"A", "", ""}, {"DUMMYUNIONNAME", "", ""}, {"DUMMYUNIONNAME.B", "", ""}, {"C", "", ""}});
    EXPECT_THAT(shown(api.declaration->value.members), ElementsAre("A:ULONG", "{union B:ULONG C:PVOID}"));
    EXPECT_FALSE(api.aggregate.stale);
}

TEST(Structure, TakesTodaysNameWhereOneWasReplaced) {
    const Api api = structure("typedef struct _X { ULONG A; BOOLEAN Removeable; } X;", {{"A", "", ""}, {"Removable", "", ""}});
    EXPECT_THAT(shown(api.declaration->value.members), ElementsAre("A:ULONG", "Removable:BOOLEAN?"));
    EXPECT_TRUE(api.aggregate.stale);
}

TEST(Structure, ANewFieldTakesTheTypeThatItsTextStates) {
    const Api api =
        structure("typedef struct _X { ULONG A; ULONG C; } X;", {{"A", "", ""}, {"B", "", "PVOID"}, {"C", "", ""}, {"D", "", ""}});
    EXPECT_THAT(shown(api.declaration->value.members), ElementsAre("A:ULONG", "B:PVOID?", "C:ULONG", "D?"));
    EXPECT_THAT(api.aggregate.untyped, ElementsAre("D"));
}

TEST(Structure, NewFlagsTakeBitsFromTheReservedOnes) {
    const Api api = structure("typedef struct _X { union { struct { UINT A : 1; UINT Reserved : 31; }; UINT Value; }; } X;",
                              {{"A", "", ""}, {"B", "", ""}, {"C", "", ""}, {"Reserved", "", ""}, {"Value", "", ""}});
    EXPECT_THAT(shown(api.declaration->value.members),
                ElementsAre("{union {struct A:UINT:1 B:UINT:1? C:UINT:1? Reserved:UINT:29?} Value:UINT}"));
    EXPECT_THAT(api.aggregate.untyped, IsEmpty());
}

TEST(Structure, AHeadingThatStoodBesideTheDeclarationIsNewOnlyAsAFlagBeforeReservedBits) {
    const auto joined = [](const std::string& declaration) {
        Api api = api_of(page::PageKind::structure, declaration, {{"A", "", ""}, {"B", "", "PVOID"}, {"Reserved", "", ""}});
        api.declaration->cite.source = std::make_shared<const text::SourceText>(
            "ns-x.md", "## -struct-fields\n\n### -field A\n\n### -field B\n\n### -field Reserved\n");
        text::Diagnostics diagnostics;
        resolve_structure(api, diagnostics);
        auto members = shown(api.declaration->value.members);
        for (const auto& name : api.aggregate.undeclared) members.push_back("undeclared " + name);
        return members;
    };
    EXPECT_THAT(joined("typedef struct _X { UINT A : 1; UINT Reserved : 31; } X;"),
                ElementsAre("A:UINT:1", "B:UINT:1?", "Reserved:UINT:30?"));
    EXPECT_THAT(joined("typedef struct _X { UINT A; UINT Reserved; } X;"), ElementsAre("A:UINT", "Reserved:UINT", "undeclared B"));
}

TEST(Structure, AReservedArrayMayHaveBecomeFields) {
    const Api api = structure("typedef struct _X { ULONG A; ULONG Reserved[2]; } X;", {{"A", "", ""}, {"B", "", ""}, {"C", "", ""}});
    EXPECT_THAT(shown(api.declaration->value.members), ElementsAre("A:ULONG", "B:ULONG?", "C:ULONG?"));
}

TEST(Structure, TwoForThreeIsNotGuessed) {
    const Api api =
        structure("typedef struct _X { ULONG A; ULONG B; ULONG C; ULONG Z; } X;", {{"P", "", "ULONG"}, {"Q", "", "ULONG"}, {"Z", "", ""}});
    EXPECT_THAT(api.aggregate.untyped, ElementsAre("P", "Q"));
}

TEST(Structure, FieldsInsideAMemberAreComparedThere) {
    const Api api = structure("typedef struct _X { union { struct { ULONG A; } Port; ULONG Raw; } u; } X;",
                              {{"u", "", ""}, {"u.Port", "", ""}, {"u.Port.A", "", ""}, {"u.Port.B", "", "PVOID"}, {"u.Raw", "", ""}});
    EXPECT_THAT(shown(api.declaration->value.members), ElementsAre("u{union Port{struct A:ULONG B:PVOID?} Raw:ULONG}"));
}

TEST(Structure, WithoutADeclarationItIsWhatTheTextSays) {
    Api api = api_of(page::PageKind::structure, "", {{"A", "", "ULONG"}, {"DUMMYUNIONNAME", "", ""}, {"DUMMYUNIONNAME.B", "", "PVOID"}});
    text::Diagnostics diagnostics;
    resolve_structure(api, diagnostics);
    ASSERT_TRUE(api.declaration);
    EXPECT_EQ(api.declaration->cite.origin, Origin::inferred);
    EXPECT_THAT(shown(api.declaration->value.members), ElementsAre("A:ULONG?", "{union B:PVOID?}?"));
    EXPECT_THAT(api.aggregate.untyped, IsEmpty());
    const Api partial = structure("", {{"A", "", "ULONG"}, {"Other.B", "", "PVOID"}, {"C", "", ""}});
    EXPECT_THAT(partial.aggregate.untyped, ElementsAre("Other", "C"));
}

StatedConstant stated(const std::string& header, const std::string& name, const std::string& value) {
    return {header, {name, value, {Origin::prose, nullptr, {}, name, ""}}};
}

TEST(Constants, OneValueOrNone) {
    text::Diagnostics diagnostics;
    const Api api = enumeration("typedef enum _X { AN_ENUMERATOR } X;", {});
    const auto constants = resolve_constants({stated("b.h", "A_ONE", "0x1"), stated("a.h", "A_ONE", "1"), stated("a.h", "A_TWO", "2"),
                                              stated("b.h", "A_TWO", "3"), stated("a.h", "AN_ENUMERATOR", "0")},
                                             {api}, diagnostics);
    ASSERT_EQ(constants.size(), 1U);
    EXPECT_EQ(constants[0].name, "A_ONE");
    EXPECT_EQ(constants[0].header, "a.h");
    ASSERT_EQ(diagnostics.size(), 1U);
    EXPECT_EQ(diagnostics[0].code, "constant-contradiction");
}

}  // namespace
}  // namespace ddi::model
