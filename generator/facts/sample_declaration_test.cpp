#include "generator/facts/sample_declaration.h"

#include <gtest/gtest.h>

#include "generator/facts/page_for_test.h"

namespace ddi::facts {
namespace {

std::string parameters(std::initializer_list<const char*> names) {
    std::string out = "## -parameters\n\n";
    for (const char* name : names) out += std::string("### -param ") + name + "\n\nText.\n\n";
    return out;
}

std::string sample(const std::string& code) { return "## -remarks\n\n```cpp\n" + code + "\n```\n"; }

std::string found(const std::string& body, const std::string& uid) {
    TestPage test(body, uid);
    extract_parameters(test.page, test.facts);
    const auto fact = find_sample_declaration(test.page, test.facts);
    if (!fact) return "";
    EXPECT_EQ(fact->cite.origin, Origin::declaration);
    EXPECT_EQ(fact->cite.note, "a code sample");
    return print_declaration(fact->value);
}

TEST(SampleDeclaration, ImplementationOfACallbackThatItsTypeDeclares) {
    const std::string code =
        "EVT_SPIN Driver_EvtSpin;\n\nNTSTATUS\nDriver_EvtSpin(\n    SPINHANDLE Handle,\n    ULONG Count\n)\n{\n    Other(Handle);\n}\n";
    EXPECT_EQ(found(parameters({"Spin", "Count"}) + sample(code), "NC:ex.EVT_SPIN"),
              "typedef NTSTATUS EVT_SPIN(SPINHANDLE Handle, ULONG Count);\n");
    // As many parameters as the page describes.
    EXPECT_EQ(found(parameters({"Spin"}) + sample(code), "NC:ex.EVT_SPIN"), "");
}

TEST(SampleDeclaration, MethodThatOverrides) {
    const std::string code =
        "class X : public ISpin {\npublic:\n    IFACEMETHOD(Spin)(_In_ PCWSTR pwszKey, _Out_ ULONG *pCount)\n    {\n    }\n};";
    EXPECT_EQ(found(parameters({"key", "count"}) + sample(code), "NF:ex.ISpin.Spin"),
              "HRESULT Spin(_In_ PCWSTR pwszKey, _Out_ ULONG *pCount);\n");
}

TEST(SampleDeclaration, OtherFunctionsNeedTheNamesOfTheHeadings) {
    const std::string code = "VOID Spin(ULONG Count, PVOID Context) { }";
    EXPECT_EQ(found(parameters({"count", "_Context"}) + sample(code), "NF:ex.Spin"), "void Spin(ULONG Count, PVOID Context);\n");
    EXPECT_EQ(found(parameters({"number", "context"}) + sample(code), "NF:ex.Spin"), "");
}

TEST(SampleDeclaration, CallsDeclareNothing) {
    for (const char* code : {"status = Spin(Count);", "Spin(Count);", "return Spin(Count);", "x->Spin(Count);", "if (!Spin(Count)) { }",
                             "ULONG n = 1, m = Spin(Count);"})
        EXPECT_EQ(found(parameters({"Count"}) + sample(code), "NF:ex.Spin"), "") << code;
}

TEST(SampleDeclaration, WhatWentWrongInReadingIsRefused) {
    EXPECT_EQ(found(parameters({"object"}) + sample("IFACEMETHOD(Spin)(_COM_Errorptr_ **ppValue) { }"), "NF:ex.ISpin.Spin"), "");
    EXPECT_EQ(found(parameters({"object"}) + sample("IFACEMETHOD(Spin)(IStore *ppStore) { }"), "NF:ex.ISpin.Spin"), "");
}

}  // namespace
}  // namespace ddi::facts
