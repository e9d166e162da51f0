#include "generator/emit/stubs/c_tokens.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ddi::emit::stubs {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> names(const TypeWords& words) {
    std::vector<std::string> names;
    for (const auto& use : words.uses) names.push_back((use.is_tag ? "tag " : "") + use.name + (use.by_value ? "" : " *"));
    return names;
}

TEST(TypeWords, TellsValuesFromPointers) {
    EXPECT_THAT(names(type_words("PKSPIN_LOCK")), ElementsAre("PKSPIN_LOCK"));
    EXPECT_THAT(names(type_words("const UNICODE_STRING *")), ElementsAre("UNICODE_STRING *"));
    EXPECT_THAT(names(type_words("struct _IRP *")), ElementsAre("tag _IRP *"));
    EXPECT_THAT(names(type_words("PVOID * const *")), ElementsAre("PVOID *"));
    EXPECT_TRUE(type_words("unsigned long long").valid);
    EXPECT_THAT(names(type_words("unsigned long long")), IsEmpty());
    EXPECT_THAT(names(type_words("size_t")), IsEmpty());
}

TEST(TypeWords, ReadsFunctionPointersWithParameterNames) {
    auto words = type_words("NTSTATUS (NTAPI *)(struct _KSPIN *Pin, KSSTATE ToState, ...)");
    EXPECT_TRUE(words.valid);
    // A parameter's type may be incomplete, so nothing is needed by value.
    EXPECT_THAT(names(words), ElementsAre("NTSTATUS *", "tag _KSPIN *", "KSSTATE *"));
}

TEST(TypeWords, RefusesWhatIsNotPlainC) {
    for (const char* text : {"", "*", "IUnknown &", "std::vector<int>", "PVOID Context", "int PVOID", "\"text\"", "A; system(\"x\")",
                             "X */ int", "A[3]", "A) (B", "((A)", "caf\xC3\xA9 *", "A // B\nC"}) {
        EXPECT_FALSE(type_words(text).valid) << text;
    }
}

TEST(ArrayWords, TakesConstantSizes) {
    EXPECT_THAT(names(array_words("[MAX_PATH + 1]")), ElementsAre("MAX_PATH"));
    EXPECT_TRUE(array_words("[]").valid);
    EXPECT_TRUE(array_words("[2][3]").valid);
    EXPECT_FALSE(array_words("[sizeof(X)]").valid);
    EXPECT_FALSE(array_words("[2").valid);
    EXPECT_FALSE(array_words("[variable by type]").valid);
}

TEST(ValueWords, TakesConstantExpressions) {
    EXPECT_THAT(names(value_words("A | (B << 2)")), ElementsAre("A", "B"));
    EXPECT_TRUE(value_words("0x80000000UL").valid);
    EXPECT_TRUE(value_words("-1").valid);
    EXPECT_FALSE(value_words("1 2").valid);
    EXPECT_FALSE(value_words("'abcd'").valid);
    EXPECT_FALSE(value_words("f(1)").valid);
}

TEST(DeclaredNames, ReadsAHeader) {
    auto declared = declared_names(R"(
#define ONE 1
#define TWO(x) \
    typedef int not_a_type;
/* typedef int commented; */
typedef void *PVOID, *LPVOID;
typedef struct _POINT {
    LONG x, y;
} POINT, *PPOINT;
typedef enum _MODE { KernelMode, UserMode = 4, Last } MODE;
)");
    EXPECT_THAT(declared.macros, ElementsAre("ONE", "TWO"));
    EXPECT_THAT(declared.types, ElementsAre("LPVOID", "MODE", "POINT", "PPOINT", "PVOID"));
    EXPECT_THAT(declared.tags, ElementsAre("_MODE", "_POINT"));
    EXPECT_THAT(declared.enumerators, ElementsAre("KernelMode", "Last", "UserMode"));
}

}  // namespace
}  // namespace ddi::emit::stubs
