#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <nlohmann/json.hpp>

#include "generator/emit/emit.h"
#include "generator/emit/stubs/sample_model.h"

namespace ddi::emit {
namespace {

using nlohmann::json;
using page::PageKind;
using stubs::add_api;
using stubs::add_rule;
using testing::ElementsAre;
namespace clause = facts::clause;

/// Exit code of validate_model.py on that model.
int validate(const std::string& schema, const std::string& model) {
    std::string name = (std::filesystem::temp_directory_path() / "ddi-data-XXXXXX").string();
    std::filesystem::path folder = mkdtemp(name.data());
    std::ofstream(folder / "schema.json", std::ios::binary) << schema;
    std::ofstream(folder / "model.json", std::ios::binary) << model;
    std::string command = "python3 '" DDI_SOURCE_DIR "/generator/emit/data/validate_model.py' '" + (folder / "schema.json").string() +
                          "' '" + (folder / "model.json").string() + "'";
    int status = std::system(command.c_str());
    std::filesystem::remove_all(folder);
    return WEXITSTATUS(status);
}

/// A routine with a clause of every kind there is.
model::Model every_clause() {
    model::Model model;
    model.source_name = "docs";
    auto& api =
        add_api(model, PageKind::function, "wdm.h", "XxAll", "NTSTATUS XxAll(_Inout_ PVOID Lock, _In_opt_ PLARGE_INTEGER Timeout);");
    facts::Object lock{"spin lock", "Lock"};
    facts::Condition when;
    when.all.push_back({facts::Comparison::Subject::pointee, "Timeout", "==", "0"});
    when.text = "if *Timeout is 0";
    for (facts::ClauseContent content : std::vector<facts::ClauseContent>{
             clause::IrqlEntry{facts::LevelSet::at_most(facts::Level::apc)},
             clause::IrqlRaise{facts::Level::dispatch, ""},
             clause::IrqlRaise{facts::Level::dispatch, "NewIrql"},
             clause::IrqlSave{{facts::Place::Kind::object, "Lock"}},
             clause::IrqlRestore{{facts::Place::Kind::object, "Lock"}},
             clause::IrqlUnchanged{},
             clause::Initialize{lock},
             clause::Destroy{lock},
             clause::RequiresInitialized{lock, {"XxInit"}},
             clause::Acquire{lock, facts::Mode::shared, true},
             clause::Release{lock, facts::Mode::exclusive},
             clause::ReleaseWith{lock, {"XxRelease"}},
             clause::Releases{lock, {"XxAcquire"}},
             clause::ReleasesNot{lock, {"XxOther"}},
             clause::Owner{lock},
             clause::Recursion{lock, clause::RecursionRule::deadlock},
             clause::Waits{lock, false},
             clause::ApcDisable{clause::Apcs::all},
             clause::ApcEnable{clause::Apcs::normal},
             clause::RequiresApcsDisabled{clause::Apcs::all},
             clause::Returns{"STATUS_TIMEOUT"},
             clause::ReturnsPreviousIrql{},
             clause::ReturnsCurrentIrql{},
             clause::Argument{"NewIrql", {"XxRaise"}, ">="},
             clause::HeldOnEntry{{"filter control mutex", ""}},
             clause::NotCombined{lock, {"XxOther"}},
             clause::Pending{"STATUS_PENDING", "XxMark", "XxComplete"},
             clause::SameObject{{"control mutex", "Pin"}, "filter"},
             clause::Resident{"Lock"},
             clause::Aligned{"Lock", 8},
             clause::ArgumentValue{"Timeout", "!=", {"NULL"}},
             clause::Optional{"Timeout"},
             clause::ArgumentSame{"Lock", {"XxAcquire"}, true},
             clause::PrecededBy{lock, {"XxInit"}},
             clause::FollowedBy{lock, {"XxWait"}, true},
             clause::AfterwardsOnly{lock, {"XxRelease"}},
             clause::Order{"Lock", {"First", "Second"}},
             clause::SetsState{lock, "signaled"},
             clause::Convert{lock, facts::Mode::exclusive, facts::Mode::shared, false},
             clause::RequiresHeld{lock, facts::Mode::exclusive, {}},
             clause::NotHeldOnEntry{lock},
             clause::SameProcessor{lock},
             clause::SameIrql{lock},
             clause::ReturnsValue{"previous-state", lock},
             clause::Stores{"Timeout", "removed-entry"},
             clause::Operation{"insert-head", "Lock"},
             clause::Atomic{"Lock", {"XxOther"}},
             clause::RaisesStatus{"STATUS_MUTANT_LIMIT_EXCEEDED"},
             clause::BugCheck{"0xC"},
             clause::Calls{"Lock", facts::LevelSet::at_most(facts::Level::apc), lock},
             clause::Called{lock},
         }) {
        add_rule(api, std::move(content), when);
    }
    return model;
}

TEST(Data, EveryKindOfClauseIsInTheSchema) {
    auto model = every_clause();
    text::Diagnostics diagnostics;
    auto files = emit_data(model, diagnostics);
    auto read = json::parse(files["data/model.json"]);
    // One of each: the list above must grow with the family.
    std::set<std::string> kinds;
    for (const auto& clause : read["functions"][0]["clauses"]) kinds.insert(clause["kind"].get<std::string>());
    EXPECT_EQ(kinds.size(), std::variant_size_v<facts::ClauseContent>);
    int code = validate(files["data/model.schema.json"], files["data/model.json"]);
    if (code == 77) GTEST_SKIP() << "python3-jsonschema is not installed";
    EXPECT_EQ(code, 0);
}

TEST(Data, TheSchemaRefusesWhatItDoesNotName) {
    auto model = every_clause();
    text::Diagnostics diagnostics;
    auto files = emit_data(model, diagnostics);
    const auto& schema = files["data/model.schema.json"];
    if (validate(schema, files["data/model.json"]) == 77) GTEST_SKIP() << "python3-jsonschema is not installed";
    auto good = json::parse(files["data/model.json"]);
    auto refused = [&](const char* what, auto change) {
        json bad = good;
        change(bad);
        EXPECT_EQ(validate(schema, bad.dump()), 1) << what;
    };
    refused("a member that is not there", [](json& j) { j["functions"][0]["surprise"] = 1; });
    refused("a missing member", [](json& j) { j["functions"][0].erase("irql"); });
    refused("a level that is none", [](json& j) { j["functions"][0]["irql"]["entry"] = {"LOW"}; });
    refused("content of another kind", [](json& j) { j["functions"][0]["clauses"][0]["content"] = {{"value", "x"}}; });
    refused("a kind that is none", [](json& j) { j["functions"][0]["clauses"][0]["kind"] = "magic"; });
}

TEST(Data, SaysWhatIsKnownAndNullWhereNothingIs) {
    model::Model model;
    auto& api = add_api(model, PageKind::function, "wdm.h", "XxRaise", "VOID XxRaise(_In_ KIRQL NewIrql, _Out_ PKIRQL OldIrql);");
    api.irql.verbatim = "<= DISPATCH_LEVEL";
    api.irql.status = facts::IrqlStatus::understood;
    api.irql.entry = facts::LevelSet::at_most(facts::Level::apc);
    add_rule(api, clause::IrqlSave{{facts::Place::Kind::pointee, "OldIrql"}});
    add_rule(api, clause::IrqlRaise{facts::Level::dispatch, ""});
    add_api(model, PageKind::callback, "wdm.h", "XX_ROUTINE", "");
    text::Diagnostics diagnostics;
    auto read = json::parse(emit_data(model, diagnostics)["data/model.json"]);
    const auto& function = read["functions"][0];
    EXPECT_EQ(function["name"], "XxRaise");
    EXPECT_EQ(function["kind"], "function");
    EXPECT_EQ(function["library"], nullptr);
    EXPECT_EQ(function["signature"]["return"], "void");
    EXPECT_EQ(function["signature"]["parameters"][1]["type"], "PKIRQL");
    EXPECT_EQ(function["signature"]["parameters"][1]["direction"], "out");
    EXPECT_EQ(function["signature"]["line"], 2);
    EXPECT_THAT(function["irql"]["entry"], ElementsAre("PASSIVE_LEVEL", "APC_LEVEL"));
    // The order of events, not that of the rules.
    EXPECT_EQ(function["irql"]["effect"], "raises to DISPATCH_LEVEL, saves the previous IRQL in *OldIrql");
    const auto& callback = read["callbacks"][0];
    EXPECT_EQ(callback["signature"], nullptr);
    EXPECT_EQ(callback["irql"]["entry"], nullptr);
    EXPECT_EQ(callback["irql"]["effect"], nullptr);
    EXPECT_EQ(read["counts"]["kinds"]["function"], 1);
}

TEST(Data, BytesThatAreNotUtf8DoNotReachTheFile) {
    model::Model model;
    add_api(model, PageKind::function, "wdm.h", "XxA", "VOID XxA(VOID);").brief = "caf\xE9 \"quoted\" \x01 </script>";
    text::Diagnostics diagnostics;
    auto files = emit_data(model, diagnostics);
    EXPECT_EQ(json::parse(files["data/model.json"])["functions"][0]["brief"], "caf\xEF\xBF\xBD \"quoted\" \x01 </script>");
}

}  // namespace
}  // namespace ddi::emit
