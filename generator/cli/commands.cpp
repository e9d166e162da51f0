#include "generator/cli/commands.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

#include "generator/cli/contract_coverage.h"
#include "generator/cli/coverage.h"
#include "generator/cli/header_coverage.h"
#include "generator/cli/output_folder.h"
#include "generator/cli/show.h"
#include "generator/emit/emit.h"

namespace ddi::cli {

namespace {

struct Part {
    const char* name;
    text::FileSet (*emit)(const model::Model&, text::Diagnostics&);
    std::vector<std::string> roots;  // first path components it writes
};

const std::vector<Part>& parts() {
    static const std::vector<Part> all = {
        {"stubs", emit::emit_stubs, {"include"}},
        {"wrappers", emit::emit_wrappers, {"wrappers"}},
        {"tests", emit::emit_tests, {"tests", "rules.json"}},
        {"reference", emit::emit_reference, {"reference"}},
        {"data", emit::emit_data, {"data"}},
    };
    return all;
}

Documentation read(const CommandOptions& options) {
    Progress progress(::isatty(STDERR_FILENO) != 0);
    return read_documentation(options.read, progress);
}

/// Errors are what makes output wrong: a page that could not be read, an overlay that was not understood.
std::size_t print_errors(const text::Diagnostics& diagnostics, bool color) {
    std::size_t count = 0;
    for (const auto& diagnostic : diagnostics) {
        if (diagnostic.severity != text::Severity::error) continue;
        fmt::print(stderr, "{}", text::format_diagnostic(diagnostic, color));
        ++count;
    }
    return count;
}

int check(const CommandOptions& options, const text::FileSet& files, const std::vector<std::string>& roots) {
    auto findings = check_files(options.out, files, roots);
    for (const auto& finding : findings) fmt::print("{}\n", finding);
    if (findings.empty()) return 0;
    fmt::print(stderr, "ddigen: {} of {} differ from what {} generates\n", findings.size(), options.out, options.read.source);
    return 1;
}

}  // namespace

int run_generate(const CommandOptions& options) {
    Documentation documentation = read(options);
    text::Diagnostics diagnostics = documentation.model.diagnostics;
    text::FileSet files;
    std::vector<std::string> roots;
    for (const auto& part : parts()) {
        bool wanted = options.only.empty() || std::find(options.only.begin(), options.only.end(), part.name) != options.only.end();
        if (!wanted) continue;
        files.merge(part.emit(documentation.model, diagnostics));
        roots.insert(roots.end(), part.roots.begin(), part.roots.end());
    }
    if (std::size_t errors = print_errors(diagnostics, options.color); errors != 0) {
        fmt::print(stderr, "ddigen: {} {}; nothing was written\n", errors, errors == 1 ? "error" : "errors");
        return 1;
    }
    if (options.check) return check(options, files, roots);
    WriteResult result = write_files(options.out, files, roots);
    fmt::print(stderr,
               "ddigen: {} APIs from {} pages; {}: {} files written, {} unchanged, {} removed; {} warnings (ddigen lint lists them)\n",
               documentation.model.apis.size(), documentation.counts.pages, options.out, result.written, result.unchanged, result.removed,
               std::count_if(diagnostics.begin(), diagnostics.end(), [](const auto& d) { return d.severity == text::Severity::warning; }));
    return 0;
}

int run_lint(const CommandOptions& options) {
    Documentation documentation = read(options);
    const auto& diagnostics = documentation.model.diagnostics;
    if (options.format == "json") {
        nlohmann::ordered_json list = nlohmann::ordered_json::array();
        for (const auto& diagnostic : diagnostics) {
            nlohmann::ordered_json item;
            item["code"] = diagnostic.code;
            item["severity"] = text::severity_name(diagnostic.severity);
            if (diagnostic.source) {
                auto position = diagnostic.source->position(diagnostic.span.begin);
                item["page"] = diagnostic.source->path();
                item["line"] = position.line;
                item["column"] = position.column;
            }
            item["message"] = diagnostic.message;
            list.push_back(std::move(item));
        }
        fmt::print("{}\n", list.dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
    } else {
        bool color = options.color && ::isatty(STDOUT_FILENO) != 0;
        for (const auto& diagnostic : diagnostics) fmt::print("{}", text::format_diagnostic(diagnostic, color));
    }
    fmt::print(stderr, "ddigen: {} findings in {} pages\n", diagnostics.size(), documentation.counts.pages);
    return diagnostics.empty() ? 0 : 1;
}

int run_coverage(const CommandOptions& options) {
    const std::set<std::string> uids = options.uids.empty() ? std::set<std::string>() : read_uids(options.uids);
    const Documentation documentation = read(options);
    auto json = options.contracts ? contract_coverage_json(documentation, uids)
                : options.headers ? header_coverage_json(documentation)
                                  : coverage_json(documentation);
    if (options.format == "json") {
        fmt::print("{}\n", json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
    } else {
        auto text = options.contracts ? contract_coverage_text : options.headers ? header_coverage_text : coverage_text;
        fmt::print("{}", text(json));
    }
    return 0;
}

int run_show(const CommandOptions& options) {
    Documentation documentation = read(options);
    auto found = documentation.model.find_name(options.name);
    for (const auto* api : found) fmt::print("{}", show_text(*api));
    if (!found.empty()) return 0;
    std::string message = fmt::format("ddigen: no page of {} is about \"{}\"", options.read.source, text::escape_terminal(options.name));
    if (auto near = nearest_names(documentation.model, options.name); !near.empty())
        message += fmt::format("; did you mean {}?", fmt::join(near, ", "));
    fmt::print(stderr, "{}\n", message);
    return 1;
}

}  // namespace ddi::cli
