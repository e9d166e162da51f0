// The memory that the functions under test work on: an object in the caller's storage, or one that a function or the host makes.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>

#include "conformance/suite/function.h"

namespace ddi::suite {

class Objects {
  public:
    Objects();

    /// The protocol's object: what an initializing function made, otherwise the storage.
    template <class T>
    T object() {
        return pointer_or_number<T>(created_ != nullptr ? created_ : storage_);
    }
    /// Where a function that makes the object stores the pointer to it.
    template <class T>
    T creating() {
        return reinterpret_cast<T>(&created_);
    }
    /// An object of the host's; the first value of an enumeration. Throws Missing if the implementation has none.
    template <class T>
    T host(const char* header, const char* type, const char* parameter) {
        if constexpr (std::is_enum_v<T>)
            return T{};
        else
            return pointer_or_number<T>(host_object(header, type, parameter));
    }
    /// From now on that is the host's object of this type: what a callback was given.
    void adopt(const std::string& type, void* object);
    Host& host();

    /// Makes the object's storage one that nobody initialized, with arbitrary contents.
    void forget_initialization();

    struct Missing : std::runtime_error {
        using std::runtime_error::runtime_error;
    };

  private:
    void* host_object(const char* header, const char* type, const char* parameter);

    alignas(64) std::byte storage_[512];
    void* created_ = nullptr;
    std::map<std::string, void*> adopted_;
    std::mutex making_;  // several threads may ask first
    std::unique_ptr<Host> host_;
};

}  // namespace ddi::suite
