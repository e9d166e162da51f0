#include "generator/emit/stubs/type_inference.h"

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

TEST(TypeInference, TakesThePagesNounAndNothingFromTwo) {
    Evidence value{0, 2, 0, 0, 2};
    EXPECT_EQ(infer_type("X", value, Called{3, 0, 0, 0}), Inferred::structure);
    EXPECT_EQ(infer_type("X", value, Called{0, 0, 1, 0}), Inferred::enumeration);
    EXPECT_EQ(infer_type("X", value, Called{1, 0, 1, 0}), Inferred::nothing);
    EXPECT_EQ(infer_type("X", value, Called{}), Inferred::nothing);
    EXPECT_EQ(infer_type("X", Evidence{1, 0, 0, 0, 0}, Called{}), Inferred::structure);
}

TEST(TypeInference, IsAHandleOnlyIfNearlyEveryUseSaysSo) {
    EXPECT_EQ(infer_type("XXDEVICE", Evidence{0, 9, 0, 9, 9}, Called{}), Inferred::handle);
    EXPECT_EQ(infer_type("XXDEVICE", Evidence{0, 9, 0, 5, 9}, Called{}), Inferred::nothing);
    EXPECT_EQ(infer_type("XX_HANDLE", Evidence{0, 9, 0, 9, 9}, Called{}), Inferred::plain_handle);
    EXPECT_EQ(infer_type("XX_HDEVICE", Evidence{0, 9, 0, 9, 9}, Called{}), Inferred::nothing);
}

text::Block words(const std::string& text) {
    text::Block block;
    block.text = text;
    return block;
}

TEST(TypeInference, DeclaresWhatThePagesLetItKnow) {
    model::Model model;
    auto& handle = add_api(model, PageKind::function, "a.h", "XxStart", "VOID XxStart(_In_ XXDEVICE Device, _In_ HTHING hThing);");
    handle.signature->parameters[0].text = {words("The XXDEVICE object that the driver made.")};
    auto& structure = add_api(model, PageKind::function, "a.h", "XxSet", "VOID XxSet(_In_ XX_VALUE Value, _In_ PXX_MORE More);");
    structure.signature->parameters[0].text = {words("An XX_VALUE structure.")};
    structure.signature->parameters[1].text = {words("Where the XX_MORE structure is.")};
    auto& mode = add_api(model, PageKind::function, "a.h", "XxMode", "XX_MODE XxMode(VOID);");
    mode.returns.emplace();
    mode.returns->text = {words("A value of the XX_MODE enumeration.")};
    add_api(model, PageKind::callback, "a.h", "EVT_XX_READ", "EVT_XX_READ EvtRead;\nVOID EvtRead(_In_ PVOID Context)\n{ ... }");
    add_api(model, PageKind::function, "a.h", "XxOn", "VOID XxOn(_In_ PFN_XX_READ Callback);");
    add_api(model, PageKind::interface, "a.h", "IXxPort", "");
    add_api(model, PageKind::function, "a.h", "XxPort", "VOID XxPort(_In_ PXXPORT Port, _In_ IOther *Other);");
    add_api(model, PageKind::function, "a.h", "XxWhat", "VOID XxWhat(_In_ XX_WHAT What);");
    text::Diagnostics diagnostics;
    auto files = emit_stubs(model, diagnostics);
    const auto& text = files["include/a.h"];
    EXPECT_THAT(text, HasSubstr("typedef struct XXDEVICE__ *XXDEVICE;"));
    EXPECT_THAT(text, HasSubstr("typedef struct HTHING__ *HTHING;"));
    EXPECT_THAT(text, HasSubstr("typedef struct _XX_MORE XX_MORE, *PXX_MORE;  /* inferred */"));
    EXPECT_THAT(text, HasSubstr("typedef int XX_MODE;  /* inferred"));
    EXPECT_THAT(text, HasSubstr("typedef EVT_XX_READ *PFN_XX_READ;  /* inferred from its name */"));
    EXPECT_THAT(text, HasSubstr("typedef struct IXxPort *PXXPORT;  /* inferred from its name */"));
    EXPECT_THAT(text, HasSubstr("typedef struct IOther IOther;"));
    EXPECT_THAT(text, HasSubstr("XxWhat: not declared here: type XX_WHAT is unknown."));
    expect_compiles(files,
                    "#include <a.h>\nvoid use(XXDEVICE device, HTHING thing);\nvoid use(XXDEVICE device, HTHING thing) { XxStart(device, "
                    "thing); }\n");
}

TEST(TypeInference, TwoEnumerationsWithOneEnumeratorMeet) {
    model::Model model;
    add_api(model, PageKind::enumeration, "a.h", "_A", "typedef enum _A { Low = 2, High, Higher } A;");
    add_api(model, PageKind::enumeration, "b.h", "_B", "typedef enum _B { High = 7, Highest } B;");
    add_api(model, PageKind::enumeration, "b.h", "_C", "typedef enum _C { High } C;");
    text::Diagnostics diagnostics;
    auto files = emit_stubs(model, diagnostics);
    expect_compiles(
        files, "#include <a.h>\n#include <b.h>\nextern char check[Higher == 4 && High == 3 && Highest == 8 ? 1 : -1];\nC use(A, B);\n");
    expect_compiles(
        files, "#include <b.h>\n#include <a.h>\nextern char check[Higher == 4 && High == 7 && Highest == 8 ? 1 : -1];\nC use(A, B);\n");
}

TEST(TypeInference, KinOfKnownHandlesIsDeclaredAsTheyAre) {
    model::Model model;
    for (const char* name : {"X3D10DDI_HDEVICE", "X3D10DDI_HSHADER", "X3D12DDI_HHEAP"})
        add_api(model, PageKind::structure, "a.h", name, "typedef struct " + std::string(name) + " { PVOID Private; } " + name + ";");
    add_api(model, PageKind::enumeration, "a.h", "X3D12DDI_HEAP_TYPE", "typedef enum X3D12DDI_HEAP_TYPE { One } X3D12DDI_HEAP_TYPE;");
    auto& api = add_api(model, PageKind::function, "a.h", "XxUse", "VOID XxUse(X3D11_1DDI_HQUERY hQuery);");
    api.signature->parameters[0].text = {words("A handle to the query.")};
    text::Diagnostics diagnostics;
    auto files = emit_stubs(model, diagnostics);
    EXPECT_THAT(files["include/a.h"], HasSubstr("typedef struct _X3D11_1DDI_HQUERY X3D11_1DDI_HQUERY;  /* inferred */"));
    EXPECT_THAT(files["include/a.h"], HasSubstr("void XxUse(X3D11_1DDI_HQUERY hQuery);"));
}

TEST(TypeInference, HandlersPointToTheCallbackOfTheirName) {
    std::map<std::string, int, std::less<>> callbacks = {
        {"MINIPORT_HALT", 1}, {"PROTOCOL_CL_CALL", 2}, {"PROTOCOL_CO_DELETE", 3}, {"MINIPORT_CO_DELETE", 4}, {"A_B_CM_CALL", 5}};
    EXPECT_EQ(handled_callback("MINIPORT_HALT_HANDLER", callbacks), 1);
    EXPECT_EQ(handled_callback("CL_CALL_HANDLER", callbacks), 2);
    EXPECT_EQ(handled_callback("CO_DELETE_HANDLER", callbacks), -1);
    EXPECT_EQ(handled_callback("CM_CALL_HANDLER", callbacks), -1);
    EXPECT_EQ(handled_callback("_HANDLER", callbacks), -1);
    EXPECT_EQ(handled_callback("MINIPORT_HALT", callbacks), -1);
}

TEST(TypeInference, EnumerationsHave32Bits) {
    model::Model model;
    add_api(model, PageKind::enumeration, "a.h", "_A", "typedef enum _A { Low = -1, Top = 0x80000000, Next } A;");
    text::Diagnostics diagnostics;
    auto files = emit_stubs(model, diagnostics);
    expect_compiles(files, "#include <a.h>\nextern char check[sizeof(A) == 4 && (UINT)Next == 0x80000001 ? 1 : -1];\n");
}

}  // namespace
}  // namespace ddi::emit::stubs
