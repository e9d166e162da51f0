#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "generator/emit/emit.h"
#include "generator/emit/stubs/expect_compiles_for_test.h"
#include "generator/emit/stubs/header_name.h"
#include "generator/emit/stubs/sample_model.h"

namespace ddi::emit::stubs {
namespace {

using page::PageKind;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
namespace clause = facts::clause;

std::vector<std::string> messages(const text::Diagnostics& diagnostics) {
    std::vector<std::string> messages;
    for (const auto& diagnostic : diagnostics) messages.push_back(diagnostic.message);
    return messages;
}

std::vector<std::string> codes(const text::Diagnostics& diagnostics) {
    std::vector<std::string> codes;
    for (const auto& diagnostic : diagnostics) codes.push_back(diagnostic.code);
    return codes;
}

std::string stub(const model::Model& model, const std::string& header) {
    text::Diagnostics diagnostics;
    return emit_stubs(model, diagnostics)["include/" + header];
}

TEST(HeaderName, TakesTheFirstHeaderInLowerCase) {
    EXPECT_EQ(header_file("Wdm.h (include Ntddk.h)"), "wdm.h");
    EXPECT_EQ(header_file("no header"), "");
    EXPECT_EQ(header_file("../../Etc/Passwd.h"), "passwd.h");
    EXPECT_THAT(header_files("Wdm.h, Ntddk.h, Ntifs.h"), ElementsAre("wdm.h", "ntddk.h", "ntifs.h"));
}

TEST(Stubs, AHeaderThatOnlyIncludesBringsThoseWhosePagesNameIt) {
    model::Model model;
    add_api(model, PageKind::function, "b.h", "First", "VOID First(VOID);").include_header.value = "All.h";
    add_api(model, PageKind::function, "b.h", "Second", "VOID Second(VOID);");
    add_api(model, PageKind::function, "c.h", "Third", "VOID Third(VOID);").include_header.value = "all.h (include before others)";
    for (const char* name : {"Fourth", "Fifth", "Sixth"})
        add_api(model, PageKind::function, "d.h", name, "VOID X(VOID);").include_header.value = std::string(name) == "Sixth" ? "All.h" : "";
    add_api(model, PageKind::function, "e.h", "Seventh", "VOID Seventh(VOID);").include_header.value = "Other.h, E.h";
    text::Diagnostics diagnostics;
    auto files = emit_stubs(model, diagnostics);
    EXPECT_FALSE(files.contains("include/other.h"));  // one of several is needed too, and may be anybody's
    std::string text = files["include/all.h"];
    EXPECT_THAT(text, HasSubstr("#include <b.h>\n#include <c.h>\n"));
    EXPECT_THAT(text, Not(HasSubstr("d.h")));               // one page of three
    EXPECT_THAT(files["include/b.h"], HasSubstr("First"));  // a documented header stays what its pages say, whoever names it
}

TEST(Stubs, AnnotatesWhatTheClausesSay) {
    model::Model model;
    auto& api = add_api(model, PageKind::function, "wdm.h", "XxAcquire", "VOID XxAcquire(_In_ PXX_LOCK Lock, _Out_ PKIRQL OldIrql);");
    api.irql.verbatim = "<= DISPATCH_LEVEL";
    api.irql.entry = facts::LevelSet::at_most(facts::Level::dispatch);
    add_rule(api, clause::Acquire{{"spin lock", "Lock"}, facts::Mode::exclusive, false});
    add_rule(api, clause::IrqlRaise{facts::Level::dispatch, ""});
    add_rule(api, clause::IrqlSave{{facts::Place::Kind::pointee, "OldIrql"}});
    model.types.push_back(opaque_type("XX_LOCK", "PXX_LOCK", 16, "wdm.h"));
    std::string text = stub(model, "wdm.h");
    EXPECT_THAT(text, HasSubstr("_IRQL_requires_max_(DISPATCH_LEVEL)\n"));
    EXPECT_THAT(text, HasSubstr("_IRQL_raises_(DISPATCH_LEVEL)\n"));
    EXPECT_THAT(text, HasSubstr("_Acquires_lock_(*Lock)\n"));
    EXPECT_THAT(text, HasSubstr("_Out_ _IRQL_saves_ PKIRQL OldIrql"));
    EXPECT_THAT(text, HasSubstr("IRQL effect: raises to DISPATCH_LEVEL, saves the previous IRQL in *OldIrql."));
    EXPECT_THAT(text, HasSubstr("wdm/XxAcquire.md:2"));
    EXPECT_THAT(text, HasSubstr("struct DDI_CAPABILITY(\"spin lock\") _XX_LOCK {"));
    EXPECT_THAT(text, HasSubstr("UCHAR Opaque[16];"));
}

TEST(Stubs, AMacroWithItsTextTakesThePlaceOfItsPage) {
    model::Model model;
    add_api(model, PageKind::function, "a.h", "A_NEXT", "PVOID A_NEXT(PVOID List);").brief = "Gets the next.";
    model.definitions = {{"A_NEXT", "(List)", {"((List)->Next)"}, "a.h", {}},
                         {"A_BOTH", "(a, b)", {"do_this(a);", "do_that(b)"}, "a.h", {}},
                         {"A_ELSEWHERE", "", {"1"}, "undocumented.h", {}}};
    text::Diagnostics diagnostics;
    auto files = emit_stubs(model, diagnostics);
    std::string text = files["include/a.h"];
    EXPECT_THAT(text, HasSubstr("Gets the next."));
    EXPECT_THAT(text, HasSubstr("#ifndef A_NEXT\n#define A_NEXT(List) ((List)->Next)\n#endif"));
    EXPECT_THAT(text, HasSubstr("#define A_BOTH(a, b) do_this(a); \\\n    do_that(b)\n"));
    EXPECT_THAT(text, Not(HasSubstr("PVOID A_NEXT")));
    EXPECT_FALSE(files.contains("include/undocumented.h"));
    expect_compiles(
        files,
        "#include \"a.h\"\nstruct a { struct a *Next; };\nstruct a *next(struct a *l);\nstruct a *next(struct a *l) { return A_NEXT(l); "
        "}\nextern int present;\n");
}

TEST(Stubs, SayTheHighestIrqlInTheWordsOfTheHeaders) {
    model::Model model;
    auto entry = [&](const char* name, facts::LevelSet levels) {
        add_api(model, PageKind::function, "wdm.h", name, "VOID " + std::string(name) + "(VOID);").irql.entry = levels;
    };
    entry("APassive", facts::LevelSet::at(facts::Level::passive));
    entry("BDispatch", facts::LevelSet::at(facts::Level::dispatch));
    entry("CAny", facts::LevelSet::all());
    std::string text = stub(model, "wdm.h");
    EXPECT_THAT(text, HasSubstr("_IRQL_requires_max_(PASSIVE_LEVEL)\nvoid APassive"));
    EXPECT_THAT(text, HasSubstr("_IRQL_requires_(DISPATCH_LEVEL)\nvoid BDispatch"));
    EXPECT_THAT(text, HasSubstr("_IRQL_requires_max_(HIGH_LEVEL)\nvoid CAny"));
}

TEST(Stubs, AnOverlayHasTheStorageOfWhatAPageDescribesInPart) {
    model::Model model;
    auto& api = add_api(model, PageKind::structure, "wdm.h", "_XX_LOCK", "typedef struct _XX_LOCK { ULONG Known; } XX_LOCK, *PXX_LOCK;");
    api.aggregate.untyped = {"Unknown"};
    add_api(model, PageKind::function, "wdm.h", "XxFree", "VOID XxFree(PXX_LOCK Lock);");
    model.types.push_back(opaque_type("XX_LOCK", "PXX_LOCK", 16, "wdm.h"));
    EXPECT_THAT(stub(model, "wdm.h"), HasSubstr("UCHAR Opaque[16];"));
}

TEST(Stubs, SaysNothingUnderAConditionThatSalCannotSay) {
    model::Model model;
    auto& api = add_api(model, PageKind::function, "wdm.h", "XxTry", "BOOLEAN XxTry(_Inout_ PULONG Lock);");
    facts::Condition words;
    words.text = "if the system is in a good mood";
    add_rule(api, clause::IrqlRaise{facts::Level::apc, ""}, words);
    facts::Condition result;
    result.all.push_back({facts::Comparison::Subject::result, "", "==", "TRUE"});
    add_rule(api, clause::Acquire{{"mutex", "Lock"}, facts::Mode::exclusive, false}, result);
    std::string text = stub(model, "wdm.h");
    EXPECT_THAT(text, Not(HasSubstr("\n_IRQL_raises_")));
    EXPECT_THAT(text, HasSubstr("_When_(return == TRUE, _Acquires_lock_(*Lock))"));
}

TEST(Stubs, WriteCallbacksInTheFormTheirNameHas) {
    model::Model model;
    add_api(model, PageKind::callback, "ks.h", "PFNXXIRP", "PFNXXIRP MyCreate;\nNTSTATUS MyCreate(_In_ PVOID Pin)\n{ ... }");
    add_api(model, PageKind::callback, "ks.h", "XX_ROUTINE", "XX_ROUTINE MyRoutine;\nVOID MyRoutine(_In_ PVOID Context)\n{ ... }");
    std::string text = stub(model, "ks.h");
    EXPECT_THAT(text, HasSubstr("typedef NTSTATUS (*PFNXXIRP)(_In_ PVOID Pin);"));
    EXPECT_THAT(text, HasSubstr("(XX_ROUTINE)(_In_ PVOID Context);"));
    EXPECT_THAT(text, HasSubstr("typedef XX_ROUTINE *PXX_ROUTINE;"));
}

TEST(Stubs, SayWhichValuesOfAnEnumerationNobodyStates) {
    model::Model model;
    auto& inferred = add_api(model, PageKind::enumeration, "a.h", "_A", "typedef enum _A { A_ONE, A_TWO } A;");
    inferred.declaration->cite.origin = facts::Origin::heading;
    for (auto& member : inferred.declaration->value.members) member.origin = facts::Origin::heading;
    inferred.aggregate.values_inferred = true;
    auto& unknown = add_api(model, PageKind::enumeration, "b.h", "_B", "typedef enum _B { B_ONE, B_TWO } B;");
    unknown.declaration->cite.origin = facts::Origin::heading;
    unknown.aggregate.values_inferred = unknown.aggregate.values_unknown = true;
    auto& joined = add_api(model, PageKind::enumeration, "c.h", "_C", "typedef enum _C { C_ONE, C_TWO } C;");
    joined.declaration->value.members[1].origin = facts::Origin::heading;
    joined.aggregate.values_inferred = true;
    joined.aggregate.unvalued = {"C_THREE"};
    EXPECT_THAT(stub(model, "a.h"),
                AllOf(HasSubstr("Declared by: headings of the page, order inferred"), HasSubstr("Values inferred: no page states them")));
    EXPECT_THAT(stub(model, "b.h"), AllOf(HasSubstr("Values not known: no page states"), Not(HasSubstr("Values inferred"))));
    EXPECT_THAT(stub(model, "c.h"),
                AllOf(HasSubstr("Declared by: declaration on the page"), HasSubstr("Values inferred: today's headings add C_TWO;"),
                      HasSubstr("Values not documented, so not among the enumerators: C_THREE.")));
}

TEST(Stubs, CompileWhateverTheOrderOfPages) {
    model::Model model;
    add_api(model, PageKind::structure, "a.h", "_A_OUTER",
            "typedef struct _A_OUTER { B_INNER Inner; A_MODE Mode; PA_ROUTINE Routine; UCHAR Tail[A_LAST]; } A_OUTER, *PA_OUTER;");
    add_api(model, PageKind::enumeration, "a.h", "_A_MODE", "typedef enum _A_MODE { A_FIRST = 1, A_LAST = A_FIRST + 3 } A_MODE;");
    add_api(model, PageKind::callback, "a.h", "A_ROUTINE", "typedef VOID A_ROUTINE(PA_OUTER Outer, PA_NEVER_SEEN pSeen);");
    add_api(model, PageKind::function, "a.h", "AFunction",
            "NTSTATUS AFunction(_In_ PA_OUTER template, _In_opt_ struct _IRP *Irp, UCHAR Bytes[16], ...);");
    // b.h needs a.h as a.h needs b.h: one of them must repeat a definition.
    add_api(model, PageKind::structure, "b.h", "_B_INNER",
            "typedef struct _B_INNER { union { ULONG Flags; struct { ULONG Low : 4; ULONG High : 28; }; }; PVOID Data[]; } B_INNER, "
            "*PB_INNER;");
    add_api(model, PageKind::structure, "b.h", "_B_OUTER",
            "typedef struct _B_OUTER { A_MODE Mode; const B_INNER *Next; struct _B_OUTER *Self; } B_OUTER;");
    text::Diagnostics diagnostics;
    auto files = emit_stubs(model, diagnostics);
    EXPECT_THAT(messages(diagnostics), IsEmpty());
    for (const char* code :
         {"#include <a.h>\n", "#include <b.h>\n", "#include <a.h>\n#include <b.h>\n", "#include <b.h>\n#include <a.h>\n"}) {
        expect_compiles(files, std::string(code) + "extern int present;\n");
    }
    expect_compiles(files,
                    "#include <a.h>\nPA_OUTER use(A_OUTER *outer);\nPA_OUTER use(A_OUTER *outer) { outer->Inner.Low = 3; outer->Tail[3] = "
                    "1; return outer; }\n");
}

TEST(Stubs, LeaveOutWhatCannotBeDeclaredAndSayWhy) {
    model::Model model;
    add_api(model, PageKind::function, "a.h", "AKnown", "VOID AKnown(VOID);");
    add_api(model, PageKind::function, "a.h", "AUnknown", "VOID AUnknown(MYSTERY_VALUE Value);");
    // A name that is used by value is no incomplete structure, whoever else points to it.
    add_api(model, PageKind::function, "a.h", "APoints", "VOID APoints(_Out_ PMYSTERY_VALUE Value, MYSTERY_VALUE *pOther);");
    add_api(model, PageKind::function, "a.h", "ANothing", "");
    add_api(model, PageKind::structure, "a.h", "_A_HALF", "typedef struct _A_HALF { UCHAR Bytes[UNKNOWN_SIZE]; } A_HALF, *PA_HALF;");
    add_api(model, PageKind::function, "a.h", "AUsesHalf", "VOID AUsesHalf(PA_HALF Half);");
    text::Diagnostics diagnostics;
    auto files = emit_stubs(model, diagnostics);
    const auto& text = files["include/a.h"];
    EXPECT_THAT(codes(diagnostics), ElementsAre("type-unknown", "type-unknown"));
    EXPECT_THAT(text, Not(HasSubstr("typedef struct _MYSTERY_VALUE")));
    EXPECT_THAT(text, HasSubstr("AUnknown: not declared here: type MYSTERY_VALUE is unknown."));
    EXPECT_THAT(text, HasSubstr("ANothing: not declared here: no declaration is known."));
    EXPECT_THAT(text, HasSubstr("Without a definition: constant UNKNOWN_SIZE is unknown."));
    EXPECT_THAT(text, HasSubstr("void AUsesHalf(PA_HALF Half);"));
    expect_compiles(files, "#include <a.h>\nvoid use(PA_HALF half);\nvoid use(PA_HALF half) { AKnown(); AUsesHalf(half); }\n");
}

TEST(Stubs, TheSameFunctionOfTwoHeadersNeverClashes) {
    model::Model model;
    add_api(model, PageKind::function, "ntddk.h", "KeSame", "VOID KeSame(VOID);");
    add_api(model, PageKind::function, "ntddk.h", "KeOther", "KIRQL KeOther(VOID);");
    add_api(model, PageKind::function, "wdm.h", "KeSame", "VOID KeSame(VOID);");
    auto& other = add_api(model, PageKind::function, "wdm.h", "KeOther", "VOID KeOther(_Out_ PKIRQL Irql);");
    other.include_header.value = "Wdm.h, Ntddk.h";
    text::Diagnostics diagnostics;
    auto files = emit_stubs(model, diagnostics);
    EXPECT_THAT(files["include/ntddk.h"], HasSubstr("#include \"wdm.h\""));
    expect_compiles(files, "#include <ntddk.h>\n#include <wdm.h>\nextern int present;\n");
    expect_compiles(files, "#include <wdm.h>\n#include <ntddk.h>\nextern int present;\n");
}

TEST(Stubs, AFunctionCanBeCalledByItsOtherName) {
    model::Model model;
    add_api(model, PageKind::function, "wdm.h", "KeWaitForOne", "VOID KeWaitForOne(VOID);");
    model.macros = {{"KeWaitForIt", "KeWaitForOne", {}}, {"not a name", "KeWaitForOne", {}}};
    text::Diagnostics diagnostics;
    auto files = emit_stubs(model, diagnostics);
    EXPECT_THAT(files["include/wdm.h"], Not(HasSubstr("not a name")));
    expect_compiles(files, "#include <wdm.h>\nvoid wait(void);\nvoid wait(void) { KeWaitForIt(); }\n");
}

TEST(Stubs, TextOfAPageCannotLeaveItsComment) {
    model::Model model;
    model.attribution = "by */ int attribution; /*";
    auto& api = add_api(model, PageKind::function, "a.h", "AFunction", "VOID AFunction(_In_ PVOID Argument);");
    api.brief =
        "Ends */ int brief; /* and a splice \\\nint second; ?"
        "?/\nint third;";
    api.irql.verbatim = "*/ int irql; // \\";
    api.min_client.value = "Windows \\";
    text::Block block;
    block.text = "*/ int parameter; \\";
    api.signature->parameters[0].text.push_back(block);
    api.signature->cite.note = "*/";
    auto& bad = add_api(model, PageKind::function, "a.h", "ABad", "VOID ABad(_In_ PVOID Argument);");
    bad.name = "ABad(void); int name; void x";
    bad.signature->parameters[0].type = "int x; int";
    auto& type = add_api(model, PageKind::structure, "a.h", "_A", "typedef struct _A { ULONG One; } A;");
    type.declaration->value.members[0].name = "One; int member";
    type.type_names = {"A; int alias", "*PA; int pointer"};
    text::Diagnostics diagnostics;
    auto files = emit_stubs(model, diagnostics);
    // If any of the words above became code, this would be a redefinition.
    expect_compiles(files,
                    "#include <a.h>\nenum { attribution, brief, second, third, irql, parameter, name, member, alias, pointer };\n"
                    "void use(void);\nvoid use(void) { AFunction(0); }\n");
}

TEST(Stubs, TheBaseHeaderHasWindowsSizes) {
    model::Model model;
    text::Diagnostics diagnostics;
    auto files = emit_stubs(model, diagnostics);
    expect_compiles(
        files,
        "#include <ddi_base.h>\n"
        "#define SAME(a, b) extern char check_[(a) == (b) ? 1 : -1]\n"
        "SAME(sizeof(LONG), 4); SAME(sizeof(ULONG), 4); SAME(sizeof(LONGLONG), 8); SAME(sizeof(WCHAR), 2); SAME(sizeof(KIRQL), 1);\n"
        "SAME(sizeof(LARGE_INTEGER), 8); SAME(sizeof(UNICODE_STRING), 16); SAME(sizeof(LIST_ENTRY), 16); SAME(sizeof(IO_STATUS_BLOCK), "
        "16);\n"
        "SAME(sizeof(GUID), 16); SAME(sizeof(OBJECT_ATTRIBUTES), 48); SAME(sizeof(BOOLEAN), 1);\n"
        "SAME(HIGH_LEVEL, 15); SAME(DISPATCH_LEVEL, 2); SAME(NT_SUCCESS(STATUS_PENDING), 1); SAME(NT_SUCCESS(STATUS_MUTANT_NOT_OWNED), "
        "0);\n"
        "SAME((ULONG)STATUS_TIMEOUT, 0x102U); SAME(WrMutex, 29); SAME(LockQueueBcbLock, 13);\n");
}

TEST(Stubs, BitFieldsAndAlignmentAreThoseOfWindows) {
    model::Model model;
    // Windows' compilers begin a new unit where the size of the type changes.
    add_api(model, PageKind::structure, "a.h", "_A", "typedef struct _A { UCHAR One : 4; ULONG Two : 4; UCHAR Three : 1; } A;");
    add_api(model, PageKind::structure, "a.h", "_B",
            "typedef struct _B { UCHAR Code; union { struct { USHORT X : 3; ULONG Y : 3; } Bits; } u; } B;");
    add_api(model, PageKind::structure, "a.h", "_C",
            "typedef struct _C { UCHAR Code; ULONG POINTER_ALIGNMENT Length; __volatile PVOID Where; } C;");
    add_api(model, PageKind::structure, "a.h", "_D", "typedef struct _D { long One; unsigned long int Two; long long Three; } D;");
    text::Diagnostics diagnostics;
    auto files = emit_stubs(model, diagnostics);
    expect_compiles(files,
                    "#include <a.h>\n#define SAME(a, b) extern char check_[(a) == (b) ? 1 : -1]\n"
                    "SAME(sizeof(A), 12); SAME(sizeof(B), 12); SAME(offsetof(C, Length), 8); SAME(sizeof(C), 24); SAME(sizeof(D), 16);\n");
}

TEST(Stubs, WhatIsKnownOfAStructureStaysInItsComment) {
    model::Model model;
    add_api(model, PageKind::structure, "a.h", "_A", "typedef struct _A { ULONG Known; UCHAR Bytes[UNKNOWN_SIZE]; UCHAR Bit : 3; } A;");
    std::string text = stub(model, "a.h");
    EXPECT_THAT(text, HasSubstr("What is known of its members:\n * - ULONG Known\n * - UCHAR Bytes[UNKNOWN_SIZE]\n * - UCHAR Bit : 3\n"));
    EXPECT_THAT(text, Not(HasSubstr("struct _A {")));
}

}  // namespace
}  // namespace ddi::emit::stubs
