// docs-src is written by us: no run of eight words is shared with an upstream page beyond names, type names and fixed headings.
#include <gtest/gtest.h>

#include <cctype>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "generator/page/page.h"
#include "generator/source/source.h"

namespace {

using namespace ddi;

constexpr std::size_t run_length = 8;

/// Words of running text in lower case; an empty word stands where a run is broken: a name, a constant, a number, the end of a block.
std::vector<std::string> words_of(const std::string& text) {
    std::vector<std::string> words;
    std::string word;
    bool broken = false;
    auto finish = [&] {
        if (word.empty()) return;
        std::size_t capitals = 0, after_lower = 0;
        for (std::size_t i = 0; i < word.size(); ++i) {
            bool upper = std::isupper(static_cast<unsigned char>(word[i])) != 0;
            capitals += upper;
            after_lower += upper && i > 0 && std::islower(static_cast<unsigned char>(word[i - 1])) != 0;
        }
        bool name = broken || after_lower > 0 || (capitals == word.size() && word.size() > 1);
        for (auto& c : word) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        words.push_back(name ? std::string() : word);
        word.clear();
        broken = false;
    };
    for (char c : text) {
        auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) != 0 || c == '_' || c == '\'') {
            broken = broken || c == '_' || std::isdigit(byte) != 0;
            word += c;
        } else {
            finish();
        }
    }
    finish();
    words.emplace_back();
    return words;
}

std::vector<std::string> runs_of(const page::Page& page) {
    std::vector<std::string> runs;
    auto add = [&](const std::string& text) {
        auto words = words_of(text);
        for (std::size_t i = 0; i + run_length <= words.size(); ++i) {
            std::string run;
            for (std::size_t j = i; j < i + run_length && !words[j].empty(); ++j) {
                run += words[j] + (j + 1 < i + run_length ? " " : "");
                if (j + 1 == i + run_length) runs.push_back(run);
            }
        }
    };
    add(std::string(page.value("description")));
    for (const auto& section : page.sections) {
        for (const auto& block : section.blocks) {
            if (block.kind != text::BlockKind::code) add(block.text);
        }
    }
    return runs;
}

TEST(OwnWords, BreakAtNamesConstantsAndNumbers) {
    EXPECT_EQ(words_of("The IRQL is 2, see KeX and PASSIVE_LEVEL."),
              (std::vector<std::string>{"the", "", "is", "", "see", "", "and", "", ""}));
}

TEST(OwnWords, FindARunOfEight) {
    page::Page page;
    page.sections.push_back({2, "-remarks", {}, {{}}});
    page.sections[0].blocks[0].text = "one two three four five six seven eight nine";
    EXPECT_EQ(runs_of(page).size(), 2U);
}

TEST(OwnWords, DocsSrcSharesNoRunWithUpstream) {
    std::unique_ptr<source::Source> upstream;
    try {
        upstream = source::open_source(std::string(DDI_CORPUS) + "@docs-2024-03-27");
    } catch (const std::exception&) {
        GTEST_SKIP() << "the corpus is not there";
    }
    std::unordered_map<std::string, std::string> ours;
    auto docs = source::open_source(std::string(DDI_SOURCE_DIR) + "/docs-src");
    for (const auto& entry : docs->entries()) {
        for (auto& run : runs_of(page::read_page(entry.path, docs->read(entry)))) ours.emplace(std::move(run), entry.path);
    }
    ASSERT_GT(ours.size(), 1000U);
    std::set<std::string> shared;
    for (const auto& entry : upstream->entries()) {
        for (const auto& run : runs_of(page::read_page(entry.path, upstream->read(entry)))) {
            if (auto found = ours.find(run); found != ours.end()) shared.insert(found->second + ": \"" + run + "\" (" + entry.path + ")");
        }
    }
    for (const auto& line : shared) ADD_FAILURE() << line;
}

}  // namespace
