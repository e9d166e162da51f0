// Runs the tests, and fails any that does not leave its thread as it found it: the next one would start from there.
#include <gtest/gtest.h>

#include "conformance/kernel/observe.h"

namespace {

class CleanThread : public testing::EmptyTestEventListener {
    void OnTestEnd(const testing::TestInfo&) override {
        const ddi::kernel::observe::Snapshot end = ddi::kernel::observe::snapshot();
        EXPECT_EQ(end.irql, PASSIVE_LEVEL);
        EXPECT_EQ(end.held(), 0u);
        EXPECT_EQ(end.critical_regions, 0);
        EXPECT_EQ(end.guarded_regions, 0);
        ddi::kernel::observe::reset_current_thread();
    }
};

}  // namespace

int main(int argc, char** argv) {
    testing::InitGoogleTest(&argc, argv);
    testing::UnitTest::GetInstance()->listeners().Append(new CleanThread);
    return RUN_ALL_TESTS();
}
