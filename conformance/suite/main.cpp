// Runs the generated tests. GoogleTest's own main, except that a thread that a broken implementation never gave back must not keep the
// process from ending.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

#include "conformance/suite/actor.h"

int main(int argc, char** argv) {
    testing::InitGoogleTest(&argc, argv);
    int result = RUN_ALL_TESTS();
    if (ddi::suite::Actor::any_abandoned()) {
        std::fflush(nullptr);
        std::_Exit(result == 0 ? 1 : result);
    }
    return result;
}
