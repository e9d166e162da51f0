// Test help: a page from its sections, through every extractor, and its clauses as canonical lines.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "generator/facts/facts.h"
#include "generator/page/page.h"

namespace ddi::facts {

struct ClauseText {
    std::string name = "XyGrabTurtleLock";
    std::string description = {};
    std::vector<std::pair<std::string, std::string>> parameters{{"Lock", "Pointer to the spin lock."}};
    std::string returns = {};
    std::string remarks = {};
    std::string kind = "NF";
};

inline std::vector<std::string> clauses_of(const ClauseText& text) {
    std::string page = "---\nUID: " + text.kind + ":xy." + text.name + "\ntitle: t\n---\n\n# " + text.name +
                       (text.kind == "NC" ? " callback function" : " function") + "\n\n## -description\n\n" + text.description +
                       "\n\n## -parameters\n\n";
    for (const auto& [name, words] : text.parameters) page += "### -param " + name + "\n\n" + words + "\n\n";
    if (!text.returns.empty()) page += "## -returns\n\n" + text.returns + "\n\n";
    page += "## -remarks\n\n" + text.remarks + "\n";
    const std::string path = std::string("xy/") + (text.kind == "NC" ? "nc" : "nf") + "-xy-" + text.name + ".md";
    std::vector<std::string> result;
    for (const Clause& clause : extract_facts(page::read_page(path, page)).clauses)
        result.push_back(canonical_clause(clause) + (clause.consequence.empty() ? "" : " !" + clause.consequence));
    return result;
}

}  // namespace ddi::facts
