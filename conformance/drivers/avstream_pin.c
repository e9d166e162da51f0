/* An AVStream pin that fills each frame with a counter: its process function walks the queue's leading edge, and the pin's processing
 * mutex keeps a state change from meeting it. Written from the pages of ks.h; compiled, never linked. */
#include <ks.h>
#include <ksmedia.h>
#include <ntddk.h>

typedef struct _COUNTER {
    KSSTATE State;
    UCHAR Next;
    KSPIN_LOCK Lock; /* guards Frames: a DPC of the device reads it */
    ULONG Frames;
} COUNTER, *PCOUNTER;

static NTSTATUS CounterCreate(PKSPIN Pin, PIRP Irp);
static NTSTATUS CounterClose(PKSPIN Pin, PIRP Irp);
static NTSTATUS CounterProcess(PKSPIN Pin);
static NTSTATUS CounterSetDeviceState(PKSPIN Pin, KSSTATE ToState, KSSTATE FromState);

static NTSTATUS CounterCreate(PKSPIN Pin, PIRP Irp) {
    PCOUNTER counter = (PCOUNTER)ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(COUNTER), 0x6e696343u);
    UNREFERENCED_PARAMETER(Irp);
    if (counter == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    KeInitializeSpinLock(&counter->Lock);
    counter->State = KSSTATE_STOP;
    Pin->Context = counter;
    return STATUS_SUCCESS;
}

static NTSTATUS CounterClose(PKSPIN Pin, PIRP Irp) {
    UNREFERENCED_PARAMETER(Irp);
    ExFreePool(Pin->Context);
    Pin->Context = NULL;
    return STATUS_SUCCESS;
}

static VOID CounterFill(PCOUNTER Counter, PKSSTREAM_POINTER Edge) {
    KIRQL irql;
    PUCHAR data = (PUCHAR)Edge->OffsetOut.Data;
    ULONG i;
    for (i = 0; i < Edge->OffsetOut.Remaining; ++i) data[i] = Counter->Next;
    Counter->Next += 1;
    Edge->StreamHeader->DataUsed = Edge->OffsetOut.Remaining;
    KeAcquireSpinLock(&Counter->Lock, &irql);
    Counter->Frames += 1;
    KeReleaseSpinLock(&Counter->Lock, irql);
}

static NTSTATUS CounterProcess(PKSPIN Pin) {
    PCOUNTER counter = (PCOUNTER)Pin->Context;
    PKSSTREAM_POINTER edge = KsPinGetLeadingEdgeStreamPointer(Pin, KSSTREAM_POINTER_STATE_LOCKED);
    NTSTATUS status = STATUS_SUCCESS;
    while (edge != NULL && NT_SUCCESS(status)) {
        CounterFill(counter, edge);
        status = KsStreamPointerAdvanceOffsets(edge, 0, edge->OffsetOut.Remaining, FALSE);
    }
    return STATUS_PENDING;
}

static NTSTATUS CounterSetDeviceState(PKSPIN Pin, KSSTATE ToState, KSSTATE FromState) {
    PCOUNTER counter = (PCOUNTER)Pin->Context;
    UNREFERENCED_PARAMETER(FromState);
    KsPinAcquireProcessingMutex(Pin);
    counter->State = ToState;
    if (ToState == KSSTATE_STOP) counter->Next = 0;
    KsPinReleaseProcessingMutex(Pin);
    if (ToState == KSSTATE_RUN) KsPinAttemptProcessing(Pin, TRUE);
    return STATUS_SUCCESS;
}

const KSPIN_DISPATCH CounterPinDispatch = {
    CounterCreate, CounterClose, CounterProcess, NULL, NULL, CounterSetDeviceState, NULL, NULL, NULL, NULL,
};

static KSSTREAM_POINTER_OFFSET* CounterOffset(PKSSTREAM_POINTER Edge) { return Edge->Offset; }

/* The pin's descriptor, member by member: C and C++ alike leave the others zero. */
VOID CounterDescribe(KSPIN_DESCRIPTOR_EX* Descriptor);

VOID CounterDescribe(KSPIN_DESCRIPTOR_EX* Descriptor) {
    RtlZeroMemory(Descriptor, sizeof(*Descriptor));
    Descriptor->Dispatch = &CounterPinDispatch;
    Descriptor->Flags = KSPIN_FLAG_PROCESS_IN_RUN_STATE_ONLY;
    Descriptor->InstancesPossible = 1;
    Descriptor->InstancesNecessary = 1;
}

NTSTATUS CounterHold(PKSPIN Pin);

NTSTATUS CounterHold(PKSPIN Pin) {
    PKSSTREAM_POINTER clone = NULL;
    PKSSTREAM_POINTER edge = KsPinGetLeadingEdgeStreamPointer(Pin, KSSTREAM_POINTER_STATE_UNLOCKED);
    NTSTATUS status = edge == NULL ? STATUS_DEVICE_NOT_READY : KsStreamPointerClone(edge, NULL, 0, &clone);
    if (!NT_SUCCESS(status)) return status;
    status = CounterOffset(clone)->Remaining == 0 ? STATUS_BUFFER_TOO_SMALL : STATUS_SUCCESS;
    KsStreamPointerDelete(clone);
    return status;
}
