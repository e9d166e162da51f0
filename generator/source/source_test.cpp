#include "generator/source/source.h"

#include <git2.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "generator/text/environment_error.h"

namespace ddi::source {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A folder of its own for each test, gone afterwards.
class SourceTest : public testing::Test {
  protected:
    SourceTest()
        : root_(fs::path(testing::TempDir()) /
                ("ddi_source_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()))) {
        fs::remove_all(root_);
        fs::create_directories(root_);
    }
    ~SourceTest() override { fs::remove_all(root_); }

    void write(const std::string& path, const std::string& bytes) const {
        fs::create_directories((root_ / path).parent_path());
        std::ofstream(root_ / path, std::ios::binary) << bytes;
    }
    std::string root() const { return root_.string(); }
    std::string message_of(const std::string& spec) const {
        try {
            open_source(spec);
        } catch (const text::EnvironmentError& error) {
            return error.what();
        }
        return "no error";
    }
    static std::vector<std::string> paths(const Source& source) {
        std::vector<std::string> out;
        for (const Entry& entry : source.entries()) out.push_back(entry.path);
        return out;
    }

    fs::path root_;
};

TEST_F(SourceTest, AFolderGivesItsMarkdownSortedByBytes) {
    write("wdm/nf-b.md", "b");
    write("wdm/nf-A.MD", "a\r\n");
    write("README.md", "r");
    write("wdm/note.txt", "no page");
    write(".git/COMMIT.md", "no page");
    write("wdm/sub (1)/x y.md", "x");
    const auto source = open_source(root());
    EXPECT_THAT(paths(*source), ElementsAre("README.md", "wdm/nf-A.MD", "wdm/nf-b.md", "wdm/sub (1)/x y.md"));
    EXPECT_EQ(source->read(source->entries()[1]), "a\r\n");
    EXPECT_EQ(source->name(), root());
    EXPECT_EQ(source->revision(), "");
    EXPECT_EQ(source->entries()[0].content_id, "");
    EXPECT_THAT(open_history(root()), IsEmpty());
}

TEST_F(SourceTest, BadFoldersAreOneClearSentence) {
    write("empty/note.txt", "");
    write("file", "# v2 git bundle\n");
    EXPECT_THAT(message_of(root() + "/empty"), HasSubstr("no markdown file in"));
    EXPECT_THAT(message_of(root() + "/missing"), HasSubstr("there is no folder"));
    EXPECT_THAT(message_of(root() + "/missing@main"), HasSubstr("there is no repository at"));
    EXPECT_THAT(message_of(root() + "/file"), HasSubstr("is a file"));
    EXPECT_THAT(message_of(root() + "/file@main"), HasSubstr("git clone"));
    EXPECT_THAT(message_of(root() + "/empty@main"), HasSubstr("not a git repository"));
    EXPECT_THAT(message_of(""), HasSubstr("no source named"));
    EXPECT_THAT(message_of(root() + "/empty@"), HasSubstr("names no revision"));
}

TEST_F(SourceTest, AFileThatVanishesIsAnEnvironmentError) {
    write("a.md", "a");
    const auto source = open_source(root());
    fs::remove(root_ / "a.md");
    EXPECT_THROW(source->read(source->entries()[0]), text::EnvironmentError);
}

/// Commits are made with libgit2 itself: no git program, no user configuration.
class GitTest : public SourceTest {
  protected:
    GitTest() {
        git_libgit2_init();
        EXPECT_EQ(git_repository_init(&repository_, root().c_str(), 0), 0);
    }
    ~GitTest() override {
        git_repository_free(repository_);
        git_libgit2_shutdown();
    }

    using Files = std::initializer_list<std::pair<std::string, std::string>>;

    /// A commit on top of `parent` (or on nothing), with a tag if one is named. Seconds since 1970.
    git_oid commit(Files files, std::int64_t time, const git_oid* parent, const char* tag = nullptr) {
        git_index* index = nullptr;
        git_index_new(&index);
        for (const auto& [path, bytes] : files) {
            git_oid blob;
            git_blob_create_from_buffer(&blob, repository_, bytes.data(), bytes.size());
            git_index_entry entry{};
            entry.mode = GIT_FILEMODE_BLOB;
            entry.id = blob;
            entry.path = path.c_str();
            EXPECT_EQ(git_index_add(index, &entry), 0);
        }
        git_oid tree_id, commit_id;
        EXPECT_EQ(git_index_write_tree_to(&tree_id, index, repository_), 0);
        git_tree* tree = nullptr;
        git_tree_lookup(&tree, repository_, &tree_id);
        git_signature* signature = nullptr;
        git_signature_new(&signature, "A Writer", "writer@example.com", time, 0);
        git_commit* parent_commit = nullptr;
        if (parent != nullptr) git_commit_lookup(&parent_commit, repository_, parent);
        const git_commit* parents[] = {parent_commit};
        EXPECT_EQ(git_commit_create(&commit_id, repository_, nullptr, signature, signature, nullptr, "pages", tree,
                                    parent != nullptr ? 1 : 0, parents),
                  0);
        if (tag != nullptr) {
            git_object* object = nullptr;
            git_object_lookup(&object, repository_, &commit_id, GIT_OBJECT_COMMIT);
            git_oid ignored;
            EXPECT_EQ(git_tag_create_lightweight(&ignored, repository_, tag, object, 0), 0);
            git_object_free(object);
        }
        git_commit_free(parent_commit);
        git_signature_free(signature);
        git_tree_free(tree);
        git_index_free(index);
        return commit_id;
    }
    std::string at(const std::string& revision) const { return root() + "@" + revision; }

    git_repository* repository_ = nullptr;
};

constexpr std::int64_t day = 24 * 60 * 60;

TEST_F(GitTest, ARevisionIsReadWithoutACheckout) {
    const git_oid first = commit({{"wdm/a.md", "old"}}, day, nullptr, "v1");
    commit({{"wdm/a.md", "new"}, {"wdm/b.MD", "b"}, {"x.txt", ""}}, 2 * day, &first, "v2");
    const auto source = open_source(at("v2"));
    EXPECT_THAT(paths(*source), ElementsAre("wdm/a.md", "wdm/b.MD"));
    EXPECT_EQ(source->read(source->entries()[0]), "new");
    EXPECT_EQ(source->revision().size(), 40u);
    EXPECT_EQ(source->name(), at("v2"));
    const auto older = open_source(at("v2^"));
    EXPECT_EQ(older->read(older->entries()[0]), "old");
    EXPECT_NE(older->entries()[0].content_id, source->entries()[0].content_id);
    EXPECT_THAT(message_of(at("v3")), HasSubstr("has no revision v3"));
}

TEST_F(GitTest, ATreeIsNoRevisionAndARevisionWithoutPagesIsNoSource) {
    commit({{"x.txt", ""}}, day, nullptr, "empty");
    EXPECT_THAT(message_of(at("empty^{tree}")), HasSubstr("has no revision"));
    EXPECT_THAT(message_of(at("empty")), HasSubstr("no markdown file in"));
}

TEST_F(GitTest, HistoryIsNewestFirstAndNamesTags) {
    const git_oid first = commit({{"a.md", "1"}}, 17 * day, nullptr, "v1");
    const git_oid second = commit({{"a.md", "2"}}, 18 * day, &first);
    const git_oid third = commit({{"a.md", "3"}}, 19 * day, &second, "v3");
    commit({{"a.md", "4"}}, 20 * day, &third, "v4");
    const auto history = open_history(at("v3"));
    ASSERT_EQ(history.size(), 2u);
    EXPECT_EQ(history[0].label, history[0].id.substr(0, 12));
    EXPECT_EQ(history[1].label, "v1");
    EXPECT_EQ(history[1].date, "1970-01-18");
    EXPECT_EQ(history[0].pages->read(history[0].pages->entries()[0]), "2");
    EXPECT_EQ(history[1].pages->read(history[1].pages->entries()[0]), "1");
    EXPECT_THAT(open_history(at("v1")), IsEmpty());
}

TEST_F(GitTest, OfALongHistoryTheNewestOfEachMonthAndTheTaggedOnes) {
    // Ninety days from 1970-01-02: the last of January, February and March, and the one with a tag.
    git_oid last = commit({{"a.md", "0"}}, day, nullptr);
    for (int i = 1; i < 90; ++i) last = commit({{"a.md", std::to_string(i)}}, (1 + i) * day, &last, i == 40 ? "worth-it" : nullptr);
    commit({{"a.md", "now"}}, 120 * day, &last, "now");
    std::vector<std::string> dates;
    for (const auto& revision : open_history(at("now"))) dates.push_back(revision.date);
    EXPECT_THAT(dates, ElementsAre("1970-04-01", "1970-03-31", "1970-02-28", "1970-02-11", "1970-01-31"));
}

TEST_F(GitTest, UnrelatedSnapshotsAreOrderedByDate) {
    commit({{"a.md", "1"}}, 1 * day, nullptr, "old");
    commit({{"a.md", "2"}}, 2 * day, nullptr, "middle");
    commit({{"a.md", "3"}}, 3 * day, nullptr, "new");
    commit({{"a.md", "4"}}, 4 * day, nullptr, "newer");
    const auto history = open_history(at("new"));
    ASSERT_EQ(history.size(), 2u);
    EXPECT_EQ(history[0].label, "middle");
    EXPECT_EQ(history[1].label, "old");
}

TEST_F(GitTest, OnlyTheRevisionsThatAreNamed) {
    const git_oid first = commit({{"a.md", "1"}}, 1 * day, nullptr, "v1");
    const git_oid second = commit({{"a.md", "2"}}, 2 * day, &first, "v2");
    commit({{"a.md", "3"}}, 3 * day, &second, "v3");
    const auto history = open_history(at("v3"), {"v1", "v2"});
    ASSERT_EQ(history.size(), 2u);
    EXPECT_EQ(history[0].label, "v1");
    EXPECT_EQ(history[1].label, "v2");
    EXPECT_THROW(open_history(at("v3"), {"v0"}), text::EnvironmentError);
}

TEST_F(GitTest, ManyThreadsReadOneSource) {
    commit({{"a.md", std::string(20'000, 'a')}, {"b.md", std::string(30'000, 'b')}, {"c.md", std::string(10, 'c')}}, day, nullptr, "v1");
    const auto source = open_source(at("v1"));
    std::vector<std::thread> threads;
    std::atomic<int> wrong{0};
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&] {
            for (int i = 0; i < 300; ++i) {
                const Entry& entry = source->entries()[static_cast<std::size_t>(i % 3)];
                const std::string bytes = source->read(entry);
                if (bytes.empty() || bytes.find_first_not_of(entry.path[0]) != std::string::npos) ++wrong;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace ddi::source
