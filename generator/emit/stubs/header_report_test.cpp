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

}  // namespace
}  // namespace ddi::emit
