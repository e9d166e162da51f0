/* A KMDF driver of a device that does nothing but keep a log: a spin lock guards what its DPC and its queue share, a wait lock
 * guards what may take time. Written from the pages of the framework's functions; compiled against the generated headers, never linked. */
#include <ntddk.h>
#include <wdf.h>

#define LOG_TAG 0x676f4c44u
#define LOG_SIZE 64

typedef struct _LOG_CONTEXT {
    WDFSPINLOCK EntriesLock; /* guards Entries and Count: the timer's DPC writes them */
    ULONG Entries[LOG_SIZE];
    ULONG Count;
    WDFWAITLOCK PolicyLock; /* guards Limit: read and written at PASSIVE_LEVEL only */
    ULONG Limit;
    WDFTIMER Timer;
} LOG_CONTEXT, *PLOG_CONTEXT;

WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(LOG_CONTEXT, LogContext)

DRIVER_INITIALIZE DriverEntry;
static EVT_WDF_DRIVER_DEVICE_ADD LogDeviceAdd;
static EVT_WDF_TIMER LogTick;
static EVT_WDF_IO_QUEUE_IO_READ LogRead;
static EVT_WDF_IO_QUEUE_IO_WRITE LogWrite;

static VOID LogAppend(PLOG_CONTEXT Log, ULONG Value) {
    WdfSpinLockAcquire(Log->EntriesLock);
    Log->Entries[Log->Count % LOG_SIZE] = Value;
    Log->Count += 1;
    WdfSpinLockRelease(Log->EntriesLock);
}

static VOID LogTick(WDFTIMER Timer) {
    WDFDEVICE device = (WDFDEVICE)WdfTimerGetParentObject(Timer);
    LogAppend(LogContext(device), 0);
}

static VOID LogRead(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
    PLOG_CONTEXT log = LogContext(WdfIoQueueGetDevice(Queue));
    PVOID buffer = NULL;
    size_t size = 0;
    NTSTATUS status = WdfRequestRetrieveOutputBuffer(Request, sizeof(ULONG), &buffer, &size);
    if (!NT_SUCCESS(status)) {
        WdfRequestComplete(Request, status);
        return;
    }
    UNREFERENCED_PARAMETER(Length);
    WdfSpinLockAcquire(log->EntriesLock);
    *(PULONG)buffer = log->Count;
    WdfSpinLockRelease(log->EntriesLock);
    WdfRequestCompleteWithInformation(Request, STATUS_SUCCESS, sizeof(ULONG));
}

static VOID LogWrite(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
    PLOG_CONTEXT log = LogContext(WdfIoQueueGetDevice(Queue));
    PVOID buffer = NULL;
    LONGLONG timeout = WDF_REL_TIMEOUT_IN_MS(100);
    NTSTATUS status = WdfRequestRetrieveInputBuffer(Request, sizeof(ULONG), &buffer, NULL);
    UNREFERENCED_PARAMETER(Length);
    if (NT_SUCCESS(status)) status = WdfWaitLockAcquire(log->PolicyLock, &timeout);
    if (status == STATUS_SUCCESS) {
        log->Limit = *(PULONG)buffer;
        WdfWaitLockRelease(log->PolicyLock);
        LogAppend(log, *(PULONG)buffer);
    }
    WdfRequestComplete(Request, status);
}

static NTSTATUS LogCreateQueue(WDFDEVICE Device) {
    WDF_IO_QUEUE_CONFIG config;
    WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&config, WdfIoQueueDispatchParallel);
    config.EvtIoRead = LogRead;
    config.EvtIoWrite = LogWrite;
    return WdfIoQueueCreate(Device, &config, WDF_NO_OBJECT_ATTRIBUTES, NULL);
}

static NTSTATUS LogCreateTimer(WDFDEVICE Device) {
    WDF_TIMER_CONFIG config;
    WDF_OBJECT_ATTRIBUTES attributes;
    NTSTATUS status;
    WDF_TIMER_CONFIG_INIT_PERIODIC(&config, LogTick, 1000);
    WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
    attributes.ParentObject = Device;
    status = WdfTimerCreate(&config, &attributes, &LogContext(Device)->Timer);
    if (NT_SUCCESS(status)) WdfTimerStart(LogContext(Device)->Timer, WDF_REL_TIMEOUT_IN_SEC(1));
    return status;
}

static NTSTATUS LogDeviceAdd(WDFDRIVER Driver, PWDFDEVICE_INIT DeviceInit) {
    WDF_OBJECT_ATTRIBUTES attributes;
    WDFDEVICE device;
    PLOG_CONTEXT log;
    NTSTATUS status;
    UNREFERENCED_PARAMETER(Driver);
    WdfDeviceInitSetIoType(DeviceInit, WdfDeviceIoBuffered);
    WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, LOG_CONTEXT);
    status = WdfDeviceCreate(&DeviceInit, &attributes, &device);
    if (!NT_SUCCESS(status)) return status;
    log = LogContext(device);
    WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
    attributes.ParentObject = device;
    status = WdfSpinLockCreate(&attributes, &log->EntriesLock);
    if (NT_SUCCESS(status)) status = WdfWaitLockCreate(&attributes, &log->PolicyLock);
    if (NT_SUCCESS(status)) status = LogCreateQueue(device);
    if (NT_SUCCESS(status)) status = LogCreateTimer(device);
    return status;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath) {
    WDF_DRIVER_CONFIG config;
    WDF_DRIVER_CONFIG_INIT(&config, LogDeviceAdd);
    config.DriverPoolTag = LOG_TAG;
    return WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config, WDF_NO_HANDLE);
}
