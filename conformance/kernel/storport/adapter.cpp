#include "conformance/kernel/storport/adapter.h"

#include <cstring>
#include <new>

#include "conformance/kernel/irql.h"

namespace ddi::kernel::storport {
namespace {

struct Dpc {
    unsigned char dpc[64];
    KSPIN_LOCK lock;
};
static_assert(sizeof(Dpc) == sizeof(STOR_DPC) && alignof(Dpc) <= alignof(STOR_DPC));

}  // namespace

Adapter::Adapter(std::size_t extension_size, std::uint32_t messages, KIRQL interrupt_level)
    : memory_(std::make_unique<Block[]>((sizeof(Prefix) + extension_size) / sizeof(Block) + 1)), interrupt_(interrupt_level) {
    static_assert(sizeof(Prefix) % alignof(Block) == 0, "the extension is aligned as an allocation is");
    new (memory_.get()) Prefix{this, extension_kind};
    for (std::uint32_t i = 0; i < messages; ++i) message_locks_.push_back(std::make_unique<DirqlLock>(interrupt_level));
}

Adapter::~Adapter() = default;

PVOID Adapter::extension() { return reinterpret_cast<std::byte*>(memory_.get()) + sizeof(Prefix); }

Adapter* Adapter::find(PVOID extension) {
    if (!extension) return nullptr;
    const Prefix& prefix = static_cast<Prefix*>(extension)[-1];
    return prefix.kind == extension_kind ? prefix.adapter : nullptr;
}

Adapter& Adapter::of(PVOID extension) {
    Adapter* adapter = find(extension);
    if (!adapter) [[unlikely]]
        bug_check(BugCode::driver_verifier_detected_violation, violation::no_adapter, extension);
    return *adapter;
}

KIRQL Adapter::acquire_interrupt() {
    if (message_locks_.empty()) return interrupt_.acquire();
    const KIRQL old = message_locks_.front()->acquire();
    for (std::size_t i = 1; i < message_locks_.size(); ++i) message_locks_[i]->acquire();
    return old;
}

void Adapter::release_interrupt(KIRQL old) {
    if (message_locks_.empty()) {
        interrupt_.release(old);
        return;
    }
    for (std::size_t i = message_locks_.size(); --i > 0;) message_locks_[i]->release(interrupt_level());
    message_locks_.front()->release(old);
}

void initialize_dpc(PSTOR_DPC dpc) { std::memset(dpc, 0, sizeof *dpc); }

PKSPIN_LOCK lock_of(PSTOR_DPC dpc) { return &reinterpret_cast<Dpc*>(dpc)->lock; }

}  // namespace ddi::kernel::storport
