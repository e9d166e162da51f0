#include <ndis.h>
#include <ntddk.h>

#include <set>

#include "conformance/tests/peer.h"

namespace ddi::kernel {
namespace {

TEST(Irql, EveryPairOfLevels) {
    for (int from = PASSIVE_LEVEL; from <= HIGH_LEVEL; ++from) {
        for (int to = PASSIVE_LEVEL; to <= HIGH_LEVEL; ++to) {
            SCOPED_TRACE(testing::Message() << from << " -> " << to);
            KIRQL first = 0xFF;
            KeRaiseIrql(static_cast<KIRQL>(from), &first);
            EXPECT_EQ(first, PASSIVE_LEVEL);
            if (to < from) {
                expect_bug_check(
                    BugCode::irql_not_greater_or_equal,
                    [&] {
                        KIRQL old;
                        KeRaiseIrql(static_cast<KIRQL>(to), &old);
                    },
                    from, to);
                continue;
            }
            KIRQL second = 0xFF;
            KeRaiseIrql(static_cast<KIRQL>(to), &second);
            EXPECT_EQ(second, from);
            EXPECT_EQ(KeGetCurrentIrql(), to);
            KeLowerIrql(second);
            EXPECT_EQ(KeGetCurrentIrql(), from);
            KeLowerIrql(first);
            EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
        }
    }
}

TEST(Irql, RaisingToDispatchReturnsTheLevelBefore) {
    for (KIRQL from : {PASSIVE_LEVEL, APC_LEVEL, DISPATCH_LEVEL}) {
        KIRQL first;
        KeRaiseIrql(from, &first);
        const KIRQL old = KeRaiseIrqlToDpcLevel();
        EXPECT_EQ(old, from);
        EXPECT_EQ(KeGetCurrentIrql(), DISPATCH_LEVEL);
        KeLowerIrql(old);
        KIRQL ndis = 0xFF;
        NDIS_RAISE_IRQL_TO_DISPATCH(&ndis);
        EXPECT_EQ(ndis, from);
        EXPECT_EQ(KeGetCurrentIrql(), DISPATCH_LEVEL);
        NDIS_LOWER_IRQL(ndis, DISPATCH_LEVEL);
        EXPECT_EQ(KeGetCurrentIrql(), from);
        const KIRQL kz = KzRaiseIrql(HIGH_LEVEL);
        EXPECT_EQ(kz, from);
        EXPECT_EQ(KeGetCurrentIrql(), HIGH_LEVEL);
        KeLowerIrql(kz);
        KeLowerIrql(first);
    }
}

TEST(Irql, RaisingToDispatchFromAboveIsFatal) {
    KIRQL old;
    KeRaiseIrql(DISPATCH_LEVEL + 1, &old);
    expect_bug_check(
        BugCode::irql_not_greater_or_equal, [] { KeRaiseIrqlToDpcLevel(); }, DISPATCH_LEVEL + 1, DISPATCH_LEVEL);
    KeRaiseIrql(HIGH_LEVEL, &old);
    expect_bug_check(BugCode::irql_not_greater_or_equal, [] {
        KIRQL level;
        NDIS_RAISE_IRQL_TO_DISPATCH(&level);
    });
}

TEST(Irql, LoweringUpwardsIsFatal) {
    expect_bug_check(
        BugCode::irql_not_less_or_equal, [] { KeLowerIrql(APC_LEVEL); }, APC_LEVEL, PASSIVE_LEVEL);
}

TEST(Irql, LoweringToAnotherLevelThanTheRaiseSavedIsFatal) {
    KIRQL first, second;
    KeRaiseIrql(APC_LEVEL, &first);
    KeRaiseIrql(DISPATCH_LEVEL, &second);
    expect_bug_check(
        BugCode::driver_verifier_detected_violation, [&] { KeLowerIrql(first); }, verifier::bad_lower, DISPATCH_LEVEL, PASSIVE_LEVEL,
        APC_LEVEL);
}

TEST(Irql, NoLevelAboveTheHighest) {
    expect_bug_check(
        BugCode::driver_verifier_detected_violation,
        [] {
            KIRQL old;
            KeRaiseIrql(HIGH_LEVEL + 1, &old);
        },
        verifier::bad_raise);
}

TEST(Irql, AForcedLevelStartsAnew) {
    KIRQL first, second;
    KeRaiseIrql(APC_LEVEL, &first);
    KeRaiseIrql(DISPATCH_LEVEL, &second);
    observe::force_irql(DISPATCH_LEVEL);
    KeLowerIrql(PASSIVE_LEVEL);
    EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
}

TEST(Irql, DeepNestingIsNoMistake) {
    std::vector<KIRQL> saved(100);
    for (KIRQL& level : saved) KeRaiseIrql(DISPATCH_LEVEL, &level);
    for (auto level = saved.rbegin(); level != saved.rend(); ++level) KeLowerIrql(*level);
    EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
}

TEST(Irql, BelongsToTheThread) {
    KIRQL old;
    KeRaiseIrql(DISPATCH_LEVEL, &old);
    Signal look, go;
    Peer peer([&] {
        EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
        KIRQL mine;
        KeRaiseIrql(HIGH_LEVEL, &mine);
        look.set();
        go.wait();
        KeLowerIrql(mine);
    });
    look.wait();
    EXPECT_EQ(KeGetCurrentIrql(), DISPATCH_LEVEL);
    EXPECT_EQ(observe::snapshot(peer.id())->irql, HIGH_LEVEL);
    go.set();
    peer.join();
    EXPECT_FALSE(observe::snapshot(peer.id()).has_value()) << "an ended thread is forgotten";
    KeLowerIrql(old);
}

TEST(Irql, EveryLivingThreadHasAProcessorOfItsOwn) {
    constexpr int threads = 70;  // more than one group of 64
    Signal go;
    std::atomic<int> arrived{0};
    std::vector<ULONG> indexes(threads);
    std::vector<PROCESSOR_NUMBER> numbers(threads);
    std::vector<ULONG> plain(threads);
    std::vector<std::unique_ptr<Peer>> peers;
    for (int i = 0; i < threads; ++i) {
        peers.push_back(std::make_unique<Peer>([&, i] {
            indexes[i] = KeGetCurrentProcessorNumberEx(&numbers[i]);
            plain[i] = KeGetCurrentProcessorNumber();
            EXPECT_EQ(KeGetCurrentProcessorNumberEx(nullptr), indexes[i]);
            ++arrived;
            arrived.notify_all();
            go.wait();
        }));
    }
    for (int seen = arrived; seen < threads; seen = arrived) arrived.wait(seen);
    go.set();
    for (auto& peer : peers) peer->join();
    EXPECT_EQ(std::set<ULONG>(indexes.begin(), indexes.end()).size(), static_cast<std::size_t>(threads));
    for (int i = 0; i < threads; ++i) {
        EXPECT_EQ(indexes[i], numbers[i].Group * 64u + numbers[i].Number);
        EXPECT_LT(plain[i], 64u);
        if (numbers[i].Group == 0) {
            EXPECT_EQ(plain[i], numbers[i].Number);
        }
    }
}

TEST(BugChecks, CallTheHookFirst) {
    static const BugCheck* seen = nullptr;
    static BugCode code{};
    const BugCheckHook before = set_bug_check_hook([](const BugCheck& crash) {
        seen = &crash;
        code = crash.code;
    });
    EXPECT_TRUE(bug_check_of([] { KeLowerIrql(HIGH_LEVEL); }).has_value());
    set_bug_check_hook(before);
    EXPECT_NE(seen, nullptr);
    EXPECT_EQ(code, BugCode::irql_not_less_or_equal);
}

}  // namespace
}  // namespace ddi::kernel
