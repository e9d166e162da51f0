#include "generator/emit/stubs/constants.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "generator/emit/emit.h"
#include "generator/emit/stubs/expect_compiles_for_test.h"
#include "generator/emit/stubs/sample_model.h"

namespace ddi::emit::stubs {
namespace {

using page::PageKind;
using testing::HasSubstr;
using testing::Not;

void add_constant(model::Model& model, const std::string& header, const std::string& name, const std::string& value) {
    model::Constant constant;
    constant.name = name;
    constant.value = value;
    constant.header = header;
    model.constants.push_back(constant);
}

TEST(Constants, ArePlainExpressions) {
    EXPECT_TRUE(is_plain_expression("((TYPE)8)"));
    EXPECT_TRUE(is_plain_expression("CTL_CODE(A, 1 << 2, B, C)"));
    for (const char* text : {"", "()", "1)", "(1", "\"text\"", "1; int x", "{1}", "1 \\", "1\n2", "a = 1"})
        EXPECT_FALSE(is_plain_expression(text)) << text;
}

TEST(Constants, AreDefinedOnceAndServeAsSizesElsewhere) {
    model::Model model;
    add_constant(model, "a.h", "AA_LENGTH", "AA_HALF * 2");
    add_constant(model, "a.h", "AA_HALF", "0x10");
    add_constant(model, "a.h", "AA_BAD", "1; int x");
    add_constant(model, "a.h", "AaMode", "3");
    add_api(model, PageKind::enumeration, "a.h", "_A", "typedef enum _A { AaMode } A;");
    add_api(model, PageKind::structure, "b.h", "_B", "typedef struct _B { UCHAR Bytes[AA_LENGTH]; } B;");
    text::Diagnostics diagnostics;
    auto files = emit_stubs(model, diagnostics);
    EXPECT_THAT(files["include/a.h"], Not(HasSubstr("AA_BAD")));
    EXPECT_THAT(files["include/a.h"], Not(HasSubstr("#define AaMode")));
    EXPECT_THAT(files["include/b.h"], HasSubstr("#define AA_LENGTH 32"));
    expect_compiles(files, "#include <b.h>\n#include <a.h>\nextern char check[sizeof(B) == 32 && AA_HALF == 16 ? 1 : -1];\n");
}

TEST(Constants, ControlCodesAreDefinedWhereTheirCodeIsStated) {
    model::Model model;
    auto& known = add_api(model, PageKind::ioctl, "a.h", "IOCTL_KNOWN", "");
    known.control_code = facts::Fact<std::string>{"0x220004", known.irql.cite};
    add_api(model, PageKind::ioctl, "a.h", "IOCTL_UNKNOWN", "");
    text::Diagnostics diagnostics;
    auto files = emit_stubs(model, diagnostics);
    EXPECT_THAT(files["include/a.h"], HasSubstr("#ifndef IOCTL_KNOWN\n#define IOCTL_KNOWN 0x220004\n#endif"));
    EXPECT_THAT(files["include/a.h"], HasSubstr("@brief IOCTL_UNKNOWN"));
    EXPECT_THAT(files["include/a.h"], Not(HasSubstr("#define IOCTL_UNKNOWN")));
}

}  // namespace
}  // namespace ddi::emit::stubs
