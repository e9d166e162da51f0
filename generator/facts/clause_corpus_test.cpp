// The real documentation: every req.irql value of all revisions.
#include <gtest/gtest.h>

#include <array>
#include <map>
#include <set>

#include "generator/facts/facts.h"
#include "generator/page/page.h"
#include "generator/source/source.h"
#include "generator/text/environment_error.h"

namespace ddi::facts {
namespace {

std::unique_ptr<source::Source> open(const std::string& tag) {
    try {
        return source::open_source(std::string(DDI_CORPUS) + "@" + tag);
    } catch (const text::EnvironmentError&) {
        return nullptr;
    }
}

std::string_view irql_line(std::string_view bytes) {
    constexpr std::string_view key = "\nreq.irql:";
    const std::size_t at = bytes.find(key);
    if (at == std::string_view::npos) return {};
    return bytes.substr(at + key.size(), bytes.find_first_of("\r\n", at + key.size()) - at - key.size());
}

TEST(ClauseCorpus, EveryIrqlOfEveryRevision) {
    for (const char* tag :
         {"docs-2018-01-19", "docs-2018-04-03", "docs-2018-12-28", "docs-2020-12-23", "docs-2022-12-30", "docs-2024-03-27"}) {
        const auto source = open(tag);
        if (!source) GTEST_SKIP() << "the corpus is not there";
        std::map<IrqlStatus, std::size_t> count;
        std::set<std::string> strange;
        for (const source::Entry& entry : source->entries()) {
            const std::string bytes = source->read(entry);
            const IrqlExpression expression = parse_irql(irql_line(bytes));
            ++count[expression.status];
            if (expression.status == IrqlStatus::not_understood) strange.insert(std::string(irql_line(bytes)));
            if (expression.status == IrqlStatus::understood) {
                ASSERT_EQ(parse_irql(print_irql(expression)), expression) << entry.path;
            }
        }
        const double states = static_cast<double>(count[IrqlStatus::understood] + count[IrqlStatus::not_understood]);
        EXPECT_GT(states, 3000) << tag;
        EXPECT_GE(static_cast<double>(count[IrqlStatus::understood]) / states, 0.98) << tag;
        for (const std::string& value : strange) std::cout << tag << ": not understood: " << value << "\n";
    }
}

}  // namespace
}  // namespace ddi::facts
