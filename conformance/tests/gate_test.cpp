// Flow control gates of kernel streaming: counts, chains, and who captures.
#include <ks.h>
#include <wdm.h>

#include <array>
#include <atomic>

#include "conformance/tests/peer.h"

namespace ddi::kernel {
namespace {

bool open(KSGATE& gate) { return KsGateGetStateUnsafe(&gate) != FALSE; }

TEST(Gate, AnAndGateIsOpenWhileNoInputIsOff) {
    KSGATE gate;
    KsGateInitializeAnd(&gate, nullptr);
    EXPECT_EQ(gate.Count, 1);
    EXPECT_TRUE(open(gate));
    KsGateAddOnInputToAnd(&gate);
    EXPECT_EQ(gate.Count, 1);
    KsGateAddOffInputToAnd(&gate);
    KsGateAddOffInputToAnd(&gate);
    EXPECT_EQ(gate.Count, -1);
    KsGateTurnInputOn(&gate);
    EXPECT_FALSE(open(gate));
    KsGateRemoveOffInputFromAnd(&gate);
    EXPECT_TRUE(open(gate));
    KsGateRemoveOnInputFromAnd(&gate);
    EXPECT_EQ(gate.Count, 1);
}

TEST(Gate, AnOrGateIsOpenWhileAnInputIsOn) {
    KSGATE gate;
    KsGateInitializeOr(&gate, nullptr);
    EXPECT_EQ(gate.Count, 0);
    KsGateAddOffInputToOr(&gate);
    EXPECT_FALSE(open(gate));
    KsGateAddOnInputToOr(&gate);
    KsGateAddOnInputToOr(&gate);
    EXPECT_EQ(gate.Count, 2);
    KsGateTurnInputOff(&gate);
    EXPECT_TRUE(open(gate));
    KsGateRemoveOnInputFromOr(&gate);
    EXPECT_FALSE(open(gate));
    KsGateRemoveOffInputFromOr(&gate);
    EXPECT_EQ(gate.Count, 0);
}

TEST(Gate, NoGateIsNoMistake) {
    KsGateTurnInputOn(nullptr);
    KsGateTurnInputOff(nullptr);
}

struct Chain : testing::Test {
    Chain() {
        KsGateInitializeAnd(&end, nullptr);
        KsGateInitializeOr(&middle, &end);
        KsGateInitializeAnd(&begin, &middle);
    }
    std::array<LONG, 3> counts() const { return {begin.Count, middle.Count, end.Count}; }
    KSGATE begin, middle, end;
};

TEST_F(Chain, EachGateIsAnInputOfTheNext) {
    EXPECT_EQ(counts(), (std::array<LONG, 3>{1, 1, 1})) << "the OR gate was an OFF input of the last until the first opened it";
}

TEST_F(Chain, TransitionsPropagate) {
    KsGateAddOffInputToAnd(&begin);
    EXPECT_EQ(counts(), (std::array<LONG, 3>{0, 0, 0}));
    KsGateAddOffInputToAnd(&begin);
    EXPECT_EQ(counts(), (std::array<LONG, 3>{-1, 0, 0})) << "already closed: nothing to propagate";
    KsGateTurnInputOn(&begin);
    EXPECT_EQ(counts(), (std::array<LONG, 3>{0, 0, 0}));
    KsGateAddOnInputToOr(&middle);
    EXPECT_EQ(counts(), (std::array<LONG, 3>{0, 1, 1}));
    KsGateTurnInputOn(&begin);
    EXPECT_EQ(counts(), (std::array<LONG, 3>{1, 2, 1})) << "the OR gate was open before";
}

TEST_F(Chain, CaptureClosesWhatFollows) {
    EXPECT_TRUE(KsGateCaptureThreshold(&begin));
    EXPECT_EQ(counts(), (std::array<LONG, 3>{0, 0, 0}));
    EXPECT_FALSE(KsGateCaptureThreshold(&begin));
    EXPECT_EQ(counts(), (std::array<LONG, 3>{0, 0, 0}));
}

TEST_F(Chain, GatesAreDeletedFromTheFront) {
    KsGateTerminateAnd(&begin);
    EXPECT_EQ(middle.Count, 0) << "it has lost an input that was on";
    EXPECT_EQ(end.Count, 0);
    KsGateTerminateOr(&middle);
    EXPECT_EQ(end.Count, 1) << "it has lost an input that was off";
}

TEST_F(Chain, ADeletedClosedGateLeavesAnOrGateAlone) {
    KsGateAddOffInputToAnd(&begin);
    KsGateTerminateAnd(&begin);
    EXPECT_EQ(middle.Count, 0);
}

TEST_F(Chain, ADeletedOpenOrGateLeavesAnAndGateAlone) {
    KsGateTerminateOr(&middle);
    EXPECT_EQ(end.Count, 1);
}

TEST(Gate, OneThreadCaptures) {
    KSGATE gate;
    KsGateInitializeAnd(&gate, nullptr);
    std::atomic<int> inside{0}, captures{0};
    std::atomic<bool> crowded{false};
    auto body = [&] {
        for (int i = 0; i < 2000; ++i) {
            if (!KsGateCaptureThreshold(&gate)) continue;
            if (inside.fetch_add(1) != 0) crowded = true;
            captures.fetch_add(1);
            inside.fetch_sub(1);
            KsGateTurnInputOn(&gate);
        }
    };
    Peer first(body), second(body);
    first.join();
    second.join();
    EXPECT_FALSE(crowded.load());
    EXPECT_GE(captures.load(), 1);
    EXPECT_EQ(gate.Count, 1);
}

TEST(Gate, WorksAtEveryLevel) {
    KSGATE gate;
    KIRQL outer;
    KeRaiseIrql(HIGH_LEVEL, &outer);
    KsGateInitialize(&gate, 1, nullptr, FALSE);
    EXPECT_TRUE(KsGateCaptureThreshold(&gate));
    KsGateTurnInputOn(&gate);
    EXPECT_TRUE(open(gate));
    EXPECT_EQ(KeGetCurrentIrql(), HIGH_LEVEL);
    KeLowerIrql(outer);
}

}  // namespace
}  // namespace ddi::kernel
