#include "generator/emit/stubs/header_report.h"

#include <gtest/gtest.h>

#include "generator/emit/stubs/sample_model.h"

namespace ddi::emit {
namespace {

using page::PageKind;

TEST(HeaderReport, SaysOfEveryPageWhatIsDeclaredAndWhyNotMore) {
    model::Model model;
    stubs::add_api(model, PageKind::function, "a.h", "AKnown", "VOID AKnown(VOID);");
    stubs::add_api(model, PageKind::function, "a.h", "ANothing", "");
    stubs::add_api(model, PageKind::structure, "a.h", "_A_HALF", "typedef struct _A_HALF { UCHAR Bytes[UNKNOWN]; } A_HALF;");
    stubs::add_api(model, PageKind::structure, "a.h", "_A_NAME", "");
    stubs::add_api(model, PageKind::enumeration, "a.h", "_A_MODE", "");
    stubs::add_api(model, PageKind::interface, "a.h", "IThing", "");
    stubs::add_api(model, PageKind::function, "a.h", "x", "VOID Go(VOID);").name = "IThing.Go";
    stubs::add_api(model, PageKind::function, "a.h", "x", "").name = "IThing.Stop";
    model.apis[0].signature->origin = facts::Origin::history;
    auto report = report_headers(model);
    ASSERT_EQ(report.size(), 1u);
    std::string text;
    for (const auto& entry : report["a.h"]) {
        text += entry.api->name + ": " + state_name(entry.state) + ", " + facts::origin_name(entry.origin) +
                (entry.reason.empty() ? "" : ", " + entry.reason) + "\n";
    }
    EXPECT_EQ(text,
              "AKnown: whole, history\n"
              "ANothing: missing, declaration, no declaration is known\n"
              "_A_HALF: partial, declaration, constant UNKNOWN is unknown\n"
              "_A_NAME: opaque, declaration, no declaration is known\n"
              "_A_MODE: named, declaration, no declaration is known\n"
              "IThing: partial, declaration, 1 of its 2 methods cannot be declared\n"
              "IThing.Go: whole, declaration\n"
              "IThing.Stop: missing, declaration, no declaration is known\n");
}

TEST(HeaderReport, WhatAPageAddsToItsDeclarationAndWhatHeadingsInferIsNotWholeOrDeclared) {
    model::Model model;
    stubs::add_api(model, PageKind::structure, "a.h", "_A", "typedef struct _A { ULONG Size; } A;").aggregate.undeclared = {"Next"};
    auto& named = stubs::add_api(model, PageKind::enumeration, "a.h", "_B", "typedef enum _B { One, Two } B;");
    named.declaration->cite.origin = facts::Origin::heading;
    auto& stated = stubs::add_api(model, PageKind::enumeration, "a.h", "_C", "typedef enum _C { Three, Four } C;");
    stated.declaration->cite.origin = facts::Origin::heading;
    model.apis[1].aggregate.values_inferred = true;
    const auto entries = report_headers(model)["a.h"];
    ASSERT_EQ(entries.size(), 3u);
    EXPECT_EQ(entries[0].state, StubState::partial);
    EXPECT_EQ(entries[0].reason, "its declaration lacks the described field Next");
    EXPECT_EQ(entries[1].state, StubState::whole);
    EXPECT_EQ(entries[1].origin, facts::Origin::inferred);
    EXPECT_EQ(entries[2].origin, facts::Origin::heading);
}

}  // namespace
}  // namespace ddi::emit
