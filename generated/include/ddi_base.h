/* Base types of the Windows driver interface, for hosts that are not Windows. Every generated header includes this file.
 *
 * Sizes are those of Windows on every host: LONG has 32 bits, WCHAR 16, and the layout of the structures below is the 64-bit
 * Windows one on 64-bit hosts. Names and values are the published ones (ntdef.h, ntstatus.h, wdm.h); nothing else is needed than
 * the compiler's own <stdarg.h>, <stdbool.h>, <stddef.h> and <stdint.h>. Written by hand; ddigen writes it out beside the headers that it generates. C11 and C++20. */
#ifndef DDI_BASE_H
#define DDI_BASE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ddi_sal.h"

#if defined(__GNUC__) || defined(__clang__)
/* Before a declaration that uses what every Windows compiler has and ISO C does not: unnamed members, wide bit-fields. */
#define DDI_EXTENSION __extension__
#else
#define DDI_EXTENSION
#endif

#if (defined(__GNUC__) || defined(__clang__)) && !defined(_WIN32) && (defined(__x86_64__) || defined(__i386__))
/* A structure with bit-fields, laid out as Windows' compilers do: fields of types of different sizes do not share a unit. */
#define DDI_BIT_FIELDS __attribute__((ms_struct))
#else
#define DDI_BIT_FIELDS
#endif

#if defined(__cplusplus)
#define DDI_ALIGNED(bytes) alignas(bytes)
#else
#define DDI_ALIGNED(bytes) _Alignas(bytes)
#endif

/* Before a member that 64-bit Windows aligns as a pointer. */
#ifndef POINTER_ALIGNMENT
#if defined(_WIN64) || defined(__LP64__)
#define POINTER_ALIGNMENT DDI_ALIGNED(8)
#else
#define POINTER_ALIGNMENT
#endif
#endif
#ifndef POINTER_ALIGN
#define POINTER_ALIGN POINTER_ALIGNMENT
#endif

#if !defined(_MSC_VER) && !defined(__int64)
#define __int8 char
#define __int16 short
#define __int32 int
#define __int64 long long
#endif

/* Calling conventions matter on 32-bit x86 Windows only. */
#if defined(_WIN32) && (defined(__i386__) || defined(_M_IX86))
#define DDI_STDCALL __stdcall
#define DDI_FASTCALL __fastcall
#else
#define DDI_STDCALL
#define DDI_FASTCALL
#endif
#ifndef NTAPI
#define NTAPI DDI_STDCALL
#endif
#ifndef WINAPI
#define WINAPI DDI_STDCALL
#endif
#ifndef APIENTRY
#define APIENTRY DDI_STDCALL
#endif
#ifndef CALLBACK
#define CALLBACK DDI_STDCALL
#endif
#ifndef FASTCALL
#define FASTCALL DDI_FASTCALL
#endif

/* Clang's thread-safety analysis; empty for other compilers. */
#if defined(__clang__)
#define DDI_THREAD_SAFETY(x) __attribute__((x))
#else
#define DDI_THREAD_SAFETY(x)
#endif
#define DDI_CAPABILITY(name) DDI_THREAD_SAFETY(capability(name))
#define DDI_SCOPED_CAPABILITY DDI_THREAD_SAFETY(scoped_lockable)
#define DDI_GUARDED_BY(x) DDI_THREAD_SAFETY(guarded_by(x))
#define DDI_PT_GUARDED_BY(x) DDI_THREAD_SAFETY(pt_guarded_by(x))
#define DDI_ACQUIRE(...) DDI_THREAD_SAFETY(acquire_capability(__VA_ARGS__))
#define DDI_ACQUIRE_SHARED(...) DDI_THREAD_SAFETY(acquire_shared_capability(__VA_ARGS__))
#define DDI_TRY_ACQUIRE(...) DDI_THREAD_SAFETY(try_acquire_capability(__VA_ARGS__))
#define DDI_TRY_ACQUIRE_SHARED(...) DDI_THREAD_SAFETY(try_acquire_shared_capability(__VA_ARGS__))
#define DDI_RELEASE(...) DDI_THREAD_SAFETY(release_capability(__VA_ARGS__))
#define DDI_RELEASE_SHARED(...) DDI_THREAD_SAFETY(release_shared_capability(__VA_ARGS__))
#define DDI_RELEASE_GENERIC(...) DDI_THREAD_SAFETY(release_generic_capability(__VA_ARGS__))
#define DDI_REQUIRES(...) DDI_THREAD_SAFETY(requires_capability(__VA_ARGS__))
#define DDI_REQUIRES_SHARED(...) DDI_THREAD_SAFETY(requires_shared_capability(__VA_ARGS__))
#define DDI_EXCLUDES(...) DDI_THREAD_SAFETY(locks_excluded(__VA_ARGS__))
#define DDI_ASSERT_CAPABILITY(x) DDI_THREAD_SAFETY(assert_capability(x))
#define DDI_RETURN_CAPABILITY(x) DDI_THREAD_SAFETY(lock_returned(x))
#define DDI_NO_THREAD_SAFETY_ANALYSIS DDI_THREAD_SAFETY(no_thread_safety_analysis)

#ifndef VOID
#define VOID void
#endif
#ifndef CONST
#define CONST const
#endif
#ifndef TRUE
#define TRUE 1
#endif
#ifndef FALSE
#define FALSE 0
#endif
#ifndef NULL
#define NULL 0
#endif
#define ANYSIZE_ARRAY 1
#ifndef MAX_PATH
#define MAX_PATH 260
#endif

/* --- scalars ------------------------------------------------------------------------------------------------------------ */

typedef void *PVOID, *LPVOID, *HANDLE, **PHANDLE, **LPHANDLE, *PVOID64;
typedef const void *PCVOID, *LPCVOID;
typedef char CHAR, CCHAR, *PCHAR, *PCCHAR, *PCH, *LPCH, *PNZCH, *PSZ, *LPSTR, *PSTR, *NPSTR, *PZPSTR;
typedef const char *PCSTR, *LPCSTR, *PCSZ, *PCCH, *LPCCH, *PCNZCH;
typedef signed char SCHAR, *PSCHAR;
typedef signed char INT8, *PINT8;
typedef unsigned char UCHAR, UINT8, BYTE, BOOLEAN, *PUCHAR, *PUINT8, *PBYTE, *LPBYTE, *PBOOLEAN;
typedef short SHORT, CSHORT, INT16, *PSHORT, *PINT16;
typedef unsigned short USHORT, UINT16, WORD, *PUSHORT, *PUINT16, *PWORD, *LPWORD;
typedef int INT, INT32, LONG32, BOOL, *PINT, *LPINT, *PINT32, *PBOOL, *LPBOOL;
typedef unsigned int UINT, UINT32, ULONG32, DWORD32, *PUINT, *LPUINT, *PUINT32, *PULONG32, *PDWORD32;
#if defined(_WIN32)
typedef long LONG;                    /* 32 bits on Windows */
typedef unsigned long ULONG, DWORD;
#else
typedef int LONG;
typedef unsigned int ULONG, DWORD;
#endif
typedef LONG *PLONG, *LPLONG;
typedef ULONG *PULONG, CLONG, *PCLONG, LOGICAL, *PLOGICAL;
typedef DWORD *PDWORD, *LPDWORD;
typedef long long LONGLONG, LONG64, INT64, *PLONGLONG, *PLONG64, *PINT64;
typedef unsigned long long ULONGLONG, ULONG64, DWORD64, DWORDLONG, UINT64, *PULONGLONG, *PULONG64, *PDWORD64, *PDWORDLONG, *PUINT64;
typedef float FLOAT, *PFLOAT;
typedef double DOUBLE, *PDOUBLE;
#if defined(_WIN64)
typedef long long INT_PTR, LONG_PTR, SSIZE_T;
typedef unsigned long long UINT_PTR, ULONG_PTR, DWORD_PTR, SIZE_T, KAFFINITY;
#else
typedef intptr_t INT_PTR, LONG_PTR, SSIZE_T;
typedef uintptr_t UINT_PTR, ULONG_PTR, DWORD_PTR, SIZE_T, KAFFINITY;
#endif
typedef INT_PTR *PINT_PTR;
typedef LONG_PTR *PLONG_PTR, LPARAM, LRESULT;
typedef UINT_PTR *PUINT_PTR, WPARAM;
typedef ULONG_PTR *PULONG_PTR;
typedef DWORD_PTR *PDWORD_PTR;
typedef SIZE_T *PSIZE_T;
typedef SSIZE_T *PSSIZE_T;
typedef ptrdiff_t PTRDIFF_T;
typedef KAFFINITY *PKAFFINITY;
#if defined(_WIN32) || (defined(__SIZEOF_WCHAR_T__) && __SIZEOF_WCHAR_T__ == 2)
typedef wchar_t WCHAR;
#elif defined(__cplusplus)
typedef char16_t WCHAR;               /* wchar_t has 32 bits here */
#else
typedef uint_least16_t WCHAR;
#endif
typedef WCHAR *PWCHAR, *LPWCH, *PWCH, *PWSTR, *LPWSTR, *NWPSTR, *PZZWSTR;
typedef const WCHAR *PCWCH, *LPCWCH, *PCWSTR, *LPCWSTR, *PCNZWCH, *PCZZWSTR;
/* Text of drivers is wide (UNICODE is defined where they are built). */
typedef WCHAR TCHAR, *PTCHAR, *PTSTR, *LPTSTR;
typedef const WCHAR *PCTSTR, *LPCTSTR;
typedef UCHAR KIRQL, *PKIRQL;
typedef CCHAR KPROCESSOR_MODE, *PKPROCESSOR_MODE;
typedef LONG KPRIORITY, *PKPRIORITY;
typedef LONG NTSTATUS, *PNTSTATUS, HRESULT, VP_STATUS, *PVP_STATUS;
typedef ULONG ACCESS_MASK, *PACCESS_MASK, SECURITY_INFORMATION, *PSECURITY_INFORMATION, LCID, *PLCID, DEVICE_TYPE, COLORREF, *LPCOLORREF;
typedef USHORT LANGID, *PLANGID, ATOM, ADDRESS_FAMILY, SECURITY_DESCRIPTOR_CONTROL, *PSECURITY_DESCRIPTOR_CONTROL;
typedef PVOID PSID, PSECURITY_DESCRIPTOR;
typedef HANDLE HLOCAL, HGLOBAL;

/* A handle that is none of another kind: a pointer to a structure of its own, which nobody defines. */
#ifndef UNREFERENCED_PARAMETER
#define UNREFERENCED_PARAMETER(name) ((void)(name))
#endif
#ifndef FIELD_OFFSET
#define FIELD_OFFSET(type, field) ((LONG)offsetof(type, field))
#endif
#ifndef CONTAINING_RECORD
#define CONTAINING_RECORD(address, type, field) ((type *)(void *)((char *)(address) - offsetof(type, field)))
#endif

/* Control codes of devices: the type of device, the access needed, the function, and how buffers travel (ntifs.h, devioctl.h). */
#ifndef CTL_CODE
#define CTL_CODE(device, function, method, access) (((ULONG)(device) << 16) | ((access) << 14) | ((function) << 2) | (method))
#define METHOD_BUFFERED 0
#define METHOD_IN_DIRECT 1
#define METHOD_OUT_DIRECT 2
#define METHOD_NEITHER 3
#define FILE_ANY_ACCESS 0
#define FILE_SPECIAL_ACCESS 0
#define FILE_READ_ACCESS 1
#define FILE_WRITE_ACCESS 2
#define FILE_DEVICE_UNKNOWN 0x22
#endif

#ifndef DECLARE_HANDLE
#define DECLARE_HANDLE(name) typedef struct name##__ *name
#endif
typedef struct HINSTANCE__ *HINSTANCE, *HMODULE;
typedef struct HWND__ *HWND;
typedef struct HDC__ *HDC;
typedef struct HKEY__ *HKEY, **PHKEY;
typedef struct HBITMAP__ *HBITMAP;
typedef struct HICON__ *HICON, *HCURSOR;
typedef struct HMONITOR__ *HMONITOR;
typedef struct HPALETTE__ *HPALETTE;
typedef struct HBRUSH__ *HBRUSH;
typedef struct HFONT__ *HFONT;
typedef struct HRGN__ *HRGN;
typedef struct HMENU__ *HMENU;
typedef LONGLONG USN, *PUSN;
typedef ULONG FLONG;
typedef ULONGLONG TRACEHANDLE, *PTRACEHANDLE;
typedef ULONG_PTR PFN_NUMBER, *PPFN_NUMBER;

/* --- interrupt request levels --------------------------------------------------------------------------------------------- */

#define PASSIVE_LEVEL 0
#define LOW_LEVEL 0
#define APC_LEVEL 1
#define DISPATCH_LEVEL 2
#define CMCI_LEVEL 5
#if defined(__i386__) || defined(_M_IX86)
#define PROFILE_LEVEL 27
#define CLOCK1_LEVEL 28
#define CLOCK2_LEVEL 28
#define CLOCK_LEVEL 28
#define SYNCH_LEVEL 28
#define IPI_LEVEL 29
#define POWER_LEVEL 30
#define HIGH_LEVEL 31
#define DDI_DIRQL_MIN 3               /* device levels: what the documentation calls DIRQL */
#define DDI_DIRQL_MAX 26
#else
#define CLOCK_LEVEL 13
#define SYNCH_LEVEL 12
#define IPI_LEVEL 14
#define DRS_LEVEL 14
#define POWER_LEVEL 14
#define PROFILE_LEVEL 15
#define HIGH_LEVEL 15
#define DDI_DIRQL_MIN 3
#define DDI_DIRQL_MAX 11
#endif

/* --- status values -------------------------------------------------------------------------------------------------------- */

#include "ddi_status.h"

#define SUCCEEDED(result) (((HRESULT)(result)) >= 0)
#define FAILED(result) (((HRESULT)(result)) < 0)


/* What StorPort returns, in a ULONG (storport.h). */
#define STOR_STATUS_SUCCESS ((ULONG)0x00000000)
#define STOR_STATUS_UNSUCCESSFUL ((ULONG)0xC1000001)
#define STOR_STATUS_NOT_IMPLEMENTED ((ULONG)0xC1000002)
#define STOR_STATUS_INSUFFICIENT_RESOURCES ((ULONG)0xC1000003)
#define STOR_STATUS_BUFFER_TOO_SMALL ((ULONG)0xC1000004)
#define STOR_STATUS_ACCESS_DENIED ((ULONG)0xC1000005)
#define STOR_STATUS_INVALID_PARAMETER ((ULONG)0xC1000006)
#define STOR_STATUS_INVALID_DEVICE_REQUEST ((ULONG)0xC1000007)
#define STOR_STATUS_INVALID_IRQL ((ULONG)0xC1000008)
#define STOR_STATUS_INVALID_DEVICE_STATE ((ULONG)0xC1000009)
#define STOR_STATUS_INVALID_BUFFER_SIZE ((ULONG)0xC100000A)
#define STOR_STATUS_UNSUPPORTED_VERSION ((ULONG)0xC100000B)
#define STOR_STATUS_BUSY ((ULONG)0xC100000C)

/* Values of VP_STATUS (Win32 error codes). */
#ifndef NO_ERROR
#define NO_ERROR 0
#define ERROR_INVALID_FUNCTION 1
#define ERROR_NOT_ENOUGH_MEMORY 8
#define ERROR_DEV_NOT_EXIST 55
#define ERROR_INVALID_PARAMETER 87
#define ERROR_INSUFFICIENT_BUFFER 122
#define ERROR_MORE_DATA 234
#define ERROR_IO_PENDING 997
#endif

/* --- structures and enumerations ------------------------------------------------------------------------------------------ */

typedef struct _GUID {
    ULONG Data1;
    USHORT Data2;
    USHORT Data3;
    UCHAR Data4[8];
} GUID, *PGUID, *LPGUID, CLSID, *LPCLSID, IID, *LPIID, FMTID, UUID;
typedef const GUID *LPCGUID;
#if defined(__cplusplus)
typedef const GUID &REFGUID, &REFCLSID, &REFIID;
#else
typedef const GUID *REFGUID, *REFCLSID, *REFIID;
#endif

typedef union _LARGE_INTEGER {
    DDI_EXTENSION struct {
        ULONG LowPart;
        LONG HighPart;
    };
    struct {
        ULONG LowPart;
        LONG HighPart;
    } u;
    LONGLONG QuadPart;
} LARGE_INTEGER, *PLARGE_INTEGER, PHYSICAL_ADDRESS, *PPHYSICAL_ADDRESS, LOGICAL_ADDRESS, *PLOGICAL_ADDRESS;

typedef union _ULARGE_INTEGER {
    DDI_EXTENSION struct {
        ULONG LowPart;
        ULONG HighPart;
    };
    struct {
        ULONG LowPart;
        ULONG HighPart;
    } u;
    ULONGLONG QuadPart;
} ULARGE_INTEGER, *PULARGE_INTEGER;

typedef struct _LUID {
    ULONG LowPart;
    LONG HighPart;
} LUID, *PLUID;

typedef struct _FILETIME {
    ULONG dwLowDateTime;
    ULONG dwHighDateTime;
} FILETIME, *PFILETIME, *LPFILETIME;

typedef struct tagPOINT {
    LONG x;
    LONG y;
} POINT, *PPOINT, *LPPOINT;

typedef struct tagSIZE {
    LONG cx;
    LONG cy;
} SIZE, *PSIZE, *LPSIZE;

typedef struct tagRECT {
    LONG left;
    LONG top;
    LONG right;
    LONG bottom;
} RECT, *PRECT, *LPRECT;
typedef const RECT *LPCRECT;

typedef struct _POINTL {
    LONG x;
    LONG y;
} POINTL, *PPOINTL;

typedef struct _RECTL {
    LONG left;
    LONG top;
    LONG right;
    LONG bottom;
} RECTL, *PRECTL, *LPRECTL;
typedef const RECTL *LPCRECTL;
typedef SIZE SIZEL, *PSIZEL, *LPSIZEL;

typedef struct _STRING {
    USHORT Length;
    USHORT MaximumLength;
    PCHAR Buffer;
} STRING, *PSTRING, ANSI_STRING, *PANSI_STRING, OEM_STRING, *POEM_STRING, UTF8_STRING, *PUTF8_STRING;
typedef const STRING *PCSTRING, *PCANSI_STRING, *PCOEM_STRING, *PCUTF8_STRING;

typedef struct _UNICODE_STRING {
    USHORT Length;                    /* bytes, without a terminating zero */
    USHORT MaximumLength;
    PWCH Buffer;
} UNICODE_STRING, *PUNICODE_STRING;
typedef const UNICODE_STRING *PCUNICODE_STRING;

typedef struct _LIST_ENTRY {
    struct _LIST_ENTRY *Flink;
    struct _LIST_ENTRY *Blink;
} LIST_ENTRY, *PLIST_ENTRY, *PRLIST_ENTRY;

typedef struct _SINGLE_LIST_ENTRY {
    struct _SINGLE_LIST_ENTRY *Next;
} SINGLE_LIST_ENTRY, *PSINGLE_LIST_ENTRY;

/* An entry of a sequenced list: aligned to 16 bytes on 64-bit Windows. */
typedef struct _SLIST_ENTRY {
    DDI_ALIGNED(16) struct _SLIST_ENTRY *Next;
} SLIST_ENTRY, *PSLIST_ENTRY;

typedef struct _OBJECT_ATTRIBUTES {
    ULONG Length;
    HANDLE RootDirectory;
    PUNICODE_STRING ObjectName;
    ULONG Attributes;
    PVOID SecurityDescriptor;
    PVOID SecurityQualityOfService;
} OBJECT_ATTRIBUTES, *POBJECT_ATTRIBUTES;
typedef const OBJECT_ATTRIBUTES *PCOBJECT_ATTRIBUTES;

typedef struct _IO_STATUS_BLOCK {
    DDI_EXTENSION union {
        NTSTATUS Status;
        PVOID Pointer;
    };
    ULONG_PTR Information;
} IO_STATUS_BLOCK, *PIO_STATUS_BLOCK;

typedef enum _MODE { KernelMode, UserMode, MaximumMode } MODE;

/* Why a thread waits; the Wr values stand for waits that are not a driver's. */
typedef enum _KWAIT_REASON {
    Executive,
    FreePage,
    PageIn,
    PoolAllocation,
    DelayExecution,
    Suspended,
    UserRequest,
    WrExecutive,
    WrFreePage,
    WrPageIn,
    WrPoolAllocation,
    WrDelayExecution,
    WrSuspended,
    WrUserRequest,
    WrEventPair,
    WrQueue,
    WrLpcReceive,
    WrLpcReply,
    WrVirtualMemory,
    WrPageOut,
    WrRendezvous,
    WrKeyedEvent,
    WrTerminated,
    WrProcessInSwap,
    WrCpuRateControl,
    WrCalloutStack,
    WrKernel,
    WrResource,
    WrPushLock,
    WrMutex,
    WrQuantumEnd,
    WrDispatchInt,
    WrPreempted,
    WrYieldExecution,
    WrFastMutex,
    WrGuardedMutex,
    WrRundown,
    WrAlertByThreadId,
    WrDeferredPreempt,
    WrPhysicalFault,
    MaximumWaitReason
} KWAIT_REASON;

/* Queued spin locks that the system owns. */
typedef enum _KSPIN_LOCK_QUEUE_NUMBER {
    LockQueueUnusedSpare0,
    LockQueueUnusedSpare1,
    LockQueueUnusedSpare2,
    LockQueueVacbLock,
    LockQueueMasterLock,
    LockQueueNonPagedPoolLock,
    LockQueueIoCancelLock,
    LockQueueUnusedSpare7,
    LockQueueIoVpbLock,
    LockQueueIoDatabaseLock,
    LockQueueIoCompletionLock,
    LockQueueNtfsStructLock,
    LockQueueAfdWorkQueueLock,
    LockQueueBcbLock,
    LockQueueUnusedSpare14,
    LockQueueUnusedSpare15,
    LockQueueUnusedSpare16,
    LockQueueMaximumLock = LockQueueUnusedSpare16 + 1
} KSPIN_LOCK_QUEUE_NUMBER, *PKSPIN_LOCK_QUEUE_NUMBER;

typedef enum _WAIT_TYPE { WaitAll, WaitAny, WaitNotification, WaitDequeue } WAIT_TYPE;

/* How many objects a thread can wait for at once: at all, and without wait blocks of the caller's. */
#define MAXIMUM_WAIT_OBJECTS 64
#define THREAD_WAIT_OBJECTS 3

typedef enum _EVENT_TYPE { NotificationEvent, SynchronizationEvent } EVENT_TYPE;
typedef enum _TIMER_TYPE { NotificationTimer, SynchronizationTimer } TIMER_TYPE;
typedef enum _KDPC_IMPORTANCE { LowImportance, MediumImportance, HighImportance, MediumHighImportance } KDPC_IMPORTANCE;

/* How VideoPortSynchronizeExecution runs a routine. */
typedef enum VIDEO_SYNCHRONIZE_PRIORITY {
    VpLowPriority,
    VpMediumPriority,
    VpHighPriority
} VIDEO_SYNCHRONIZE_PRIORITY, *PVIDEO_SYNCHRONIZE_PRIORITY;

/* A flag of NDIS read/write locks: the caller is at DISPATCH_LEVEL. */
#ifndef NDIS_RWL_AT_DISPATCH_LEVEL
#define NDIS_RWL_AT_DISPATCH_LEVEL 1
#endif

#endif
