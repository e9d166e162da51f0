#include "generator/model/declaration_repairs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ddi::model {
namespace {

using facts::Declaration;

/// Pages with a declaration each; `much` words are used as types in sixty of them.
class Pages {
  public:
    Pages& page(page::PageKind kind, const std::string& uid, const std::string& declaration, std::vector<std::string> headings = {}) {
        facts::Facts f;
        f.kind = kind;
        f.uid = *facts::parse_uid(uid);
        f.name = f.uid.name;
        for (auto& heading : headings) f.parameters.emplace_back().name = heading;
        facts_.push_back(std::move(f));
        auto result = facts::parse_declaration(declaration, facts_.back().uid.name);
        EXPECT_TRUE(result.declaration) << declaration;
        declarations_.push_back(result.declaration.value_or(Declaration{}));
        return *this;
    }
    Pages& routine(const std::string& declaration, std::vector<std::string> headings = {}) {
        return page(page::PageKind::function, "NF:x.F", declaration, std::move(headings));
    }
    Pages& much(const std::string& type) {
        for (int i = 0; i < 60; ++i) page(page::PageKind::function, "NF:x.G", "VOID G(" + type + " First, " + type + " Second);");
        return *this;
    }
    /// The last page's declaration as C text; "" if nothing was repaired.
    std::string repaired(std::vector<Type> types = {}) {
        std::vector<const Declaration*> declared;
        for (const auto& d : declarations_) declared.push_back(&d);
        auto out = DeclarationRepairs(facts_, declared, types).repair(facts_.back(), declarations_.back());
        if (!out) return {};
        std::string text = out->return_type + "(";
        for (const auto& p : out->parameters)
            text += (text.back() == '(' ? "" : ", ") + (p.type.empty() ? "?" : p.type) + "|" + p.name + "|" + direction_name(p.direction);
        text += out->variadic ? ", ...)" : ")";
        for (const auto& alias : out->aliases) text += " " + alias;
        for (const auto& member : out->members) text += " " + (member.type.empty() ? "?" : member.type);
        return text;
    }

  private:
    std::vector<facts::Facts> facts_;
    std::vector<Declaration> declarations_;
};

constexpr auto structure = page::PageKind::structure;

TEST(DeclarationRepairs, ADirectionInATypesNameBecomesOne) {
    EXPECT_EQ(Pages().much("HANDLE").routine("VOID F(IN_CONST_HANDLE Adapter);").repaired(), "void(const HANDLE|Adapter|in)");
    Pages pages;
    pages.page(structure, "NS:x._ARGUMENTS_OF_A_ROUTINE", "typedef struct _ARGUMENTS_OF_A_ROUTINE { ULONG A; } ARGUMENTS_OF_A_ROUTINE;");
    EXPECT_EQ(Pages(pages).routine("VOID F(INOUT_PARGUMENTS_OF_A_ROUTINE Arg);").repaired(), "void(ARGUMENTS_OF_A_ROUTINE *|Arg|inout)");
    EXPECT_EQ(Pages(pages).routine("VOID F(IN_CONST_PARGUMENTS_OF_A_ROUTINE Arg);").repaired(),
              "void(const ARGUMENTS_OF_A_ROUTINE *|Arg|in)");
    EXPECT_EQ(Pages(pages).routine("VOID F(OUT_PARGUMENTS_OF_A_ROUTINE *Arg);").repaired(), "void(ARGUMENTS_OF_A_ROUTINE **|Arg|out)");
}

TEST(DeclarationRepairs, ATypeThatOnlyBeginsLikeADirectionStays) {
    Pages pages;
    pages.much("ADDR").page(structure, "NS:x.IN_ADDR", "typedef struct IN_ADDR { ULONG A; } IN_ADDR;");
    EXPECT_EQ(pages.routine("VOID F(IN_ADDR A);").repaired(), "");
    EXPECT_EQ(Pages().routine("VOID F(IN_SOMETHING A);").repaired(), "");
}

TEST(DeclarationRepairs, SlippedCapitalsAndLettersAreSetRight) {
    EXPECT_EQ(Pages().much("NTSTATUS").routine("NT_STATUS F(ULONG A);").repaired(), "NTSTATUS(ULONG|A|unknown)");
    EXPECT_EQ(Pages().much("SIZE_T").much("size_t").routine("VOID F(size_T A);").repaired(), "void(size_t|A|unknown)");
    EXPECT_EQ(Pages().much("UINT8").routine("VOID F(UNIT8 *A);").repaired(), "void(UINT8 *|A|unknown)");
    EXPECT_EQ(Pages().routine("NT_STATUS F(ULONG A);").repaired(), "") << "nobody writes NTSTATUS";
    Pages member;
    member.much("ULONG").page(structure, "NS:x.S", "typedef struct S { Ulong A; NULL B; } S;");
    EXPECT_EQ(member.repaired(), "() S ULONG ?");
}

TEST(DeclarationRepairs, ANameInThePlaceOfItsTypeIsNoType) {
    EXPECT_EQ(Pages().routine("VOID F(const pArgs pArgs);").repaired(), "void(?|pArgs|unknown)");
    EXPECT_EQ(Pages().routine("VOID F(const *Field);").repaired(), "void(?||unknown)") << "a heading names it";
    EXPECT_EQ(Pages().routine("VOID F(NULL Log);").repaired(), "void(?|Log|unknown)");
    EXPECT_EQ(Pages().routine("VOID G(TOKEN Other);").routine("VOID F(TOKEN TOKEN);").repaired(), "") << "used with another name";
}

TEST(DeclarationRepairs, ANameBeforeItsTypeMovesBehindIt) {
    EXPECT_EQ(Pages().routine("VOID F(Buffer PTYPE *);", {"Buffer"}).repaired(), "void(PTYPE *|Buffer|unknown)");
    EXPECT_EQ(Pages().routine("VOID F(Buffer PTYPE *);", {"Other"}).repaired(), "");
}

TEST(DeclarationRepairs, AListThatGotLostHasTheHeadingsNames) {
    EXPECT_EQ(Pages().routine("NTSTATUS F();", {"Irp", "Context"}).repaired(), "NTSTATUS(?|Irp|unknown, ?|Context|unknown)");
    EXPECT_EQ(Pages().routine("NTSTATUS F(VOID);", {"None"}).repaired(), "");
    EXPECT_EQ(Pages().routine("NTSTATUS F(VOID);").repaired(), "");
}

TEST(DeclarationRepairs, AHeadingOfThreeDotsMakesTheRoutineVariadic) {
    EXPECT_EQ(Pages().routine("VOID F(PCSTR Format);", {"Format", "..."}).repaired(), "void(PCSTR|Format|unknown, ...)");
    EXPECT_EQ(Pages().routine("VOID F(PCSTR Format);", {"Format"}).repaired(), "");
    EXPECT_EQ(Pages().routine("VOID F(ULONG Kind, PVOID Object, ULONG Id);", {"Kind", "..."}).repaired(), "void(ULONG|Kind|unknown, ...)");
}

TEST(DeclarationRepairs, ANameThatIsTypeAndPointerIsThePointer) {
    Pages pages;
    pages.page(structure, "NS:x._S", "typedef struct _S { ULONG A; } S, *PS, PT, *PT;");
    EXPECT_EQ(pages.repaired(), "() S *PS T *PT ULONG");
}

TEST(DeclarationRepairs, TheDeclarationsStarsCountForTheFrontMattersNames) {
    auto declaration = facts::parse_declaration("typedef struct _S { ULONG A; } S, *PS, **PPS;", "_S").declaration;
    ASSERT_TRUE(declaration);
    std::vector<std::string> names = {"S", "*PS", "PPS", "T"};
    repair_type_names(names, *declaration);
    EXPECT_THAT(names, testing::ElementsAre("S", "*PS", "**PPS", "T"));
}

}  // namespace
}  // namespace ddi::model
