// A driver's planted mistakes are each reported once, by the right rule, with the place on the page; used rightly it reports none.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <exception>
#include <fstream>
#include <future>
#include <ostream>
#include <string>
#include <thread>

#include "conformance/contract/contract.h"
#include "conformance/suite/implementation.h"
#include "conformance/suite/sample_driver/driver.h"

namespace {

using ddi::contract::Recorder;
using ddi::contract::Violation;

/// One way to call the driver.
using Use = void (*)(sample_extension&, ddi::suite::Host&, sample_mistake);

void queue(sample_extension& e, ddi::suite::Host&, sample_mistake m) { sample_queue(&e, m); }
void count(sample_extension& e, ddi::suite::Host&, sample_mistake m) { sample_count(&e, m); }
void settings(sample_extension& e, ddi::suite::Host&, sample_mistake m) { sample_change_settings(&e, m); }
void table(sample_extension& e, ddi::suite::Host&, sample_mistake m) { sample_update_table(&e, m); }
void raise_levels(sample_extension&, ddi::suite::Host&, sample_mistake m) { sample_raise(m); }
void filter(sample_extension&, ddi::suite::Host& host, sample_mistake m) {
    sample_reset_filter(static_cast<PKSFILTER>(host.object("ks.h", "PKSFILTER", "Filter")),
                        static_cast<PKSPIN>(host.object("ks.h", "PKSPIN", "Pin")), m);
}
void mutex(sample_extension& e, ddi::suite::Host&, sample_mistake m) {
    if (m != SAMPLE_STRANGER_RELEASES_MUTEX) {
        sample_own(&e);
        sample_disown(&e);
        return;
    }
    // The holder stays alive until the stranger has tried.
    std::promise<void> held, done;
    std::thread holder([&] {
        sample_own(&e);
        held.set_value();
        done.get_future().wait();
        sample_disown(&e);
    });
    held.get_future().wait();
    std::exception_ptr thrown;
    try {
        sample_disown(&e);
    } catch (...) {
        thrown = std::current_exception();
    }
    done.set_value();
    holder.join();
    if (thrown) std::rethrow_exception(thrown);
}

struct Mistake {
    sample_mistake mistake;
    Use use;
    const char* rule;
    const char* page;
    const char* words;  // stand in the cited line of the page
};
void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.rule; }

// The words are what a reader looks for on our page; they are not taken from the report.
const Mistake mistakes[] = {
    {SAMPLE_FAST_MUTEX_UNDER_SPIN_LOCK, queue, "DDI-wdm-ExAcquireFastMutex-irql-entry", "wdm/nf-wdm-exacquirefastmutex.md", "APC_LEVEL"},
    {SAMPLE_RELEASE_KEEPS_IRQL, queue, "DDI-wdm-KeReleaseSpinLockFromDpcLevel-releases-not", "wdm/nf-wdm-kereleasespinlockfromdpclevel.md",
     "KeAcquireSpinLock"},
    {SAMPLE_WRONG_OLD_IRQL, queue, "DDI-wdm-KeReleaseSpinLock-argument-NewIrql", "wdm/nf-wdm-kereleasespinlock.md", "OldIrql"},
    {SAMPLE_LOCK_NOT_INITIALIZED, queue, "DDI-wdm-KeAcquireSpinLock-requires-initialized", "wdm/nf-wdm-keacquirespinlock.md",
     "initialized"},
    {SAMPLE_GUARDED_MUTEX_TWICE, table, "DDI-wdm-KeAcquireGuardedMutex-recursion", "wdm/nf-wdm-keacquireguardedmutex.md", "recursive"},
    {SAMPLE_UNSAFE_THEN_SAFE_RELEASE, settings, "DDI-wdm-ExReleaseFastMutex-releases-not", "wdm/nf-wdm-exreleasefastmutex.md",
     "ExAcquireFastMutexUnsafe"},
    {SAMPLE_STRANGER_RELEASES_MUTEX, mutex, "DDI-wdm-KeReleaseMutex-owner", "wdm/nf-wdm-kereleasemutex.md", "holds"},
    {SAMPLE_ORDINARY_AND_QUEUED, count, "DDI-wdm-KeAcquireInStackQueuedSpinLock-not-combined",
     "wdm/nf-wdm-keacquireinstackqueuedspinlock.md", "KeAcquireSpinLock"},
    {SAMPLE_LOWER_TO_HIGHER, raise_levels, "DDI-wdm-KeLowerIrql-argument-NewIrql", "wdm/nf-wdm-kelowerirql.md", "KeRaiseIrql"},
    {SAMPLE_LOCK_LEFT_HELD, settings, "DDI-wdm-ExTryToAcquireFastMutex-release-with", "wdm/nf-wdm-extrytoacquirefastmutex.md",
     "ExReleaseFastMutex"},
    {SAMPLE_UNSAFE_OUTSIDE_REGION, table, "DDI-wdm-KeAcquireGuardedMutexUnsafe-requires-apcs-disabled",
     "wdm/nf-wdm-keacquireguardedmutexunsafe.md", "guarded region"},
    {SAMPLE_CONTROL_MUTEX_NOT_HELD, filter, "DDI-ks-KsFilterReleaseControl-release", "ks/nf-ks-ksfilterreleasecontrol.md", "control mutex"},
};

std::string line_of_page(const std::string& page, unsigned number) {
    std::ifstream stream(std::string(DDI_SOURCE_DIR) + "/docs-src/" + page);
    std::string line;
    for (unsigned i = 0; i < number && std::getline(stream, line); ++i) {
    }
    std::string plain;
    for (char c : line) {
        if (c != '\\') plain += c;  // APC\_LEVEL
    }
    return plain;
}

class SampleDriver : public testing::TestWithParam<Mistake> {
  protected:
    void SetUp() override {
        ddi::contract::forget_everything();
        ddi::suite::reset_thread();
        host_ = ddi::suite::make_host();
        sample_add_device(&extension_);
    }
    void TearDown() override {
        ddi::contract::forget_everything();
        ddi::suite::reset_thread();
    }

    sample_extension extension_{};
    std::unique_ptr<ddi::suite::Host> host_;
};

TEST_P(SampleDriver, IsReportedForThisMistakeAlone) {
    const Mistake& mistake = GetParam();
    Recorder recorder(Recorder::Mode::throw_before_call);
    auto outcome = ddi::suite::guarded([&] { mistake.use(extension_, *host_, mistake.mistake); });
    // What stays held after the mistake was thrown is the mistake's doing, not another one.
    if (recorder.violations().empty()) ddi::contract::check_quiescent();
    auto violations = recorder.violations();
    ASSERT_THAT(recorder.rules(), testing::ElementsAre(mistake.rule)) << outcome.text;
    EXPECT_EQ(violations[0].page, mistake.page);
    EXPECT_THAT(line_of_page(violations[0].page, violations[0].line), testing::HasSubstr(mistake.words)) << violations[0].line;
}

INSTANTIATE_TEST_SUITE_P(Mistakes, SampleDriver, testing::ValuesIn(mistakes), [](const auto& info) {
    std::string name = info.param.rule;
    for (auto& c : name) c = c == '-' ? '_' : c;
    return name;
});

using SampleDriverUsedRightly = SampleDriver;

TEST_P(SampleDriverUsedRightly, ReportsNothing) {
    Recorder recorder;
    for (int round = 0; round < 3; ++round) GetParam().use(extension_, *host_, SAMPLE_NO_MISTAKE);
    EXPECT_EQ(ddi::contract::check_quiescent(), 0U);
    EXPECT_THAT(recorder.rules(), testing::IsEmpty());
    EXPECT_EQ(ddi::suite::current_irql(), PASSIVE_LEVEL);
}

INSTANTIATE_TEST_SUITE_P(
    Uses, SampleDriverUsedRightly,
    testing::Values(Mistake{SAMPLE_NO_MISTAKE, queue, "queue", "", ""}, Mistake{SAMPLE_NO_MISTAKE, count, "count", "", ""},
                    Mistake{SAMPLE_NO_MISTAKE, settings, "settings", "", ""}, Mistake{SAMPLE_NO_MISTAKE, table, "table", "", ""},
                    Mistake{SAMPLE_NO_MISTAKE, mutex, "mutex", "", ""}, Mistake{SAMPLE_NO_MISTAKE, raise_levels, "levels", "", ""},
                    Mistake{SAMPLE_NO_MISTAKE, filter, "filter", "", ""}),
    [](const auto& info) { return std::string(info.param.rule); });

}  // namespace
