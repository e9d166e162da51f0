// print then parse gives the same declaration, for any declaration; and no text whatever stops the parser.
#include <gtest/gtest.h>

#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "generator/facts/declaration.h"

namespace ddi::facts {
namespace {

rc::Gen<std::string> name_gen() {
    return rc::gen::map(rc::gen::pair(rc::gen::element<std::string>("Lock", "p", "_x", "Irp_2", "NewIrql", "a"), rc::gen::inRange(0, 100)),
                        [](const auto& p) { return p.first + std::to_string(p.second); });
}

rc::Gen<std::string> type_gen() {
    return rc::gen::element<std::string>("ULONG", "PKSPIN_LOCK", "const UNICODE_STRING *", "void **", "struct _T *", "unsigned long",
                                         "Foo *const", "const HANDLE", "NTSTATUS (NTAPI *)(PVOID, ULONG)", "void (*)(void)",
                                         "LONG volatile *");
}

DeclaredParameter parameter_gen(bool named) {
    DeclaredParameter p;
    p.name = named ? *name_gen() : "";
    p.type = *type_gen();
    if (p.type.find('(') == std::string::npos) p.array = *rc::gen::element<std::string>("", "", "[]", "[4]", "[N + 1]");
    const std::string sal =
        *rc::gen::element<std::string>("", "_In_", "_Out_writes_bytes_(Length)", "_Inout_opt_", "_IRQL_restores_", "_Reserved_", "__in");
    if (!sal.empty()) p.sal.push_back(sal);
    if (sal == "_In_" || sal == "__in") p.direction = Direction::in;
    if (sal == "_Out_writes_bytes_(Length)") p.direction = Direction::out;
    if (sal == "_Inout_opt_") p.direction = Direction::in_out, p.optional = true;
    p.reserved = sal == "_Reserved_";
    // What the page's brackets say on top of the annotations.
    if (*rc::gen::arbitrary<bool>()) p.direction = *rc::gen::element(Direction::in, Direction::out, Direction::in_out);
    p.optional = p.optional || *rc::gen::arbitrary<bool>();
    return p;
}

DeclaredMember member_gen(int depth) {
    DeclaredMember m;
    m.name = *name_gen();
    if (depth > 0 && *rc::gen::arbitrary<bool>()) {
        m.aggregate = *rc::gen::element<std::string>("struct", "union");
        if (*rc::gen::arbitrary<bool>()) m.name.clear();
        if (*rc::gen::arbitrary<bool>()) m.type = "_TAG";
        if (!m.name.empty()) m.array = *rc::gen::element<std::string>("", "[8]");
        const int count = *rc::gen::inRange(1, 3);
        for (int i = 0; i < count; ++i) m.members.push_back(member_gen(depth - 1));
        return m;
    }
    m.type = *type_gen();
    if (m.type.find('(') == std::string::npos) m.array = *rc::gen::element<std::string>("", "[8]");
    if (m.array.empty() && *rc::gen::arbitrary<bool>() && m.type == "ULONG") m.bits = "3";
    return m;
}

RC_GTEST_PROP(DeclarationProperty, PrintedRoutinesParseBack, ()) {
    Declaration d;
    d.form = *rc::gen::element(DeclarationForm::function, DeclarationForm::callback);
    d.name = "Routine" + *name_gen();
    d.return_type = *rc::gen::element<std::string>("void", "NTSTATUS", "const T *", "unsigned long", "struct _X **", "BOOLEAN");
    d.calling_convention = *rc::gen::element<std::string>("", "NTAPI", "FASTCALL", "__stdcall");
    d.pointer = d.form == DeclarationForm::callback && *rc::gen::arbitrary<bool>();
    if (*rc::gen::arbitrary<bool>()) d.sal.push_back("_IRQL_requires_max_(DISPATCH_LEVEL)");
    if (*rc::gen::arbitrary<bool>()) d.sal.push_back("_Must_inspect_result_");
    const bool named = *rc::gen::arbitrary<bool>();
    const int count = *rc::gen::inRange(0, 6);
    for (int i = 0; i < count; ++i) d.parameters.push_back(parameter_gen(named));
    d.variadic = *rc::gen::arbitrary<bool>();
    RC_LOG() << print_declaration(d);
    const DeclarationResult result = parse_declaration(print_declaration(d), d.name);
    RC_ASSERT(result.declaration.has_value());
    RC_LOG() << print_declaration(*result.declaration);
    RC_ASSERT(*result.declaration == d);
    RC_ASSERT(result.declaration->typed());
}

RC_GTEST_PROP(DeclarationProperty, PrintedMacrosParseBack, ()) {
    Declaration d;
    d.form = DeclarationForm::macro;
    d.name = "MACRO";
    d.return_type = *rc::gen::element<std::string>("", "void", "ULONG");
    const int count = *rc::gen::inRange(1, 5);
    for (int i = 0; i < count; ++i) {
        DeclaredParameter p;
        p.name = *name_gen();
        p.direction = *rc::gen::element(Direction::unknown, Direction::in, Direction::in_out);
        d.parameters.push_back(p);
    }
    const DeclarationResult result = parse_declaration(print_declaration(d), d.name);
    RC_ASSERT(result.declaration.has_value());
    RC_ASSERT(*result.declaration == d);
}

RC_GTEST_PROP(DeclarationProperty, PrintedStructuresParseBack, ()) {
    Declaration d;
    d.form = *rc::gen::element(DeclarationForm::structure, DeclarationForm::union_);
    d.tag = "_S";
    d.aliases = *rc::gen::element(std::vector<std::string>{}, std::vector<std::string>{"S"}, std::vector<std::string>{"S", "*PS"});
    d.name = d.aliases.empty() ? d.tag : d.aliases[0];
    const int count = *rc::gen::inRange(0, 5);
    for (int i = 0; i < count; ++i) d.members.push_back(member_gen(2));
    const std::string text = print_declaration(d);
    RC_LOG() << text;
    const DeclarationResult result = parse_declaration(text, d.name);
    RC_ASSERT(result.declaration.has_value());
    RC_ASSERT(*result.declaration == d);
}

RC_GTEST_PROP(DeclarationProperty, PrintedEnumerationsParseBack, ()) {
    Declaration d;
    d.form = DeclarationForm::enumeration;
    d.tag = d.name = "_E";
    const int count = *rc::gen::inRange(0, 6);
    for (int i = 0; i < count; ++i) {
        DeclaredMember m;
        m.name = *name_gen();
        m.value = *rc::gen::element<std::string>("", "0x10", "-1", "(1 << 3)", "A | B", "'ABCD'");
        d.members.push_back(m);
    }
    const DeclarationResult result = parse_declaration(print_declaration(d), d.name);
    RC_ASSERT(result.declaration.has_value());
    RC_ASSERT(*result.declaration == d);
}

// Words and signs of the language in any order reach further into the parser than arbitrary bytes.
RC_GTEST_PROP(DeclarationProperty, NoTextStopsTheParser, ()) {
    const auto piece =
        rc::gen::element<std::string>("(", ")", "[", "]", "{", "}", "*", ",", ";", "\n", " ", "typedef ", "struct ", "enum ", "X", "X ",
                                      "_In_ ", "IN ", "...", "operator", "const ", "=", ":", "::", "~", "#define A(", "//", "/*", "*/",
                                      "\\\n", "\xC2\xA0", "\xFF", "\"", "'", "STDMETHOD_", "__drv_x", "void");
    const auto pieces = *rc::gen::container<std::vector<std::string>>(piece);
    std::string text;
    for (const std::string& p : pieces) text += p;
    const DeclarationResult result = parse_declaration(text, "X");
    RC_ASSERT(result.declaration.has_value() || result.error.has_value());
    if (result.error) RC_ASSERT(result.error->offset <= text.size());
    if (result.declaration) RC_ASSERT(!print_declaration(*result.declaration).empty());
}

RC_GTEST_PROP(DeclarationProperty, NoBytesStopTheParser, (const std::string& bytes)) {
    const DeclarationResult result = parse_declaration(bytes, "X");
    RC_ASSERT(result.declaration.has_value() || result.error.has_value());
}

}  // namespace
}  // namespace ddi::facts
