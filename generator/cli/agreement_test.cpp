// Our pages say what upstream's say: for every routine of docs-src, facts and clauses are compared with the page of the same UID in
// the newest upstream revision, by rule id and content. docs-src/exceptions.yaml lists what differs on purpose, with reasons.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>

#include "generator/cli/pipeline.h"
#include "generator/page/data_file.h"
#include "generator/text/environment_error.h"

namespace {

using namespace ddi;

/// One routine's facts as comparable lines: "irql: <= DISPATCH_LEVEL", "DDI-…: acquire …".
std::map<std::string, std::string> lines_of(const model::Api& api) {
    std::map<std::string, std::string> lines;
    std::string prefix = "DDI-" + api.uid.header + "-" + api.name;
    lines[prefix + " header"] = api.header.value;
    lines[prefix + " library"] = api.library.value;
    lines[prefix + " irql"] = api.irql.verbatim;
    lines[prefix + " min-client"] = api.min_client.value;
    std::string compliance;
    for (const auto& rule : api.compliance) compliance += rule + " ";
    lines[prefix + " compliance"] = compliance;
    if (api.signature) {
        for (const auto& parameter : api.signature->parameters) {
            lines[prefix + " direction of " + parameter.name] = facts::direction_name(parameter.direction);
        }
    }
    for (const auto& rule : api.rules) lines[rule.id] = facts::canonical_clause(rule.clause);
    return lines;
}

std::map<std::string, std::string> read_exceptions() {
    std::string path = std::string(DDI_SOURCE_DIR) + "/docs-src/exceptions.yaml";
    std::ifstream stream(path, std::ios::binary);
    auto source = std::make_shared<const text::SourceText>(path, std::string(std::istreambuf_iterator<char>(stream), {}));
    text::Diagnostics diagnostics;
    auto root = page::read_data_file(source, diagnostics);
    for (const auto& diagnostic : diagnostics) ADD_FAILURE() << text::format_diagnostic(diagnostic, false);
    std::map<std::string, std::string> reasons;
    if (const auto* list = root.find("exceptions")) {
        for (const auto& entry : list->items) reasons[entry.text("id")] = entry.text("reason");
    }
    return reasons;
}

TEST(Agreement, DocsSrcAgreesWithUpstream) {
    cli::Progress quiet(false);
    cli::ReadOptions own, upstream;
    own.source = std::string(DDI_SOURCE_DIR) + "/docs-src";
    upstream.source = std::string(DDI_CORPUS) + "@docs-2024-03-27";
    upstream.overlays = own.source + "/overlays";
    upstream.want_history = false;
    cli::Documentation theirs;
    try {
        theirs = cli::read_documentation(upstream, quiet);
    } catch (const text::EnvironmentError&) {
        GTEST_SKIP() << "the corpus is not there";
    }
    auto ours = cli::read_documentation(own, quiet);
    auto exceptions = read_exceptions();
    std::set<std::string> used;
    std::size_t routines = 0, compared = 0, differing = 0;
    for (const auto& api : ours.model.apis) {
        if (!api.is_routine()) continue;
        const model::Api* other = theirs.model.find(api.uid.key);
        if (other == nullptr) {
            ADD_FAILURE() << api.uid.text << " is not in the newest upstream revision";
            continue;
        }
        ++routines;
        auto mine = lines_of(api), upstreams = lines_of(*other);
        // The declarations on our pages give directions to parameters that upstream's page of today leaves open.
        std::set<std::string> keys;
        for (const auto& [key, line] : mine) keys.insert(key);
        for (const auto& [key, line] : upstreams) keys.insert(key);
        for (const auto& key : keys) {
            auto a = mine.find(key), b = upstreams.find(key);
            bool direction = key.find(" direction of ") != std::string::npos;
            if (direction && (b == upstreams.end() || a == mine.end())) continue;
            ++compared;
            if (a != mine.end() && b != upstreams.end() && a->second == b->second) continue;
            if (exceptions.contains(key) && !exceptions[key].empty()) {
                used.insert(key), ++differing;
                continue;
            }
            ADD_FAILURE() << api.page << "\n  " << key << "\n    ours:     " << (a == mine.end() ? "(nothing)" : a->second)
                          << "\n    upstream: " << (b == upstreams.end() ? "(nothing)" : b->second);
        }
    }
    for (const auto& [id, reason] : exceptions) {
        if (!used.contains(id)) ADD_FAILURE() << "docs-src/exceptions.yaml lists " << id << ", which does not differ";
    }
    EXPECT_GE(routines, 85U);
    RecordProperty("compared", std::to_string(compared));
    RecordProperty("exceptions", std::to_string(differing));
    std::printf("%zu routines, %zu facts compared, %zu exceptions\n", routines, compared, differing);
}

}  // namespace
