// Every declaration of the real documentation, all revisions: what is parsed, and that printing it and parsing it again changes
// nothing.
#include <gtest/gtest.h>

#include <array>
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

constexpr std::array<const char*, 6> tags = {"docs-2024-03-27", "docs-2022-12-30", "docs-2020-12-23",
                                             "docs-2018-12-28", "docs-2018-04-03", "docs-2018-01-19"};

std::optional<Uid> uid_of(std::string_view bytes) {
    const std::size_t at = bytes.find("\nUID:");
    if (at == std::string_view::npos) return std::nullopt;
    return parse_uid(bytes.substr(at + 5, bytes.find_first_of("\r\n", at + 5) - at - 5));
}

bool is_routine(const Uid& uid) { return uid.kind == "nf" || uid.kind == "nc"; }

TEST(DeclarationCorpus, EveryRevision) {
    std::set<std::string> functions, declared, typed;
    std::size_t functions_today = 0, declared_today = 0, typed_today = 0;
    std::vector<std::string> todays;
    for (const char* tag : tags) {
        const auto source = open(tag);
        if (!source) GTEST_SKIP() << "the corpus is not there";
        std::size_t blocks = 0, parsed = 0, lost = 0, routines = 0, routines_typed = 0;
        for (const source::Entry& entry : source->entries()) {
            const std::string bytes = source->read(entry);
            const auto uid = uid_of(bytes);
            if (!uid) continue;
            if (tag == tags[0] && uid->kind == "nf") todays.push_back(uid->key);
            const auto raw = page::read_raw_declaration(bytes);
            if (!raw || uid->kind == "ni" || uid->kind == "nn") continue;
            ++blocks;
            const DeclarationResult result = parse_declaration(raw->text, uid->name);
            ASSERT_TRUE(result.declaration || result.error) << entry.path;
            if (!result.declaration) continue;
            ++parsed;
            const DeclarationResult again = parse_declaration(print_declaration(*result.declaration), result.declaration->name);
            if (!again.declaration || *again.declaration != *result.declaration) {
                ++lost;
                ADD_FAILURE() << tag << " " << entry.path << "\n" << print_declaration(*result.declaration);
            }
            if (is_routine(*uid)) {
                ++routines;
                routines_typed += result.declaration->typed();
            }
            if (uid->kind == "nf") {
                declared.insert(uid->key);
                if (result.declaration->typed()) typed.insert(uid->key);
            }
        }
        std::printf("%s: %zu blocks, %zu parsed, %zu routines, %zu of them typed\n", tag, blocks, parsed, routines, routines_typed);
        EXPECT_EQ(lost, 0U) << tag;
        EXPECT_GE(parsed * 100, blocks * 99) << tag;
        EXPECT_GE(parsed, std::string_view(tag) == "docs-2018-04-03" ? 17400U : 1U);
    }
    functions_today = todays.size();
    for (const std::string& key : todays) {
        declared_today += declared.contains(key);
        typed_today += typed.contains(key);
    }
    std::printf("%zu functions today, %zu with a declaration in some revision, %zu with a typed one\n", functions_today, declared_today,
                typed_today);
    EXPECT_GE(declared_today, 7800U);
    EXPECT_GE(typed_today, 7700U);
}

TEST(DeclarationCorpus, ParameterCountsAgreeWithTheHeadings) {
    const auto source = open("docs-2018-04-03");
    if (!source) GTEST_SKIP() << "the corpus is not there";
    std::size_t typed = 0, different = 0;
    for (const source::Entry& entry : source->entries()) {
        const page::Page page = page::read_page(entry.path, source->read(entry));
        if (!page.is_api || (page.kind != page::PageKind::function && page.kind != page::PageKind::callback)) continue;
        Facts facts;
        facts.source = page.source;
        facts.kind = page.kind;
        facts.uid = parse_uid(page.uid).value_or(Uid{});
        facts.name = facts.uid.name;
        extract_parameters(page, facts);
        extract_declaration(page, facts);
        typed += facts.declaration && facts.declaration->value.typed();
        for (const auto& diagnostic : facts.diagnostics) different += diagnostic.code == "declaration-parameter-count";
    }
    std::printf("%zu typed declarations, %zu with another number of parameters than headings\n", typed, different);
    EXPECT_GE(typed, 10200U);
    EXPECT_LE(different * 100, typed);
}

}  // namespace
}  // namespace ddi::facts
