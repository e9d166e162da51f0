#include "generator/emit/stubs/interfaces.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "generator/emit/emit.h"
#include "generator/emit/stubs/expect_compiles_for_test.h"
#include "generator/emit/stubs/sample_model.h"

namespace ddi::emit::stubs {
namespace {

using page::PageKind;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

model::Api& add_interface(model::Model& model, const std::string& header, const std::string& name, const std::string& words) {
    auto& api = add_api(model, PageKind::interface, header, name, "");
    text::Block block;
    block.text = words;
    text::Section section;
    section.heading = "-inheritance";
    section.blocks = {block};
    api.sections = {section};
    return api;
}

text::FileSet stubs_of(const model::Model& model) {
    text::Diagnostics diagnostics;
    return emit_stubs(model, diagnostics);
}

TEST(Interfaces, ReadTheHandWrittenOnes) {
    auto headers =
        read_base_headers({{"base.h", "typedef int LONG;"},
                           {"com.h",
                            "#define DECLARE_INTERFACE(name) \\\n  STDMETHOD(NotThis)\nDECLARE_INTERFACE(IRoot) { STDMETHOD(One)(THIS) "
                            "PURE; };\nDECLARE_INTERFACE_(INext, IRoot) { STDMETHOD_(LONG *, Two)(THIS) PURE; };\ntypedef struct "
                            "IRoot IRoot;\n"}});
    EXPECT_THAT(headers.interfaces.at("IRoot"), ElementsAre("One"));
    EXPECT_THAT(headers.interfaces.at("INext"), ElementsAre("One", "Two"));
    EXPECT_EQ(headers.interface_file, "com.h");
    EXPECT_EQ(headers.file_of.at("IRoot"), "com.h");
    EXPECT_FALSE(headers.file_of.contains("LONG"));
}

TEST(Interfaces, AreUsableFromBothLanguages) {
    model::Model model;
    add_interface(model, "a.h", "IPort", "The IPort interface inherits from the IUnknown interface.");
    add_api(model, PageKind::function, "a.h", "IPort.Init", "NTSTATUS Init(_In_ IPort *Peer, _In_ LONG Count);").name = "IPort.Init";
    add_interface(model, "b.h", "IPortNext", "IPortNext inherits from IPort.");
    auto& next = add_api(model, PageKind::function, "b.h", "IPortNext.Stop", "HRESULT Stop();");
    next.name = "IPortNext.Stop";
    auto files = stubs_of(model);
    EXPECT_THAT(files["include/a.h"], HasSubstr("#include \"ddi_com.h\""));
    EXPECT_THAT(files["include/a.h"], HasSubstr("Order of the methods: not documented"));
    EXPECT_THAT(files["include/b.h"], HasSubstr("STDMETHOD(Stop)(THIS) PURE;"));
    EXPECT_THAT(files["include/b.h"], HasSubstr("DECLARE_INTERFACE_(IPortNext, IPort)"));
    expect_compiles(files,
                    "#include <b.h>\n"
                    "NTSTATUS use(IPortNext *p, IPort *q);\n"
                    "#ifdef __cplusplus\n"
                    "NTSTATUS use(IPortNext *p, IPort *q) { p->AddRef(); p->Stop(); return p->Init(q, 3); }\n"
                    "#else\n"
                    "NTSTATUS use(IPortNext *p, IPort *q) { p->lpVtbl->AddRef(p); p->lpVtbl->Stop(p); return p->lpVtbl->Init(p, q, 3); }\n"
                    "#endif\n");
}

TEST(Interfaces, OfWhichAMethodIsDeclaredAnewHideNothing) {
    model::Model model;
    add_interface(model, "a.h", "IOne", "");
    for (const char* text : {"void Same(PULONG Value);", "void Other(LONG Value);", "void Result(LONG Value);"}) {
        auto& api = add_api(model, PageKind::function, "a.h", "x", text);
        api.name = "IOne." + std::string(text + 5, std::string_view(text).find('('));
        api.name.resize(api.name.find('('));
    }
    add_interface(model, "a.h", "ITwo", "ITwo inherits from IOne.");
    const std::pair<const char*, const char*> methods[] = {
        {"ITwo.Same", "void Same(ULONG *Value);"},         {"ITwo.Other", "void Other(PVOID Value, LONG More);"},
        {"ITwo.Result", "LONG Result(LONG Value);"},       {"ITwo.Twice(LONG)", "void Twice(LONG Value);"},
        {"ITwo.Twice(PVOID)", "void Twice(PVOID Value);"},
    };
    for (const auto& [name, text] : methods) add_api(model, PageKind::function, "a.h", "x", text).name = name;
    auto files = stubs_of(model);
    const auto& text = files["include/a.h"];
    EXPECT_THAT(text, HasSubstr("using IOne::Other;"));
    EXPECT_THAT(text, Not(HasSubstr("using IOne::Same;")));
    EXPECT_THAT(text, HasSubstr("ITwo.Result: not declared here: IOne declares it with another result."));
    expect_compiles(
        files,
        "#include <a.h>\n#ifdef __cplusplus\nvoid use(ITwo *p);\nvoid use(ITwo *p) { p->Other(3); p->Other(p, 3); p->Twice(3); "
        "p->Twice(p); }\n#else\nvoid use(ITwo *p);\nvoid use(ITwo *p) { p->lpVtbl->Other(p, p, 3); p->lpVtbl->Twice(p, 3); }\n#endif\n");
}

TEST(Interfaces, WhoseMethodsAreThoseOfAKnownOneInheritFromIt) {
    model::Model model;
    add_interface(model, "a.h", "IThing", "");
    for (const char* name : {"QueryInterface", "AddRef", "Release"}) {
        auto& api = add_api(model, PageKind::function, "a.h", "x", "");
        api.name = std::string("IThing.") + name;
    }
    add_interface(model, "a.h", "IAlone", "The IThing interface inherits from the IUnknown interface.");
    auto files = stubs_of(model);
    EXPECT_THAT(files["include/a.h"], HasSubstr("DECLARE_INTERFACE_(IThing, IUnknown)"));
    EXPECT_THAT(files["include/a.h"], HasSubstr("Inherits from IUnknown (inferred"));
    EXPECT_THAT(files["include/a.h"], Not(HasSubstr("DECLARE_INTERFACE_(IAlone")));
    expect_compiles(files, "#include <a.h>\nIAlone *use(IThing *p);\n");
}

TEST(Interfaces, ClassesAreForCppOnly) {
    model::Model model;
    add_api(model, PageKind::function, "a.h", "x", "ULONG Count(PVOID Where);").name = "Box.Count";
    add_api(model, PageKind::function, "a.h", "x", "void Box(LONG Size);").name = "Box.Box";
    add_api(model, PageKind::function, "a.h", "x", "void Box();").name = "Box.~Box";
    add_api(model, PageKind::function, "a.h", "x", "void Copy(LONG Size);").name = "Many.Copy(const_T,ULONG)";
    auto files = stubs_of(model);
    EXPECT_THAT(files["include/a.h"], HasSubstr("Many.Copy(const_T,ULONG): not declared here"));
    expect_compiles(
        files,
        "#include <a.h>\nULONG use(Box *box);\n#ifdef __cplusplus\nULONG use(Box *box) { Box other(3); return other.Count(box); "
        "}\n#endif\n");
}

}  // namespace
}  // namespace ddi::emit::stubs
