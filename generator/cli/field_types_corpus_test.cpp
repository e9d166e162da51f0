// Types of fields worked out from text and from other structures, measured on all structures that have a declaration.
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <set>

#include "generator/cli/pipeline.h"
#include "generator/model/field_types.h"
#include "generator/text/environment_error.h"

namespace ddi::cli {
namespace {

std::string leaf(const std::string& name) { return name.substr(name.rfind('.') == std::string::npos ? 0 : name.rfind('.') + 1); }

void add_leaves(const std::vector<facts::DeclaredMember>& members, std::map<std::string, const facts::DeclaredMember*>& out) {
    for (const auto& member : members) {
        if (!member.name.empty()) out.emplace(member.name, &member);
        add_leaves(member.members, out);
    }
}

TEST(FieldTypesCorpus, WhatIsInferredIsDeclaredSo) {
    Documentation documentation;
    try {
        Progress progress(false);
        ReadOptions options;
        options.source = std::string(DDI_CORPUS) + "@docs-2024-03-27";
        documentation = read_documentation(options, progress);
    } catch (const text::EnvironmentError&) {
        GTEST_SKIP() << "the corpus is not there";
    }
    auto& apis = documentation.model.apis;
    facts::TypeNames names;
    std::set<std::string> asked;
    for (auto& api : apis) {
        if (api.kind != page::PageKind::structure) continue;
        for (const auto& member : api.members) asked.insert(leaf(member.name));
        // Only what is declared as it stands may be learned from, and only that is measured.
        if (api.aggregate.stale || (api.declaration && api.declaration->cite.origin == model::Origin::inferred)) api.declaration.reset();
    }
    for (const auto& api : apis) {
        names.add_page(api.kind, api.uid, api.type_names, api.declaration ? &api.declaration->value : nullptr);
        if (api.declaration) names.add_declaration(api.declaration->value);
    }
    const model::FieldTypes types(apis, asked);
    struct Count {
        std::size_t right = 0, wrong = 0;
        std::vector<std::string> examples;
    };
    std::map<std::string, Count> kinds;
    Count all, structures;
    for (const auto& api : apis) {
        if (api.kind != page::PageKind::structure || !api.declaration || api.members.empty()) continue;
        std::map<std::string, const facts::DeclaredMember*> declared;
        add_leaves(api.declaration->value.members, declared);
        bool whole = true, right_whole = true;
        for (const auto& member : api.members) {
            const auto found = declared.find(leaf(member.name));
            const auto type = types.infer(api, member);
            whole = whole && found != declared.end() && type;
            if (found == declared.end() || !type) continue;
            const auto& real = *found->second;
            std::string bound = real.array;
            std::erase(bound, ' ');
            bool same = names.split(real.type) == names.split(type->type);
            // The header may have another name for the pointer to the function: no structure, no enumeration, no void.
            if (type->how == "linked function") {
                const facts::TypeName* named = names.find(names.split(real.type).base);
                same = named != nullptr && (named->kind == facts::TypeName::Kind::callback || named->kind == facts::TypeName::Kind::word) &&
                       named->name != "void";
            }
            const bool right = same && bound == type->array && real.bits.empty() && real.aggregate.empty();
            Count& count = kinds[type->how];
            for (Count* one : {&count, &all}) ++(right ? one->right : one->wrong);
            right_whole = right_whole && right;
            if (!right)
                count.examples.push_back(api.uid.text + " " + member.name + ": " + real.type + bound + real.bits + " | " + type->type +
                                         type->array);
        }
        if (whole) ++(right_whole ? structures.right : structures.wrong);
    }
    for (const auto& [kind, count] : kinds) {
        std::printf("%5zu %5zu %5.1f%% %s\n", count.right, count.wrong,
                    100.0 * static_cast<double>(count.right) / static_cast<double>(count.right + count.wrong), kind.c_str());
        if (std::getenv("DDI_SHOW") != nullptr)
            for (std::size_t i = 0; i < count.examples.size(); i += std::max<std::size_t>(1, count.examples.size() / 8))
                std::printf("        %s\n", count.examples[i].c_str());
    }
    std::printf("fields: %zu right, %zu wrong; whole structures: %zu right, %zu wrong\n", all.right, all.wrong, structures.right,
                structures.wrong);
    EXPECT_GE(all.right, 8000U);
    EXPECT_GE(all.right * 100, (all.right + all.wrong) * 95);
    EXPECT_GE(structures.right * 100, (structures.right + structures.wrong) * 92);
}

}  // namespace
}  // namespace ddi::cli
