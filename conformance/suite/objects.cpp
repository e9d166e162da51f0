#include "conformance/suite/objects.h"

#include <cstring>

namespace ddi::suite {

namespace {
// No initializer may rely on zeroed storage, and no lock of ours looks free or held with it.
constexpr int kGarbage = 0xA5;
}  // namespace

Objects::Objects() { std::memset(storage_, kGarbage, sizeof storage_); }

Host& Objects::host() {
    std::lock_guard lock(making_);
    if (!host_) host_ = make_host();
    return *host_;
}

void Objects::adopt(const std::string& type, void* object) {
    std::lock_guard lock(making_);
    adopted_[type] = object;
}

void Objects::forget_initialization() {
    std::memset(storage_, kGarbage, sizeof storage_);
    created_ = nullptr;
}

void* Objects::host_object(const char* header, const char* type, const char* parameter) {
    std::lock_guard lock(making_);
    if (auto found = adopted_.find(type); found != adopted_.end()) return found->second;
    if (!host_) host_ = make_host();
    void* object = host_->object(header, type, parameter);
    if (object == nullptr) throw Missing("the implementation has no " + std::string(type) + " for the parameter " + parameter);
    return object;
}

}  // namespace ddi::suite
