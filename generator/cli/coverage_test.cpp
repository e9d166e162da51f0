// What must be understood of the newest revision: the bars below which a change is a loss.
#include <gtest/gtest.h>

#include <fstream>
#include <optional>

#include "generator/cli/coverage.h"
#include "generator/cli/header_coverage.h"
#include "generator/text/environment_error.h"

namespace {

using namespace ddi;

/// Read once for all tests; nothing where the corpus is not there.
const cli::Documentation* newest_revision() {
    static const auto documentation = []() -> std::optional<cli::Documentation> {
        cli::Progress quiet(false);
        cli::ReadOptions options;
        options.source = std::string(DDI_CORPUS) + "@docs-2024-03-27";
        try {
            return cli::read_documentation(options, quiet);
        } catch (const text::EnvironmentError&) {
            return std::nullopt;
        }
    }();
    return documentation ? &*documentation : nullptr;
}

TEST(Coverage, OfTheNewestRevision) {
    const auto* documentation = newest_revision();
    if (documentation == nullptr) GTEST_SKIP() << "the corpus is not there";
    auto coverage = cli::coverage_json(*documentation);
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

TEST(Coverage, OfEveryHeader) {
    const auto* documentation = newest_revision();
    if (documentation == nullptr) GTEST_SKIP() << "the corpus is not there";
    auto coverage = cli::header_coverage_json(*documentation);
    const auto& totals = coverage["totals"];
    std::printf("%s\n", totals.dump(1).c_str());
    EXPECT_GE(coverage["headers"].size(), 430U);
    auto declared = [&](const char* kind) { return totals[kind]["declared"].get<std::size_t>(); };
    EXPECT_GE(declared("function"), 8430U);
    EXPECT_GE(declared("callback"), 2800U);
    EXPECT_GE(declared("structure"), 4720U);
    EXPECT_GE(declared("enumeration"), 2390U);
    for (const auto& [file, header] : coverage["headers"].items()) {
        EXPECT_FALSE(header["technology"].get<std::string>().empty()) << file;
        for (const auto& entry : header["not_whole"]) EXPECT_FALSE(entry["reason"].get<std::string>().empty()) << file << ": " << entry;
    }
}

}  // namespace
