#include "generator/model/field_types.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ddi::model {
namespace {

facts::MemberFact field(const std::string& name, const std::string& words) {
    facts::MemberFact member;
    member.name = name;
    text::Block block;
    block.text = words;
    member.text.push_back(std::move(block));
    return member;
}

Api structure(const std::string& uid, const std::string& declaration, std::vector<facts::MemberFact> members) {
    Api api;
    api.uid = *facts::parse_uid(uid);
    api.kind = page::PageKind::structure;
    api.name = api.uid.name;
    if (!declaration.empty()) {
        auto result = facts::parse_declaration(declaration, api.name);
        EXPECT_TRUE(result.declaration) << declaration;
        api.declaration = Fact<facts::Declaration>{*result.declaration, {}};
    }
    api.members = std::move(members);
    return api;
}

const std::set<std::string> asked = {"Handle", "Count", "pfnCreateHeap", "Size", "ulOther"};

std::string inferred(const std::vector<Api>& apis, const facts::MemberFact& member) {
    const auto type = FieldTypes(apis, asked).infer(apis.front(), member);
    return type ? type->type + type->array + " by " + type->how : std::string("nothing");
}

TEST(FieldTypes, TheTextMayDefineTheField) {
    const std::vector<Api> apis = {structure("NS:x._NEW", "", {})};
    EXPECT_EQ(inferred(apis, field("Size", "Defines the ULONG member Size.")), "ULONG by defines");
    EXPECT_EQ(inferred(apis, field("Size", "Defines the DUMMYUNIONNAME member Size.")), "nothing");
    EXPECT_EQ(inferred(apis, field("Size", "Defines the ULONG member Other.")), "nothing");
    EXPECT_EQ(inferred(apis, field("Size", "The size in bytes.")), "nothing");
}

TEST(FieldTypes, ThreeStructuresOfTheHeaderThatAgree) {
    const auto with = [](const std::string& name, const std::string& type, const std::string& header) {
        return structure("NS:" + header + "._" + name, "typedef struct _" + name + " { " + type + " Handle; } " + name + ";",
                         {field("Handle", name + " has it.")});
    };
    std::vector<Api> apis = {structure("NS:x._NEW", "", {}), with("A", "X_HANDLE", "x"), with("B", "X_HANDLE", "x"),
                             with("C", "X_HANDLE", "y")};
    EXPECT_EQ(inferred(apis, field("Handle", "Anything.")), "nothing");
    apis[3] = with("C", "X_HANDLE", "x");
    EXPECT_EQ(inferred(apis, field("Handle", "Anything.")), "X_HANDLE by same name in the header");
    apis.push_back(with("D", "HANDLE", "x"));
    EXPECT_EQ(inferred(apis, field("Handle", "Anything.")), "nothing");
}

TEST(FieldTypes, WhatTheStructureItselfDeclaresIsNoEvidence) {
    const auto with = [](const std::string& uid) {
        return structure(uid, "typedef struct _NEW { X_HANDLE Handle; } NEW;", {field("Handle", "The handle of it.")});
    };
    const std::vector<Api> apis = {with("NS:x._NEW"), with("NS:x.NEW"), with("NS:y._NEW")};
    EXPECT_EQ(inferred(apis, field("Handle", "The handle of it.")), "nothing");
}

TEST(FieldTypes, TwoThatAreDescribedInTheSameWords) {
    const auto with = [](const std::string& name) {
        return structure("NS:" + name + "._" + name, "typedef struct _" + name + " { USHORT Size; } " + name + ";",
                         {field("Size", "The size of the " + name + "_HEADER structure. More.")});
    };
    const std::vector<Api> apis = {structure("NS:x._NEW", "", {}), with("A"), with("B")};
    EXPECT_EQ(inferred(apis, field("Size", "The size of the NEW_HEADER structure.")), "USHORT by same name and wording");
    EXPECT_EQ(inferred(apis, field("Size", "A size.")), "nothing");
}

TEST(FieldTypes, ABitFieldElsewhereIsNoEvidence) {
    const auto with = [](const std::string& name, const std::string& field_text) {
        return structure("NS:x._" + name, "typedef struct _" + name + " { " + field_text + " } " + name + ";",
                         {field("Count", "Number " + name)});
    };
    const std::vector<Api> apis = {structure("NS:x._NEW", "", {}), with("A", "ULONG Count;"), with("B", "ULONG Count;"),
                                   with("C", "ULONG Count;"), with("D", "ULONG Count : 4;")};
    EXPECT_EQ(inferred(apis, field("Count", "How many.")), "nothing");
}

TEST(FieldTypes, FlagsAreBitsOfWhichNobodyStatesTheWidth) {
    const auto flags = field("Size", "Defines the ULONG member Size.");
    EXPECT_EQ(inferred({structure("NS:x._NEW_FLAGS_V2", "", {flags, field("Reserved", "")})}, flags), "nothing");
    EXPECT_EQ(inferred({structure("NS:x._NEW_FLAGS_V2", "", {flags})}, flags), "ULONG by defines");
    EXPECT_EQ(inferred({structure("NS:x._NEW", "", {flags, field("Reserved", "")})}, flags), "ULONG by defines");
}

TEST(FieldTypes, AFunctionTableTakesTheNewestFunctionThatIsNotNewerThanIt) {
    const auto callback = [](const std::string& name) {
        Api api;
        api.kind = page::PageKind::callback;
        api.uid = *facts::parse_uid("NC:x." + name);
        api.name = name;
        return api;
    };
    std::vector<Api> apis = {structure("NS:x.GENDDI_DEVICE_FUNCS_0030", "", {}), callback("PFNGENDDI_CREATE_HEAP_0010"),
                             callback("PFNGENDDI_CREATE_HEAP_0030"), callback("PFNGENDDI_CREATE_HEAP_0040"),
                             callback("PFNOTHER_CREATE_HEAP")};
    EXPECT_EQ(inferred(apis, field("pfnCreateHeap", "Creates it.")), "PFNGENDDI_CREATE_HEAP_0030 by function table");
    EXPECT_EQ(inferred(apis, field("pfnDestroyHeap", "Destroys it.")), "nothing");
    apis[0].name = "GENDDI_DEVICE_FUNCS_0005";
    EXPECT_EQ(inferred(apis, field("pfnCreateHeap", "Creates it.")), "nothing");
    apis[0].name = "GENDDI_DEVICE_FUNCS";  // which of the three?
    EXPECT_EQ(inferred(apis, field("pfnCreateHeap", "Creates it.")), "nothing");
}

TEST(FieldTypes, APointerToTheFunctionThatTheTextLinksTo) {
    Api callback;
    callback.kind = page::PageKind::callback;
    callback.uid = *facts::parse_uid("NC:x.EVT_X_READ");
    callback.name = "EVT_X_READ";
    const std::vector<Api> apis = {structure("NS:x._NEW", "", {}), callback};
    const auto linked = [](const std::string& before, const std::string& after) {
        auto member = field("EvtRead", before + "EvtXRead" + after);
        text::Mark mark{text::MarkKind::link, static_cast<std::uint32_t>(before.size()), static_cast<std::uint32_t>(before.size() + 8),
                        "nc-x-evt_x_read.md"};
        member.text.front().marks.push_back(mark);
        return member;
    };
    EXPECT_EQ(inferred(apis, linked("A pointer to the driver's ", " callback function.")), "EVT_X_READ * by linked function");
    EXPECT_EQ(inferred(apis, linked("The entry point of the caller's ", " routine, or NULL.")), "EVT_X_READ * by linked function");
    EXPECT_EQ(inferred(apis, linked("A pointer to a context that is passed to the ", " callback function.")), "nothing");
    EXPECT_EQ(inferred(apis, linked("A pointer to what ", " needs.")), "nothing");
    EXPECT_EQ(inferred(apis, linked("What the ", " callback function wants.")), "nothing");
}

TEST(FieldTypes, APrefixOfTheHeader) {
    const auto with = [](const std::string& name, const std::string& own) {
        return structure("NS:x._" + name, "typedef struct _" + name + " { ULONG " + own + "; } " + name + ";", {field(own, name)});
    };
    const std::vector<Api> apis = {structure("NS:x._NEW", "", {}), with("A", "ulA"), with("B", "ulB"), with("C", "ulC")};
    EXPECT_EQ(inferred(apis, field("ulOther", "Whatever.")), "ULONG by same prefix in the header");
}

TEST(FieldTypes, ABoundInTheHeadingHasToBeKnownToo) {
    const auto with = [](const std::string& name) {
        return structure("NS:x._" + name, "typedef struct _" + name + " { ULONG Count; } " + name + ";", {field("Count", name)});
    };
    const std::vector<Api> apis = {structure("NS:x._NEW", "", {}), with("A"), with("B"), with("C")};
    auto member = field("Count", "How many.");
    EXPECT_EQ(inferred(apis, member), "ULONG by same name in the header");
    member.array = "[4]";
    EXPECT_EQ(inferred(apis, member), "nothing");
}

}  // namespace
}  // namespace ddi::model
