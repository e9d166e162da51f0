// The memory that the functions under test work on: objects in the caller's storage, each in a slot of its own, and those that a function
// or the host makes. A slot is named by the object's C type, so that all calls of one test mean the same object.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <shared_mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include "conformance/suite/function.h"
#include "conformance/suite/routine.h"

namespace ddi::suite {

class Objects {
  public:
    Objects();
    ~Objects();

    /// The object of that slot: what an initializing function made, otherwise storage with arbitrary contents.
    template <class T>
    T object(const char* slot = "") {
        return pointer_or_number<T>(object_in(slot));
    }
    /// Where a function that makes the object stores the pointer to it.
    template <class T>
    T creating(const char* slot = "") {
        return reinterpret_cast<T>(created_in(slot));
    }
    /// A function has returned the object.
    void made(const char* slot, std::int64_t object) { *created_in(slot) = reinterpret_cast<void*>(static_cast<std::uintptr_t>(object)); }
    /// A variable or structure that no function initializes: as the implementation makes an empty one, otherwise zero.
    template <class T>
    T plain(const char* type, int number = 0) {
        return pointer_or_number<T>(plain_in(type, number));
    }
    /// An array of pointers to that many objects of a type: its slots "TYPE", "TYPE#1", …
    template <class T>
    T* array(const char* type, int count) {
        return reinterpret_cast<T*>(array_of(type, count));
    }
    /// What no function made and no host knows.
    template <class T>
    T unknown() {
        return pointer_or_number<T>(plain_in("nothing", 0));
    }
    /// An object of the host's; without one, a routine that tells the test, the first value of an enumeration, or plain storage.
    template <class T>
    T host(const char* header, const char* type, const char* parameter) {
        if constexpr (std::is_enum_v<T>) {
            return T{};
        } else if constexpr (is_routine<T>) {
            return routine<T>(type);
        } else if constexpr (std::is_class_v<T> || std::is_union_v<T>) {
            return T{};
        } else {
            void* object = host_object(header, type, parameter);
            if constexpr (std::is_pointer_v<T>) {
                if constexpr (requires { sizeof(std::remove_pointer_t<T>); }) {
                    if (object == nullptr) object = plain_in(parameter, 0);
                }
                if (object == nullptr) missing(type, parameter);
            }
            return pointer_or_number<T>(object);
        }
    }
    /// From now on that is the host's object of this type: what a callback was given.
    template <class T>
    void adopt(const std::string& type, T* object) {
        adopt_untyped(type, object);
    }
    Host& host();
    /// Interrupts that the host makes from now on have this level.
    void set_interrupt_level(unsigned char level);

    /// What a function returned that others are given: a size.
    void remember(const char* function, std::int64_t result);
    std::int64_t remembered(const char* function);
    /// Makes all storage such as nobody initialized, with arbitrary contents.
    void forget_initialization();
    /// From now on other storage is in the slot, such as nobody initialized.
    void renew(const char* slot);
    /// From now on the slot begins at an address that is a multiple of two and no more.
    void misalign(const char* slot);
    /// True once for each function: its other objects are to be made now.
    bool begin_preparation(const Function& function);

    struct Missing : std::runtime_error {
        using std::runtime_error::runtime_error;
    };

    static constexpr int kElements = 64;
    static constexpr std::size_t kBlock = 1024;

  private:
    struct Block;
    Block& block(const std::string& slot, std::size_t size, int fill);
    void* object_in(const char* slot);
    void** created_in(const char* slot);
    void* plain_in(const char* type, int number);
    void** array_of(const char* type, int count);
    void adopt_untyped(const std::string& type, void* object);
    void* host_object(const char* header, const char* type, const char* parameter);
    Host& made_host();
    [[noreturn]] static void missing(const char* type, const char* parameter);

    // Shared by readers, so that the suite itself orders no threads: that is what the locks under test have to do.
    std::shared_mutex blocks_mutex_;
    std::map<std::string, std::unique_ptr<Block>, std::less<>> blocks_;
    std::vector<std::unique_ptr<Block>> replaced_;  // kept, so that no new object gets the address of an old one
    std::set<const Function*> prepared_;
    std::map<std::string, void*> adopted_;
    std::map<std::string, std::int64_t> remembered_;
    std::mutex making_;  // several threads may ask first
    std::unique_ptr<Host> host_;
    std::optional<unsigned char> interrupt_level_;
};

}  // namespace ddi::suite
