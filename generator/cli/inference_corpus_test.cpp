// Types read from prose, measured on all pages that have both prose and a declaration.
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>

#include "generator/cli/pipeline.h"
#include "generator/facts/type_names.h"
#include "generator/facts/type_phrase.h"
#include "generator/text/environment_error.h"

namespace ddi::cli {
namespace {

facts::TypeNames names_of(const model::Model& model) {
    facts::TypeNames names;
    for (const auto& api : model.apis)
        names.add_page(api.kind, api.uid, api.type_names, api.declaration ? &api.declaration->value : nullptr);
    for (const auto& api : model.apis) {
        if (api.declaration) names.add_declaration(api.declaration->value);
        if (!api.signature) continue;
        facts::Declaration d;
        d.return_type = api.signature->return_type;
        for (const auto& p : api.signature->parameters) {
            d.parameters.emplace_back();
            d.parameters.back().type = p.type;
        }
        names.add_declaration(d);
    }
    return names;
}

TEST(InferenceCorpus, Phrases) {
    Documentation documentation;
    try {
        Progress progress(false);
        ReadOptions options;
        options.source = std::string(DDI_CORPUS) + "@docs-2024-03-27";
        documentation = read_documentation(options, progress);
    } catch (const text::EnvironmentError&) {
        GTEST_SKIP() << "the corpus is not there";
    }
    const facts::TypeNames names = names_of(documentation.model);
    struct Count {
        std::size_t right = 0, wrong = 0;
        std::vector<std::string> examples;
    };
    std::map<std::string, Count> patterns;
    std::size_t all = 0, read = 0, sure = 0, sure_right = 0;
    for (const auto& api : documentation.model.apis) {
        if (!api.signature || !api.signature->typed()) continue;
        for (const auto& p : api.signature->parameters) {
            ++all;
            const auto phrase = facts::read_type_phrase(p.text, names);
            if (!phrase) continue;
            ++read;
            const auto declared = names.split(p.type, p.array);
            const auto said = names.split(phrase->type());
            Count& count = patterns[phrase->pattern];
            sure += phrase->sure;
            sure_right += phrase->sure && declared == said;
            if (declared == said) {
                ++count.right;
            } else {
                ++count.wrong;
                count.examples.push_back(api.uid.text + " " + p.name + ": " + p.type + p.array + " | " + phrase->type() + " | " +
                                         phrase->block->text.substr(0, 150));
            }
        }
    }
    std::vector<std::pair<std::string, Count>> sorted(patterns.begin(), patterns.end());
    std::sort(sorted.begin(), sorted.end(),
              [](const auto& a, const auto& b) { return a.second.right + a.second.wrong > b.second.right + b.second.wrong; });
    for (const auto& [pattern, count] : sorted) {
        std::printf("%5zu %5zu %5.1f%% %s\n", count.right, count.wrong,
                    100.0 * static_cast<double>(count.right) / static_cast<double>(count.right + count.wrong), pattern.c_str());
        if (std::getenv("DDI_SHOW") != nullptr)
            for (std::size_t i = 0; i < count.examples.size(); i += std::max<std::size_t>(1, count.examples.size() / 12))
                std::printf("        %s\n", count.examples[i].c_str());
    }
    std::printf("%zu of %zu read, %zu surely, %zu of these right\n", read, all, sure, sure_right);
    EXPECT_GE(sure, 3500U);
    EXPECT_GE(sure_right * 100, sure * 94);
}

}  // namespace
}  // namespace ddi::cli
