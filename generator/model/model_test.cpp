#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "generator/model/resolve.h"

namespace ddi::model {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

facts::Facts routine(const std::string& uid, std::vector<std::string> parameters = {}) {
    facts::Facts facts;
    facts.uid = *facts::parse_uid(uid);
    facts.kind = page::PageKind::function;
    facts.name = facts.uid.name;
    facts.header.value = facts.uid.header + ".h";
    facts.source = std::make_shared<const text::SourceText>(facts.uid.header + "/nf-" + facts.uid.name + ".md", "line one\nline two\n");
    for (auto& name : parameters) {
        facts::ParameterFact parameter;
        parameter.name = std::move(name);
        facts.parameters.push_back(std::move(parameter));
    }
    return facts;
}

facts::Clause clause_of(facts::ClauseContent content, facts::Origin origin = facts::Origin::prose) {
    facts::Clause clause;
    clause.content = std::move(content);
    clause.cite.origin = origin;
    clause.cite.verbatim = "a sentence";
    return clause;
}

facts::Declaration declared(const std::string& text, const std::string& name) {
    auto result = facts::parse_declaration(text, name);
    EXPECT_TRUE(result.declaration.has_value()) << text;
    return result.declaration.value_or(facts::Declaration{});
}

std::vector<std::string> codes(const text::Diagnostics& diagnostics) {
    std::vector<std::string> codes;
    for (const auto& diagnostic : diagnostics) codes.push_back(diagnostic.code);
    return codes;
}

const facts::Cite from_history{facts::Origin::history, nullptr, {}, "", "docs-2018-04-03"};
const facts::Cite from_page{facts::Origin::declaration, nullptr, {}, "", ""};

TEST(Model, TheBriefIsTheFirstSentenceAndNoLabel) {
    auto facts = routine("NF:wdf.WdfX");
    text::Section description;
    description.heading = "-description";
    for (const char* words : {"[Applies to KMDF and UMDF]", "Makes an x. It is new."}) {
        text::Block block;
        block.kind = text::BlockKind::paragraph;
        block.text = words;
        description.blocks.push_back(std::move(block));
    }
    facts.sections.push_back(std::move(description));
    ResolveInput input;
    input.facts.push_back(std::move(facts));
    EXPECT_EQ(resolve_model(std::move(input)).apis.at(0).brief, "Makes an x.");
}

TEST(Model, AnOverlaysConstantCountsWhereItsHeaderIsDocumentedAndNoPageStatesIt) {
    ResolveInput input;
    auto facts = routine("NF:wdm.KeX");
    facts.constants.push_back({"XX_STATED", "1", {}});
    input.facts.push_back(std::move(facts));
    input.overlay.constants = {{"XX_STATED", "2", "wdm.h", {}}, {"XX_ADDED", "3", "wdm.h", {}}, {"XX_ELSEWHERE", "4", "other.h", {}}};
    auto model = resolve_model(std::move(input));
    ASSERT_THAT(model.constants, SizeIs(2));
    EXPECT_EQ(model.constants[0].name, "XX_ADDED");
    EXPECT_EQ(model.constants[1].value, "1");
}

TEST(Signature, TakesTodaysNameForARenamedParameterAndSaysStale) {
    text::Diagnostics diagnostics;
    auto declaration = declared("VOID KeX(_In_ PKSPIN_LOCK Lock, _Out_ PKIRQL Irql);", "KeX");
    auto signature = resolve_signature(routine("NF:wdm.KeX", {"SpinLock", "Irql"}), &declaration, from_history, diagnostics);
    ASSERT_TRUE(signature);
    EXPECT_TRUE(signature->stale);
    EXPECT_EQ(signature->parameters[0].name, "SpinLock");
    EXPECT_EQ(signature->parameters[1].name, "Irql");
    EXPECT_THAT(codes(diagnostics), ElementsAre("stale-declaration"));
}

TEST(Signature, KeepsTheDeclarationsNameWhereTheHeadingHasAPlaceholder) {
    text::Diagnostics diagnostics;
    auto declaration = declared("VOID KeX(_In_ KIRQL NewIrql);", "KeX");
    auto signature = resolve_signature(routine("NF:wdm.KeX", {"a"}), &declaration, from_history, diagnostics);
    ASSERT_TRUE(signature);
    EXPECT_FALSE(signature->stale);
    EXPECT_EQ(signature->parameters[0].name, "NewIrql");
    EXPECT_THAT(diagnostics, IsEmpty());
}

TEST(Signature, SaysStaleWhereTheNumberOfParametersDiffers) {
    text::Diagnostics diagnostics;
    auto declaration = declared("VOID KeX(_In_ KIRQL NewIrql);", "KeX");
    auto signature = resolve_signature(routine("NF:wdm.KeX", {"NewIrql", "Flags"}), &declaration, from_history, diagnostics);
    ASSERT_TRUE(signature);
    EXPECT_TRUE(signature->stale);
    EXPECT_THAT(codes(diagnostics), ElementsAre("stale-declaration"));
}

TEST(Signature, LetsTheHeadingsDirectionWin) {
    text::Diagnostics diagnostics;
    auto facts = routine("NF:wdm.KeX", {"NewIrql"});
    facts.parameters[0].direction = Direction::in_out;
    auto declaration = declared("VOID KeX(_In_ KIRQL NewIrql);", "KeX");
    auto signature = resolve_signature(facts, &declaration, from_page, diagnostics);
    ASSERT_TRUE(signature);
    EXPECT_EQ(signature->parameters[0].direction, Direction::in_out);
    EXPECT_EQ(signature->parameters[0].direction_origin, Origin::heading);
}

TEST(Rules, GiveStableIdsAndMergeWhatIsSaidTwice) {
    text::Diagnostics diagnostics;
    auto facts = routine("NF:wdm.KeX~r1", {"SpinLock"});
    facts.clauses = {clause_of(facts::clause::IrqlEntry{facts::LevelSet::at_most(facts::Level::dispatch)}, facts::Origin::front_matter),
                     clause_of(facts::clause::IrqlEntry{facts::LevelSet::at_most(facts::Level::dispatch)}),
                     clause_of(facts::clause::Acquire{{"spin lock", "SpinLock"}, facts::Mode::exclusive, false})};
    auto rules = resolve_rules(facts, {}, nullptr, diagnostics);
    ASSERT_THAT(rules, SizeIs(2));
    EXPECT_EQ(rules[0].id, "DDI-wdm-KeX-acquire");
    EXPECT_EQ(rules[1].id, "DDI-wdm-KeX-irql-entry");
    EXPECT_EQ(rules[1].clause.cite.origin, facts::Origin::front_matter);
    EXPECT_THAT(diagnostics, IsEmpty());
}

TEST(Rules, ReportAContradictionAndKeepTheFirst) {
    text::Diagnostics diagnostics;
    auto facts = routine("NF:wdm.KeX");
    facts.clauses = {clause_of(facts::clause::IrqlEntry{facts::LevelSet::at_most(facts::Level::apc)}),
                     clause_of(facts::clause::IrqlEntry{facts::LevelSet::at(facts::Level::passive)})};
    auto rules = resolve_rules(facts, {}, nullptr, diagnostics);
    ASSERT_THAT(rules, SizeIs(1));
    EXPECT_EQ(std::get<facts::clause::IrqlEntry>(rules[0].clause.content).allowed, facts::LevelSet::at_most(facts::Level::apc));
    EXPECT_THAT(codes(diagnostics), ElementsAre("clause-conflict"));
}

TEST(Rules, CallAPlaceholderParameterByTheSignaturesName) {
    text::Diagnostics diagnostics;
    auto facts = routine("NF:wdm.KeX", {"a"});
    facts.clauses = {clause_of(facts::clause::IrqlRaise{facts::Level::passive, "a"})};
    auto declaration = declared("VOID KeX(_In_ KIRQL NewIrql);", "KeX");
    auto signature = resolve_signature(facts, &declaration, from_page, diagnostics);
    auto rules = resolve_rules(facts, {}, &*signature, diagnostics);
    ASSERT_THAT(rules, SizeIs(1));
    EXPECT_EQ(std::get<facts::clause::IrqlRaise>(rules[0].clause.content).parameter, "NewIrql");
}

ResolveInput three_locks() {
    ResolveInput input;
    auto add = [&](const std::string& name, facts::ClauseContent content) {
        auto facts = routine("NF:ks." + name, {"Filter"});
        facts.clauses = {clause_of(std::move(content))};
        input.facts.push_back(std::move(facts));
    };
    add("Take", facts::clause::Acquire{{"filter control mutex", "Filter"}, facts::Mode::exclusive, false});
    add("GiveToo", facts::clause::Release{{"filter control mutex", "Filter"}, facts::Mode::exclusive});
    add("Give", facts::clause::Release{{"control mutex", "Filter"}, facts::Mode::exclusive});
    add("TakeInterrupt", facts::clause::Acquire{{"interrupt spin lock", "Filter"}, facts::Mode::exclusive, false});
    add("TakeQueued", facts::clause::Acquire{{"queued spin lock", "Filter"}, facts::Mode::exclusive, false});
    add("GiveQueued", facts::clause::Release{{"queued spin lock", "Filter"}, facts::Mode::exclusive});
    add("TakeSpin", facts::clause::Acquire{{"spin lock", "Filter"}, facts::Mode::exclusive, false});
    add("GiveSpin", facts::clause::Release{{"spin lock", "Filter"}, facts::Mode::exclusive});
    return input;
}

TEST(Protocols, JoinANounToItsLongerFormOnlyWhereItIsHalfALock) {
    Model model = resolve_model(three_locks());
    std::vector<std::string> nouns;
    for (const auto& protocol : model.protocols) nouns.push_back(protocol.noun);
    EXPECT_THAT(nouns, ElementsAre("filter control mutex", "interrupt spin lock", "queued spin lock", "spin lock"));
    EXPECT_THAT(model.protocols[0].acquire, SizeIs(1));
    EXPECT_THAT(model.protocols[0].release, SizeIs(2));
    EXPECT_THAT(codes(model.diagnostics), ElementsAre("object-name-differs"));
}

TEST(Names, AFunctionIsKnownUnderOtherCapitalsIfNoOtherIsMeant) {
    ResolveInput input;
    auto add = [&](const std::string& name, facts::ClauseContent content) {
        auto facts = routine("NF:" + name, {"Lock"});
        facts.clauses = {clause_of(std::move(content))};
        input.facts.push_back(std::move(facts));
    };
    add("ks.MakeSpinlock", facts::clause::Initialize{{"spin lock", "Lock"}});
    add("ks.TakeTwice", facts::clause::Initialize{{"spin lock", "Lock"}});
    add("wdm.TakeTWICE", facts::clause::Initialize{{"spin lock", "Lock"}});
    add("ks.Use", facts::clause::RequiresInitialized{{"spin lock", "Lock"}, {"MakeSpinLock", "taketwice", "Unknown"}});
    Model model = resolve_model(std::move(input));
    const auto& rules = model.find_name("Use").front()->rules;
    EXPECT_THAT(std::get<facts::clause::RequiresInitialized>(rules.front().clause.content).by,
                ElementsAre("MakeSpinlock", "taketwice", "Unknown"));
    EXPECT_THAT(codes(model.diagnostics), ElementsAre("function-name-differs"));
}

TEST(Pairs, ReportALibraryThatDiffersOnce) {
    ResolveInput input;
    for (const auto& [name, library] : {std::pair{"Take", "A.lib"}, {"Give", "B.lib"}, {"GiveToo", "a.LIB"}}) {
        auto facts = routine(std::string("NF:wdm.") + name, {"Lock"});
        facts.library.value = library;
        input.facts.push_back(std::move(facts));
    }
    input.facts[0].clauses = {clause_of(facts::clause::ReleaseWith{{"spin lock", "Lock"}, {"Give", "GiveToo"}})};
    input.facts[1].clauses = {clause_of(facts::clause::Releases{{"spin lock", "Lock"}, {"Take"}})};
    EXPECT_THAT(codes(resolve_model(std::move(input)).diagnostics), ElementsAre("library-differs-from-pair"));
}

TEST(Rules, KeepTheOtherSentencesThatSayTheSame) {
    text::Diagnostics diagnostics;
    auto facts = routine("NF:wdm.KeX");
    facts.clauses = {clause_of(facts::clause::IrqlUnchanged{}), clause_of(facts::clause::IrqlUnchanged{})};
    auto rules = resolve_rules(facts, {}, nullptr, diagnostics);
    ASSERT_THAT(rules, SizeIs(1));
    EXPECT_THAT(rules[0].clause.also, SizeIs(1));
    EXPECT_THAT(diagnostics, IsEmpty());
}

TEST(Model, DoesNotDependOnTheOrderOfItsPages) {
    auto forward = three_locks(), backward = three_locks();
    std::reverse(backward.facts.begin(), backward.facts.end());
    Model a = resolve_model(std::move(forward)), b = resolve_model(std::move(backward));
    ASSERT_EQ(a.apis.size(), b.apis.size());
    for (std::size_t i = 0; i < a.apis.size(); ++i) EXPECT_EQ(a.apis[i].uid.text, b.apis[i].uid.text);
}

TEST(Model, PrefersThePageThenHistoryThenTheOverlay) {
    auto resolve = [](bool on_page, bool in_history) {
        ResolveInput input;
        auto facts = routine("NF:wdm.KeX");
        if (on_page) facts.declaration = Fact<facts::Declaration>{declared("LONG KeX(void);", "KeX"), from_page};
        if (in_history) input.history[facts.uid.key] = {declared("ULONG KeX(void);", "KeX"), from_history};
        input.overlay.declarations.push_back({"NF:wdm.KeX", "BOOLEAN KeX(void);", {facts::Origin::overlay, nullptr, {}, "", "a source"}});
        input.facts.push_back(std::move(facts));
        return resolve_model(std::move(input)).apis.at(0).signature->return_type;
    };
    EXPECT_EQ(resolve(true, true), "LONG");
    EXPECT_EQ(resolve(false, true), "ULONG");
    EXPECT_EQ(resolve(false, false), "BOOLEAN");
}

TEST(Model, LooksForTheIrqlInTheRemarksWhereTheFrontMatterDefers) {
    ResolveInput input;
    auto facts = routine("NF:wdm.KeX");
    facts.irql_front_matter = facts::parse_irql("See Remarks section.");
    facts.irql_remarks =
        Fact<facts::IrqlExpression>{facts::parse_irql("<= APC_LEVEL"), {facts::Origin::prose, nullptr, {}, "a sentence", ""}};
    input.facts.push_back(std::move(facts));
    Model model = resolve_model(std::move(input));
    ASSERT_TRUE(model.apis[0].irql.entry);
    EXPECT_EQ(*model.apis[0].irql.entry, facts::LevelSet::at_most(facts::Level::apc));
    EXPECT_EQ(model.apis[0].irql.origin, Origin::prose);
    EXPECT_EQ(model.apis[0].irql.status, facts::IrqlStatus::deferred);
}

TEST(Model, TakesTheRemarksWhereTheyAllowMoreThanAValueThatPointsToThem) {
    ResolveInput input;
    auto facts = routine("NF:wdm.KeX");
    facts.irql_front_matter = facts::parse_irql("DISPATCH_LEVEL (See Remarks.)");
    facts.irql_remarks =
        Fact<facts::IrqlExpression>{facts::parse_irql("<= DISPATCH_LEVEL"), {facts::Origin::prose, nullptr, {}, "a sentence", ""}};
    input.facts.push_back(std::move(facts));
    Model model = resolve_model(std::move(input));
    ASSERT_TRUE(model.apis[0].irql.entry);
    EXPECT_EQ(*model.apis[0].irql.entry, facts::LevelSet::at_most(facts::Level::dispatch));
    EXPECT_EQ(model.apis[0].irql.origin, Origin::prose);
}

TEST(Model, ReportsTwoPagesWithOneUid) {
    ResolveInput input;
    input.facts = {routine("NF:wdm.KeX"), routine("NF:wdm.KeX")};
    EXPECT_THAT(codes(resolve_model(std::move(input)).diagnostics), ElementsAre("duplicate-uid"));
}

}  // namespace
}  // namespace ddi::model
