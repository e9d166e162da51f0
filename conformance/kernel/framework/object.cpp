#include "conformance/kernel/framework/object.h"

#include <algorithm>

#include "conformance/kernel/parking.h"

namespace ddi::kernel::framework {
namespace {

constexpr std::uintptr_t index_bits = 16;
constexpr std::size_t slot_limit = (std::size_t{1} << index_bits) - 1;
constexpr std::uintptr_t mark = 0x7;  // no pointer to an object of C ends so

struct Slot {
    std::atomic<Object*> object{nullptr};
    std::atomic<std::uintptr_t> use{0};
};

struct Table {
    Gate gate;  // for all that changes it; lookups take no lock
    std::unique_ptr<Slot[]> slots = std::make_unique<Slot[]>(slot_limit);
    std::size_t used = 0;  // slots below have been handed out once
    std::vector<std::size_t> free;
    std::vector<Object*> roots;
    std::size_t live = 0;
};

// Never destroyed: threads may still use handles while the process shuts down.
Table& table() {
    static Table& instance = *new Table;
    return instance;
}

Handle make_handle(std::size_t index, std::uintptr_t use) {
    return reinterpret_cast<Handle>(((use << index_bits | (index + 1)) << 3) | mark);
}

Slot* slot_of(Handle handle) {
    const auto value = reinterpret_cast<std::uintptr_t>(handle);
    const std::uintptr_t index = (value >> 3) & slot_limit;
    if ((value & mark) != mark || index == 0) return nullptr;
    Slot& slot = table().slots[index - 1];
    return slot.use.load(std::memory_order_acquire) == value >> (3 + index_bits) ? &slot : nullptr;
}

// Under the gate.
void destroy(Table& all, Object* object) {
    for (Object* child : std::vector<Object*>(object->children)) destroy(all, child);
    std::vector<Object*>& siblings = object->parent ? object->parent->children : all.roots;
    siblings.erase(std::find(siblings.begin(), siblings.end(), object));
    Slot& slot = *slot_of(object->handle);
    slot.object.store(nullptr, std::memory_order_release);
    slot.use.fetch_add(1, std::memory_order_release);
    all.free.push_back(static_cast<std::size_t>(&slot - all.slots.get()));
    --all.live;
    delete object;
}

}  // namespace

Handle add(std::unique_ptr<Object> object, Handle parent) {
    Object* above = parent ? &get<Object>(parent) : nullptr;
    Table& all = table();
    const GateScope scope(all.gate);
    if (all.free.empty() && all.used == slot_limit) throw std::bad_alloc();
    std::size_t index = all.used;
    if (all.free.empty()) {
        ++all.used;
    } else {
        index = all.free.back();
        all.free.pop_back();
    }
    Slot& slot = all.slots[index];
    object->handle = make_handle(index, slot.use.load(std::memory_order_relaxed));
    object->parent = above;
    (above ? above->children : all.roots).push_back(object.get());
    ++all.live;
    const Handle handle = object->handle;
    slot.object.store(object.release(), std::memory_order_release);
    return handle;
}

void remove(Handle handle) {
    Object& object = get<Object>(handle);
    const GateScope scope(table().gate);
    destroy(table(), &object);
}

void remove_all() {
    Table& all = table();
    const GateScope scope(all.gate);
    while (!all.roots.empty()) destroy(all, all.roots.back());
}

std::size_t live_objects() {
    Table& all = table();
    const GateScope scope(all.gate);
    return all.live;
}

Object* find(Handle handle) {
    const Slot* slot = slot_of(handle);
    return slot ? slot->object.load(std::memory_order_acquire) : nullptr;
}

NTSTATUS check_attributes(PWDF_OBJECT_ATTRIBUTES attributes) {
    return attributes && attributes->Size != sizeof *attributes ? STATUS_INFO_LENGTH_MISMATCH : STATUS_SUCCESS;
}

Handle parent_of(PWDF_OBJECT_ATTRIBUTES attributes) { return attributes ? attributes->ParentObject : nullptr; }

}  // namespace ddi::kernel::framework
