// Who hears of a violation, in C and C++, and what is printed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conformance/contract/call.h"
#include "conformance/contract/contract.h"
#include "conformance/contract/fake_environment.h"

namespace ddi::contract {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr Rule entry{"DDI-x-F-irql-entry", "Callers are at PASSIVE_LEVEL.", "x/nf-x-f.md", 42};

void misuse() {
    fake::thread().irql = 2;
    Call call("F", DDI_CALLER);
    call.entry_irql(entry, Levels::at(Level::passive));
    fake::thread().irql = 0;
}

struct Heard {
    std::string rule, page, held;
    unsigned line = 0;
    int before_call = 0;
};

void hear(const ddi_violation* violation, void* context) {
    auto& heard = *static_cast<Heard*>(context);
    heard = {violation->rule, violation->page, violation->held, violation->line, violation->before_call};
}

TEST(ReportTest, TheDefaultPrintsEverythingAndAborts) {
    EXPECT_DEATH(misuse(),
                 "DDI-x-F-irql-entry(.|\n)*in F, before the call(.|\n)*DISPATCH_LEVEL \\(2\\)(.|\n)*IRQL PASSIVE_LEVEL(.|\n)*"
                 "x/nf-x-f.md:42: Callers are at PASSIVE_LEVEL.");
}

TEST(ReportTest, HeldLocksArePartOfTheText) {
    forget_everything();
    tracker().add({{"SPIN", "spin lock", 0x10}, Mode::exclusive, "Take", &entry, nullptr, 0, thread_number(), DDI_CALLER, 0});
    Recorder recorder;
    misuse();
    ASSERT_EQ(recorder.violations().size(), 1U);
    EXPECT_THAT(format_violation(recorder.violations()[0]), HasSubstr("holds:    spin lock 0x10, acquired by Take at "));
    forget_everything();
}

TEST(ReportTest, ARecorderGivesTheHandlerBack) {
    int heard = 0;
    set_handler([&](const Violation&) { ++heard; });
    {
        Recorder recorder;
        misuse();
        EXPECT_THAT(recorder.rules(), ElementsAre("DDI-x-F-irql-entry"));
        EXPECT_EQ(heard, 0);
    }
    misuse();
    EXPECT_EQ(heard, 1);
    set_handler({});
}

TEST(ReportTest, AHandlerInC) {
    Heard heard;
    ddi_contract_set_handler(hear, &heard);
    misuse();
    ddi_contract_set_handler(nullptr, nullptr);
    EXPECT_EQ(heard.rule, "DDI-x-F-irql-entry");
    EXPECT_EQ(heard.page, "x/nf-x-f.md");
    EXPECT_EQ(heard.line, 42U);
    EXPECT_EQ(heard.before_call, 1);
    EXPECT_EQ(heard.held, "");
}

TEST(RuleTest, ListsWholeNamesOnly) {
    constexpr Rule rule{"r", "", "", 0, "KeA KeAB KeC"};
    static_assert(rule.lists("KeA") && rule.lists("KeAB") && rule.lists("KeC"));
    static_assert(!rule.lists("Ke") && !rule.lists("KeB") && !rule.lists("") && !rule.lists("KeA KeAB"));
    EXPECT_FALSE((Rule{"r", "", "", 0}.lists("KeA")));
}

}  // namespace
}  // namespace ddi::contract
