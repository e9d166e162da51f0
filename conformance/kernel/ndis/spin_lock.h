// NDIS spin locks: a spin lock that keeps the IRQL of its holder's caller itself. Lives in the caller's sixteen bytes.
#pragma once

#include <ndis.h>

#include "conformance/kernel/spin_lock.h"

namespace ddi::kernel::ndis {

struct SpinLock {
    static constexpr std::uint32_t live = 0x4B4C534E;  // "NSLK"

    KSPIN_LOCK lock;
    KIRQL old_irql;      // the holder's, written by NdisAcquireSpinLock only
    std::uint32_t kind;  // anything else: never allocated, or freed
};
static_assert(sizeof(SpinLock) == sizeof(NDIS_SPIN_LOCK) && alignof(SpinLock) <= alignof(NDIS_SPIN_LOCK));

inline SpinLock& spin_lock_at(PNDIS_SPIN_LOCK storage) {
    SpinLock& lock = *reinterpret_cast<SpinLock*>(storage);
    if (lock.kind != SpinLock::live) [[unlikely]]
        bug_check(BugCode::driver_verifier_detected_violation, verifier::resource_uninitialized, storage);
    return lock;
}

}  // namespace ddi::kernel::ndis
