#include "conformance/suite/objects.h"

#include <algorithm>
#include <cstring>
#include <vector>

namespace ddi::suite {

namespace {
// No initializer may rely on zeroed storage, and no lock of ours looks free or held with it.
constexpr int kGarbage = 0xA5;
constexpr std::size_t kElementSize = 64;

struct Freed {
    void operator()(std::byte* bytes) const { ::operator delete[](bytes, std::align_val_t{64}); }
};
}  // namespace

struct Objects::Block {
    Block(std::size_t bytes, int filled) : size(bytes), fill(filled), storage(new (std::align_val_t{64}) std::byte[bytes]) { clear(); }
    void clear() {
        std::memset(storage.get(), fill, size);
        created = nullptr;
    }
    std::size_t size;
    int fill;
    std::unique_ptr<std::byte[], Freed> storage;
    void* created = nullptr;
    std::size_t shift = 0;
};

Objects::Objects() = default;
Objects::~Objects() {
    for (const auto& [slot, block] : blocks_) forget_storage(block->storage.get(), block->size);
    for (const auto& block : replaced_) forget_storage(block->storage.get(), block->size);
}

Objects::Block& Objects::block(const std::string& slot, std::size_t size, int fill) {
    {
        std::shared_lock lock(blocks_mutex_);
        if (auto found = blocks_.find(slot); found != blocks_.end()) return *found->second;
    }
    std::unique_lock lock(blocks_mutex_);
    auto& place = blocks_[slot];
    if (!place) place = std::make_unique<Block>(size, fill);
    return *place;
}

void* Objects::object_in(const char* slot) {
    Block& found = block(slot, kBlock, kGarbage);
    return found.created != nullptr ? found.created : found.storage.get() + found.shift;
}

void Objects::misalign(const char* slot) { block(slot, kBlock, kGarbage).shift = 2; }

void** Objects::created_in(const char* slot) { return &block(slot, kBlock, kGarbage).created; }

void* Objects::plain_in(const char* type, int number) {
    // Elements follow each other, so that a list of them is told apart by address.
    std::string slot = std::string("plain ") + type;
    {
        std::shared_lock lock(blocks_mutex_);
        if (auto found = blocks_.find(slot); found != blocks_.end())
            return found->second->storage.get() + kElementSize * static_cast<std::size_t>(number);
    }
    std::unique_lock lock(blocks_mutex_);
    auto& place = blocks_[slot];
    if (!place) {
        place = std::make_unique<Block>(kElementSize * kElements, 0);
        for (std::size_t at = 0; at < place->size; at += kElementSize) make_empty(type, place->storage.get() + at);
    }
    return place->storage.get() + kElementSize * static_cast<std::size_t>(number);
}

void** Objects::array_of(const char* type, int count) {
    Block& found = block(std::string("array of ") + type, kBlock, 0);
    auto** places = reinterpret_cast<void**>(found.storage.get());
    std::vector<void*> wanted;
    for (int i = 0; i < count; ++i) wanted.push_back(object_in((i == 0 ? std::string(type) : type + ("#" + std::to_string(i))).c_str()));
    {
        std::shared_lock lock(blocks_mutex_);
        if (std::equal(wanted.begin(), wanted.end(), places)) return places;
    }
    // Another thread may have filled it by now, and work on it.
    std::unique_lock lock(blocks_mutex_);
    if (!std::equal(wanted.begin(), wanted.end(), places)) std::copy(wanted.begin(), wanted.end(), places);
    return places;
}

Host& Objects::host() {
    std::lock_guard lock(making_);
    return made_host();
}

Host& Objects::made_host() {
    if (host_) return *host_;
    host_ = make_host();
    if (interrupt_level_) host_->set_interrupt_level(*interrupt_level_);
    return *host_;
}

void Objects::set_interrupt_level(unsigned char level) {
    std::lock_guard lock(making_);
    interrupt_level_ = level;
    if (host_) host_->set_interrupt_level(level);
}

void Objects::adopt_untyped(const std::string& type, void* object) {
    std::lock_guard lock(making_);
    adopted_[type] = object;
}

void Objects::remember(const char* function, std::int64_t result) {
    std::lock_guard lock(making_);
    remembered_[function] = result;
}

std::int64_t Objects::remembered(const char* function) {
    std::lock_guard lock(making_);
    return remembered_[function];
}

void Objects::forget_initialization() {
    std::unique_lock lock(blocks_mutex_);
    for (auto& [slot, found] : blocks_) found->clear();
}

void Objects::renew(const char* slot) {
    std::unique_lock lock(blocks_mutex_);
    if (auto found = blocks_.find(slot); found != blocks_.end()) {
        replaced_.push_back(std::move(found->second));
        blocks_.erase(found);
    }
}

bool Objects::begin_preparation(const Function& function) {
    {
        std::shared_lock lock(blocks_mutex_);
        if (prepared_.contains(&function)) return false;
    }
    std::unique_lock lock(blocks_mutex_);
    return prepared_.insert(&function).second;
}

void* Objects::host_object(const char* header, const char* type, const char* parameter) {
    std::lock_guard lock(making_);
    if (auto found = adopted_.find(type); found != adopted_.end()) return found->second;
    void* object = made_host().object(header, type, parameter);
    // An untyped pointer that the host does not know is the driver's own (a context, an owner): any address will do.
    static std::byte own[64];
    bool own_pointer = std::strcmp(type, "PVOID") == 0 || std::strcmp(type, "WDFCONTEXT") == 0;
    return object == nullptr && own_pointer ? own : object;
}

void Objects::missing(const char* type, const char* parameter) {
    throw Missing("the implementation has no " + std::string(type) + " for the parameter " + parameter);
}

}  // namespace ddi::suite
