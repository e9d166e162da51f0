// The two interfaces to NDIS read/write locks: NDIS_RW_LOCK in the caller's storage, and NDIS_RW_LOCK_EX, which NDIS allocates.
// The caller's LOCK_STATE holds what the release needs.
#include <ndis.h>

#include <array>
#include <cstring>
#include <memory>
#include <new>

#include "conformance/kernel/irql.h"
#include "conformance/kernel/ndis/adapter.h"
#include "conformance/kernel/ndis/read_write_lock.h"
#include "conformance/kernel/parking.h"

namespace ddi::kernel::ndis {
namespace {

// What ndis.h has in a LOCK_STATE and a LOCK_STATE_EX.
struct State {
    USHORT acquired;
    KIRQL old_irql;
};
static_assert(sizeof(State) == sizeof(LOCK_STATE));

struct StateEx {
    KIRQL old_irql;
    UCHAR acquired;
    UCHAR flags;
};
static_assert(sizeof(StateEx) == sizeof(LOCK_STATE_EX));

template <class Stored>
Stored load(const void* storage) {
    Stored state;
    std::memcpy(&state, storage, sizeof state);
    return state;
}

template <class Stored>
void store(void* storage, const Stored& state) {
    std::memcpy(storage, &state, sizeof state);
}

template <class Opaque>
ReadWriteLock& live_lock(Opaque* storage) {
    auto& lock = *reinterpret_cast<ReadWriteLock*>(storage);
    lock.require_live();
    return lock;
}

/// Freed locks stay allocated for a while, so that their use is noticed.
class Graveyard {
  public:
    void bury(ReadWriteLock* lock) {
        const GateScope scope(guard_);
        latest_[next_++ % latest_.size()].reset(lock);
    }

  private:
    Gate guard_;
    std::size_t next_ = 0;
    std::array<std::unique_ptr<ReadWriteLock>, 64> latest_;
};

Graveyard& graveyard() {
    static Graveyard& instance = *new Graveyard;
    return instance;
}

void acquire(PNDIS_RW_LOCK storage, bool write, PLOCK_STATE state, KIRQL old) {
    ReadWriteLock& lock = live_lock(storage);
    Thread& thread = this_thread();
    const std::uint8_t acquired = write ? lock.acquire_write(thread) : lock.acquire_read(thread);
    store(state, State{acquired, old});
}

KIRQL release(PNDIS_RW_LOCK storage, PLOCK_STATE state) {
    ReadWriteLock& lock = live_lock(storage);
    require_dispatch(storage);
    const State stored = load<State>(state);
    lock.release(this_thread(), static_cast<std::uint8_t>(stored.acquired));
    store(state, State{0, stored.old_irql});
    return stored.old_irql;
}

void acquire(PNDIS_RW_LOCK_EX storage, bool write, PLOCK_STATE_EX state, UCHAR flags) {
    ReadWriteLock& lock = live_lock(storage);
    if (flags & NDIS_RWL_AT_DISPATCH_LEVEL) require_dispatch(storage);
    const KIRQL old = raise_to_dispatch();
    Thread& thread = this_thread();
    const std::uint8_t acquired = write ? lock.acquire_write(thread) : lock.acquire_read(thread);
    store(state, StateEx{old, acquired, flags});
}

}  // namespace
}  // namespace ddi::kernel::ndis

using namespace ddi::kernel;
using ndis::ReadWriteLock;

extern "C" {

VOID NdisInitializeReadWriteLock(PNDIS_RW_LOCK Lock) { new (Lock) ReadWriteLock; }

VOID NdisAcquireReadWriteLock(PNDIS_RW_LOCK Lock, BOOLEAN fWrite, PLOCK_STATE LockState) {
    ndis::live_lock(Lock);
    ndis::acquire(Lock, fWrite != FALSE, LockState, raise_to_dispatch());
}

VOID NdisReleaseReadWriteLock(PNDIS_RW_LOCK Lock, PLOCK_STATE LockState) { set_irql(ndis::release(Lock, LockState)); }

VOID NdisDprAcquireReadWriteLock(PNDIS_RW_LOCK Lock, BOOLEAN fWrite, PLOCK_STATE LockState) {
    require_dispatch(Lock);
    ndis::acquire(Lock, fWrite != FALSE, LockState, DISPATCH_LEVEL);
}

VOID NdisDprReleaseReadWriteLock(PNDIS_RW_LOCK Lock, PLOCK_STATE LockState) { ndis::release(Lock, LockState); }

PNDIS_RW_LOCK_EX NdisAllocateRWLock(NDIS_HANDLE NdisHandle) {
    require_at_most(DISPATCH_LEVEL, NdisHandle);
    if (NdisHandle) ndis::require_handle(NdisHandle);
    return reinterpret_cast<PNDIS_RW_LOCK_EX>(new (std::nothrow) ReadWriteLock);
}

VOID NdisFreeRWLock(PNDIS_RW_LOCK_EX Lock) {
    ReadWriteLock& lock = ndis::live_lock(Lock);
    require_at_most(DISPATCH_LEVEL, Lock);
    lock.retire();
    ndis::graveyard().bury(&lock);
}

VOID NdisAcquireRWLockRead(PNDIS_RW_LOCK_EX Lock, PLOCK_STATE_EX LockState, UCHAR Flags) { ndis::acquire(Lock, false, LockState, Flags); }

VOID NdisAcquireRWLockWrite(PNDIS_RW_LOCK_EX Lock, PLOCK_STATE_EX LockState, UCHAR Flags) { ndis::acquire(Lock, true, LockState, Flags); }

VOID NdisReleaseRWLock(PNDIS_RW_LOCK_EX Lock, PLOCK_STATE_EX LockState) {
    ReadWriteLock& lock = ndis::live_lock(Lock);
    require_dispatch(Lock);
    const auto stored = ndis::load<ndis::StateEx>(LockState);
    lock.release(this_thread(), stored.acquired);
    ndis::store(LockState, ndis::StateEx{stored.old_irql, 0, stored.flags});
    set_irql(stored.old_irql);
}

}  // extern "C"
