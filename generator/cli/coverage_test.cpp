// What must be understood of the newest revision: the bars below which a change is a loss.
#include <gtest/gtest.h>

#include <fstream>

#include "generator/cli/coverage.h"
#include "generator/text/environment_error.h"

namespace {

using namespace ddi;

TEST(Coverage, OfTheNewestRevision) {
    cli::Progress quiet(false);
    cli::ReadOptions options;
    options.source = std::string(DDI_CORPUS) + "@docs-2024-03-27";
    cli::Documentation documentation;
    try {
        documentation = cli::read_documentation(options, quiet);
    } catch (const text::EnvironmentError&) {
        GTEST_SKIP() << "the corpus is not there";
    }
    auto coverage = cli::coverage_json(documentation);
    std::printf("%s\n", coverage.dump(1).c_str());
    EXPECT_EQ(coverage["pages"], 24360);
    EXPECT_EQ(coverage["api_pages"], 23888);
    EXPECT_EQ(coverage["unreadable"], 0);
    EXPECT_EQ(coverage["functions"], 10013);
    std::size_t signatures = 0;
    for (const auto& [origin, count] : coverage["functions_with_signature"].items()) signatures += count.get<std::size_t>();
    EXPECT_GE(signatures, 7700U);
    EXPECT_GE(coverage["irql_understood"].get<double>(), 0.98 * coverage["irql_present"].get<double>());
    // Every value that is not understood is reported.
    std::size_t missed = coverage["irql_present"].get<std::size_t>() - coverage["irql_understood"].get<std::size_t>();
    std::size_t reported =
        coverage["diagnostics"].contains("irql-not-understood") ? coverage["diagnostics"]["irql-not-understood"].get<std::size_t>() : 0;
    EXPECT_GE(reported, missed);
}

}  // namespace
