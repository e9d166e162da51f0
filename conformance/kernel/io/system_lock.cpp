#include "conformance/kernel/io/system_lock.h"

#include <ntifs.h>

namespace ddi::kernel::io {
namespace {

struct alignas(64) SystemLock {  // a cache line each
    KSPIN_LOCK lock = 0;
};

constinit SystemLock cancel;
constinit SystemLock vpb;

}  // namespace

PKSPIN_LOCK cancel_spin_lock() { return &cancel.lock; }
PKSPIN_LOCK vpb_spin_lock() { return &vpb.lock; }

}  // namespace ddi::kernel::io

using namespace ddi::kernel::io;

extern "C" {

VOID IoAcquireCancelSpinLock(PKIRQL Irql) { KeAcquireSpinLock(cancel_spin_lock(), Irql); }

VOID IoReleaseCancelSpinLock(KIRQL Irql) { KeReleaseSpinLock(cancel_spin_lock(), Irql); }

VOID IoAcquireVpbSpinLock(PKIRQL Irql) { KeAcquireSpinLock(vpb_spin_lock(), Irql); }

VOID IoReleaseVpbSpinLock(KIRQL Irql) { KeReleaseSpinLock(vpb_spin_lock(), Irql); }

}  // extern "C"
