#include "generator/cli/contract_coverage.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>
#include <vector>

#include "generator/facts/normative.h"
#include "generator/text/environment_error.h"

namespace ddi::cli {

namespace {

using Json = nlohmann::ordered_json;

std::vector<std::string> split(const std::string& line, char separator) {
    std::vector<std::string> cells;
    std::stringstream stream(line);
    for (std::string cell; std::getline(stream, cell, separator);) cells.push_back(cell);
    return cells;
}

/// The clauses of one page by the place of each sentence that states them.
class Citations {
  public:
    explicit Citations(const model::Api& api) {
        for (const auto& rule : api.rules) {
            add(api, rule.clause.cite, rule.id);
            for (const auto& cite : rule.clause.also) add(api, cite, rule.id);
        }
    }
    std::vector<std::string> of(const facts::Cite& sentence) const {
        std::vector<std::string> ids;
        for (const auto& [span, id] : places_) {
            bool inside = span.begin >= sentence.span.begin && span.begin < std::max(sentence.span.end, sentence.span.begin + 1);
            if (inside && std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
        }
        return ids;
    }

  private:
    void add(const model::Api& api, const facts::Cite& cite, const std::string& id) {
        if (cite.source == api.source && cite.origin != facts::Origin::front_matter) places_.emplace_back(cite.span, id);
    }
    std::vector<std::pair<text::Span, std::string>> places_;
};

facts::ContractText contract_text(const model::Api& api) {
    facts::ContractText text;
    text.sections = &api.sections;
    if (api.signature) {
        for (const auto& parameter : api.signature->parameters) text.parameters.emplace_back(parameter.name, &parameter.text);
    }
    if (api.returns) text.returns = &api.returns->text;
    return text;
}

}  // namespace

std::set<std::string> read_uids(const std::string& path) {
    std::ifstream stream(path);
    if (!stream) throw text::EnvironmentError("cannot read " + path);
    std::set<std::string> uids;
    std::size_t column = 0;
    bool first = true;
    for (std::string line; std::getline(stream, line); first = false) {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        auto cells = split(line, '\t');
        if (first) {
            auto found = std::find(cells.begin(), cells.end(), "uid");
            if (found != cells.end()) {
                column = static_cast<std::size_t>(found - cells.begin());
                continue;
            }
        }
        if (column >= cells.size()) continue;
        if (auto uid = facts::parse_uid(cells[column])) uids.insert(uid->key);
    }
    return uids;
}

Json contract_coverage_json(const Documentation& documentation, const std::set<std::string>& uids) {
    std::size_t routines = 0, normative = 0, in_clauses = 0, clauses = 0, overlay = 0;
    std::map<std::string, std::size_t> by_category;
    Json sentences = Json::array();
    for (const auto& api : documentation.model.apis) {
        if (!api.is_routine() || (!uids.empty() && !uids.contains(api.uid.key))) continue;
        ++routines;
        clauses += api.rules.size();
        overlay += static_cast<std::size_t>(std::count_if(
            api.rules.begin(), api.rules.end(), [](const auto& rule) { return rule.clause.cite.origin == facts::Origin::overlay; }));
        const Citations citations(api);
        std::set<std::string> parameters;
        if (api.signature) {
            for (const auto& parameter : api.signature->parameters) parameters.insert(parameter.name);
        }
        const auto list = facts::contract_sentences(contract_text(api));
        for (std::size_t i = 0; i < list.size(); ++i) {
            const facts::Cite cite = facts::cite_sentence(api.source, list[i]);
            const auto ids = citations.of(cite);
            if (ids.empty() && !facts::is_normative(list[i])) continue;
            ++normative;
            Json item;
            item["page"] = api.page;
            item["line"] = api.source->position(cite.span.begin).line;
            item["text"] = list[i].text;
            if (!ids.empty()) {
                ++in_clauses;
                item["clauses"] = ids;
            } else {
                const std::string category(facts::category_of(list[i], api.name, parameters));
                if (!category.empty()) ++by_category[category];
                item["category"] = category.empty() ? Json(nullptr) : Json(category);
            }
            sentences.push_back(std::move(item));
        }
    }
    std::size_t categorized = 0;
    Json categories = Json::array();
    for (const auto& category : facts::categories()) {
        const std::size_t count = by_category[std::string(category.name)];
        categorized += count;
        categories.push_back({{"name", category.name}, {"reason", category.reason}, {"sentences", count}});
    }
    Json json;
    json["source"] = documentation.model.source_name;
    json["routines"] = routines;
    json["clauses"] = clauses;
    json["overlay_clauses"] = overlay;
    json["normative_sentences"] = normative;
    json["in_clauses"] = in_clauses;
    json["in_categories"] = categorized;
    json["unexplained"] = normative - in_clauses - categorized;
    json["categories"] = std::move(categories);
    json["sentences"] = std::move(sentences);
    return json;
}

std::string contract_coverage_text(const Json& coverage) {
    const auto total = coverage["normative_sentences"].get<std::size_t>();
    auto share = [&](std::size_t count) { return total == 0 ? 0.0 : 100.0 * static_cast<double>(count) / static_cast<double>(total); };
    auto row = [&](const std::string& name, std::size_t count) {
        return fmt::format("{:<34}{:>6}  {:5.1f} %\n", name, count, share(count));
    };
    const auto in_clauses = coverage["in_clauses"].get<std::size_t>(), in_categories = coverage["in_categories"].get<std::size_t>();
    std::string text = fmt::format("{:<34}{:>6}\n", "routines", coverage["routines"].get<std::size_t>());
    text += fmt::format("{:<34}{:>6}, {} of them from overlays\n", "clauses", coverage["clauses"].get<std::size_t>(),
                        coverage["overlay_clauses"].get<std::size_t>());
    text += fmt::format("{:<34}{:>6}\n", "normative sentences", total);
    text += row("  end in a clause", in_clauses);
    text += row("  in a category with a reason", in_categories);
    for (const auto& category : coverage["categories"]) {
        text += fmt::format("    {:<32}{:>6}  {}\n", category["name"].get<std::string>(), category["sentences"].get<std::size_t>(),
                            category["reason"].get<std::string>());
    }
    text += row("  clause or category", in_clauses + in_categories);
    text += row("  neither", coverage["unexplained"].get<std::size_t>());
    for (const auto& sentence : coverage["sentences"]) {
        if (sentence.contains("clauses") || !sentence["category"].is_null()) continue;
        text += fmt::format("{}:{}: {}\n", sentence["page"].get<std::string>(), sentence["line"].get<std::size_t>(),
                            sentence["text"].get<std::string>());
    }
    return text;
}

}  // namespace ddi::cli
