// StorPort's locks and lists: levels, the order DPC or StartIo before Interrupt, statuses, and misuse.
#include <storport.h>

#include <array>

#include "conformance/kernel/spin_lock.h"
#include "conformance/kernel/storport/adapter.h"
#include "conformance/tests/peer.h"

namespace ddi::kernel {
namespace {

struct StorPort : testing::Test {
    StorPort() { storport::initialize_dpc(&dpc); }
    storport::Adapter adapter;
    storport::Adapter plain{64, 0};  // without messages
    PVOID extension = adapter.extension();
    STOR_DPC dpc;
    STOR_LOCK_HANDLE handle;
};

TEST_F(StorPort, EveryKindRaisesAndRestores) {
    struct Kind {
        STOR_SPINLOCK kind;
        PVOID context;
        KIRQL level;
    };
    for (storport::Adapter* one : {&adapter, &plain}) {
        const KIRQL device = one->interrupt_level();
        for (const Kind& kind : {Kind{DpcLock, &dpc, DISPATCH_LEVEL}, Kind{StartIoLock, nullptr, DISPATCH_LEVEL},
                                 Kind{InterruptLock, nullptr, device}, Kind{ThreadedDpcLock, &dpc, DISPATCH_LEVEL}}) {
            for (KIRQL from : {PASSIVE_LEVEL, DISPATCH_LEVEL}) {
                KIRQL outer;
                KeRaiseIrql(from, &outer);
                if (kind.kind != ThreadedDpcLock) {
                    StorPortAcquireSpinLock(one->extension(), kind.kind, kind.context, &handle);
                    EXPECT_EQ(KeGetCurrentIrql(), kind.level);
                    StorPortReleaseSpinLock(one->extension(), &handle);
                    EXPECT_EQ(KeGetCurrentIrql(), from);
                }
                EXPECT_EQ(StorPortAcquireSpinLockEx(one->extension(), kind.kind, kind.context, &handle), STOR_STATUS_SUCCESS);
                EXPECT_EQ(KeGetCurrentIrql(), kind.level);
                StorPortReleaseSpinLock(one->extension(), &handle);
                EXPECT_EQ(KeGetCurrentIrql(), from);
                KeLowerIrql(outer);
            }
        }
    }
    const KIRQL outer = KeRaiseIrqlToDpcLevel();
    EXPECT_EQ(StorPortAcquireSpinLockEx(extension, DpcLevelLock, &dpc, &handle), STOR_STATUS_SUCCESS);
    EXPECT_TRUE(observe::spin_lock_busy(storport::lock_of(&dpc)));
    StorPortReleaseSpinLock(extension, &handle);
    EXPECT_EQ(KeGetCurrentIrql(), DISPATCH_LEVEL);
    KeLowerIrql(outer);
}

TEST_F(StorPort, LocksAreTakenInOrder) {
    STOR_LOCK_HANDLE start_io, interrupt;
    StorPortAcquireSpinLock(extension, StartIoLock, nullptr, &start_io);
    StorPortAcquireSpinLock(extension, DpcLock, &dpc, &handle);
    StorPortAcquireSpinLock(extension, InterruptLock, nullptr, &interrupt);
    EXPECT_EQ(KeGetCurrentIrql(), adapter.interrupt_level());
    StorPortReleaseSpinLock(extension, &interrupt);
    StorPortReleaseSpinLock(extension, &handle);
    StorPortReleaseSpinLock(extension, &start_io);
    EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
    for (STOR_SPINLOCK late : {StartIoLock, DpcLock}) {
        STOR_LOCK_HANDLE first;
        storport::Adapter other;
        StorPortAcquireSpinLock(other.extension(), InterruptLock, nullptr, &first);
        EXPECT_EQ(StorPortAcquireSpinLockEx(other.extension(), late, &dpc, &handle), STOR_STATUS_INVALID_IRQL);
        expect_bug_check(
            BugCode::irql_not_greater_or_equal, [&] { StorPortAcquireSpinLock(other.extension(), late, &dpc, &handle); },
            other.interrupt_level(), DISPATCH_LEVEL);
    }
}

TEST_F(StorPort, StartIoAndInterruptKeepOthersOut) {
    StorPortAcquireSpinLock(extension, StartIoLock, nullptr, &handle);
    Peer start_io([this] {
        STOR_LOCK_HANDLE mine;
        StorPortAcquireSpinLock(extension, StartIoLock, nullptr, &mine);
        StorPortReleaseSpinLock(extension, &mine);
    });
    ASSERT_TRUE(observe::await_blocked(start_io.id(), adapter.start_io_lock()));
    StorPortReleaseSpinLock(extension, &handle);
    start_io.join();
    StorPortAcquireSpinLock(extension, InterruptLock, nullptr, &handle);
    Peer interrupt([this] {
        ULONG old;
        EXPECT_EQ(StorPortAcquireMSISpinLock(extension, 2, &old), STOR_STATUS_SUCCESS);
        EXPECT_EQ(StorPortReleaseMSISpinLock(extension, 2, old), STOR_STATUS_SUCCESS);
    });
    ASSERT_TRUE(observe::await_blocked(interrupt.id(), adapter.message_lock(2).shown())) << "the interrupt lock stands for all messages";
    StorPortReleaseSpinLock(extension, &handle);
    interrupt.join();
}

TEST_F(StorPort, MessagesHaveLocksOfTheirOwn) {
    ULONG first = 0xFF, second = 0xFF;
    EXPECT_EQ(StorPortAcquireMSISpinLock(extension, 0, &first), STOR_STATUS_SUCCESS);
    EXPECT_EQ(StorPortAcquireMSISpinLock(extension, 1, &second), STOR_STATUS_SUCCESS);
    EXPECT_EQ(first, PASSIVE_LEVEL);
    EXPECT_EQ(second, adapter.interrupt_level());
    EXPECT_EQ(StorPortReleaseMSISpinLock(extension, 1, second), STOR_STATUS_SUCCESS);
    EXPECT_EQ(StorPortReleaseMSISpinLock(extension, 0, first), STOR_STATUS_SUCCESS);
    EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
    EXPECT_EQ(StorPortAcquireMSISpinLock(nullptr, 0, &first), STOR_STATUS_INVALID_PARAMETER);
    EXPECT_EQ(StorPortReleaseMSISpinLock(nullptr, 0, 0), STOR_STATUS_INVALID_PARAMETER);
    EXPECT_EQ(StorPortAcquireMSISpinLock(extension, adapter.messages(), &first), STOR_STATUS_INVALID_PARAMETER);
}

BOOLEAN under_interrupt_lock(PVOID extension, PVOID context) {
    auto& adapter = *static_cast<storport::Adapter*>(context);
    EXPECT_EQ(extension, adapter.extension());
    EXPECT_EQ(KeGetCurrentIrql(), adapter.interrupt_level());
    return adapter.interrupt_lock().held_by_caller();
}

TEST_F(StorPort, SynchronizedAccessRunsUnderTheInterruptLock) {
    EXPECT_TRUE(StorPortSynchronizeAccess(extension, under_interrupt_lock, &adapter));
    EXPECT_TRUE(StorPortSynchronizeAccess(plain.extension(), under_interrupt_lock, &plain));
    EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
    EXPECT_EQ(adapter.interrupt_lock().owner(), 0u);
}

TEST_F(StorPort, DoublyLinkedLists) {
    STOR_KSPIN_LOCK lock;
    EXPECT_EQ(StorPortInitializeSpinlock(extension, &lock), STOR_STATUS_SUCCESS);
    STOR_LIST_ENTRY head;
    head.Flink = head.Blink = &head;
    std::array<STOR_LIST_ENTRY, 3> entries;
    PSTOR_LIST_ENTRY result = &head;
    EXPECT_EQ(StorPortInterlockedInsertHeadList(extension, &head, &entries[0], &result, &lock), STOR_STATUS_SUCCESS);
    EXPECT_EQ(result, nullptr);
    StorPortInterlockedInsertTailList(extension, &head, &entries[1], &result, &lock);
    EXPECT_EQ(result, &entries[0]);
    StorPortInterlockedInsertTailList(extension, &head, &entries[2], &result, &lock);
    EXPECT_EQ(result, &entries[0]) << "the first entry, as its page says";
    for (auto& entry : entries) {
        StorPortInterlockedRemoveHeadList(extension, &head, &result, &lock);
        EXPECT_EQ(result, &entry);
    }
    EXPECT_EQ(StorPortInterlockedRemoveHeadList(extension, &head, &result, &lock), STOR_STATUS_SUCCESS);
    EXPECT_EQ(result, nullptr);
    EXPECT_EQ(StorPortInterlockedRemoveHeadList(extension, nullptr, &result, &lock), STOR_STATUS_INVALID_PARAMETER);
    EXPECT_EQ(StorPortInterlockedInsertHeadList(extension, &head, &entries[0], nullptr, &lock), STOR_STATUS_INVALID_PARAMETER);
}

TEST_F(StorPort, SinglyLinkedLists) {
    STOR_SLIST_HEADER head{};
    std::array<STOR_SLIST_ENTRY, 2> entries{};
    PSTOR_SLIST_ENTRY result = entries.data();
    EXPECT_EQ(StorPortInterlockedPopEntrySList(extension, &head, &result), STOR_STATUS_SUCCESS);
    EXPECT_EQ(result, nullptr);
    EXPECT_EQ(StorPortInterlockedPushEntrySList(extension, &head, &entries[0], &result), STOR_STATUS_SUCCESS);
    EXPECT_EQ(result, nullptr);
    StorPortInterlockedPushEntrySList(extension, &head, &entries[1], &result);
    EXPECT_EQ(result, &entries[0]);
    StorPortInterlockedPopEntrySList(extension, &head, &result);
    EXPECT_EQ(result, &entries[1]);
    StorPortInterlockedFlushSList(extension, &head, &result);
    EXPECT_EQ(result, &entries[0]);
    StorPortInterlockedFlushSList(extension, &head, &result);
    EXPECT_EQ(result, nullptr);
    EXPECT_EQ(StorPortInterlockedFlushSList(extension, nullptr, &result), STOR_STATUS_INVALID_PARAMETER);
    EXPECT_EQ(StorPortInterlockedPushEntrySList(extension, &head, &entries[0], nullptr), STOR_STATUS_INVALID_PARAMETER);
}

TEST_F(StorPort, StatusesOfTheExtendedRoutine) {
    EXPECT_EQ(StorPortAcquireSpinLockEx(nullptr, StartIoLock, nullptr, &handle), STOR_STATUS_INVALID_PARAMETER);
    EXPECT_EQ(StorPortAcquireSpinLockEx(extension, DpcLock, nullptr, &handle), STOR_STATUS_INVALID_PARAMETER) << "which DPC?";
    EXPECT_EQ(StorPortAcquireSpinLockEx(extension, static_cast<STOR_SPINLOCK>(9), nullptr, &handle), STOR_STATUS_INVALID_PARAMETER);
    EXPECT_EQ(StorPortAcquireSpinLockEx(extension, DpcLevelLock, &dpc, &handle), STOR_STATUS_INVALID_IRQL);
    EXPECT_EQ(KeGetCurrentIrql(), PASSIVE_LEVEL);
}

TEST_F(StorPort, Misuse) {
    expect_bug_check(
        BugCode::driver_verifier_detected_violation, [this] { StorPortAcquireSpinLock(extension, DpcLevelLock, &dpc, &handle); },
        storport::violation::unknown_lock);
    StorPortAcquireSpinLock(extension, StartIoLock, nullptr, &handle);
    STOR_LOCK_HANDLE again;
    expect_bug_check(
        BugCode::spin_lock_already_owned, [&] { StorPortAcquireSpinLock(extension, StartIoLock, nullptr, &again); },
        adapter.start_io_lock());
    STOR_LOCK_HANDLE unused{};
    expect_bug_check(
        BugCode::driver_verifier_detected_violation, [&] { StorPortReleaseSpinLock(extension, &unused); },
        storport::violation::handle_not_held, &unused);
    std::uint64_t foreign[8] = {};
    expect_bug_check(
        BugCode::driver_verifier_detected_violation, [&] { StorPortAcquireSpinLock(&foreign[4], StartIoLock, nullptr, &handle); },
        storport::violation::no_adapter);
    expect_bug_check(BugCode::spin_lock_not_owned, [this] {
        KIRQL old;
        KeRaiseIrql(adapter.interrupt_level(), &old);
        StorPortReleaseMSISpinLock(extension, 1, PASSIVE_LEVEL);
    });
}

}  // namespace
}  // namespace ddi::kernel
