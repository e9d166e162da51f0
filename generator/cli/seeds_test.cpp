// The five pages that the project began with, verbatim, in four generations of the format: what must be read from each.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "generator/cli/pipeline.h"

namespace {

using namespace ddi;
using testing::ElementsAre;

const std::string folder = std::string(DDI_SOURCE_DIR) + "/../shared/seeds";

class Seeds : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        if (!std::filesystem::is_directory(folder)) return;
        cli::Progress quiet(false);
        cli::ReadOptions options;
        options.source = folder;
        documentation = cli::read_documentation(options, quiet);
    }
    void SetUp() override {
        if (documentation.model.apis.empty()) GTEST_SKIP() << "the corpus is not there: " << folder;
    }
    static const model::Api& api(const std::string& name) { return *documentation.model.find_name(name).at(0); }
    static const facts::Clause* rule(const std::string& id) {
        for (const auto& api : documentation.model.apis) {
            for (const auto& rule : api.rules) {
                if (rule.id == id) return &rule.clause;
            }
        }
        return nullptr;
    }
    static std::vector<std::string> parameters(const model::Api& api) {
        std::vector<std::string> names;
        for (const auto& parameter : api.signature->parameters) names.push_back(parameter.type + " " + parameter.name);
        return names;
    }
    static inline cli::Documentation documentation;
};

TEST_F(Seeds, GiveHeaderLibraryAndIrql) {
    struct Expected {
        const char *name, *header, *library;
        std::optional<facts::LevelSet> irql;
    };
    auto passive = facts::LevelSet::at(facts::Level::passive), dispatch = facts::LevelSet::at(facts::Level::dispatch);
    for (const auto& expected :
         {Expected{"PFNKSPINIRP", "ks.h", "", std::nullopt}, Expected{"KsPinReleaseProcessingMutex", "ks.h", "Ks.lib", passive},
          Expected{"KsReleaseDevice", "ks.h", "Ks.lib", passive},
          Expected{"VideoPortReleaseDeviceLock", "video.h", "Videoprt.lib", passive},
          Expected{"VideoPortReleaseSpinLock", "video.h", "Videoprt.lib", dispatch}}) {
        EXPECT_EQ(api(expected.name).header.value, expected.header);
        EXPECT_EQ(api(expected.name).library.value, expected.library);
        EXPECT_EQ(api(expected.name).irql.entry, expected.irql) << expected.name;
    }
}

TEST_F(Seeds, VideoPortReleaseSpinLockRestoresTheIrqlInNewIrql) {
    const auto* restore = rule("DDI-video-VideoPortReleaseSpinLock-irql-restore");
    ASSERT_NE(restore, nullptr);
    EXPECT_EQ(std::get<facts::clause::IrqlRestore>(restore->content).from, (facts::Place{facts::Place::Kind::parameter, "NewIrql"}));
}

TEST_F(Seeds, TheStaleParameterHeadingIsReportedAndTheThreeRealOnesKept) {
    EXPECT_THAT(parameters(api("VideoPortReleaseSpinLock")),
                ElementsAre("PVOID HwDeviceExtension", "PSPIN_LOCK SpinLock", "UCHAR NewIrql"));
    const auto& diagnostics = documentation.model.diagnostics;
    auto stale = std::find_if(diagnostics.begin(), diagnostics.end(), [](const auto& d) { return d.code == "stale-parameter-heading"; });
    ASSERT_NE(stale, diagnostics.end());
    EXPECT_EQ(stale->source->path(), "nf-video-videoportreleasespinlock.md");
    EXPECT_THAT(std::string(stale->source->line(stale->source->position(stale->span.begin).line)), testing::HasSubstr("### -param param"));
}

TEST_F(Seeds, PfnkspinirpHasItsPrototypeAndTheFilterControlMutexHeld) {
    EXPECT_EQ(api("PFNKSPINIRP").signature->return_type, "NTSTATUS");
    EXPECT_EQ(api("PFNKSPINIRP").signature->origin, facts::Origin::declaration);
    EXPECT_THAT(parameters(api("PFNKSPINIRP")), ElementsAre("PKSPIN Pin", "PIRP Irp"));
    const auto* held = rule("DDI-ks-PFNKSPINIRP-held-on-entry-filter-control-mutex");
    ASSERT_NE(held, nullptr);
    EXPECT_THAT(held->cite.verbatim, testing::HasSubstr("held while"));
    EXPECT_NE(rule("DDI-ks-PFNKSPINIRP-pending"), nullptr);
}

TEST_F(Seeds, HaveASignatureEach) {
    ASSERT_EQ(documentation.model.apis.size(), 5U);
    for (const auto& api : documentation.model.apis) {
        ASSERT_TRUE(api.signature.has_value()) << api.name;
        EXPECT_TRUE(api.signature->typed()) << api.name;
    }
    for (const char* name : {"KsPinReleaseProcessingMutex", "KsReleaseDevice", "VideoPortReleaseDeviceLock", "VideoPortReleaseSpinLock"}) {
        EXPECT_NE(rule("DDI-" + api(name).uid.header + "-" + name + "-release"), nullptr) << name;
    }
}

}  // namespace
