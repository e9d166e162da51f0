// The tool as a user meets it: exit codes, messages, nothing half-written. Runs the built program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

struct Outcome {
    int code = -1;
    std::string out, err;
};

std::string read_file(const fs::path& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

void write_file(const fs::path& path, const std::string& bytes) {
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
}

class Tool : public testing::Test {
  protected:
    void SetUp() override {
        std::string name = testing::TempDir() + "ddigen-XXXXXX";
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        folder_ = name;
    }
    void TearDown() override { fs::remove_all(folder_); }

    Outcome run(const std::string& arguments) const {
        std::string command =
            std::string(DDI_TOOL) + " " + arguments + " >" + (folder_ / "out").string() + " 2>" + (folder_ / "err").string();
        int status = std::system(command.c_str());
        return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_file(folder_ / "out"), read_file(folder_ / "err")};
    }
    std::string path(const std::string& name) const { return (folder_ / name).string(); }

    static std::map<std::string, std::string> files_below(const fs::path& root) {
        std::map<std::string, std::string> files;
        for (const auto& entry : fs::recursive_directory_iterator(root)) {
            if (entry.is_regular_file()) files[entry.path().lexically_relative(root).generic_string()] = read_file(entry.path());
        }
        return files;
    }

    fs::path folder_;
};

const std::string docs = std::string(DDI_SOURCE_DIR) + "/docs-src";

TEST_F(Tool, SaysThatAFolderIsMissing) {
    auto outcome = run("generate " + path("nowhere") + " --out " + path("gen"));
    EXPECT_EQ(outcome.code, 2);
    EXPECT_THAT(outcome.err, HasSubstr("nowhere"));
    EXPECT_FALSE(fs::exists(path("gen")));
}

TEST_F(Tool, SaysThatAFolderHasNoPages) {
    fs::create_directories(path("empty"));
    auto outcome = run("generate " + path("empty") + " --out " + path("gen"));
    EXPECT_EQ(outcome.code, 2);
    EXPECT_THAT(outcome.err, HasSubstr("empty"));
    EXPECT_FALSE(fs::exists(path("gen")));
}

TEST_F(Tool, SaysThatARevisionDoesNotExist) {
    ASSERT_EQ(std::system(("git init -q " + path("repo")).c_str()), 0);
    auto outcome = run("coverage " + path("repo") + "@no-such-tag");
    EXPECT_EQ(outcome.code, 2);
    EXPECT_THAT(outcome.err, HasSubstr("no-such-tag"));
}

TEST_F(Tool, ShowsWhereAPageIsNotUtf8AndWritesNothing) {
    write_file(folder_ / "docs/wdm/nf-wdm-kex.md", "---\nUID: NF:wdm.KeX\ntitle: KeX\n---\n\n# KeX\n\n## -description\n\nbad \xff byte\n");
    auto outcome = run("generate " + path("docs") + " --out " + path("gen"));
    EXPECT_EQ(outcome.code, 1);
    EXPECT_THAT(outcome.err, HasSubstr("wdm/nf-wdm-kex.md:10:5"));
    EXPECT_THAT(outcome.err, HasSubstr("^"));
    EXPECT_FALSE(fs::exists(path("gen")));
}

TEST_F(Tool, SaysThatTheOutputFolderCannotBeWritten) {
    // Root may write anywhere a mode forbids: a file in the folder's place refuses everybody.
    write_file(folder_ / "gen", "a file");
    auto outcome = run("generate " + docs + " --out " + path("gen"));
    EXPECT_EQ(outcome.code, 2);
    EXPECT_THAT(outcome.err, HasSubstr("gen"));
    EXPECT_EQ(read_file(folder_ / "gen"), "a file");
}

TEST_F(Tool, LeavesAReadOnlyOutputFolderAsItWas) {
    fs::create_directories(path("gen"));
    ASSERT_EQ(::chmod(path("gen").c_str(), 0555), 0);
    if (::access(path("gen").c_str(), W_OK) == 0) {
        // A super-user is refused only by the file system: a proc folder is read-only for everybody.
        auto outcome = run("generate " + docs + " --out /proc/self/ddigen");
        EXPECT_EQ(outcome.code, 2);
        EXPECT_THAT(outcome.err, HasSubstr("/proc/self/ddigen"));
        return;
    }
    auto outcome = run("generate " + docs + " --out " + path("gen"));
    EXPECT_EQ(outcome.code, 2);
    EXPECT_TRUE(fs::is_empty(path("gen")));
}

TEST_F(Tool, TakesUnknownOptionsForMisuse) {
    EXPECT_EQ(run("generate --no-such-option").code, 2);
    EXPECT_EQ(run("").code, 2);
    EXPECT_EQ(run("--help").code, 0);
}

TEST_F(Tool, ProposesNamesForAMistypedOne) {
    auto outcome = run("show KeAcquireSpinLok " + docs);
    EXPECT_EQ(outcome.code, 1);
    EXPECT_THAT(outcome.err, HasSubstr("KeAcquireSpinLock"));
}

TEST_F(Tool, WritesTheSameBytesWithAnyNumberOfJobs) {
    ASSERT_EQ(run("generate " + docs + " --jobs 1 --out " + path("one")).code, 0);
    ASSERT_EQ(run("generate " + docs + " --jobs 2 --out " + path("two")).code, 0);
    EXPECT_EQ(files_below(path("one")), files_below(path("two")));
}

TEST_F(Tool, FindsEveryHandEdit) {
    ASSERT_EQ(run("generate " + docs + " --out " + path("gen")).code, 0);
    EXPECT_EQ(run("generate " + docs + " --check --out " + path("gen")).code, 0);
    auto before = files_below(path("gen"));
    ASSERT_GT(before.size(), 20U);
    for (const auto& [file, content] : before) {
        if (file.starts_with(".")) continue;
        write_file(folder_ / "gen" / file, content + " ");
        auto outcome = run("generate " + docs + " --check --only " +
                           (file.starts_with("include")     ? "stubs"
                            : file.starts_with("wrappers")  ? "wrappers"
                            : file.starts_with("data")      ? "data"
                            : file.starts_with("reference") ? "reference"
                                                            : "tests") +
                           " --out " + path("gen"));
        EXPECT_EQ(outcome.code, 1) << file;
        EXPECT_THAT(outcome.out, HasSubstr("differs: " + file));
        write_file(folder_ / "gen" / file, content);
        if (file.starts_with("reference")) break;  // one page stands for the site's many
    }
    fs::remove(folder_ / "gen/rules.json");
    EXPECT_THAT(run("generate " + docs + " --check --out " + path("gen")).out, HasSubstr("missing: rules.json"));
    write_file(folder_ / "gen/include/stray.h", "");
    EXPECT_THAT(run("generate " + docs + " --check --out " + path("gen")).out, HasSubstr("not generated: include/stray.h"));
}

TEST_F(Tool, TouchesOnlyWhatChangedAndRemovesOnlyItsOwn) {
    ASSERT_EQ(run("generate " + docs + " --only stubs --out " + path("gen")).code, 0);
    auto header = folder_ / "gen/include/wdm.h";
    ASSERT_TRUE(fs::exists(folder_ / "gen/include/ndis.h"));
    auto time = fs::last_write_time(header) - std::chrono::hours(1);
    fs::last_write_time(header, time);
    write_file(folder_ / "gen/include/mine.h", "mine");
    ASSERT_EQ(run("generate " + docs + " --only stubs --out " + path("gen")).code, 0);
    EXPECT_EQ(fs::last_write_time(header), time);
    fs::create_directories(folder_ / "docs");
    fs::copy(docs + "/video", folder_ / "docs/video", fs::copy_options::recursive);
    ASSERT_EQ(run("generate " + path("docs") + " --only stubs --out " + path("gen")).code, 0);
    EXPECT_FALSE(fs::exists(folder_ / "gen/include/ndis.h"));
    EXPECT_EQ(read_file(folder_ / "gen/include/mine.h"), "mine");
}

}  // namespace
