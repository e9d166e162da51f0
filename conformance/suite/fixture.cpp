#include "conformance/suite/fixture.h"

#include "conformance/suite/routine.h"
#include "conformance/suite/watch.h"

namespace ddi::suite {

void ConformanceTest::SetUp() {
    reset_thread();
    routine_log().reset();
    watch::begin();
}

void ConformanceTest::TearDown() {
    for (const auto& report : watch::end()) ADD_FAILURE() << "reported although nothing was misused: " << report;
    EXPECT_EQ(current_irql(), 0) << "the test leaves the thread at a raised level";
    EXPECT_FALSE(apcs_disabled() || all_apcs_disabled()) << "the test leaves APCs disabled";
    reset_thread();
}

}  // namespace ddi::suite
