#include "generator/cli/header_coverage.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "generator/emit/stubs/header_report.h"

namespace ddi::cli {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::array kinds = {page::PageKind::function,    page::PageKind::callback,  page::PageKind::structure,
                              page::PageKind::enumeration, page::PageKind::interface, page::PageKind::ioctl};

/// One kind of API in one header, or in all.
struct Count {
    std::size_t documented = 0;
    std::map<std::string, std::size_t> whole;  // origin → declared in full
    std::map<std::string, std::size_t> other;  // partial, opaque, named, missing

    void add(const emit::StubEntry& entry) {
        ++documented;
        ++(entry.state == emit::StubState::whole ? whole[facts::origin_name(entry.origin)] : other[emit::state_name(entry.state)]);
    }
    Json json() const {
        Json json;
        json["documented"] = documented;
        std::size_t sum = 0;
        for (const auto& [origin, count] : whole) sum += count;
        json["declared"] = sum;
        json["declared_by_origin"] = whole;
        for (const auto& [state, count] : other) json[state] = count;
        return json;
    }
};

using Counts = std::map<page::PageKind, Count>;

void write(Json& json, const Counts& counts) {
    for (auto kind : kinds) {
        if (auto found = counts.find(kind); found != counts.end()) json[page::kind_name(kind)] = found->second.json();
    }
}

/// The technology of most pages; of equals the first by name.
std::string technology_of(const std::vector<emit::StubEntry>& entries) {
    std::map<std::string, std::size_t> pages;
    for (const auto& entry : entries) ++pages[entry.api->technology];
    auto most = std::max_element(pages.begin(), pages.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    return most == pages.end() ? std::string() : most->first;
}

}  // namespace

Json header_coverage_json(const Documentation& documentation) {
    Json headers = Json::object();
    Counts totals;
    for (const auto& [file, entries] : emit::report_headers(documentation.model)) {
        Counts counts;
        Json not_whole = Json::array();
        for (const auto& entry : entries) {
            if (std::find(kinds.begin(), kinds.end(), entry.api->kind) == kinds.end()) continue;  // a page that lists others
            counts[entry.api->kind].add(entry);
            totals[entry.api->kind].add(entry);
            if (entry.state == emit::StubState::whole) continue;
            not_whole.push_back({{"name", entry.api->name},
                                 {"kind", page::kind_name(entry.api->kind)},
                                 {"state", emit::state_name(entry.state)},
                                 {"reason", entry.reason},
                                 {"page", entry.api->page}});
        }
        Json header;
        header["technology"] = technology_of(entries);
        write(header, counts);
        header["not_whole"] = std::move(not_whole);
        headers[file] = std::move(header);
    }
    Json json;
    json["source"] = documentation.model.source_name;
    json["revision"] = documentation.model.revision;
    write(json["totals"], totals);
    json["headers"] = std::move(headers);
    return json;
}

std::string header_coverage_text(const Json& coverage) {
    std::string text;
    auto line = [&](const std::string& name, const Json& counts) {
        text += fmt::format("{:<34}", name);
        for (auto kind : kinds) {
            const char* key = page::kind_name(kind);
            std::string cell = "-";
            if (counts.contains(key))
                cell = fmt::format("{}/{}", counts[key]["declared"].get<std::size_t>(), counts[key]["documented"].get<std::size_t>());
            text += fmt::format("{:>13}", cell);
        }
        text += '\n';
    };
    text += fmt::format("{:<34}", "declared in full/documented");
    for (auto kind : kinds) text += fmt::format("{:>13}", page::kind_name(kind));
    text += '\n';
    for (const auto& [file, header] : coverage["headers"].items()) line(file, header);
    line("all", coverage["totals"]);
    text += '\n';
    for (const auto& [kind, count] : coverage["totals"].items()) {
        text += fmt::format("{} by origin:", kind);
        for (const auto& [origin, number] : count["declared_by_origin"].items())
            text += fmt::format(" {} {},", origin, number.get<std::size_t>());
        text.back() = '\n';
    }
    for (const auto& [file, header] : coverage["headers"].items()) {
        for (const auto& entry : header["not_whole"])
            text += fmt::format("{}: {} {}: {}: {}\n", file, entry["kind"].get<std::string>(), entry["name"].get<std::string>(),
                                entry["state"].get<std::string>(), entry["reason"].get<std::string>());
    }
    return text;
}

}  // namespace ddi::cli
