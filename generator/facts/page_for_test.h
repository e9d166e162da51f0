// Test help: a page made of a body, read and prepared the way extract_facts does before it calls one extractor.
#pragma once

#include <string>

#include "generator/facts/facts.h"
#include "generator/page/page.h"

namespace ddi::facts {

struct TestPage {
    page::Page page;
    Facts facts;

    explicit TestPage(const std::string& body, const std::string& uid = "NF:wdm.KeX", const std::string& keys = "req.header: wdm.h\n")
        : page(page::read_page("wdm/nf-wdm-kex.md", "---\nUID: " + uid + "\n" + keys + "---\n\n" + body)) {
        facts.source = page.source;
        facts.kind = page.kind;
        if (auto parsed = parse_uid(page.uid)) facts.uid = *parsed;
        facts.name = facts.uid.name;
    }

    /// Codes of the findings in order, each followed by a blank.
    std::string codes() const {
        std::string out;
        for (const auto& diagnostic : facts.diagnostics) out += diagnostic.code + " ";
        return out;
    }
};

}  // namespace ddi::facts
