// Types read from prose, measured on all pages that have both prose and a declaration.
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <memory>

#include "generator/cli/pipeline.h"
#include "generator/facts/type_names.h"
#include "generator/facts/type_phrase.h"
#include "generator/model/inference.h"
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

const Documentation* corpus() {
    static const std::unique_ptr<Documentation> read = [] {
        try {
            Progress progress(false);
            ReadOptions options;
            options.source = std::string(DDI_CORPUS) + "@docs-2024-03-27";
            return std::make_unique<Documentation>(read_documentation(options, progress));
        } catch (const text::EnvironmentError&) {
            return std::unique_ptr<Documentation>();
        }
    }();
    return read.get();
}

model::RoutineText text_of(const model::Api& api) {
    model::RoutineText text;
    text.header = api.uid.header;
    text.technology = api.technology;
    text.name = api.name;
    text.kind = api.kind;
    text.is_macro = api.is_macro;
    for (const auto& p : api.signature->parameters) text.parameters.push_back({p.name, p.direction, &p.text});
    text.returns = api.returns ? &*api.returns : nullptr;
    text.description = api.brief;
    return text;
}

void learn(model::Inference& inference, const model::Api& api) {
    std::vector<facts::DeclaredParameter> declared(api.signature->parameters.size());
    std::vector<const facts::DeclaredParameter*> pointers;
    for (std::size_t i = 0; i < declared.size(); ++i) {
        declared[i].type = api.signature->parameters[i].type;
        declared[i].array = api.signature->parameters[i].array;
        pointers.push_back(&declared[i]);
    }
    inference.learn(text_of(api), pointers, api.signature->return_type);
}

struct Count {
    std::size_t right = 0, wrong = 0;
    std::vector<std::string> examples;
};
using Counts = std::map<std::string, Count>;

void print(const Counts& counts) {
    std::vector<std::pair<std::string, Count>> sorted(counts.begin(), counts.end());
    std::sort(sorted.begin(), sorted.end(),
              [](const auto& a, const auto& b) { return a.second.right + a.second.wrong > b.second.right + b.second.wrong; });
    for (const auto& [pattern, count] : sorted) {
        std::printf("%5zu %5zu %5.1f%% %s\n", count.right, count.wrong,
                    100.0 * static_cast<double>(count.right) / static_cast<double>(count.right + count.wrong), pattern.c_str());
        if (std::getenv("DDI_SHOW") == nullptr) continue;
        for (std::size_t i = 0; i < count.examples.size(); i += std::max<std::size_t>(1, count.examples.size() / 12))
            std::printf("        %s\n", count.examples[i].c_str());
    }
}

TEST(InferenceCorpus, Phrases) {
    if (corpus() == nullptr) GTEST_SKIP() << "the corpus is not there";
    const Documentation& documentation = *corpus();
    const facts::TypeNames names = names_of(documentation.model);
    Counts patterns;
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
    print(patterns);
    std::printf("%zu of %zu read, %zu surely, %zu of these right\n", read, all, sure, sure_right);
    EXPECT_GE(sure, 3500U);
    EXPECT_GE(sure_right * 100, sure * 94);
}

std::string bucket(const model::InferredType& inferred) {
    std::string what = std::getenv("DDI_HOW") != nullptr ? " " + inferred.reason : "";
    if (inferred.type.empty()) return "none";
    const int step = std::min(static_cast<int>(inferred.margin * 2), 16);
    return "margin " + std::string(step < 10 ? " " : "") + std::to_string(step) + "/2" + what;
}

TEST(InferenceCorpus, Prototypes) {
    if (corpus() == nullptr) GTEST_SKIP() << "the corpus is not there";
    const Documentation& documentation = *corpus();
    facts::TypeNames names = names_of(documentation.model);
    model::SampleCalls calls;
    for (const auto& api : documentation.model.apis)
        calls.add(api.sections, api.is_routine() ? std::string_view(api.name) : std::string_view());
    for (const auto& [word, uses] : calls.type_words()) names.add_word(word, uses);
    model::Inference inference(names, calls);
    for (const auto& api : documentation.model.apis) {
        if (api.signature && api.signature->typed() && api.signature->origin != facts::Origin::inferred) learn(inference, api);
    }
    Counts parameters, results, whole;
    for (const auto& api : documentation.model.apis) {
        if (!api.signature || !api.signature->typed() || api.signature->origin == facts::Origin::inferred) continue;
        auto text = text_of(api);
        bool all = true, right = true;
        auto judge = [&](Counts& counts, const model::InferredType& inferred, const std::string& type, const std::string& array,
                         const std::string& what) {
            Count& count = counts[bucket(inferred)];
            const bool same = names.split(inferred.type) == names.split(type, array);
            ++(same ? count.right : count.wrong);
            if (!same) count.examples.push_back(api.uid.text + " " + what + ": " + type + array + " | " + inferred.type);
            all = all && inferred.is_sure();
            right = right && same;
        };
        for (std::size_t i = 0; i < text.parameters.size(); ++i)
            judge(parameters, inference.parameter(text, i), api.signature->parameters[i].type, api.signature->parameters[i].array,
                  api.signature->parameters[i].name);
        judge(results, inference.result(text), api.signature->return_type, "", "result");
        Count& count = whole[!all ? "not inferred" : "inferred"];
        ++(right ? count.right : count.wrong);
    }
    std::printf("-- parameters\n");
    print(parameters);
    std::printf("-- results\n");
    print(results);
    std::printf("-- prototypes\n");
    print(whole);
    // Types that are the same under two names (ULONG, DWORD) count as wrong here.
    const Count& inferred = whole["inferred"];
    EXPECT_GE(inferred.right + inferred.wrong, 4000U);
    EXPECT_GE(inferred.right * 100, (inferred.right + inferred.wrong) * 93);
}

}  // namespace
}  // namespace ddi::cli
