// Critical regions (no normal kernel APCs) and guarded regions (no kernel APCs at all), as counts of the current thread.
// Windows counts downwards from zero; so do we. Regions nest.
#pragma once

#include "conformance/kernel/thread.h"

namespace ddi::kernel {

/// The third parameter of APC_INDEX_MISMATCH: both counts.
inline std::uint64_t combined_apc_disable(const Thread& thread) {
    return static_cast<std::uint64_t>(static_cast<std::uint16_t>(thread.special_apc_disable.get())) << 16 |
           static_cast<std::uint16_t>(thread.kernel_apc_disable.get());
}

inline void enter_critical_region(Thread& thread) { thread.kernel_apc_disable.add(-1); }
inline void enter_guarded_region(Thread& thread) { thread.special_apc_disable.add(-1); }

/// Out of the outermost region: the kernel APCs that have waited for it run here.
inline void leave_critical_region(Thread& thread) {
    thread.kernel_apc_disable.add(+1);
    if (thread.pending.load(std::memory_order_relaxed) != 0) [[unlikely]]
        run_pending(thread);
}
inline void leave_guarded_region(Thread& thread) {
    thread.special_apc_disable.add(+1);
    if (thread.pending.load(std::memory_order_relaxed) != 0) [[unlikely]]
        run_pending(thread);
}

inline bool in_guarded_region(const Thread& thread) { return thread.special_apc_disable.get() != 0; }
inline bool normal_apcs_disabled(const Thread& thread) { return thread.kernel_apc_disable.get() != 0 || in_guarded_region(thread); }

}  // namespace ddi::kernel
