#include "generator/model/overlay_types.h"

#include <gmock/gmock.h>

namespace ddi::model {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

OverlayTypes read(std::string_view text) { return overlay_types(text, "x.h", {}); }

TEST(OverlayTypes, AStructureHasItsMembersAndNames) {
    auto result = read("typedef struct _XX_POINT { LONG x; LONG y; } XX_POINT, *PXX_POINT;");
    ASSERT_THAT(result.types, SizeIs(1));
    const auto& type = result.types[0];
    EXPECT_EQ(type.name, "XX_POINT");
    EXPECT_EQ(type.tag, "_XX_POINT");
    EXPECT_EQ(type.header, "x.h");
    EXPECT_THAT(type.pointers, ElementsAre("PXX_POINT"));
    ASSERT_TRUE(type.declaration);
    EXPECT_THAT(type.declaration->value.members, SizeIs(2));
}

TEST(OverlayTypes, AnEnumerationAndAUnionAreAggregatesToo) {
    auto result = read("typedef enum _E { A, B = 4 } E; typedef union _U { ULONG a; UCHAR b[4]; } U;");
    ASSERT_THAT(result.types, SizeIs(2));
    EXPECT_EQ(result.types[0].declaration->value.form, facts::DeclarationForm::enumeration);
    EXPECT_EQ(result.types[1].declaration->value.form, facts::DeclarationForm::union_);
}

TEST(OverlayTypes, OtherNamesAndPointers) {
    auto result = read("typedef UINT XX_HANDLE, *PXX_HANDLE, XX_OTHER, **PPXX; /* a comment; */ typedef PVOID *XX_ADDRESS;");
    ASSERT_THAT(result.types, SizeIs(4));
    EXPECT_EQ(result.types[0].definition, "UINT");
    EXPECT_THAT(result.types[0].pointers, ElementsAre("PXX_HANDLE"));
    EXPECT_EQ(result.types[1].definition, "UINT");
    EXPECT_EQ(result.types[2].definition, "UINT **");
    EXPECT_EQ(result.types[3].definition, "PVOID *");
}

TEST(OverlayTypes, AStructureWithoutMembersAndAPointerToOne) {
    auto result = read("typedef struct _XX XX, *PXX; typedef struct YY__ *YY;");
    ASSERT_THAT(result.types, SizeIs(2));
    EXPECT_EQ(result.types[0].tag, "_XX");
    EXPECT_EQ(result.types[0].definition, "");
    EXPECT_THAT(result.types[0].pointers, ElementsAre("PXX"));
    EXPECT_EQ(result.types[1].name, "YY");
    EXPECT_EQ(result.types[1].definition, "struct YY__ *");
}

TEST(OverlayTypes, APointerToAFunctionLosesItsNameInTheDefinition) {
    auto result = read("typedef VOID (NTAPI *PXX_ROUTINE)(PVOID Context, ULONG Length);");
    ASSERT_THAT(result.types, SizeIs(1));
    EXPECT_EQ(result.types[0].name, "PXX_ROUTINE");
    EXPECT_EQ(result.types[0].definition, "VOID (NTAPI *)(PVOID Context, ULONG Length)");
}

TEST(OverlayTypes, WhatIsNotUnderstoodIsSaid) {
    auto result = read("int x; typedef struct _Z { } Z;");
    EXPECT_THAT(result.types, IsEmpty());
    EXPECT_THAT(result.errors, SizeIs(2));
}

}  // namespace
}  // namespace ddi::model
