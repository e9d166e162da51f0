// What a generated test includes: objects, threads, choreographies, and the fixture that starts each test on a clean thread.
#pragma once

#include <gtest/gtest.h>

#include "conformance/suite/behaviour.h"
#include "conformance/suite/callback.h"
#include "conformance/suite/function.h"
#include "conformance/suite/misuse.h"
#include "conformance/suite/objects.h"

namespace ddi::suite {

/// Every test leaves the thread as it found it, and a correct use is never reported by the checking wrappers.
class ConformanceTest : public ::testing::Test {
  protected:
    void SetUp() override;
    void TearDown() override;
};

}  // namespace ddi::suite
