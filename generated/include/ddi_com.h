/* COM interfaces in C and in C++: the macros that declare them, and the two interfaces that others inherit from. Generated headers
 * with interfaces include this file.
 *
 * One declaration serves both languages: in C++ a structure of pure virtual functions, in C a structure with a pointer to a table of
 * function pointers, `object->lpVtbl->Method(object, ...)`. The order of the methods of the interfaces below is the published one
 * (unknwn.h, oaidl.h). Written by hand; ddigen writes it out beside the headers that it generates. C11 and C++20. */
#ifndef DDI_COM_H
#define DDI_COM_H

#include "ddi_base.h"

#ifndef STDMETHODCALLTYPE
#define STDMETHODCALLTYPE DDI_STDCALL
#endif
#ifndef STDMETHODIMP
#define STDMETHODIMP HRESULT STDMETHODCALLTYPE
#define STDMETHODIMP_(type) type STDMETHODCALLTYPE
#endif

/* An interface:
 *
 *     #undef INTERFACE
 *     #define INTERFACE IName
 *     DECLARE_INTERFACE_(IName, IBase) {
 *         STDMETHOD_(type, Method)(THIS_ parameters) PURE;
 *     };
 *     #undef INTERFACE
 *
 * In C the methods of the base have to be repeated. */
#ifndef DECLARE_INTERFACE_
#if defined(__cplusplus)
#define STDMETHOD(method) virtual HRESULT STDMETHODCALLTYPE method
#define STDMETHOD_(type, method) virtual type STDMETHODCALLTYPE method
#define PURE = 0
#define THIS void
#define THIS_
#define DECLARE_INTERFACE(name) struct name
#define DECLARE_INTERFACE_(name, base) struct name : public base
#else
#define STDMETHOD(method) HRESULT(STDMETHODCALLTYPE* method)
#define STDMETHOD_(type, method) type(STDMETHODCALLTYPE* method)
#define PURE
#define THIS INTERFACE* This
#define THIS_ INTERFACE *This,
#define DECLARE_INTERFACE(name)           \
    typedef struct name##Vtbl name##Vtbl; \
    struct name {                         \
        const struct name##Vtbl* lpVtbl;  \
    };                                    \
    struct name##Vtbl
#define DECLARE_INTERFACE_(name, base) DECLARE_INTERFACE(name)
#endif
#endif

struct ITypeInfo;
struct tagDISPPARAMS;
struct tagEXCEPINFO;
struct tagSAFEARRAY;
struct IRecordInfo;

typedef struct IUnknown IUnknown, *PUNKNOWN, *LPUNKNOWN;
typedef struct IDispatch IDispatch, *LPDISPATCH;
typedef LONG DISPID;

/* Automation's and property systems' types (wtypes.h). */
typedef WCHAR OLECHAR, *LPOLESTR, *BSTR;
typedef const OLECHAR* LPCOLESTR;
typedef BSTR* LPBSTR;
typedef short VARIANT_BOOL;
typedef unsigned short VARTYPE;
typedef ULONG PROPID;
typedef double DATE;
typedef LONG SCODE, *PSCODE;
typedef union tagCY {
    DDI_EXTENSION struct {
        ULONG Lo;
        LONG Hi;
    };
    LONGLONG int64;
} CY;
typedef struct _tagpropertykey {
    GUID fmtid;
    DWORD pid;
} PROPERTYKEY;

/* One value of any of automation's types. The members are those that hold a value or point to one. */
typedef struct tagVARIANT {
    DDI_EXTENSION union {
        DDI_EXTENSION struct {
            VARTYPE vt;
            WORD wReserved1;
            WORD wReserved2;
            WORD wReserved3;
            DDI_EXTENSION union {
                LONGLONG llVal;
                LONG lVal;
                BYTE bVal;
                SHORT iVal;
                FLOAT fltVal;
                DOUBLE dblVal;
                VARIANT_BOOL boolVal;
                SCODE scode;
                CY cyVal;
                DATE date;
                BSTR bstrVal;
                IUnknown* punkVal;
                IDispatch* pdispVal;
                struct tagSAFEARRAY* parray;
                BYTE* pbVal;
                SHORT* piVal;
                LONG* plVal;
                LONGLONG* pllVal;
                FLOAT* pfltVal;
                DOUBLE* pdblVal;
                VARIANT_BOOL* pboolVal;
                SCODE* pscode;
                CY* pcyVal;
                DATE* pdate;
                BSTR* pbstrVal;
                IUnknown** ppunkVal;
                IDispatch** ppdispVal;
                struct tagSAFEARRAY** pparray;
                struct tagVARIANT* pvarVal;
                PVOID byref;
                CHAR cVal;
                USHORT uiVal;
                ULONG ulVal;
                ULONGLONG ullVal;
                INT intVal;
                UINT uintVal;
                CHAR* pcVal;
                USHORT* puiVal;
                ULONG* pulVal;
                ULONGLONG* pullVal;
                INT* pintVal;
                UINT* puintVal;
                DDI_EXTENSION struct {
                    PVOID pvRecord;
                    struct IRecordInfo* pRecInfo;
                };
            };
        };
        struct {
            USHORT wReserved;
            BYTE scale;
            BYTE sign;
            ULONG Hi32;
            ULONGLONG Lo64;
        } decVal;
    };
} VARIANT, *LPVARIANT, VARIANTARG, *LPVARIANTARG;

#undef INTERFACE
#define INTERFACE IUnknown
DECLARE_INTERFACE(IUnknown) {
    STDMETHOD(QueryInterface)(THIS_ REFIID riid, void** ppvObject) PURE;
    STDMETHOD_(ULONG, AddRef)(THIS) PURE;
    STDMETHOD_(ULONG, Release)(THIS) PURE;
};

/* The methods above, for the tables of other interfaces in C. */
#define DDI_METHODS_IUnknown                                             \
    STDMETHOD(QueryInterface)(THIS_ REFIID riid, void** ppvObject) PURE; \
    STDMETHOD_(ULONG, AddRef)(THIS) PURE;                                \
    STDMETHOD_(ULONG, Release)(THIS) PURE;

#undef INTERFACE
#define INTERFACE IDispatch
DECLARE_INTERFACE_(IDispatch, IUnknown) {
#ifndef __cplusplus
    DDI_METHODS_IUnknown
#endif
        STDMETHOD(GetTypeInfoCount)(THIS_ UINT * pctinfo) PURE;
    STDMETHOD(GetTypeInfo)(THIS_ UINT iTInfo, LCID lcid, struct ITypeInfo * *ppTInfo) PURE;
    STDMETHOD(GetIDsOfNames)(THIS_ REFIID riid, WCHAR * *rgszNames, UINT cNames, LCID lcid, DISPID * rgDispId) PURE;
    STDMETHOD(Invoke)
    (THIS_ DISPID dispIdMember, REFIID riid, LCID lcid, WORD wFlags, struct tagDISPPARAMS * pDispParams, struct tagVARIANT * pVarResult,
     struct tagEXCEPINFO * pExcepInfo, UINT * puArgErr) PURE;
};

#define DDI_METHODS_IDispatch                                                                                                            \
    DDI_METHODS_IUnknown STDMETHOD(GetTypeInfoCount)(THIS_ UINT * pctinfo) PURE;                                                         \
    STDMETHOD(GetTypeInfo)(THIS_ UINT iTInfo, LCID lcid, struct ITypeInfo * *ppTInfo) PURE;                                              \
    STDMETHOD(GetIDsOfNames)(THIS_ REFIID riid, WCHAR * *rgszNames, UINT cNames, LCID lcid, DISPID * rgDispId) PURE;                     \
    STDMETHOD(Invoke)                                                                                                                    \
    (THIS_ DISPID dispIdMember, REFIID riid, LCID lcid, WORD wFlags, struct tagDISPPARAMS * pDispParams, struct tagVARIANT * pVarResult, \
     struct tagEXCEPINFO * pExcepInfo, UINT * puArgErr) PURE;

#undef INTERFACE

#endif
