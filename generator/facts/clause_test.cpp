#include "generator/facts/clause.h"

#include <gtest/gtest.h>

namespace ddi::facts {
namespace {

using Subject = Comparison::Subject;

Clause make(ClauseContent content, std::vector<Comparison> when = {}, std::string text = {}) {
    return {std::move(content), {std::move(when), std::move(text)}, {}, {}};
}

TEST(Clause, KindIsTheRuleIdsKind) {
    EXPECT_STREQ(clause_kind(clause::IrqlEntry{}), "irql-entry");
    EXPECT_STREQ(clause_kind(clause::RequiresApcsDisabled{}), "requires-apcs-disabled");
    EXPECT_STREQ(clause_kind(clause::SameObject{}), "same-object");
}

TEST(Clause, WhatTellsClausesOfOneKindApart) {
    EXPECT_EQ(clause_what(make(clause::IrqlEntry{})), "");
    EXPECT_EQ(clause_what(make(clause::IrqlEntry{}, {{Subject::parameter, "Wait", "==", "FALSE"}})), "Wait-FALSE");
    EXPECT_EQ(
        clause_what(make(clause::IrqlEntry{}, {{Subject::parameter, "Timeout", "!=", "NULL"}, {Subject::pointee, "Timeout", "==", "0"}})),
        "Timeout-not-NULL-Timeout-value-0");
    EXPECT_EQ(clause_what(make(clause::Returns{"TRUE"}, {{Subject::state, "object", "==", "free"}})), "TRUE");
    EXPECT_EQ(clause_what(make(clause::Returns{"TRUE"}, {{Subject::state, "region", "==", "critical"}})), "TRUE-region-critical");
    EXPECT_EQ(clause_what(make(clause::Argument{"NewIrql", {}, {}})), "NewIrql");
    EXPECT_EQ(clause_what(make(clause::HeldOnEntry{{"filter control mutex", "Pin"}})), "filter-control-mutex");
    EXPECT_EQ(clause_what(make(clause::IrqlRestore{}, {}, "if the moon is full")), "conditional");
}

TEST(Clause, CanonicalTextIgnoresOrderAndCitation) {
    Clause a = make(clause::ReleaseWith{{"spin lock", "Lock"}, {"B", "A"}});
    Clause b = make(clause::ReleaseWith{{"spin lock", "Lock"}, {"A", "B"}});
    b.cite.verbatim = "another sentence";
    EXPECT_EQ(canonical_clause(a), canonical_clause(b));
    EXPECT_EQ(canonical_clause(a), "release-with spin lock(Lock) with [A B]");
    const Clause one =
        make(clause::IrqlUnchanged{}, {{Subject::irql, "", "==", "PASSIVE_LEVEL"}, {Subject::parameter, "Wait", "==", "TRUE"}});
    const Clause other =
        make(clause::IrqlUnchanged{}, {{Subject::parameter, "Wait", "==", "TRUE"}, {Subject::irql, "", "==", "PASSIVE_LEVEL"}});
    EXPECT_EQ(canonical_clause(one), canonical_clause(other));
}

TEST(Clause, DifferentMeaningsHaveDifferentCanonicalTexts) {
    EXPECT_NE(canonical_clause(make(clause::Acquire{{"spin lock", "L"}, Mode::exclusive, false})),
              canonical_clause(make(clause::Acquire{{"spin lock", "L"}, Mode::shared, false})));
    EXPECT_NE(canonical_clause(make(clause::Acquire{{"spin lock", "L"}, Mode::exclusive, false})),
              canonical_clause(make(clause::Acquire{{"spin lock", "L"}, Mode::exclusive, true})));
    EXPECT_NE(canonical_clause(make(clause::IrqlSave{{Place::Kind::parameter, "P"}})),
              canonical_clause(make(clause::IrqlSave{{Place::Kind::pointee, "P"}})));
    EXPECT_NE(canonical_clause(make(clause::IrqlRestore{})), canonical_clause(make(clause::IrqlRestore{}, {}, "if words")));
}

}  // namespace
}  // namespace ddi::facts
