// Every page of every tagged revision of the real documentation: read, classified, and true to its source.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "generator/page/page.h"
#include "generator/source/source.h"

namespace ddi::page {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

bool have_corpus() { return std::filesystem::exists(DDI_CORPUS "/HEAD"); }

/// Calls `visit(index, entry, bytes)` for each page of a revision, on two threads.
template <class Visit>
std::size_t each_page(const std::string& revision, Visit visit) {
    const auto source = source::open_source(std::string(DDI_CORPUS "@") + revision);
    const std::vector<source::Entry>& entries = source->entries();
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
        for (std::size_t i = next++; i < entries.size(); i = next++) visit(i, entries[i], source->read(entries[i]));
    };
    std::thread other(work);
    work();
    other.join();
    return entries.size();
}

/// What one revision's pages came to.
struct Census {
    std::size_t pages = 0;
    std::atomic<std::size_t> api{0};
    std::mutex mutex;
    std::map<std::string, std::size_t> codes;  // pages with that diagnostic
    std::map<std::string, std::size_t> kinds;  // API pages
    std::vector<std::string> silent;           // neither an API page nor a reason
    std::size_t words = 0;
    std::size_t misplaced = 0;  // words that do not stand where their place says
    std::vector<std::string> wrong_lines;
};

/// Words of a block stand where the block says: on the same line, spelled the same. Words with escapes or entities are not asked.
void check_places(const Page& page, const text::Block& block, Census& census) {
    const std::string_view file = page.source->bytes();
    std::size_t words = 0, misplaced = 0;
    std::string example;
    for (std::size_t i = 0; i < block.places.size(); ++i) {
        const auto [at, place] = block.places[i];
        const std::size_t limit = i + 1 < block.places.size() ? block.places[i + 1].first : block.text.size();
        std::size_t end = at;
        while (end < limit && std::isalnum(static_cast<unsigned char>(block.text[end])) != 0) ++end;
        if (end == at) continue;
        ++words;
        if (file.substr(place, end - at) == std::string_view(block.text).substr(at, end - at)) continue;
        ++misplaced;
        if (page.source->line(page.source->position(place).line).find(block.text.substr(at, end - at)) == std::string_view::npos) {
            example = page.source->path() + ":" + std::to_string(page.source->position(place).line) + " " + block.text.substr(at, 40);
        }
    }
    const std::lock_guard lock(census.mutex);
    census.words += words;
    census.misplaced += misplaced;
    if (!example.empty()) census.wrong_lines.push_back(example);
}

void read_revision(const std::string& revision, Census& census) {
    census.pages = each_page(revision, [&](std::size_t, const source::Entry& entry, std::string bytes) {
        const Page page = read_page(entry.path, std::move(bytes));
        if (page.is_api) ++census.api;
        std::map<std::string, std::size_t> codes;
        for (const text::Diagnostic& diagnostic : page.diagnostics) codes[diagnostic.code] = 1;
        for (const text::Section& section : page.sections) {
            for (const text::Block& block : section.blocks) {
                if (block.kind != text::BlockKind::html_comment) check_places(page, block, census);
            }
        }
        const std::lock_guard lock(census.mutex);
        for (const auto& [code, count] : codes) census.codes[code] += count;
        if (page.is_api) ++census.kinds[kind_name(page.kind)];
        if (!page.is_api && !codes.contains("not-an-api-page")) census.silent.push_back(entry.path);
    });
}

struct Expected {
    const char* revision;
    std::size_t pages;     // markdown files, as git ls-tree counts them
    std::size_t api;       // without the headers' indexes, TOC.md and the files at the root
    std::size_t not_yaml;  // pages of which yaml-cpp refuses the front matter
};

class EveryRevision : public testing::TestWithParam<Expected> {};

TEST_P(EveryRevision, IsReadWithoutALoss) {
    if (!have_corpus()) GTEST_SKIP() << "the corpus is not there: " << DDI_CORPUS;
    Census census;
    read_revision(GetParam().revision, census);
    EXPECT_EQ(census.pages, GetParam().pages);
    EXPECT_EQ(census.api, GetParam().api);
    EXPECT_THAT(census.silent, IsEmpty());
    EXPECT_EQ(census.codes["not-an-api-page"], census.pages - census.api);
    EXPECT_EQ(census.codes["not-utf8"], 0u);
    EXPECT_EQ(census.codes["front-matter-not-closed"], 0u);
    EXPECT_EQ(census.codes["front-matter-not-yaml"], GetParam().not_yaml);
    // Only the table of contents of April 2018 (1.9 MB) is beyond the limits.
    EXPECT_EQ(census.codes["page-too-large"], GetParam().revision == std::string("docs-2018-04-03") ? 1u : 0u);
    EXPECT_GT(census.words, 500'000u);
    EXPECT_LT(census.misplaced, census.words / 10'000);
    EXPECT_LT(census.wrong_lines.size(), 5u) << testing::PrintToString(census.wrong_lines);
}

INSTANTIATE_TEST_SUITE_P(Corpus, EveryRevision,
                         testing::Values(Expected{"docs-2018-01-19", 17'426, 16'735, 5'129},
                                         Expected{"docs-2018-04-03", 19'832, 19'024, 72}, Expected{"docs-2018-12-28", 22'074, 21'555, 51},
                                         Expected{"docs-2020-12-23", 22'634, 22'188, 0}, Expected{"docs-2022-12-30", 24'146, 23'675, 0},
                                         Expected{"docs-2024-03-27", 24'360, 23'888, 0}),
                         [](const auto& info) {
                             std::string name = info.param.revision;
                             std::replace(name.begin(), name.end(), '-', '_');
                             return name;
                         });

TEST(NewestRevision, HasTheKindsThatItsFileNamesSay) {
    if (!have_corpus()) GTEST_SKIP() << "the corpus is not there: " << DDI_CORPUS;
    Census census;
    read_revision("docs-2024-03-27", census);
    EXPECT_THAT(census.kinds, ElementsAre(Pair("area", 2), Pair("callback", 3026), Pair("enumeration", 2399), Pair("function", 10'013),
                                          Pair("interface", 420), Pair("ioctl", 772), Pair("list", 20), Pair("structure", 7236)));
}

/// The front matter between the first two `---` lines.
std::string front_matter_of(const std::string& bytes) {
    std::size_t begin = bytes.starts_with("\xEF\xBB\xBF") ? 3 : 0;
    if (bytes.compare(begin, 3, "---") != 0) return {};
    begin = bytes.find('\n', begin) + 1;
    const std::size_t end = bytes.find("\n---", begin - 1);
    return end == std::string::npos ? std::string() : bytes.substr(begin, end + 1 - begin);
}

/// yaml-cpp is the judge of what is YAML, page by page.
TEST(January2018, IsNotYamlExactlyWhereYamlCppSaysSo) {
    if (!have_corpus()) GTEST_SKIP() << "the corpus is not there: " << DDI_CORPUS;
    std::mutex mutex;
    std::vector<std::string> disagree;
    std::size_t refused = 0;
    each_page("docs-2018-01-19", [&](std::size_t, const source::Entry& entry, const std::string& bytes) {
        bool yaml = true;
        try {
            YAML::Load(front_matter_of(bytes));
        } catch (const YAML::Exception&) {
            yaml = false;
        }
        const Page page = read_page(entry.path, bytes);
        const bool reported = std::any_of(page.diagnostics.begin(), page.diagnostics.end(),
                                          [](const text::Diagnostic& d) { return d.code == "front-matter-not-yaml"; });
        const std::lock_guard lock(mutex);
        refused += yaml ? 0 : 1;
        if (reported == yaml) disagree.push_back(entry.path);
    });
    EXPECT_EQ(refused, 5'129u);
    EXPECT_THAT(disagree, IsEmpty());
}

/// Where yaml-cpp reads the front matter, our reading of it is the same.
TEST(NewestRevision, FieldsAreWhatYamlCppReads) {
    if (!have_corpus()) GTEST_SKIP() << "the corpus is not there: " << DDI_CORPUS;
    std::mutex mutex;
    std::vector<std::string> disagree;
    std::atomic<std::size_t> fields{0};
    each_page("docs-2024-03-27", [&](std::size_t i, const source::Entry& entry, const std::string& bytes) {
        if (i % 5 != 0) return;  // yaml-cpp takes its time
        const Page page = read_page(entry.path, bytes);
        const YAML::Node node = YAML::Load(front_matter_of(bytes));
        if (!node.IsMap()) return;
        for (const auto& pair : node) {
            const Field* field = page.field(pair.first.Scalar());
            std::vector<std::string> values;
            if (pair.second.IsSequence()) {
                for (const YAML::Node& item : pair.second) values.push_back(item.Scalar());
            } else {
                values.push_back(pair.second.IsScalar() ? pair.second.Scalar() : "");
            }
            ++fields;
            if (field != nullptr && field->values == values && field->is_list == pair.second.IsSequence()) continue;
            const std::lock_guard lock(mutex);
            disagree.push_back(entry.path + " " + pair.first.Scalar());
        }
    });
    EXPECT_GT(fields, 100'000u);
    EXPECT_THAT(disagree, IsEmpty());
}

/// The fast reader of declarations finds what the markdown parser finds, in the two revisions that have them.
TEST(Revisions2018, RawDeclarationsAreTheParsersCodeBlocks) {
    if (!have_corpus()) GTEST_SKIP() << "the corpus is not there: " << DDI_CORPUS;
    std::map<std::string, std::size_t> found;
    for (const char* revision : {"docs-2018-01-19", "docs-2018-04-03"}) {
        std::atomic<std::size_t> count{0};
        std::mutex mutex;
        std::vector<std::string> disagree;
        each_page(revision, [&](std::size_t, const source::Entry& entry, const std::string& bytes) {
            const auto raw = read_raw_declaration(bytes);
            if (raw) ++count;
            const Page page = read_page(entry.path, bytes);
            const text::Block* code = nullptr;
            for (const char* heading : {"-syntax", "-prototype"}) {
                const text::Section* section = page.section(heading);
                if (section == nullptr || code != nullptr) continue;
                for (const text::Block& block : section->blocks) {
                    if (block.kind == text::BlockKind::code && code == nullptr) code = &block;
                }
            }
            const bool same =
                raw.has_value() ? code != nullptr && code->text == raw->text && code->places[0].second == raw->span.begin : code == nullptr;
            const std::lock_guard lock(mutex);
            if (!same) disagree.push_back(entry.path);
        });
        found[revision] = count;
        EXPECT_THAT(disagree, IsEmpty()) << revision;
    }
    EXPECT_EQ(found["docs-2018-04-03"], 17'540u);
    EXPECT_GT(found["docs-2018-01-19"], 15'000u);
}

}  // namespace
}  // namespace ddi::page
