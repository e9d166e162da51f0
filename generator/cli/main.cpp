// The command line: ddigen generate | lint | coverage | show | publish. Results go to stdout, everything else to stderr.
// Exit code 0: clean, 1: findings, 2: usage or environment.
#include <fmt/format.h>
#include <tbb/global_control.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <optional>

#include "generator/cli/commands.h"
#include "generator/text/environment_error.h"

namespace {

using namespace ddi::cli;

void add_source_options(CLI::App* command, CommandOptions& options) {
    command->add_option("source", options.read.source, "A folder of pages, or REPOSITORY@REVISION")->capture_default_str();
    command->add_option("--history", options.read.history, "Revisions to search for declarations, newest first (default: all earlier ones)")
        ->delimiter(',');
    command->add_option("--overlays", options.read.overlays, "Folder of overlay files (default: SOURCE/overlays, else the built-in ones)");
    command->add_option("--jobs", options.jobs, "Threads; 0: one for each processor")->check(CLI::Range(0, 1024))->capture_default_str();
}

int run(int argc, char** argv) {
    CommandOptions options;
    options.color = ::isatty(STDERR_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
    CLI::App app{"ddigen: a compiler from driver documentation to contracts"};
    app.require_subcommand(1);
    app.set_version_flag("--version", std::string("ddigen " DDI_VERSION));

    auto* generate = app.add_subcommand("generate", "Write headers, wrappers, tests, data and reference");
    add_source_options(generate, options);
    generate->add_option("--out", options.out, "Folder to write to")->required();
    generate->add_option("--only", options.only, "Parts to write: stubs, wrappers, tests, reference, data")
        ->delimiter(',')
        ->check(CLI::IsMember({"stubs", "wrappers", "tests", "reference", "data"}));
    generate->add_flag("--check", options.check, "Write nothing; exit with 1 if the folder differs from what would be written");

    auto* lint = app.add_subcommand("lint", "List what is wrong with the documentation");
    add_source_options(lint, options);
    lint->add_option("--format", options.format, "text or json")->check(CLI::IsMember({"text", "json"}))->capture_default_str();

    auto* coverage = app.add_subcommand("coverage", "Count what was understood and where facts came from");
    add_source_options(coverage, options);
    coverage->add_option("--format", options.format, "text or json")->check(CLI::IsMember({"text", "json"}))->capture_default_str();

    auto* headers =
        coverage->add_flag("--headers", options.headers, "Of each header: what its stub declares, from where, and what is missing");
    auto* contracts =
        coverage->add_flag("--contracts", options.contracts, "Of each normative sentence: the clause it became, or why it became none")
            ->excludes(headers);
    coverage->add_option("--uids", options.uids, "With --contracts: a file of UIDs, one a line or in the column \"uid\"")->needs(contracts);

    auto* show = app.add_subcommand("show", "Print one API's contract");
    show->add_option("name", options.name, "Name of a function, callback or type")->required();
    add_source_options(show, options);

    auto* publish = app.add_subcommand("publish", "Write the reference as a static site");
    add_source_options(publish, options);
    publish->add_option("--out", options.out, "Folder to write to")->required();

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        // CLI11 has codes of its own; help and version are a success, all else is usage.
        return app.exit(error, std::cout, std::cerr) == 0 ? 0 : 2;
    }
    std::optional<tbb::global_control> limit;
    if (options.jobs > 0) limit.emplace(tbb::global_control::max_allowed_parallelism, options.jobs);
    if (generate->parsed()) return run_generate(options);
    if (lint->parsed()) return run_lint(options);
    if (coverage->parsed()) return run_coverage(options);
    if (show->parsed()) return run_show(options);
    options.only = {"reference"};
    return run_generate(options);
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const ddi::text::EnvironmentError& error) {
        fmt::print(stderr, "ddigen: {}\n", error.what());
        return 2;
    }
}
