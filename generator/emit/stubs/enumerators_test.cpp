#include "generator/emit/stubs/enumerators.h"

#include <gtest/gtest.h>

namespace ddi::emit::stubs {
namespace {

std::optional<std::int64_t> value(std::string_view text) {
    return constant_value(text, [](std::string_view name) { return name == "A" ? std::optional<std::int64_t>(8) : std::nullopt; });
}

TEST(Enumerators, ValuesAreThoseOfC) {
    EXPECT_EQ(value("0x10"), 16);
    EXPECT_EQ(value("010"), 8);
    EXPECT_EQ(value("1 << 3 | A + 1"), 9);
    EXPECT_EQ(value("-(A - 2) * 2"), -12);
    EXPECT_EQ(value("~0x0fUL & 0xff"), 0xf0);
    EXPECT_EQ(value("B"), std::nullopt);
    EXPECT_EQ(value("(1"), std::nullopt);
    EXPECT_EQ(value("09"), std::nullopt);
}

std::string plan(const std::string& declaration, const std::set<std::string, std::less<>>& guarded, const std::string& refused = {}) {
    auto parsed = facts::parse_declaration(declaration, "E").declaration;
    std::string text;
    for (const auto& one : plan_enumerators(
             parsed->members, [&](const auto& member) { return member.name == refused ? std::string("no") : std::string(); }, guarded)) {
        text += one.member->name + (one.guarded ? "?" : "") + (one.value.empty() ? "" : "=" + one.value) +
                (one.left_out.empty() ? "" : " (" + one.left_out + ")") + "; ";
    }
    return text;
}

TEST(Enumerators, WhatFollowsOneThatMayBeAbsentHasItsValue) {
    EXPECT_EQ(plan("typedef enum _E { One = 1, High, Higher, Last = High + 4, After } E;", {"High"}),
              "One=1; High?; Higher=3; Last=6; After; ");
    EXPECT_EQ(plan("typedef enum _E { Other = SOMETHING, High, Higher } E;", {"High"}),
              "Other=SOMETHING; High?; Higher (the value of Higher is not known); ");
    EXPECT_EQ(plan("typedef enum _E { One, Two, Three } E;", {}, "One"), "One (no); Two=1; Three; ");
    EXPECT_EQ(plan("typedef enum _E { Top = 0x80000000, Next } E;", {}), "Top=(int)(0x80000000); Next; ");
    EXPECT_EQ(plan("typedef enum _E { One, Two = 0x7fffffff, Three } E;", {}),
              "One; Two=0x7fffffff; Three (the value of Three is not known); ");
}

}  // namespace
}  // namespace ddi::emit::stubs
