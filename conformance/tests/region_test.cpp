#include <ntddk.h>

#include "conformance/tests/peer.h"

namespace ddi::kernel {
namespace {

// State matrix: IRQL × depth of critical regions × depth of guarded regions, as the pages of the two queries give the answers.
TEST(Regions, QueriesOverTheWholeMatrix) {
    for (int irql : {PASSIVE_LEVEL, APC_LEVEL, DISPATCH_LEVEL}) {
        for (int critical = 0; critical <= 2; ++critical) {
            for (int guarded = 0; guarded <= 2; ++guarded) {
                SCOPED_TRACE(testing::Message() << "IRQL " << irql << ", critical " << critical << ", guarded " << guarded);
                for (int i = 0; i < critical; ++i) KeEnterCriticalRegion();
                for (int i = 0; i < guarded; ++i) KeEnterGuardedRegion();
                KIRQL old;
                KeRaiseIrql(static_cast<KIRQL>(irql), &old);
                EXPECT_EQ(KeAreApcsDisabled(), critical > 0 || guarded > 0 ? TRUE : FALSE);
                EXPECT_EQ(KeAreAllApcsDisabled(), guarded > 0 || irql >= APC_LEVEL ? TRUE : FALSE);
                KeLowerIrql(old);
                for (int i = 0; i < guarded; ++i) KeLeaveGuardedRegion();
                for (int i = 0; i < critical; ++i) KeLeaveCriticalRegion();
                EXPECT_FALSE(KeAreApcsDisabled());
                EXPECT_FALSE(KeAreAllApcsDisabled());
            }
        }
    }
}

TEST(Regions, ApcsComeBackWithTheOutermost) {
    KeEnterCriticalRegion();
    KeEnterCriticalRegion();
    KeLeaveCriticalRegion();
    EXPECT_TRUE(KeAreApcsDisabled());
    KeLeaveCriticalRegion();
    EXPECT_FALSE(KeAreApcsDisabled());
    KeEnterGuardedRegion();
    KeEnterGuardedRegion();
    KeLeaveGuardedRegion();
    EXPECT_TRUE(KeAreAllApcsDisabled());
    KeLeaveGuardedRegion();
    EXPECT_FALSE(KeAreAllApcsDisabled());
}

TEST(Regions, TheTwoKindsDoNotEndEachOther) {
    KeEnterGuardedRegion();
    expect_bug_check(
        BugCode::apc_index_mismatch, [] { KeLeaveCriticalRegion(); }, 0, 0, 0xFFFF0000u);
    KeEnterCriticalRegion();
    expect_bug_check(
        BugCode::apc_index_mismatch, [] { KeLeaveGuardedRegion(); }, 0, 0, 0x0000FFFFu);
}

TEST(Regions, BelongToTheThread) {
    KeEnterGuardedRegion();
    KeEnterCriticalRegion();
    Peer([] {
        EXPECT_FALSE(KeAreApcsDisabled());
        EXPECT_FALSE(KeAreAllApcsDisabled());
    }).join();
    EXPECT_EQ(observe::snapshot().critical_regions, 1);
    EXPECT_EQ(observe::snapshot().guarded_regions, 1);
    KeLeaveCriticalRegion();
    KeLeaveGuardedRegion();
}

TEST(Regions, AreForApcLevelAndBelow) {
    for (void (*call)() : {KeEnterCriticalRegion, KeLeaveCriticalRegion, KeEnterGuardedRegion, KeLeaveGuardedRegion}) {
        KeRaiseIrqlToDpcLevel();
        expect_bug_check(BugCode::irql_not_less_or_equal, call, 0, DISPATCH_LEVEL);
    }
    KIRQL old;
    KeRaiseIrql(APC_LEVEL, &old);
    KeEnterCriticalRegion();
    KeEnterGuardedRegion();
    KeLeaveGuardedRegion();
    KeLeaveCriticalRegion();
    KeLowerIrql(old);
}

}  // namespace
}  // namespace ddi::kernel
