/* The send path of an NDIS filter driver that counts what passes and lets a paused filter's packets back up. A spin lock guards the
 * state; what the filter below completes goes up again. Written from the pages of the filter functions; compiled, never linked. */
#include <ndis.h>

typedef enum _FILTER_STATE { FilterPaused, FilterRunning } FILTER_STATE;

typedef struct _FILTER {
    NDIS_HANDLE Handle;
    NDIS_SPIN_LOCK Lock; /* guards State and Outstanding */
    FILTER_STATE State;
    ULONG Outstanding;
    ULONGLONG Bytes;
} FILTER, *PFILTER;

FILTER_SEND_NET_BUFFER_LISTS CountSend;
FILTER_SEND_NET_BUFFER_LISTS_COMPLETE CountSendComplete;
FILTER_PAUSE CountPause;
FILTER_RESTART CountRestart;
FILTER_CANCEL_SEND_NET_BUFFER_LISTS CountCancelSend;

static ULONG CountLists(PNET_BUFFER_LIST Lists, ULONGLONG* Bytes) {
    ULONG count = 0;
    PNET_BUFFER_LIST list;
    PNET_BUFFER buffer;
    for (list = Lists; list != NULL; list = NET_BUFFER_LIST_NEXT_NBL(list)) {
        for (buffer = NET_BUFFER_LIST_FIRST_NB(list); buffer != NULL; buffer = NET_BUFFER_NEXT_NB(buffer)) {
            *Bytes += NET_BUFFER_DATA_LENGTH(buffer);
        }
        count += 1;
    }
    return count;
}

VOID CountSend(NDIS_HANDLE FilterModuleContext, PNET_BUFFER_LIST NetBufferLists, NDIS_PORT_NUMBER PortNumber, ULONG SendFlags) {
    PFILTER filter = (PFILTER)FilterModuleContext;
    BOOLEAN atDispatch = NDIS_TEST_SEND_AT_DISPATCH_LEVEL(SendFlags) ? TRUE : FALSE;
    ULONGLONG bytes = 0;
    ULONG lists = CountLists(NetBufferLists, &bytes);
    BOOLEAN running;
    if (atDispatch) {
        NdisDprAcquireSpinLock(&filter->Lock);
    } else {
        NdisAcquireSpinLock(&filter->Lock);
    }
    running = filter->State == FilterRunning ? TRUE : FALSE;
    if (running) {
        filter->Outstanding += lists;
        filter->Bytes += bytes;
    }
    if (atDispatch) {
        NdisDprReleaseSpinLock(&filter->Lock);
    } else {
        NdisReleaseSpinLock(&filter->Lock);
    }
    if (running) {
        NdisFSendNetBufferLists(filter->Handle, NetBufferLists, PortNumber, SendFlags);
        return;
    }
    for (PNET_BUFFER_LIST list = NetBufferLists; list != NULL; list = NET_BUFFER_LIST_NEXT_NBL(list)) {
        NET_BUFFER_LIST_STATUS(list) = NDIS_STATUS_PAUSED;
    }
    NdisFSendNetBufferListsComplete(filter->Handle, NetBufferLists, atDispatch ? NDIS_SEND_COMPLETE_FLAGS_DISPATCH_LEVEL : 0);
}

VOID CountSendComplete(NDIS_HANDLE FilterModuleContext, PNET_BUFFER_LIST NetBufferLists, ULONG SendCompleteFlags) {
    PFILTER filter = (PFILTER)FilterModuleContext;
    ULONGLONG bytes = 0;
    ULONG lists = CountLists(NetBufferLists, &bytes);
    NdisAcquireSpinLock(&filter->Lock);
    filter->Outstanding -= lists;
    NdisReleaseSpinLock(&filter->Lock);
    NdisFSendNetBufferListsComplete(filter->Handle, NetBufferLists, SendCompleteFlags);
}

VOID CountCancelSend(NDIS_HANDLE FilterModuleContext, PVOID CancelId) {
    NdisFCancelSendNetBufferLists(((PFILTER)FilterModuleContext)->Handle, CancelId);
}

NDIS_STATUS CountPause(NDIS_HANDLE FilterModuleContext, PNDIS_FILTER_PAUSE_PARAMETERS PauseParameters) {
    PFILTER filter = (PFILTER)FilterModuleContext;
    ULONG left;
    UNREFERENCED_PARAMETER(PauseParameters);
    NdisAcquireSpinLock(&filter->Lock);
    filter->State = FilterPaused;
    left = filter->Outstanding;
    NdisReleaseSpinLock(&filter->Lock);
    return left == 0 ? NDIS_STATUS_SUCCESS : NDIS_STATUS_PENDING;
}

NDIS_STATUS CountRestart(NDIS_HANDLE FilterModuleContext, PNDIS_FILTER_RESTART_PARAMETERS RestartParameters) {
    PFILTER filter = (PFILTER)FilterModuleContext;
    UNREFERENCED_PARAMETER(RestartParameters);
    NdisAcquireSpinLock(&filter->Lock);
    filter->State = FilterRunning;
    NdisReleaseSpinLock(&filter->Lock);
    return NDIS_STATUS_SUCCESS;
}

static PFILTER CountCreate(NDIS_HANDLE Handle) {
    PFILTER filter = (PFILTER)NdisAllocateMemoryWithTagPriority(Handle, sizeof(FILTER), 0x746e7543u, NormalPoolPriority);
    if (filter == NULL) return NULL;
    NdisZeroMemory(filter, sizeof(FILTER));
    filter->Handle = Handle;
    filter->State = FilterPaused;
    NdisAllocateSpinLock(&filter->Lock);
    return filter;
}

FILTER_ATTACH CountAttach;
FILTER_DETACH CountDetach;

NDIS_STATUS CountAttach(NDIS_HANDLE NdisFilterHandle, NDIS_HANDLE FilterDriverContext, PNDIS_FILTER_ATTACH_PARAMETERS AttachParameters) {
    NDIS_FILTER_ATTRIBUTES attributes;
    PFILTER filter = CountCreate(NdisFilterHandle);
    NDIS_STATUS status;
    UNREFERENCED_PARAMETER(FilterDriverContext);
    UNREFERENCED_PARAMETER(AttachParameters);
    if (filter == NULL) return NDIS_STATUS_RESOURCES;
    NdisZeroMemory(&attributes, sizeof(attributes));
    attributes.Header.Type = NDIS_OBJECT_TYPE_FILTER_ATTRIBUTES;
    attributes.Header.Revision = NDIS_FILTER_ATTRIBUTES_REVISION_1;
    attributes.Header.Size = sizeof(attributes);
    status = NdisFSetAttributes(NdisFilterHandle, filter, &attributes);
    if (status != NDIS_STATUS_SUCCESS) CountDetach(filter);
    return status;
}

VOID CountDetach(NDIS_HANDLE FilterModuleContext) {
    PFILTER filter = (PFILTER)FilterModuleContext;
    NdisFreeSpinLock(&filter->Lock);
    NdisFreeMemory(filter, 0, 0);
}
