#include "generator/facts/declaration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace ddi::facts {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Declaration parsed(std::string_view text, std::string_view expected = "") {
    const DeclarationResult result = parse_declaration(text, expected);
    EXPECT_TRUE(result.declaration.has_value()) << (result.error ? result.error->message : "") << "\n" << text;
    if (!result.declaration) return {};
    const DeclarationResult again = parse_declaration(print_declaration(*result.declaration), result.declaration->name);
    EXPECT_TRUE(again.declaration && *again.declaration == *result.declaration) << print_declaration(*result.declaration);
    return *result.declaration;
}

std::vector<std::string> names(const Declaration& d) {
    std::vector<std::string> out;
    for (const DeclaredParameter& p : d.parameters) out.push_back(p.name);
    return out;
}

std::vector<std::string> types(const Declaration& d) {
    std::vector<std::string> out;
    for (const DeclaredParameter& p : d.parameters) out.push_back(p.type);
    return out;
}

TEST(Declaration, FunctionWithSalAndNoBreakSpaces) {
    const Declaration d =
        parsed("VOID KeX(\n  _Inout_\xC2\xA0PKSPIN_LOCK\xC2\xA0\xC2\xA0SpinLock,\n  _In_ _IRQL_restores_ KIRQL NewIrql\n);\n", "KeX");
    EXPECT_EQ(d.form, DeclarationForm::function);
    EXPECT_EQ(d.return_type, "void");
    EXPECT_THAT(names(d), ElementsAre("SpinLock", "NewIrql"));
    EXPECT_THAT(types(d), ElementsAre("PKSPIN_LOCK", "KIRQL"));
    EXPECT_EQ(d.parameters[0].direction, Direction::in_out);
    EXPECT_THAT(d.parameters[1].sal, ElementsAre("_In_", "_IRQL_restores_"));
    EXPECT_TRUE(d.typed());
}

TEST(Declaration, TypesInCanonicalSpelling) {
    const Declaration d = parsed(
        "NTSTATUS X(CONST UNICODE_STRING  * a, VOID ** b, struct _T*c, PVOID *const d, unsigned   long e, VOID UNALIGNED *f, LONG volatile "
        "*g);");
    EXPECT_THAT(types(d), ElementsAre("const UNICODE_STRING *", "void **", "struct _T *", "PVOID *const", "unsigned long",
                                      "void UNALIGNED *", "LONG volatile *"));
    EXPECT_THAT(names(d), ElementsAre("a", "b", "c", "d", "e", "f", "g"));
}

TEST(Declaration, TheNameWrittenIntoTheTypeIsNoPartOfIt) {
    const Declaration d = parsed("BOOL X(int pIdx *pIdx, IThing ppItem **ppItem, Buffer PBUFFER *Buffer, PWSTR Text Text, struct S S);");
    EXPECT_THAT(types(d), ElementsAre("int *", "IThing **", "PBUFFER *", "PWSTR", "struct S"));
    EXPECT_THAT(names(d), ElementsAre("pIdx", "ppItem", "Buffer", "Text", "S"));
}

TEST(Declaration, ATypeOfCAfterANameBeginsAParameter) {
    const Declaration d = parsed("void Fill(void* Destination, size_t Length int Fill);", "Fill");
    EXPECT_THAT(types(d), ElementsAre("void *", "size_t", "int"));
    EXPECT_THAT(names(d), ElementsAre("Destination", "Length", "Fill"));
    EXPECT_THAT(types(parsed("void X(const unsigned int a, ULONG unsigned b);")), SizeIs(2));
}

TEST(Declaration, DirectionsInBrackets) {
    const Declaration d = parsed(
        "HRESULT Get(\n  [in] ULONG a,\n  [out, optional] PULONG b,\n  [in, out] T *c,\n  [out, retval] T **d,\n  [in] "
        "_reads_bytes_opt_(a) PVOID e\n);",
        "IThing.Get");
    EXPECT_EQ(d.name, "Get");
    EXPECT_EQ(d.parameters[0].direction, Direction::in);
    EXPECT_EQ(d.parameters[1].direction, Direction::out);
    EXPECT_TRUE(d.parameters[1].optional);
    EXPECT_EQ(d.parameters[2].direction, Direction::in_out);
    EXPECT_EQ(d.parameters[3].direction, Direction::out);
    EXPECT_EQ(d.parameters[4].direction, Direction::in);
    EXPECT_TRUE(d.parameters[4].optional);
}

TEST(Declaration, SalOfEveryGeneration) {
    const Declaration d = parsed(
        "NTSTATUS X(IN PVOID a, OUT PULONG b OPTIONAL, __in_opt PVOID c, __deref_out_ecount(*n) PVOID *d, _Outptr_result_maybenull_ PVOID "
        "*e,\n"
        "_Out_writes_bytes_to_opt_(Size, *Done) PVOID f, _Reserved_ ULONG g, IN OUT PULONG h, _Inout_opt_ "
        "_Requires_lock_not_held_(*_Curr_) PKSPIN_LOCK i);");
    const std::vector<DeclaredParameter>& p = d.parameters;
    ASSERT_THAT(p, SizeIs(9));
    EXPECT_EQ(p[0].direction, Direction::in);
    EXPECT_EQ(p[1].direction, Direction::out);
    EXPECT_TRUE(p[1].optional);
    EXPECT_TRUE(p[2].optional && p[2].direction == Direction::in);
    EXPECT_EQ(p[3].direction, Direction::out);
    EXPECT_TRUE(p[4].direction == Direction::out && !p[4].optional);
    EXPECT_TRUE(p[5].direction == Direction::out && p[5].optional);
    EXPECT_THAT(p[5].sal, ElementsAre("_Out_writes_bytes_to_opt_(Size, *Done)"));
    EXPECT_TRUE(p[6].reserved);
    EXPECT_EQ(p[7].direction, Direction::in_out);
    EXPECT_TRUE(p[8].optional && p[8].direction == Direction::in_out);
    EXPECT_THAT(names(d), ElementsAre("a", "b", "c", "d", "e", "f", "g", "h", "i"));
}

TEST(Declaration, AnnotationsThatLostTheirUnderscores) {
    const Declaration d =
        parsed("NTSTATUS X(_Out_ writes_bytes_to_opt_(*n, *n) PVOID a, _In_ range_(>,0) UINT32 b, [out] (*n) GUID *c, _Inout_ PULONG n);");
    EXPECT_THAT(names(d), ElementsAre("a", "b", "c", "n"));
    EXPECT_THAT(types(d), ElementsAre("PVOID", "UINT32", "GUID *", "PULONG"));
}

TEST(Declaration, FunctionAnnotationsLinkageAndConvention) {
    const Declaration d = parsed(
        "__drv_maxIRQL(DISPATCH_LEVEL)\n_Must_inspect_result_ NTKERNELAPI DECLSPEC_NORETURN\nPSLIST_ENTRY FASTCALL X(void) "
        "_Releases_lock_(*Lock);");
    EXPECT_EQ(d.return_type, "PSLIST_ENTRY");
    EXPECT_EQ(d.calling_convention, "FASTCALL");
    EXPECT_THAT(d.sal, ElementsAre("__drv_maxIRQL(DISPATCH_LEVEL)", "_Must_inspect_result_", "_Releases_lock_(*Lock)"));
    EXPECT_THAT(d.parameters, IsEmpty());
    EXPECT_EQ(parsed("void NTSTATUS X(void);").return_type, "NTSTATUS");
    EXPECT_EQ(parsed("STDMETHOD X(\n PCSTR a\n);").return_type, "HRESULT");
    EXPECT_EQ(parsed("STDMETHOD_(ULONG, AddRef)(THIS) PURE;", "IX.AddRef").return_type, "ULONG");
    EXPECT_EQ(parsed("const T *X(void);").return_type, "const T *");
}

TEST(Declaration, CallbackShownByAnExample) {
    const Declaration d = parsed("PFNCLOSE MyClose;\n\nNTSTATUS MyClose(\n  _In_ PPIN Pin,\n  _In_ PIRP Irp\n)\n{ ... }\n", "PFNCLOSE");
    EXPECT_EQ(d.form, DeclarationForm::callback);
    EXPECT_EQ(d.name, "PFNCLOSE");
    EXPECT_THAT(names(d), ElementsAre("Pin", "Irp"));
    const Declaration star = parsed("DXG_CB DxgCb;\n\nNTSTATUS APIENTRY CALLBACK* DxgCb(\n  _In_ HANDLE h\n)\n{ ... }", "DXG_CB");
    EXPECT_EQ(star.return_type, "NTSTATUS");
    EXPECT_EQ(star.calling_convention, "APIENTRY");
    EXPECT_TRUE(star.pointer);
    EXPECT_EQ(parsed("PFNX Do(D3D11_1);\nHRESULT APIENTRY* Do(D3D11_1)(\n UINT a\n)\n{ ... }", "PFNX").parameters.size(), 1U);
    EXPECT_EQ(parsed("EVT_X EvtX;\nVOID EvtX(\n _In_ T t\n)\n{ ... }\n\ntypedef EVT_X *PEVT_X;", "EVT_X").name, "EVT_X");
}

TEST(Declaration, ParametersSeparatedByLineEnds) {
    const Declaration d = parsed(
        "//Declaration\n\nPFN_Y PfnY;\n\n// Definition\n\nVOID PfnY\n(\n\tD3D_HDEVICE hDevice\n\t CONST Y_ARG *pArgs\n\tIN_PDATA "
        "Data\n)\n{...}\n\nPFN_Y\n",
        "PFN_Y");
    EXPECT_THAT(names(d), ElementsAre("hDevice", "pArgs", "Data"));
    EXPECT_THAT(types(d), ElementsAre("D3D_HDEVICE", "const Y_ARG *", "IN_PDATA"));
    const Declaration bare = parsed("PFN_Y PfnY;\nVOID PfnY\n(\n\t D3D_HDEVICE\n\tCONST Y_ARG *\n)\n{...}\n", "PFN_Y");
    EXPECT_THAT(types(bare), ElementsAre("D3D_HDEVICE", "const Y_ARG *"));
    EXPECT_THAT(names(bare), ElementsAre("", ""));
}

TEST(Declaration, OneParameterOverSeveralLinesStaysOne) {
    EXPECT_THAT(names(parsed("NTSTATUS\nX(\n    _In_\n        COUNTER        Owner\n    );")), ElementsAre("Owner"));
    EXPECT_THAT(names(parsed("NTSTATUS X(\n _In_ PVOID a\n _Out_ PULONG b,\n _In_ ULONG c\n);")),
                ElementsAre("a", "b", "c"));  // a comma forgotten
}

TEST(Declaration, FunctionPointerTypedefs) {
    const Declaration d = parsed("typedef HRESULT (CALLBACK *PCALL)(\n  _In_ PCLIENT Client,\n  _In_opt_ PCSTR Args\n);", "PCALL");
    EXPECT_TRUE(d.pointer);
    EXPECT_EQ(d.calling_convention, "CALLBACK");
    EXPECT_EQ(d.form, DeclarationForm::callback);
    EXPECT_FALSE(parsed("typedef VOID ROUTINE(PVOID Context);", "ROUTINE").pointer);
    EXPECT_TRUE(parsed("VOID\n(*PFN_LOCK)(\n IN PGLOBALS Globals,\n WDFINTERRUPT Interrupt\n);", "PFN_LOCK").pointer);
}

TEST(Declaration, FunctionPointerParameter) {
    const Declaration d = parsed("NTSTATUS X(_In_ NTSTATUS (NTAPI *Routine)(PVOID Context, ULONG), _In_ PVOID Context);");
    EXPECT_THAT(names(d), ElementsAre("Routine", "Context"));
    EXPECT_EQ(d.parameters[0].type, "NTSTATUS (NTAPI *)(PVOID, ULONG)");
    EXPECT_EQ(declare(d.parameters[0].type, "Routine", ""), "NTSTATUS (NTAPI *Routine)(PVOID, ULONG)");
}

TEST(Declaration, ArraysVariadicsAndDefaults) {
    const Declaration d = parsed("HRESULT X(_In_ const FLOAT[4] a, PCSTR *b[], ULONG c = 0, PCSTR Format, ...);");
    EXPECT_THAT(names(d), ElementsAre("a", "b", "c", "Format"));
    EXPECT_EQ(d.parameters[0].array, "[4]");
    EXPECT_EQ(d.parameters[0].type, "const FLOAT");
    EXPECT_EQ(d.parameters[1].array, "[]");
    EXPECT_TRUE(d.variadic);
    const Declaration named = parsed("VOID P(\n _In_ PCSTR format,\n _In_ ...   [arguments]\n);");
    EXPECT_TRUE(named.variadic);
    EXPECT_THAT(names(named), ElementsAre("format"));
    EXPECT_TRUE(parsed("ULONG P(\n _In_ PCHAR Format,\n arguments\n);").variadic);
}

TEST(Declaration, NoParameters) {
    EXPECT_THAT(parsed("VOID X(void);").parameters, IsEmpty());
    EXPECT_THAT(parsed("HRESULT X(\n None\n);").parameters, IsEmpty());
    EXPECT_THAT(parsed("HRESULT X();").parameters, IsEmpty());
    EXPECT_THAT(parsed("LPCGUID X(\n VOID.\n);").parameters, IsEmpty());
    EXPECT_TRUE(parsed("HRESULT X();").typed());
}

TEST(Declaration, MacrosHaveNamesOnly) {
    const Declaration d = parsed("void NDIS_X( _OldIrql_, _CurIrql_ );", "NDIS_X");
    EXPECT_EQ(d.form, DeclarationForm::macro);
    EXPECT_THAT(names(d), ElementsAre("_OldIrql_", "_CurIrql_"));
    EXPECT_FALSE(d.typed());
    EXPECT_THAT(names(parsed("PLIST_ENTRY X(\n  [in]  _ListHead,\n  [in]  _SpinLock\n);")), ElementsAre("_ListHead", "_SpinLock"));
    const Declaration define = parsed("#define NB_STATUS(_NB, LENGTH) \\\n   ((_NB)->Status + (LENGTH))", "NB_STATUS");
    EXPECT_EQ(define.form, DeclarationForm::macro);
    EXPECT_THAT(names(define), ElementsAre("_NB", "LENGTH"));
    EXPECT_THAT(names(parsed("BOOLEAN\nF( A1,   /* one */\n   A2  /* two */ )", "F")), ElementsAre("A1", "A2"));
}

TEST(Declaration, CppMembers) {
    EXPECT_EQ(parsed("void ~CLog();", "CLog.~CLog").name, "~CLog");
    EXPECT_EQ(parsed("Typed & operator=(\n [in] const T *x\n);", "Holder.operator-assign").name, "operator=");
    EXPECT_EQ(parsed("bool operator()(int a);").name, "operator()");
}

TEST(Declaration, ANameAloneDeclaresNothing) {
    const DeclarationResult result = parse_declaration("  KeX(\n    \n);\n", "KeX");
    EXPECT_FALSE(result.declaration);
    EXPECT_EQ(result.error->message, "the block names KeX and declares nothing");
    EXPECT_FALSE(parse_declaration("EVT_X EvtX;\n\n EvtX(\n    \n)\n{ ... }", "EVT_X").declaration);
    EXPECT_TRUE(parse_declaration("Thing();", "Thing.Thing").declaration);  // a constructor
}

TEST(Declaration, Structures) {
    const Declaration d = parsed(
        "typedef struct _S {\n  UINT a;\n  union {\n    struct {\n      UINT x  :1;\n      UINT y  :31;\n    };\n    UINT Value;\n  } u;\n "
        " UCHAR b[4][2];\n  ULONG c, *d;\n"
        "  NTSTATUS (*Open)(_In_ HANDLE h, _Out_ VOID **p);\n  _Field_size_(a) PVOID e;\n} S, *PS;",
        "_S");
    EXPECT_EQ(d.form, DeclarationForm::structure);
    EXPECT_EQ(d.tag, "_S");
    EXPECT_EQ(d.name, "S");
    EXPECT_THAT(d.aliases, ElementsAre("S", "*PS"));
    ASSERT_THAT(d.members, SizeIs(7));
    EXPECT_EQ(d.members[1].aggregate, "union");
    EXPECT_EQ(d.members[1].name, "u");
    ASSERT_THAT(d.members[1].members, SizeIs(2));
    EXPECT_EQ(d.members[1].members[0].members[1].bits, "31");
    EXPECT_EQ(d.members[2].array, "[4][2]");
    EXPECT_EQ(d.members[4].name, "d");
    EXPECT_EQ(d.members[4].type, "ULONG *");
    EXPECT_EQ(d.members[5].type, "NTSTATUS (*)(HANDLE, void **)");
    EXPECT_EQ(d.members[6].type, "PVOID");
}

TEST(Declaration, Enumerations) {
    const Declaration d = parsed("typedef enum _E { \n  A\xC2\xA0= 0,\n  B = ,\n  C = (1 << 2) | A,\n  D\n  F = 7\n} E, *PE;", "_E");
    EXPECT_EQ(d.form, DeclarationForm::enumeration);
    ASSERT_THAT(d.members, SizeIs(5));
    EXPECT_EQ(d.members[0].value, "0");
    EXPECT_EQ(d.members[1].value, "");
    EXPECT_EQ(d.members[2].value, "(1 << 2) | A");
    EXPECT_EQ(d.members[4].name, "F");
}

TEST(Declaration, PicksTheOneThatIsExpected) {
    const char* const text = "VOID A(int x);\nVOID B(int y);\n";
    EXPECT_EQ(parsed(text, "B").name, "B");
    EXPECT_EQ(parsed(text, "IThing.A").name, "A");
}

TEST(Declaration, ErrorsSayWhere) {
    EXPECT_FALSE(parse_declaration("", "X").declaration);
    EXPECT_EQ(parse_declaration("  \n", "X").error->message, "the block is empty");
    const DeclarationResult words = parse_declaration("\n CALLBACK* PDEBUG Example;\n", "PDEBUG");
    EXPECT_FALSE(words.declaration);
    EXPECT_EQ(words.error->offset, 2U);
    const DeclarationResult open = parse_declaration("VOID X(int a;", "X");
    ASSERT_TRUE(open.error);
    EXPECT_EQ(open.error->offset, 6U);
    EXPECT_FALSE(parse_declaration(std::string(100000, '(') + "a", "a").declaration);
    EXPECT_FALSE(parse_declaration("X" + std::string(100000, '{'), "a").declaration);
}

TEST(Declaration, TheSeedWithAPrototype) {
    std::ifstream file(DDI_SOURCE_DIR "/../shared/seeds/nc-ks-pfnkspinirp.md");
    if (!file) GTEST_SKIP() << "the seed pages are not beside the checkout";
    std::stringstream bytes;
    bytes << file.rdbuf();
    const std::string text = bytes.str();
    const std::size_t begin = text.find("````") + 4;
    const Declaration d = parsed(std::string_view(text).substr(begin, text.find("````", begin) - begin), "PFNKSPINIRP");
    EXPECT_EQ(d.name, "PFNKSPINIRP");
    EXPECT_EQ(d.return_type, "NTSTATUS");
    EXPECT_THAT(names(d), ElementsAre("Pin", "Irp"));
    EXPECT_THAT(types(d), ElementsAre("PKSPIN", "PIRP"));
}

TEST(Declarations, OfAlternativesTheNewestCounts) {
    const auto result = parse_declaration(
        "typedef struct _X {\n  UINT A : 1;\n#if (VERSION >= VERSION_2)\n  UINT B : 1;\n#if (VERSION < VERSION_1)\n  UINT Old : "
        "1;\n#endif\n"
        "  UINT Reserved : 30;\n#else\n  UINT Reserved : 31;\n#endif\n#ifdef __cplusplus\n  UINT D;\n#else\n  UINT C;\n#endif\n} X;",
        "_X");
    ASSERT_TRUE(result.declaration);
    std::vector<std::string> fields;
    for (const auto& member : result.declaration->members) fields.push_back(member.name + ":" + member.bits);
    EXPECT_THAT(fields, testing::ElementsAre("A:1", "B:1", "Reserved:30", "C:"));
}

}  // namespace
}  // namespace ddi::facts
