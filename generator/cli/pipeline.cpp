#include "generator/cli/pipeline.h"

#include <tbb/parallel_for.h>

#include <filesystem>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

#include "generator/cli/attribution.h"
#include "generator/cli/history.h"
#include "generator/cli/overlays.h"
#include "generator/model/resolve.h"
#include "generator/page/page.h"
#include "generator/source/source.h"

namespace ddi::cli {

namespace {

/// One page's way through the first two stages.
struct PageResult {
    std::optional<facts::Facts> facts;  // API pages
    text::Diagnostics diagnostics;      // of reading
    bool unreadable = false;
};

PageResult read_one(const source::Source& source, const source::Entry& entry) {
    PageResult result;
    page::Page page = page::read_page(entry.path, source.read(entry));
    if (page.is_api) result.facts = facts::extract_facts(page);
    for (const auto& diagnostic : page.diagnostics) result.unreadable = result.unreadable || diagnostic.severity == text::Severity::error;
    result.diagnostics = std::move(page.diagnostics);
    return result;
}

std::set<std::string> keys_without_declaration(const std::vector<facts::Facts>& facts) {
    std::set<std::string> keys;
    for (const auto& page : facts) {
        bool declarable = page.kind == page::PageKind::function || page.kind == page::PageKind::callback ||
                          page.kind == page::PageKind::structure || page.kind == page::PageKind::enumeration;
        bool has_one = page.declaration && page.declaration->value.typed();
        if (declarable && !has_one) keys.insert(page.uid.key);
    }
    return keys;
}

std::string overlay_folder(const ReadOptions& options) {
    if (!options.overlays.empty()) return options.overlays;
    std::string own = options.source + "/overlays";
    return std::filesystem::is_directory(own) ? own : std::string();
}

}  // namespace

Documentation read_documentation(const ReadOptions& options, Progress& progress) {
    Documentation documentation;
    auto source = source::open_source(options.source);
    const auto& entries = source->entries();
    progress.stage("reading " + source->name(), entries.size());
    std::vector<PageResult> results(entries.size());
    tbb::parallel_for(std::size_t{0}, entries.size(), [&](std::size_t i) {
        results[i] = read_one(*source, entries[i]);
        progress.step();
    });

    model::ResolveInput input;
    input.source_name = source->name();
    input.revision = source->revision();
    input.attribution = attribution_line(source->name(), source->licence());
    for (auto& result : results) {
        std::move(result.diagnostics.begin(), result.diagnostics.end(), std::back_inserter(input.diagnostics));
        if (result.unreadable) {
            ++documentation.counts.unreadable;
        } else if (!result.facts) {
            ++documentation.counts.other_pages;
        }
        if (result.facts) input.facts.push_back(std::move(*result.facts));
    }
    documentation.counts.pages = entries.size();
    documentation.counts.api_pages = input.facts.size();
    if (options.want_history) {
        std::set<std::string> known;
        for (const auto& facts : input.facts) known.insert(facts.uid.key);
        input.history = find_historic_declarations(source::open_history(options.source, options.history),
                                                   keys_without_declaration(input.facts), known, progress);
    }
    input.overlay = load_overlays(overlay_folder(options), input.diagnostics);
    progress.stage("resolving", 0);
    documentation.model = model::resolve_model(std::move(input));
    progress.clear();
    return documentation;
}

}  // namespace ddi::cli
