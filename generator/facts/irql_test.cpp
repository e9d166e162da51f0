#include "generator/facts/irql.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace ddi::facts {
namespace {

LevelSet set(std::initializer_list<Level> levels) {
    LevelSet result;
    for (const Level level : levels) result.bits |= LevelSet::at(level).bits;
    return result;
}

struct Spelling {
    const char* value;
    LevelSet levels;
    bool see_remarks;
};

class UnderstoodSpelling : public testing::TestWithParam<Spelling> {};

TEST_P(UnderstoodSpelling, GivesItsLevels) {
    const IrqlExpression expression = parse_irql(GetParam().value);
    ASSERT_EQ(expression.status, IrqlStatus::understood) << GetParam().value;
    ASSERT_EQ(expression.alternatives.size(), 1u);
    EXPECT_EQ(expression.alternatives[0].condition, "");
    EXPECT_EQ(to_string(expression.levels()), to_string(GetParam().levels));
    EXPECT_EQ(expression.see_remarks, GetParam().see_remarks);
}

const LevelSet below_dirql = LevelSet::at_most(Level::dispatch);
const LevelSet below_dispatch = LevelSet::at_most(Level::apc);

INSTANTIATE_TEST_SUITE_P(
    RealValues, UnderstoodSpelling,
    testing::Values(Spelling{"PASSIVE_LEVEL", LevelSet::at(Level::passive), false}, Spelling{"<=DISPATCH_LEVEL", below_dirql, false},
                    Spelling{"\"<= DISPATCH_LEVEL\"", below_dirql, false}, Spelling{"< = DISPATCH_LEVEL", below_dirql, false},
                    Spelling{"<= DISPATCH_ LEVEL", below_dirql, false}, Spelling{"<= DISPATCH LEVEL", below_dirql, false},
                    Spelling{"<= DISPATCH_LEVEL>", below_dirql, false}, Spelling{"<=(APC_LEVEL)", below_dispatch, false},
                    Spelling{"< DISPATCH_LEVEL (see Remarks section)", below_dispatch, true}, Spelling{"Any level", LevelSet::all(), false},
                    Spelling{"ANY", LevelSet::all(), false}, Spelling{"Any level (see Remarks section)", LevelSet::all(), true},
                    Spelling{"Can be called at any IRQL level.", LevelSet::all(), false},
                    Spelling{"Called at IRQL <= DISPATCH_LEVEL (see Remarks section).", below_dirql, true},
                    Spelling{"Greater than DISPATCH_LEVEL", LevelSet::at_least(Level::dirql), false},
                    Spelling{"Greater than or equal to PASSIVE_LEVEL (See Remarks section)", LevelSet::all(), true},
                    Spelling{"PASSIVE_LEVEL to HIGH_LEVEL", LevelSet::all(), false},
                    Spelling{"DPC_LEVEL", LevelSet::at(Level::dispatch), false},
                    Spelling{"PASSIVE_LEVEL or DISPATCH_LEVEL.", set({Level::passive, Level::dispatch}), false},
                    Spelling{"DIRQL or at PASSIVE_LEVEL. See Remarks.", set({Level::passive, Level::dirql}), true},
                    Spelling{"<= APC_LEVEL or <= DISPATCH_LEVEL (See Remarks section)", below_dirql, true},
                    Spelling{"_IRQL_requires_max_(DISPATCH_LEVEL)", below_dirql, false},
                    Spelling{"requires_(PASSIVE_LEVEL)", LevelSet::at(Level::passive), false},
                    Spelling{"PROFILE_LEVEL  - 1", LevelSet::at(Level::dirql), false},
                    Spelling{"Passive level.", LevelSet::at(Level::passive), false}));

struct Verdict {
    const char* value;
    IrqlStatus status;
};

class OtherValue : public testing::TestWithParam<Verdict> {};

TEST_P(OtherValue, IsToldApart) { EXPECT_EQ(parse_irql(GetParam().value).status, GetParam().status) << GetParam().value; }

INSTANTIATE_TEST_SUITE_P(RealValues, OtherValue,
                         testing::Values(Verdict{"", IrqlStatus::absent}, Verdict{"  ", IrqlStatus::absent},
                                         Verdict{"See Remarks section.", IrqlStatus::deferred},
                                         Verdict{"(See Parameters section)", IrqlStatus::deferred},
                                         Verdict{"See Comments section", IrqlStatus::deferred},
                                         Verdict{"For more information, see the Remarks section of the X function.", IrqlStatus::deferred},
                                         Verdict{"Not applicable", IrqlStatus::not_applicable},
                                         Verdict{"_Must_inspect_result_", IrqlStatus::junk}, Verdict{"_requires_same_", IrqlStatus::junk},
                                         Verdict{"TBD", IrqlStatus::junk}, Verdict{"AcxObjectBagRetrieveBlob", IrqlStatus::junk},
                                         Verdict{"At whatever level the port driver likes best", IrqlStatus::not_understood},
                                         Verdict{"PASSIVE_LEVEL hopefully sometimes maybe", IrqlStatus::not_understood}));

TEST(Irql, KeepsConditionsAsAlternatives) {
    const IrqlExpression wait = parse_irql("If Wait is TRUE, PASSIVE_LEVEL; if Wait is FALSE <= DISPATCH_LEVEL");
    ASSERT_EQ(wait.alternatives.size(), 2u);
    EXPECT_EQ(wait.alternatives[0], (IrqlAlternative{LevelSet::at(Level::passive), "If Wait is TRUE"}));
    EXPECT_EQ(wait.alternatives[1], (IrqlAlternative{below_dirql, "if Wait is FALSE"}));

    const IrqlExpression guid = parse_irql("Any level if a GUID is passed in, otherwise PASSIVE_LEVEL.");
    ASSERT_EQ(guid.alternatives.size(), 2u);
    EXPECT_EQ(guid.alternatives[0], (IrqlAlternative{LevelSet::all(), "if a GUID is passed in"}));
    EXPECT_EQ(guid.alternatives[1], (IrqlAlternative{LevelSet::at(Level::passive), "otherwise"}));

    const IrqlExpression bitmap = parse_irql("Any IRQL if Bits is resident; <= APC_LEVEL if Bits is pageable or on Windows 7 and earlier");
    ASSERT_EQ(bitmap.alternatives.size(), 2u);
    EXPECT_EQ(bitmap.alternatives[1], (IrqlAlternative{below_dispatch, "if Bits is pageable or on Windows 7 and earlier"}));
}

TEST(Irql, ALevelInsideANoteIsNoAlternative) {
    const IrqlExpression note = parse_irql("<= APC_LEVEL (some IO only at PASSIVE_LEVEL)");
    ASSERT_EQ(note.alternatives.size(), 1u);
    EXPECT_EQ(note.levels(), below_dispatch);
    EXPECT_FALSE(note.alternatives[0].condition.empty());
}

TEST(Irql, FindsExpressionsInSentences) {
    const auto found = [](const char* text) {
        const auto level = find_irql(text);
        return level ? to_string(level->levels) : std::string("none");
    };
    EXPECT_EQ(found("The caller must be running at IRQL <= APC_LEVEL."), "<= APC_LEVEL");
    EXPECT_EQ(found("It runs at DISPATCH_LEVEL or below."), "<= DISPATCH_LEVEL");
    EXPECT_EQ(found("It runs at an IRQL of DISPATCH_LEVEL or above."), ">= DISPATCH_LEVEL");
    EXPECT_EQ(found("It can be called at any IRQL."), "any level");
    EXPECT_EQ(found("an IRQL less than or equal to DISPATCH_LEVEL"), "<= DISPATCH_LEVEL");
    EXPECT_EQ(found("an IRQL no higher than APC_LEVEL"), "<= APC_LEVEL");
    EXPECT_EQ(found("runs at PASSIVE_LEVEL or APC_LEVEL"), "<= APC_LEVEL");
    EXPECT_EQ(found("IRQL \xE2\x89\xA4 DISPATCH_LEVEL"), "<= DISPATCH_LEVEL");
    EXPECT_EQ(found("a high level of detail, the power level, APC delivery"), "none");
    EXPECT_EQ(found("the interrupt level is passive"), "none");
}

rc::Gen<IrqlExpression> understood_expressions() {
    const auto levels =
        rc::gen::map(rc::gen::inRange(1, 1 << level_count), [](int bits) { return LevelSet{static_cast<std::uint16_t>(bits)}; });
    const auto words = rc::gen::container<std::vector<std::string>>(
        rc::gen::element<std::string>("Wait", "is", "TRUE", "the", "buffer", "resident", "on", "Windows", "8", "pageable", "otherwise"));
    const auto condition = rc::gen::map(words, [](const std::vector<std::string>& parts) {
        std::string text = "if";
        for (const std::string& part : parts) text += " " + part;
        return text;
    });
    return rc::gen::map(rc::gen::tuple(rc::gen::container<std::vector<std::pair<LevelSet, std::string>>>(rc::gen::pair(levels, condition)),
                                       levels, rc::gen::arbitrary<bool>()),
                        [](const auto& parts) {
                            IrqlExpression expression;
                            expression.status = IrqlStatus::understood;
                            expression.see_remarks = std::get<2>(parts);
                            expression.alternatives.push_back({std::get<1>(parts), {}});
                            for (const auto& [set, text] : std::get<0>(parts))
                                if (text != expression.alternatives.back().condition) expression.alternatives.push_back({set, text});
                            return expression;
                        });
}

RC_GTEST_PROP(Irql, ParseUndoesPrint, ()) {
    const IrqlExpression expression = *understood_expressions();
    RC_ASSERT(parse_irql(print_irql(expression)) == expression);
}

RC_GTEST_PROP(Irql, ParseIsTotal, (const std::string& text)) {
    const IrqlExpression expression = parse_irql(text);
    RC_ASSERT((expression.status == IrqlStatus::understood) == !expression.alternatives.empty());
}

}  // namespace
}  // namespace ddi::facts
