#include "generator/model/sample_calls.h"

#include <gtest/gtest.h>

namespace ddi::model {
namespace {

SampleCalls calls(const std::string& code, std::string_view own = "") {
    text::Section section;
    section.blocks.emplace_back();
    section.blocks[0].kind = text::BlockKind::code;
    section.blocks[0].text = code;
    SampleCalls out;
    out.add({section}, own);
    return out;
}

TEST(SampleCalls, ArgumentsHaveTheTypesOfVariables) {
    const auto said = calls("ComPtr<IStore> s;\nComPtr<ISpin> p;\nULONG64 n = 0;\nSPINHANDLE h;\np->Make(h, &s, &n, p.Get(), nullptr);");
    EXPECT_EQ(said.argument("ISpin.Make", 0, 5), "SPINHANDLE");
    EXPECT_EQ(said.argument("ISpin.Make", 1, 5), "IStore **");
    EXPECT_EQ(said.argument("ISpin.Make", 2, 5), "ULONG64 *");
    EXPECT_EQ(said.argument("ISpin.Make", 3, 5), "ISpin *");
    EXPECT_EQ(said.argument("ISpin.Make", 4, 5), "");
    EXPECT_EQ(said.argument("ISpin.Make", 0, 4), "");   // another overload
    EXPECT_EQ(said.argument("IOther.Make", 0, 5), "");  // another interface
    EXPECT_TRUE(said.type_words().contains("SPINHANDLE"));
}

TEST(SampleCalls, CallsThatDisagreeSayNothing) {
    const auto said = calls("ULONG a; USHORT b;\nSpin(&a);\nSpin(&b);\nTurn(&a);");
    EXPECT_EQ(said.argument("Spin", 0, 1), "");
    EXPECT_EQ(said.argument("Turn", 0, 1), "ULONG *");
}

TEST(SampleCalls, TheMethodsOwnPageNeedsNoReceiver) {
    const auto said = calls("ULONG a;\nx.y()->Spin(&a);", "ISpin.Spin");
    EXPECT_EQ(said.argument("ISpin.Spin", 0, 1), "ULONG *");
}

}  // namespace
}  // namespace ddi::model
